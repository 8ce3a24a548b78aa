"""Who may hold, propose, approve and carry out the erasure of a record, and what stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import (
    OPERATOR_ROLE,
    SAFEGUARDING_ROLE,
    acting_organisation,
    command_day,
    require_not_in_future,
)
from coordination.decisions import AddressedEvent, Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_words
from coordination.permissions import Right, Thing, roles_with
from coordination.pupil.casefile import OTHER_PUPIL_STREAM, PUPIL_STREAM
from coordination.pupil.referral.phase import phase
from coordination.pupil.rights.commands import (
    ApproveErasure,
    DeclineErasure,
    EraseJoinedFile,
    ErasePupil,
    LiftLegalHold,
    PlaceLegalHold,
    ProposeErasure,
)
from coordination.pupil.rights.events import (
    ErasureApproved,
    ErasureDeclined,
    ErasureProposed,
    LegalHoldLifted,
    LegalHoldPlaced,
    PupilErased,
)
from coordination.pupil.rights.parties import authorities_of, schools_ever
from coordination.pupil.rights.retention import RetentionFacts, cases_of, retention_of
from coordination.pupil.rights.state import ErasureProposal
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

PROPOSERS = frozenset(roles_with(Thing.RIGHTS_DESK, Right.PROPOSE))
"""The school's roles that propose an erasure."""
APPROVERS = frozenset(roles_with(Thing.RIGHTS_DESK, Right.APPROVE))
"""The authority's roles that approve one."""
EXECUTORS = APPROVERS | frozenset(roles_with(Thing.RIGHTS_DESK, Right.CARRY_OUT))
"""The authority's roles that carry out what two people decided."""
HOLDERS_OF_HOLDS = APPROVERS | PROPOSERS | {SAFEGUARDING_ROLE}


def decide_place_hold(
    case: CaseFile, command: PlaceLegalHold, header: Header, world: World
) -> list[LegalHoldPlaced]:
    """Raises NotFound for anybody but the pupil's school or authority. Refuses an erased record, an empty reason, a day
    in the future, a review before today (`in_the_past`)."""
    _require_party(case, header, world, HOLDERS_OF_HOLDS)
    _require_not_erased(case)
    require_not_in_future(header, command.occurred_on)
    if command.review_on < command_day(header):
        raise Refusal("in_the_past", "review_on")
    if command.hold in case.rights.holds:
        return []
    why = require_words(command.why, "why")
    return [LegalHoldPlaced(header=header, hold=command.hold, review_on=command.review_on, why=why)]


def decide_lift_hold(
    case: CaseFile, command: LiftLegalHold, header: Header, world: World
) -> list[LegalHoldLifted]:
    """Raises NotFound for a hold that is not in force, and for anybody but the pupil's school or authority."""
    _require_party(case, header, world, HOLDERS_OF_HOLDS)
    if command.hold not in case.rights.holds:
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    return [LegalHoldLifted(header=header, hold=command.hold, why=require_words(command.why, "why"))]


def decide_propose(
    case: CaseFile, command: ProposeErasure, header: Header, world: World
) -> list[ErasureProposed]:
    """By the ALNCo or head of a school that has or had the pupil, or by a caseworker of the authority. Refuses what
    `require_erasable` refuses, a second proposal (`erasure_proposed_already`), an empty reason, and a file that follows
    another (`file_follows_another`); on the ground of retention, a record that has to be kept (`retention_not_over`).
    """
    _require_party(case, header, world, PROPOSERS | APPROVERS)
    require_erasable(case)
    if command.ground == "retention":
        _require_due(case, command, header, world)
    if case.rights.proposal is not None:
        raise Refusal("erasure_proposed_already")
    if case.joining.leading is not None:
        raise Refusal("file_follows_another")
    require_not_in_future(header, command.occurred_on)
    why = require_words(command.why, "why")
    return [ErasureProposed(header=header, proposal=command.proposal, ground=command.ground, why=why)]


def decide_approve(
    case: CaseFile, command: ApproveErasure, header: Header, world: World
) -> list[ErasureApproved]:
    """By a caseworker of the authority who is not the person that proposed it (`second_person_needed`)."""
    held = _proposal(case, command.proposal, header, world, APPROVERS)
    require_erasable(case)
    if held.approved_by is not None:
        raise Refusal("erasure_approved_already")
    if held.proposed_by == header.person:
        raise Refusal("second_person_needed")
    return [ErasureApproved(header=header, proposal=command.proposal)]


def decide_decline(
    case: CaseFile, command: DeclineErasure, header: Header, world: World
) -> list[ErasureDeclined]:
    """By a caseworker of the authority, or by those who proposed it."""
    _proposal(case, command.proposal, header, world, APPROVERS | PROPOSERS)
    why = require_words(command.why, "why")
    return [ErasureDeclined(header=header, proposal=command.proposal, why=why)]


