"""What the pages about moves show, with names opened."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.pupil.moves.time_limits import record_due
from coordination.sensitivity import Opened
from projections.moves.queries import (
    EmergencyAccessSummary,
    ExpectedPupil,
    MovesOverview,
    RecordOnItsWay,
    RequestToAnswer,
    emergency_access,
    moves_of_list,
    moves_overview,
    request_to_answer,
)
from webui.pupil.identity import PupilIdentity, fold_text, open_identity, text_of
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.naming import directory


class OpenedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request with the pupil's own record (`child`) and what the asking school typed (`typed`; `why` of a
    confidential one)."""

    request: RequestToAnswer
    child: PupilIdentity
    typed: PupilIdentity
    why: str | None

    def differing(self) -> frozenset[str]:
        """The fields in which the two differ."""
        names = {
            name
            for name in ("forename", "surname")
            if fold_text(getattr(self.child, name)) != fold_text(getattr(self.typed, name))
        }
        rest = {
            name
            for name in ("upn", "born", "sex")
            if getattr(self.typed, name) and getattr(self.child, name) != getattr(self.typed, name)
        }
        return frozenset(names | rest)


class OpenedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record on its way, and the last day for it (None: the school terms are not known that far)."""

    record: RecordOnItsWay
    child: PupilIdentity
    due_on: date | None

    @property
    def days_left(self) -> int | None:
        """Calendar days until the last day; negative: overdue."""
        return (self.due_on - viewer().today).days if self.due_on is not None else None


class OpenedEmergency(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency access with the pupil and its reason."""

    access: EmergencyAccessSummary
    child: PupilIdentity
    why: str | None


class OpenedMove(msgspec.Struct, frozen=True, kw_only=True):
    """An expected move with the pupil."""

    move: ExpectedPupil
    child: PupilIdentity


class OpenedMoves(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about moves that the viewer has to do or to know of."""

    requests: list[OpenedRequest]
    emergencies: list[OpenedEmergency]
    records: list[OpenedRecord]
    moves: list[OpenedMove]


def opened_moves() -> OpenedMoves:
    """The overview of this request, read and opened once."""
    return casework.once("opened_moves", lambda: _opened(overview()))


def overview() -> MovesOverview:
    """The overview of this request, not opened; read once."""
    return casework.once("moves_overview", lambda: moves_overview(casework.reader(), viewer()))


def _opened(found: MovesOverview) -> OpenedMoves:
    places = [
        *(place for r in found.requests for place in (r.identity, r.typed)),
        *(place for e in found.emergencies for place in (e.identity, e.reason)),
        *(one.identity for one in found.records),
        *(one.identity for one in found.moves),
    ]
    opened = iter(casework.open_sealed(places) if places else ())
    return OpenedMoves(
        requests=[_request(one, next(opened), next(opened)) for one in found.requests],
        emergencies=[_emergency(one, next(opened), next(opened)) for one in found.emergencies],
        records=[with_due_day(one, open_identity(one.pupil, next(opened))) for one in found.records],
        moves=[OpenedMove(move=one, child=open_identity(one.pupil, next(opened))) for one in found.moves],
    )


def open_request(pupil: UUID, request: UUID) -> OpenedRequest:
    """One request. Raises NotFound."""
    found = request_to_answer(casework.reader(), viewer(), pupil, request)
    return _request(found, *casework.open_sealed([found.identity, found.typed]))


def open_emergency_access(access: UUID) -> OpenedEmergency:
    """One emergency access. Raises NotFound."""
    found = emergency_access(casework.reader(), viewer(), access)
    return _emergency(found, *casework.open_sealed([found.identity, found.reason]))


def open_list(transfer: UUID) -> list[OpenedMove]:
    """The moves of one list; empty where there is none."""
    found = moves_of_list(casework.reader(), viewer(), transfer)
    opened = casework.open_sealed([one.identity for one in found])
    return [
        OpenedMove(move=one, child=open_identity(one.pupil, who))
        for one, who in zip(found, opened, strict=True)
    ]


def with_due_day(record: RecordOnItsWay, child: PupilIdentity) -> OpenedRecord:
    """The record with the last day for sending it."""
    due = record_due(directory(), record.from_school, record.left_on)
    return OpenedRecord(record=record, child=child, due_on=due)


def _request(found: RequestToAnswer, own: Opened, typed: Opened) -> OpenedRequest:
    return OpenedRequest(
        request=found,
        child=open_identity(found.pupil, own),
        typed=open_identity(found.pupil, typed),
        why=text_of(typed, "why"),
    )


def _emergency(found: EmergencyAccessSummary, own: Opened, reason: Opened) -> OpenedEmergency:
    return OpenedEmergency(access=found, child=open_identity(found.pupil, own), why=text_of(reason, "why"))
