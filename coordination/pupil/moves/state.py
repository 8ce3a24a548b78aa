"""Requests for the file, emergency access and moves, as decisions need them."""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.calendars import local_date
from coordination.pupil.moves.events import (
    AnyMoveEvent,
    EmergencyAccessOpened,
    EmergencyAccessReviewed,
    EmergencyFileOpened,
    EmergencyFileReviewed,
    EscalationGround,
    FileRequestAnswered,
    FileRequested,
    FileRequestEscalated,
    Finding,
    MoveAgreed,
    MoveExpected,
    MoveFellThrough,
    RecordSent,
    RecordTakenOn,
    RequestAnswer,
)
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)


class FileRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A school's request for the file: on its roll since `joined_on`, asked on `asked_on`. `version` is its place in
    the pupil's stream; `authority` the one that answers since it was escalated on `ground`."""

    request: UUID
    version: int
    school: UUID
    joined_on: date
    asked_on: date
    put_to: tuple[UUID, ...]
    confidential: bool
    authority: UUID | None = None
    ground: EscalationGround | None = None
    answer: RequestAnswer | None = None
    answered_on: date | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answer is None


class ExpectedMove(msgspec.Struct, frozen=True, kw_only=True):
    """A move that a school expects; `done` once the pupil moved."""

    move: UUID
    from_school: UUID
    to_school: UUID
    expected_on: date
    transfer: UUID | None
    agreed: bool = False
    fell_through: bool = False
    done: bool = False

    @property
    def open(self) -> bool:
        """Whether it may still take place."""
        return not self.fell_through and not self.done


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """The pupil left a school, whose educational record goes to the next one (None: not known yet). Of a
    `confidential` move the former school does not learn where to. `version` is the place of the leaving in the
    pupil's stream."""

    version: int
    from_school: UUID
    to_school: UUID | None
    left_on: date
    confidential: bool = False
    sent_on: date | None = None
    taken_on: date | None = None


