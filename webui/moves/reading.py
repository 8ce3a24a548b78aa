"""What the pages about moves show, with names opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from coordination.pupil.moves.time_limits import record_due
from projections.moves.queries import (
    EmergencyAccessSummary,
    ExpectedPupil,
    RecordOnItsWay,
    RequestToAnswer,
    emergency_accesses,
    expected_moves,
    records_on_their_way,
    request_to_answer,
    requests_to_answer,
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
            name for name in ("upn", "born", "sex") if getattr(self.child, name) != getattr(self.typed, name)
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


def open_requests() -> list[OpenedRequest]:
    """The requests that wait for the viewer's answer, opened."""
    return _requests(requests_to_answer(casework.reader(), viewer()))


def open_request(pupil: Any, request: Any) -> OpenedRequest:
    """One request. Raises NotFound."""
    return _requests([request_to_answer(casework.reader(), viewer(), pupil, request)])[0]


def _requests(found: Sequence[RequestToAnswer]) -> list[OpenedRequest]:
    opened = iter(casework.open_sealed([place for r in found for place in (r.identity, r.typed)]))
    shown = []
    for one in found:
        child, typed = open_identity(one.pupil, next(opened)), next(opened)
        shown.append(
            OpenedRequest(
                request=one,
                child=child,
                typed=open_identity(one.pupil, typed),
                why=text_of(typed, "why"),
            )
        )
    return shown


def open_records() -> list[OpenedRecord]:
    """The records that the viewer's school has to send or receive, opened."""
    found = records_on_their_way(casework.reader(), viewer())
    opened = casework.open_sealed([one.identity for one in found])
    return [with_due_day(one, open_identity(one.pupil, who)) for one, who in zip(found, opened, strict=True)]


def with_due_day(record: RecordOnItsWay, child: PupilIdentity) -> OpenedRecord:
    """The record with the last day for sending it."""
    due = record_due(directory(), record.from_school, record.left_on)
    return OpenedRecord(record=record, child=child, due_on=due)


def open_emergencies(found: Sequence[EmergencyAccessSummary] | None = None) -> list[OpenedEmergency]:
    """The emergency accesses that the viewer has to know of, or those given, opened."""
    rows = emergency_accesses(casework.reader(), viewer()) if found is None else found
    opened = iter(casework.open_sealed([place for e in rows for place in (e.identity, e.reason)]))
    return [
        OpenedEmergency(
            access=one, child=open_identity(one.pupil, next(opened)), why=text_of(next(opened), "why")
        )
        for one in rows
    ]


def open_moves(transfer: Any = None) -> list[OpenedMove]:
    """The moves that are expected from or to the viewer's school, or those of one list, opened."""
    found = expected_moves(casework.reader(), viewer(), transfer)
    opened = casework.open_sealed([one.identity for one in found])
    return [
        OpenedMove(move=one, child=open_identity(one.pupil, who))
        for one, who in zip(found, opened, strict=True)
    ]
