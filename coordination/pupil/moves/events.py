"""Requests for a pupil's file, emergency access to it, and moves between schools."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal, Special

EscalationGround = Literal["school_closed", "no_answer", "disputed", "on_no_roll", "confidential"]
RequestAnswer = Literal["released", "kept_on_both", "not_this_pupil", "withdrawn"]
EmergencyTold = Literal["school", "authority"]
Finding = Literal["justified", "not_justified"]


class MoveEvent(PupilEvent, frozen=True, kw_only=True):
    """About which school holds the pupil's file."""


class FileRequestEvent(MoveEvent, frozen=True, kw_only=True):
    """About one request for the file."""

    request: Operational[UUID]


class FileRequested(FileRequestEvent, frozen=True, kw_only=True):
    """A school that has the pupil on its own roll from the day of the event asked for the file. `put_to` are the
    schools on whose roll the record has the pupil; the sealed fields are what the asking school typed. A
    `confidential` request is not put to them."""

    topic = "pupil.file_requested"
    school: Operational[UUID]
    put_to: Operational[tuple[UUID, ...]] = ()
    confidential: Operational[bool] = False
    upn: Personal[str] = SEALED
    surname: Personal[str] = SEALED
    forename: Personal[str] = SEALED
    date_of_birth: Personal[date] = SEALED
    sex: Personal[str | None] = SEALED
    why: Personal[str | None] = SEALED


class FileRequestEscalated(FileRequestEvent, frozen=True, kw_only=True):
    """The local authority answers the request instead of the school, and sees the file until then."""

    topic = "pupil.file_request_escalated"
    authority: Operational[UUID]
    ground: Operational[EscalationGround]
    why: Personal[str | None] = SEALED


class FileRequestAnswered(FileRequestEvent, frozen=True, kw_only=True):
    """The answer to a request. The day of the event is the day on which the roll changed. `authority` is the one that
    could see the file to answer; None where it was not escalated."""

    topic = "pupil.file_request_answered"
    school: Operational[UUID]
    answer: Operational[RequestAnswer]
    authority: Operational[UUID | None] = None
    why: Personal[str | None] = SEALED


class MoveExpected(MoveEvent, frozen=True, kw_only=True):
    """A school expects the pupil to move to another on `expected_on`. `transfer` is the list that it belongs to."""

    topic = "pupil.move_expected"
    move: Operational[UUID]
    from_school: Operational[UUID]
    to_school: Operational[UUID]
    expected_on: Operational[date]
    transfer: Operational[UUID | None] = None


class MoveAgreed(MoveEvent, frozen=True, kw_only=True):
    """The receiving school agreed to the move."""

    topic = "pupil.move_agreed"
    move: Operational[UUID]
    to_school: Operational[UUID]


class MoveFellThrough(MoveEvent, frozen=True, kw_only=True):
    """The move will not take place."""

    topic = "pupil.move_fell_through"
    move: Operational[UUID]
    why: Personal[str | None] = SEALED


class RecordSent(MoveEvent, frozen=True, kw_only=True):
    """The pupil's former school sent the educational record to the next one; `parts` is what went along (codes of
    RECORD_PARTS)."""

    topic = "pupil.record_sent"
    from_school: Operational[UUID]
    to_school: Operational[UUID | None] = None
    parts: Coded[tuple[str, ...]] = SEALED


class RecordTakenOn(MoveEvent, frozen=True, kw_only=True):
    """The next school received the educational record."""

    topic = "pupil.record_taken_on"
    from_school: Operational[UUID]
    to_school: Operational[UUID]


class EmergencyAccessOpened(FileRequestEvent, frozen=True, kw_only=True):
    """A school saw the most necessary parts of the file before its request was answered, until `closes_at`.
    `authority` reviews it."""

    topic = "pupil.emergency_access_opened"
    access: Operational[UUID]
    school: Operational[UUID]
    closes_at: Operational[datetime]
    authority: Operational[UUID | None] = None
    why: Special[str] = SEALED


class EmergencyAccessReviewed(FileRequestEvent, frozen=True, kw_only=True):
    """What the reviewer found about an emergency access."""

    topic = "pupil.emergency_access_reviewed"
    access: Operational[UUID]
    finding: Operational[Finding]
    why: Special[str] = SEALED


class EmergencyEvent(MoveEvent, frozen=True, kw_only=True):
    """About an emergency access that rests on no request."""

    access: Operational[UUID]


class EmergencyFileOpened(EmergencyEvent, frozen=True, kw_only=True):
    """The person of the header, of `organisation`, saw the most necessary parts of the file until `closes_at`, because
    they could not wait for a basis, or the file is restricted. `told_party` learns of it: the school that holds the
    file, or only the authority's safeguarding person. `authority` reviews it."""

    topic = "pupil.emergency_file_opened"
    organisation: Operational[UUID]
    told_party: Operational[EmergencyTold]
    closes_at: Operational[datetime]
    authority: Operational[UUID | None] = None
    why: Special[str] = SEALED


class EmergencyFileReviewed(EmergencyEvent, frozen=True, kw_only=True):
    """What the reviewer found about such an access."""

    topic = "pupil.emergency_file_reviewed"
    finding: Operational[Finding]
    why: Special[str] = SEALED


AnyMoveEvent = (
    FileRequested
    | FileRequestEscalated
    | FileRequestAnswered
    | MoveExpected
    | MoveAgreed
    | MoveFellThrough
    | RecordSent
    | RecordTakenOn
    | EmergencyAccessOpened
    | EmergencyAccessReviewed
    | EmergencyFileOpened
    | EmergencyFileReviewed
)
"""All of them, so that the type checker finds a `match` that forgets one."""
