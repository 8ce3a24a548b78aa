"""What people ask to be recorded of a referral."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.event import Command
from coordination.pupil.referral.milestones.milestone import NoteFor

# What a referral tells an agency of the pupil, when nothing narrower is said.
REFERRAL_DATA = ("identity", "needs", "referral")

# The legal route of a referral that names no other.
SERVICE_REQUEST = "service_request"


class OpenReferral(Command, frozen=True, kw_only=True):
    """Begin a referral. `immediate_risk` must be answered, and a yes says who was `told` and when (`told_at`).

    `historical` is for history files only: it opens a closed service and its basis is `historical_record`.
    `second_referral` says that it is intended where the service has an open referral of the pupil.
    """

    pupil: UUID
    referral: UUID
    service: UUID
    school: UUID
    immediate_risk: bool
    told: tuple[str, ...] = ()
    told_at: datetime | None = None
    concern: str | None = None
    legal_route: str = SERVICE_REQUEST
    priority: str = "routine"
    informed_and_discussed: bool | None = None
    copied_from: UUID | None = None
    reference: str | None = None
    reason: str | None = None
    historical: bool = False
    second_referral: bool = False


class ReportSource(msgspec.Struct, frozen=True, kw_only=True):
    """The school says what an agency said: who said it, how (letter, telephone, email, meeting, file), on which day."""

    by: str
    how: str
    on: date


class RecordMilestone(Command, frozen=True, kw_only=True):
    """Record that a referral reached a milestone on the day it occurred.

    `details` are the milestone's own fields (see its event type); `reported` is required when the school says what
    only the agency can say. `supersedes` names the entry that this one corrects, and `why`. `note_for` says who reads
    the note (`NoteFor`; None: the writer's agency and the school).
    """

    pupil: UUID
    referral: UUID
    milestone: str
    details: dict[str, Any] = msgspec.field(default_factory=dict)
    reported: ReportSource | None = None
    supersedes: int | None = None
    why: str | None = None
    note: str | None = None
    note_for: NoteFor | None = None


class SubmitReferral(Command, frozen=True, kw_only=True):
    """Send the referral to the agency: the disclosure. `supplied` are the requirement codes that go with it
    besides those that the record tells; without agreement in force an `override` (a lawful basis) needs its reason.
    `second_referral`: as in `OpenReferral`."""

    pupil: UUID
    referral: UUID
    supplied: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = REFERRAL_DATA
    override: str | None = None
    override_reason: str | None = None
    note: str | None = None
    second_referral: bool = False


class StrikeEntry(Command, frozen=True, kw_only=True):
    """A milestone was entered in error; it stays visible and no longer counts."""

    pupil: UUID
    referral: UUID
    entry: int
    why: str


class ConfirmMilestone(Command, frozen=True, kw_only=True):
    """The agency confirms a milestone that the school reported."""

    pupil: UUID
    referral: UUID
    milestone: int


class ContestMilestone(Command, frozen=True, kw_only=True):
    """The agency contests a milestone that the school reported, and says what was."""

    pupil: UUID
    referral: UUID
    milestone: int
    why: str
    says_on: date | None = None


class RaiseImmediateRisk(Command, frozen=True, kw_only=True):
    """Danger became known after the referral was begun."""

    pupil: UUID
    referral: UUID
    told: tuple[str, ...]
    told_at: datetime
    concern: str | None = None


class RecordUnavailability(Command, frozen=True, kw_only=True):
    """The family asks for no appointment from one day up to and including another."""

    pupil: UUID
    referral: UUID
    from_on: date
    until: date
    reason: str | None = None


class MoveReferralService(Command, frozen=True, kw_only=True):
    """Carries out on one open referral what the directory says of its service: it moved to another agency, or closed
    and is inherited by a service of another agency. `occurred_on` is the first day with the other agency. Given by the
    worker, not by a person."""

    pupil: UUID
    referral: UUID


class AllocateReferral(Command, frozen=True, kw_only=True):
    """Allocate the referral to a person of the agency (None: remove the allocation). `instead_of` is the person who had
    it when the page was shown, so that it is never taken from a colleague by mistake."""

    pupil: UUID
    referral: UUID
    person: UUID | None = None
    instead_of: UUID | None = None


class ReviewPlace(Command, frozen=True, kw_only=True):
    """A place in a base was reviewed. `outcome`: stays, exit_planned, other_provision. `exit_due_on`: by when the
    authority looks again whether the exit criteria are met (None: no exit is in view)."""

    pupil: UUID
    referral: UUID
    outcome: Literal["stays", "exit_planned", "other_provision"]
    next_review_on: date
    exit_due_on: date | None = None
    words: str | None = None


class AgreeShortNotice(Command, frozen=True, kw_only=True):
    """The family agrees, or no longer agrees, to be offered an hour at short notice."""

    pupil: UUID
    referral: UUID
    agreed: bool = True
