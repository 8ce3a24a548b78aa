"""A child's competence assessed, and an agreement looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words
from coordination.pupil.asking.events import AgreementReviewed, CompetenceAssessed
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.holders import require_holder
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


class AssessCompetence(Command, frozen=True, kw_only=True):
    """Whether the child is competent to decide about sharing for a purpose (None: for any), and how that was found."""

    pupil: UUID
    competent: bool
    assessed_by: UUID
    assessment: str
    purpose: str | None = None


class ReviewAgreement(Command, frozen=True, kw_only=True):
    """The agreement goes on as it is, and why."""

    pupil: UUID
    consent: UUID
    why: str


def decide_assess(
    case: CaseFile, command: AssessCompetence, header: Header, world: World
) -> list[CompetenceAssessed]:
    """Refuses an assessment without words (`cannot_be_empty`) and an unknown purpose."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    require_words(command.assessment, "assessment")
    purpose = command.purpose
    if (
        purpose is not None
        and world.directory.code("consent_purpose", purpose, command.occurred_on) == "unknown"
    ):
        raise Refusal("unknown_code", "purpose", table="consent_purpose")
    return [
        CompetenceAssessed(
            header=header,
            competent=command.competent,
            assessed_by=command.assessed_by,
            purpose=purpose,
            assessment=command.assessment,
        )
    ]


def decide_review(
    case: CaseFile, command: ReviewAgreement, header: Header, world: World
) -> list[AgreementReviewed]:
    """Refuses what is not agreed (`nothing_to_review`) and a review without a reason."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    held = case.consents.questions.get(command.consent)
    if held is None:
        raise NotFound
    require_current_version(command, held.last_version)
    if held.standing != "given":
        raise Refusal("nothing_to_review", "consent")
    require_words(command.why, "why")
    return [AgreementReviewed(header=header, consent=held.consent, why=command.why)]


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(AssessCompetence, decide_assess, PUPIL_STREAM),
        decides(ReviewAgreement, decide_review, PUPIL_STREAM),
    ]
)
