"""The commands of requests for a file, of moves and of emergency access."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import Command
from coordination.pupil.moves.events import EmergencyTold, Finding

GivenAnswer = Literal["released", "kept_on_both", "not_this_pupil", "disputed"]
RECORD_PARTS = (
    "educational_record",
    "transfer_file",
    "individual_development_plan",
    "reports_and_assessments",
    "minutes_and_actions",
    "child_protection_file",
)
"""What goes along to the next school. The child protection file goes apart from the rest."""


class RequestFile(Command, frozen=True, kw_only=True):
    """A school that has the pupil on its own roll since `occurred_on` asks for the file, with what it knows. A
    `confidential` request goes to the authority's safeguarding person instead of the school, with a reason."""

    pupil: UUID
    request: UUID
    school: UUID
    upn: str
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None = None
    confidential: bool = False
    why: str | None = None


class AnswerFileRequest(Command, frozen=True, kw_only=True):
    """`occurred_on` is the day on which the pupil left, or joined the second school too."""

    pupil: UUID
    request: UUID
    answer: GivenAnswer
    why: str | None = None


class WithdrawFileRequest(Command, frozen=True, kw_only=True):
    """The school that asked no longer needs the file."""

    pupil: UUID
    request: UUID


class EscalateFileRequest(Command, frozen=True, kw_only=True):
    """The service puts a request to the authority that the school can no longer answer, or did not answer in time."""

    pupil: UUID
    request: UUID


class ExpectMove(Command, frozen=True, kw_only=True):
    """A school proposes that the pupil moves to another on a day, alone or in a list (`transfer`)."""

    pupil: UUID
    move: UUID
    from_school: UUID
    to_school: UUID
    expected_on: date
    transfer: UUID | None = None


class AgreeToMove(Command, frozen=True, kw_only=True):
    """The receiving school agrees."""

    pupil: UUID
    move: UUID


class CompleteMove(Command, frozen=True, kw_only=True):
    """The service moves the pupil on the agreed day."""

    pupil: UUID
    move: UUID


class CancelMove(Command, frozen=True, kw_only=True):
    """An expected move fell through."""

    pupil: UUID
    move: UUID
    why: str | None = None


class SendRecord(Command, frozen=True, kw_only=True):
    """A former school sent the educational record; `parts` are codes of RECORD_PARTS."""

    pupil: UUID
    from_school: UUID
    parts: tuple[str, ...]


class TakeOnRecord(Command, frozen=True, kw_only=True):
    """The next school received the educational record of the former one."""

    pupil: UUID
    from_school: UUID


class OpenEmergencyAccess(Command, frozen=True, kw_only=True):
    """A school needs the most necessary parts of the file of a child who is sitting there now."""

    pupil: UUID
    access: UUID
    request: UUID
    why: str


class OpenEmergencyFile(Command, frozen=True, kw_only=True):
    """A person needs the most necessary parts of a file that they may not see. `told`: who learns of it at once (see
    EmergencyFileOpened)."""

    pupil: UUID
    access: UUID
    told: EmergencyTold = "school"
    why: str


class ReviewEmergencyAccess(Command, frozen=True, kw_only=True):
    """The authority's safeguarding person reviews an emergency access."""

    pupil: UUID
    access: UUID
    finding: Finding
    why: str
