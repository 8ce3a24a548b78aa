"""Nobody's child: of every open referral, who can see it, with whom its next step is, and by when it is to be taken.

An open referral always has an organisation with a desk that sees it (the holder of the file, or an agency to which it
is disclosed), a next step with a party that can see it, and a day for that step, whatever moves, closes or leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from coordination.clocks import Party, PartyPeriod, party_periods
from coordination.directory.state import Directory
from coordination.pupil.referral.next_step import act_by
from coordination.pupil.referral.phase import Phase, phase
from coordination.pupil.referral.state import Referral

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

FAR = date(9999, 1, 1)


class Placement(msgspec.Struct, frozen=True):
    """Where an open referral stands: the organisations that see it, and from which day with whom its next step is.
    `ahead` are the periods known to follow, in order. `by`: when the step is to be taken, or looked at again."""

    seen_by: frozenset[UUID]
    party: Party
    since: date
    ahead: tuple[PartyPeriod, ...]
    by: date


def placement(
    case: CaseFile, held: Referral, directory: Directory, on: date, due_on: date | None = None
) -> Placement | None:
    """Where a referral stands on a day; None when it has ended. `due_on` is the last day of the clock that runs."""
    stands = phase(held.counting() if held.superseded else held.steps)
    if stands.ended:
        return None
    now, *ahead = turns(case, held, stands, directory, on)
    return Placement(
        seen_by(case, held, directory, on), now.party, now.from_on, tuple(ahead), act_by(now.from_on, due_on)
    )


def with_access(case: CaseFile, held: Referral) -> frozenset[UUID]:
    """The organisations with access to a referral: those that hold the file, and the agencies to which it is disclosed.
    Where the sharing has stopped, the agency that holds it still follows its own work."""
    told = {
        d.agency
        for d in case.consents.disclosures
        if d.ground == held.referral and not d.closed and (d.receives or d.agency == held.agency)
    }
    return case.profile.holders() | told


def seen_by(case: CaseFile, held: Referral, directory: Directory, on: date) -> frozenset[UUID]:
    """The organisations with access to a referral that have not closed: each has a desk that sees it."""
    found = {id: directory.organisation(id) for id in with_access(case, held)}
    return frozenset(id for id, organisation in found.items() if organisation and organisation.is_open(on))


def turns(
    case: CaseFile, held: Referral, stands: Phase, directory: Directory, on: date
) -> Sequence[PartyPeriod]:
    """With whom the next step of an open referral is on a day, and with whom it is known to be afterwards: the school's
    until it has sent the referral; the authority's where it would be the school's of a child on no roll; and with the
    holder of the file where the agency cannot see the referral, or has closed."""
    off_roll = case.profile.off_roll()
    holder: Party = "school" if case.profile.authority is None else "authority"
    if all(step.name == "decided" for step in stands.steps):
        left = off_roll[-1].from_on if holder == "authority" and off_roll else held.opened_on
        since = max(held.opened_on, left)
        return [PartyPeriod(holder, since, FAR, 0)]
    whose = party_periods(stands.steps, stands.steps[0].on, FAR, held.unavailable, off_roll=off_roll)
    seen = case.consents.disclosed(held.referral, held.agency, held.service)
    past = _closing(directory, held.agency) if seen else date.min
    return [period for period in _handed_back(whose, holder, past) if period.until > on]


def _closing(directory: Directory, agency: UUID) -> date:
    """The first day on which an agency is closed."""
    found = directory.organisation(agency)
    last_day = found.effective_to if found else None
    return FAR if last_day is None else last_day + date.resolution


def _handed_back(found: Iterable[PartyPeriod], holder: Party, past: date) -> Iterator[PartyPeriod]:
    """The agency's periods, from a day on, are those of the holder of the file."""
    for period in found:
        if period.party != "agency" or past >= period.until:
            yield period
            continue
        if period.from_on < past:
            yield PartyPeriod("agency", period.from_on, past, period.cause)
        yield PartyPeriod(holder, max(period.from_on, past), period.until, period.cause)