class EmergencyAccess(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency access, until an instant: of the whole school that asked for the file (`request`), or of one
    `person`. The school that holds the file does not learn of a `hidden` one. `version` is its place in the pupil's
    stream."""

    access: UUID
    version: int
    organisation: UUID
    closes_at: datetime
    authority: UUID | None
    request: UUID | None = None
    person: UUID | None = None
    hidden: bool = False
    finding: Finding | None = None


class Moves(msgspec.Struct, frozen=True):
    """By id; departures by the school that was left, the last one of each."""

    requests: dict[UUID, FileRequest] = {}
    expected: dict[UUID, ExpectedMove] = {}
    departures: dict[UUID, Departure] = {}
    emergencies: dict[UUID, EmergencyAccess] = {}

    def open_request_of(self, school: UUID) -> FileRequest | None:
        """The request of a school that waits for an answer."""
        return next((r for r in self.requests.values() if r.school == school and r.open), None)

    def hidden_at(self, school: UUID) -> bool:
        """Whether the pupil came to this school by a confidential request."""
        return any(
            r.school == school and r.confidential and r.answer == "released" for r in self.requests.values()
        )

    def expected_between(self, old: UUID, new: UUID) -> ExpectedMove | None:
        """The move that is still expected from one school to another."""
        found = (m for m in self.expected.values() if (m.from_school, m.to_school) == (old, new) and m.open)
        return next(found, None)


def evolve(moves: Moves, event: AnyMoveEvent, version: int) -> Moves:
    """The moves after the event; `version` is its place in the pupil's stream."""
    replace = msgspec.structs.replace
    match event:
        case FileRequested() | FileRequestEscalated() | FileRequestAnswered():
            return replace(moves, requests=_requests(moves.requests, event, version))
        case MoveExpected() | MoveAgreed() | MoveFellThrough():
            return replace(moves, expected=_expected(moves.expected, event))
        case RecordSent(from_school=school) | RecordTakenOn(from_school=school):
            held = moves.departures.get(school)
            if held is None:
                return moves
            on = event.header.occurred_on
            changed = {"sent_on": on} if isinstance(event, RecordSent) else {"taken_on": on}
            return replace(moves, departures={**moves.departures, school: replace(held, **changed)})
        case EmergencyAccessOpened(access=key):
            opened = EmergencyAccess(
                access=key,
                version=version,
                request=event.request,
                organisation=event.school,
                hidden=moves.requests[event.request].confidential,
                closes_at=event.closes_at,
                authority=event.authority,
            )
            return replace(moves, emergencies={**moves.emergencies, key: opened})
        case EmergencyFileOpened(access=key):
            opened = EmergencyAccess(
                access=key,
                version=version,
                organisation=event.organisation,
                person=event.header.person,
                hidden=event.told_party == "authority",
                closes_at=event.closes_at,
                authority=event.authority,
            )
            return replace(moves, emergencies={**moves.emergencies, key: opened})
        case (
            EmergencyAccessReviewed(access=key, finding=finding)
            | EmergencyFileReviewed(access=key, finding=finding)
        ):
            found = replace(moves.emergencies[key], finding=finding)
            return replace(moves, emergencies={**moves.emergencies, key: found})
        case _:
            assert_never(event)


def _requests(
    requests: dict[UUID, FileRequest],
    event: FileRequested | FileRequestEscalated | FileRequestAnswered,
    version: int,
) -> dict[UUID, FileRequest]:
    replace = msgspec.structs.replace
    match event:
        case FileRequested(request=key):
            asked = FileRequest(
                request=key,
                version=version,
                school=event.school,
                joined_on=event.header.occurred_on,
                asked_on=local_date(event.header.recorded_at),
                put_to=event.put_to,
                confidential=event.confidential,
            )
            return {**requests, key: asked}
        case FileRequestEscalated(request=key, authority=authority, ground=ground):
            return {**requests, key: replace(requests[key], authority=authority, ground=ground)}
        case FileRequestAnswered(request=key, answer=answer):
            on = event.header.occurred_on
            return {**requests, key: replace(requests[key], answer=answer, answered_on=on)}
        case _:
            assert_never(event)


def _expected(
    expected: dict[UUID, ExpectedMove], event: MoveExpected | MoveAgreed | MoveFellThrough
) -> dict[UUID, ExpectedMove]:
    replace = msgspec.structs.replace
    match event:
        case MoveExpected(move=key):
            move = ExpectedMove(
                move=key,
                from_school=event.from_school,
                to_school=event.to_school,
                expected_on=event.expected_on,
                transfer=event.transfer,
            )
            return {**expected, key: move}
        case MoveAgreed(move=key):
            return {**expected, key: replace(expected[key], agreed=True)}
        case MoveFellThrough(move=key):
            return {**expected, key: replace(expected[key], fell_through=True)}
        case _:
            assert_never(event)


def follow_roll(moves: Moves, event: AnyProfileEvent, schools: frozenset[UUID], version: int) -> Moves:
    """The moves after the roll changed; `schools` are those on whose roll the pupil was before, `version` the place
    of the event.

    A school that was left owes its record to the next one, which is not known while the pupil is on no roll.
    """
    replace = msgspec.structs.replace
    on = event.header.occurred_on
    match event:
        case SchoolMoved(from_school=old, to_school=new):
            left = Departure(
                version=version, from_school=old, to_school=new, left_on=on, confidential=moves.hidden_at(new)
            )
            done = {
                key: replace(move, done=True)
                if move.open and (move.from_school, move.to_school) == (old, new)
                else move
                for key, move in moves.expected.items()
            }
            return replace(moves, departures={**moves.departures, old: left}, expected=done)
        case RegistrationEnded(school=old):
            left = Departure(version=version, from_school=old, to_school=None, left_on=on)
            return replace(moves, departures={**moves.departures, old: left})
        case RegistrationAdded(school=new) if not schools:
            found = {
                key: replace(left, to_school=new, confidential=moves.hidden_at(new))
                if left.to_school is None and key != new
                else left
                for key, left in moves.departures.items()
            }
            found.pop(new, None)  # back at the school that was left: nothing has to go anywhere
            return replace(moves, departures=found)
        case _:
            return moves
