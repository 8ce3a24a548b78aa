"""What the agency answers to a report: it confirms or contests what the school said in its name."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.authority import LINK_ROLE, acting_organisation, require_not_in_future
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_words
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.referral.commands import ConfirmMilestone, ContestMilestone
from coordination.pupil.referral.decisions.checks import held_referral
from coordination.pupil.referral.events import MilestoneConfirmed, MilestoneContested
from coordination.pupil.referral.state import Referral
from coordination.world import World


class Answerer(msgspec.Struct, frozen=True):
    """Who answers: by a link (`link_of` made it) a person without an account, who gives a name and a job."""

    link_of: UUID | None = None
    answered_by: str | None = None
    answered_as: str | None = None


def decide_confirm(
    case: CaseFile, command: ConfirmMilestone, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Refuses `nothing_reported`, `not_reported_of_you`, and by a link an answer without name or job."""
    held = _reported_step(case, command.referral, command.milestone, header, command.seen, world)
    who = _answerer(command, header)
    return [
        MilestoneConfirmed(
            header=header,
            referral=held.referral,
            milestone=command.milestone,
            link_of=who.link_of,
            answered_by=who.answered_by,
            answered_as=who.answered_as,
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
    who = _answerer(command, header)
    return [
        MilestoneContested(
            header=header,
            referral=held.referral,
            milestone=command.milestone,
            says_on=command.says_on,
            why=command.why,
            link_of=who.link_of,
            answered_by=who.answered_by,
            answered_as=who.answered_as,
        )
    ]


def _answerer(command: ConfirmMilestone | ContestMilestone, header: Header) -> Answerer:
    """By a link: who they are, in their own words. Raises Refusal `cannot_be_empty`."""
    if header.role != LINK_ROLE:
        return Answerer()
    return Answerer(
        link_of=command.link_of,
        answered_by=require_words(command.answered_by, "answered_by"),
        answered_as=require_words(command.answered_as, "answered_as"),
    )


def _reported_step(
    case: CaseFile, referral: UUID, version: int, header: Header, seen: int | None, world: World
) -> Referral:
    """The referral, for the service in whose name the step was reported: the one that held it then."""
    if header.role == LINK_ROLE:
        held = _linked(case, referral, version, header)
    else:
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


def _linked(case: CaseFile, referral: UUID, version: int, header: Header) -> Referral:
    """The referral, for an answer by a link in the name of a service to which it was disclosed: the one that held it
    then."""
    held = case.referrals.get(referral)
    if held is None or header.source != "link":
        raise NotFound
    service = held.holder_at(version)[0]
    if not case.consents.receives(referral, header.organisation, service):
        raise NotFound
    return held
