"""An assessment of a child's competence, and an agreement looked at again without a new answer."""

from __future__ import annotations

from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Special


class AskingEvent(PupilEvent, frozen=True, kw_only=True):
    """About who agrees for a pupil, and whether to ask again."""


class CompetenceAssessed(AskingEvent, frozen=True, kw_only=True):
    """Somebody assessed on the day of the event whether the child is competent to decide about sharing for a purpose
    (None: for any). `assessment` says how, and what the child understood."""

    topic = "consent.competence_assessed"
    competent: Operational[bool]
    assessed_by: Operational[UUID]
    purpose: Operational[str | None] = None
    assessment: Special[str] = SEALED


class AgreementReviewed(AskingEvent, frozen=True, kw_only=True):
    """An agreement goes on as it is though there was a reason to ask again, and why."""

    topic = "consent.reviewed"
    consent: Operational[UUID]
    why: Special[str] = SEALED


AnyAskingEvent = CompetenceAssessed | AgreementReviewed
"""All of them, so that the type checker finds a `match` that forgets one."""
