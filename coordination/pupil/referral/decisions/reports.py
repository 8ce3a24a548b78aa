"""What the agency answers to a report: it confirms or contests what the school said in its name."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import acting_organisation, require_not_in_future
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.referral.commands import ConfirmMilestone, ContestMilestone
from coordination.pupil.referral.decisions.checks import held_referral
from coordination.pupil.referral.events import MilestoneConfirmed, MilestoneContested
from coordination.pupil.referral.state import Referral
from coordination.world import World


def decide_confirm(
    case: CaseFile, command: ConfirmMilestone, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Refuses `nothing_reported` and `not_reported_of_you`."""
    held = _reported_step(case, command.referral, command.milestone, header, command.seen, world)
    return [
        MilestoneConfirmed(
            header=header,
            referral=held.referral,
            milestone=command.milestone,
        )
    ]


def decide_contest(
    case: CaseFile, command: ContestMilestone, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Refuses as `decide_confirm` does, and without a reason."""
    held = _reported_step(case, command.referral, command.milestone, header, command.seen, world)
    if not command.why.strip():
        raise Refusal("cannot_be_empty", "why")
    if command.says_on is not None:
        require_not_in_future(header, command.says_on, "says_on")
    return [
        MilestoneContested(
            header=header,
            referral=held.referral,
            milestone=command.milestone,
            says_on=command.says_on,
            why=command.why,
        )
    ]


def _reported_step(
    case: CaseFile, referral: UUID, version: int, header: Header, seen: int | None, world: World
) -> Referral:
    """The referral, for the service in whose name the step was reported: the one that held it then."""
    held = held_referral(case, referral, header, seen, world)
    if acting_organisation(header) not in held.agencies:
        raise NotFound
    step = held.step(version)
    if step is None or step.word != "reported":
        raise Refusal("nothing_reported", "milestone")
    service, agency = held.holder_at(version)
    if agency != acting_organisation(header) or not world.acts_for(service):
        raise Refusal("not_reported_of_you", "milestone")
    return held