def decide_erase(case: CaseFile, command: ErasePupil, header: Header, world: World) -> list[PupilErased]:
    """Erases the file that leads. Refuses what `require_erasable` refuses, what nobody approved
    (`erasure_not_approved`, `second_person_needed`), and a child whose files are others than those of the command
    (`files_changed`)."""
    event = _erased(case, command, header, world)
    require_erasable(case)
    if case.joining.leading is not None:
        raise Refusal("file_follows_another")
    if {command.pupil, *case.joining.following} != set(command.files):
        raise Refusal("files_changed")
    return [event]


def decide_erase_joined(
    leading: CaseFile, other: CaseFile, command: EraseJoinedFile, header: Header, world: World
) -> list[AddressedEvent]:
    """Erases a file that follows, on the approval that stands on the file that leads; see `decide_erase`."""
    event = _erased(leading, command, header, world)
    if command.other not in leading.joining.following:
        raise Refusal("files_changed")
    require_erasable(other)
    return [AddressedEvent(command.other, event)]


def require_erasable(case: CaseFile) -> None:
    """Refuses an erased record (`record_erased`), a legal hold (`under_legal_hold`) and a referral that has not ended
    (`erasure_open_referral`): it would wait for ever."""
    _require_not_erased(case)
    if case.rights.holds:
        raise Refusal("under_legal_hold")
    stands = [phase(held.counting()) for held in case.referrals.values()]
    if any(not (one.ended or one.in_error) for one in stands):
        raise Refusal("erasure_open_referral")


def _require_due(case: CaseFile, command: ProposeErasure, header: Header, world: World) -> None:
    """Refuses a record that has to be kept (`retention_not_over`, with the last day if it is known)."""
    today = command_day(header)
    born = world.about().born
    cases = cases_of(case, world.directory, born)
    if world.ever_looked_after(command.pupil):
        cases |= {"looked_after"}
    facts = RetentionFacts(born=born, cases=cases, adopted_on=case.adoption.replaced_on)
    kept = retention_of(world.directory.retention_rules(today), facts)
    if not kept.is_due(today):
        until = {"until": kept.until.isoformat()} if kept.until is not None else {}
        raise Refusal("retention_not_over", "ground", **until)


def _erased(
    case: CaseFile, command: ErasePupil | EraseJoinedFile, header: Header, world: World
) -> PupilErased:
    _require_not_erased(case)
    if command.approvers is not None:
        if header.role != OPERATOR_ROLE:
            raise NotFound
        one, other = command.approvers
        if one == other:
            raise Refusal("second_person_needed")
        if command.ground is None:
            raise Refusal("cannot_be_empty", "ground")
        return PupilErased(header=header, ground=command.ground, proposed_by=one, approved_by=other)
    _require_party(case, header, world, EXECUTORS)
    held = case.rights.proposal
    if held is None or held.approved_by is None:
        raise Refusal("erasure_not_approved")
    return PupilErased(
        header=header,
        ground=held.ground,
        proposed_by=held.proposed_by,
        approved_by=held.approved_by,
        proposal=held.proposal,
    )


def _proposal(
    case: CaseFile, proposal: UUID, header: Header, world: World, roles: frozenset[str]
) -> ErasureProposal:
    _require_party(case, header, world, roles)
    _require_not_erased(case)
    held = case.rights.proposal
    if held is None or held.proposal != proposal:
        raise NotFound
    return held


def _require_not_erased(case: CaseFile) -> None:
    if case.rights.erased:
        raise Refusal("record_erased")


def _require_party(case: CaseFile, header: Header, world: World, roles: frozenset[str]) -> None:
    """The actor has one of these roles at a school that has or had the pupil, at the authority of one, or at the
    authority that holds the child. The operator may. Raises NotFound."""
    if header.role == OPERATOR_ROLE:
        return
    acting = acting_organisation(header)
    at_school = acting in schools_ever(case) and header.role in PROPOSERS & roles
    at_authority = acting in authorities_of(case, world.directory) and header.role in roles - PROPOSERS
    if not (at_school or at_authority):
        raise NotFound


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(PlaceLegalHold, decide_place_hold, PUPIL_STREAM),
        decides(LiftLegalHold, decide_lift_hold, PUPIL_STREAM),
        decides(ProposeErasure, decide_propose, PUPIL_STREAM),
        decides(ApproveErasure, decide_approve, PUPIL_STREAM),
        decides(DeclineErasure, decide_decline, PUPIL_STREAM),
        decides(ErasePupil, decide_erase, PUPIL_STREAM),
        decides(EraseJoinedFile, decide_erase_joined, PUPIL_STREAM, OTHER_PUPIL_STREAM),
    ]
)
