"""What several decisions about a referral check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from coordination.authority import AGENCY_ROLES, SCHOOL_ROLES, acting_organisation
from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.event import Header
from coordination.pupil.casefile import CaseFile
from coordination.pupil.holders import speaks_for_authority
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.phase import check_order, in_order, phase
from coordination.pupil.referral.state import Referral, step_of
from coordination.world import World

# The ways in which history may come in: for `historical_record` no agreement is needed.
FILES: frozenset[str] = frozenset({"import", "command_line", "demonstration"})


def held_referral(case: CaseFile, referral: UUID, header: Header, seen: int | None, world: World) -> Referral:
    """The referral, for its school's staff, the authority of a child on no roll, or a service to which it was
    disclosed; NotFound for all others. Raises StaleVersion."""
    held = case.referrals.get(referral)
    if held is None or not may_see(case, held, header, world.services):
        raise NotFound
    if seen is not None and held.last_version > seen:
        raise StaleVersion(seen, held.last_version)
    return held


def may_see(case: CaseFile, held: Referral, header: Header, services: tuple[UUID, ...] | None) -> bool:
    """Whether the actor may know of the referral: staff of its school, the authority of a child on no roll, a service
    to which it was disclosed, of an agency that holds or held it. `services` are the actor's (None: not limited)."""
    organisation = acting_organisation(header)
    of_school = organisation in (case.profile.schools() | {held.school}) and header.role in SCHOOL_ROLES
    of_agency = (
        organisation in held.agencies
        and case.consents.disclosed_within(held.referral, organisation, services)
        and header.role in AGENCY_ROLES
    )
    return of_school or of_agency or speaks_for_authority(case.profile, header)


def require_intended(
    case: CaseFile, referral: UUID, service: UUID, header: Header, services: tuple[UUID, ...] | None
) -> None:
    """Raises Refusal `second_open_referral` where the service has an open referral of the pupil besides this one. One
    that the actor may not know of leaves no trace."""
    for other in case.referrals.values():
        if other.referral == referral or other.service != service:
            continue
        if not may_see(case, other, header, services):
            continue
        if not phase(other.counting()).ended:
            raise Refusal("second_open_referral", "second_referral")


def require_correctable(held: Referral, version: int, header: Header, why: str | None, world: World) -> None:
    """The school corrects what a school entered, reports included; a service what it entered itself. Raises NotFound,
    Refusal `cannot_be_empty` without a reason, `not_your_entry`."""
    step = held.step(version)
    if step is None:
        raise NotFound
    if not (why or "").strip():
        raise Refusal("cannot_be_empty", "why")
    acting = acting_organisation(header)
    if acting in held.agencies:
        own = step.said_by in held.agencies_of_word(acting) and world.acts_for(held.holder_at(version)[0])
    else:
        own = step.said_by not in held.agencies
    if not own:
        raise Refusal("not_your_entry", "supersedes")


def require_possible(held: Referral, event: Milestone, version: int) -> None:
    """Raises ImpossibleOrder when the milestone, at this place in the pupil's stream, contradicts the others."""
    steps = [s for s in held.counting() if s.version != event.supersedes]
    check_order(in_order([*steps, step_of(event, version)]))


def require_codes(world: World, table: str, codes: str | Iterable[str], on: date, field: str) -> None:
    """Raises Refusal `unknown_code` for a code that its table does not have. Codes are stored in the clear, where words
    of one's own could never be erased."""
    for code in (codes,) if isinstance(codes, str) else codes:
        if world.directory.code(table, code, on) == "unknown":
            raise Refusal("unknown_code", field, table=table)


def require_zone(instant: datetime, field: str) -> None:
    """Raises Refusal `detail_not_valid` for an instant without a time zone, whose day is not certain."""
    if instant.tzinfo is None:
        raise Refusal("detail_not_valid", field, where=field)
