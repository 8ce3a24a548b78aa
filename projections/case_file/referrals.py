"""A referral as it stands: its phase, the clock that runs, and whose move it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from coordination.clocks import Party, counting_of, standing_runs
from coordination.directory.state import Directory
from coordination.pupil.casefile import CaseFile
from coordination.pupil.placement import turns
from coordination.pupil.referral.phase import DatedMilestone, Phase, phase
from coordination.pupil.referral.state import Referral
from projections.table import Table


class ReferralTableRow(msgspec.Struct, frozen=True):
    """A referral as it stands: its phase, the clock that runs (`standard`, `clock_from`, `due_on`), the one without a
    limit (`open_clock`, `open_from`), the standard without a last day (`terms_unknown`), whose move it is and whose it
    is known to become (`ahead_...`). `held_by`: the authority that holds the file of a pupil who is on no
    roll, since `no_roll_from`."""

    referral: UUID
    pupil: UUID
    school: UUID
    authority: UUID | None
    service: UUID
    agency: UUID
    phase: str
    since: date | None
    ended: bool
    in_error: bool
    opened_on: date
    received_on: date | None
    priority: str
    immediate_risk: bool
    legal_route: str
    basis: str
    year: int | None
    standard: str | None
    clock_from: date | None
    due_on: date | None
    open_clock: str | None
    open_from: date | None
    terms_unknown: str | None
    move_party: str | None
    move_from: date | None
    ahead_party: list[Party] | None
    ahead_from: list[date] | None
    unconfirmed: int
    contested: int
    missing: list[str] | None
    last_version: int
    allocated_on: date | None
    held_by: UUID | None
    no_roll_from: date | None


class AllocationTableRow(msgspec.Struct, frozen=True):
    """To whom of its people the service that holds it allocated a referral."""

    referral: UUID
    pupil: UUID
    agency: UUID
    service: UUID
    person: UUID


REFERRAL = Table("referral", ReferralTableRow, key=1)
ALLOCATION = Table("allocation", AllocationTableRow, key=1)


class RunningClocks(msgspec.Struct, frozen=True):
    """Of the clocks of a referral that run, what its row says."""

    standard: str | None = None
    clock_from: date | None = None
    due_on: date | None = None
    open_clock: str | None = None
    open_from: date | None = None
    terms_unknown: str | None = None


Moves = tuple[Party | None, date | None, list[Party] | None, list[date] | None]
NO_MOVE: Moves = (None, None, None, None)


def referral_row(
    held: Referral, pupil: UUID, directory: Directory, on: date, case: CaseFile
) -> ReferralTableRow:
    """The row of a referral; `on` is the day of recording, from which the next step is worked out."""
    stands = phase(held.counting() if held.superseded else held.steps)
    open_reports = [s.standing for s in stands.steps if s.word == "reported"] if not stands.in_error else []
    clocks = RunningClocks() if stands.ended else _running(held, stands.steps, directory)
    move_party, move_from, ahead_party, ahead_from = _moves(case, held, stands, directory, on)
    return ReferralTableRow(  # by place, as the struct has them: names take four times as long
        held.referral,
        pupil,
        held.school,
        directory.authority_of(held.school),
        held.service,
        held.agency,
        stands.name,
        stands.since,
        stands.ended,
        stands.in_error,
        held.opened_on,
        stands.received_on,
        held.priority,
        held.immediate_risk,
        held.legal_route,
        held.basis,
        held.year,
        clocks.standard,
        clocks.clock_from,
        clocks.due_on,
        clocks.open_clock,
        clocks.open_from,
        clocks.terms_unknown,
        move_party,
        move_from,
        ahead_party,
        ahead_from,
        open_reports.count("said"),
        open_reports.count("contested"),
        list(held.missing) or None,
        held.last_version,
        held.allocated_on,
        case.profile.authority,
        _no_roll_from(case),
    )


def _no_roll_from(case: CaseFile) -> date | None:
    """Since when the pupil is on no roll; None if on one, or never on any."""
    gaps = case.profile.off_roll()
    return gaps[-1].from_on if case.profile.authority is not None and gaps else None


def _running(held: Referral, ordered: Sequence[DatedMilestone], directory: Directory) -> RunningClocks:
    """Of the standards of the service that has it, in their order, the first whose clock runs and has a last day; the
    first without one, because terms are not known; and the clock without a limit."""
    running = standing_runs(held, directory, ordered)
    measured = [
        (run, counting_of(run, held.school, directory).due_on) for run in running if run.version is not None
    ]
    due = next(((run, on) for run, on in measured if on is not None), None)
    unknown = next((run for run, on in measured if on is None), None)
    unlimited = next((run for run in running if run.version is None), None)
    return RunningClocks(
        standard=due[0].standard if due else None,
        clock_from=due[0].start.on if due else None,
        due_on=due[1] if due else None,
        open_clock=unlimited.standard if unlimited else None,
        open_from=unlimited.start.on if unlimited else None,
        terms_unknown=unknown.standard if unknown else None,
    )


def _moves(case: CaseFile, held: Referral, stands: Phase, directory: Directory, on: date) -> Moves:
    """Whose move it is since when, and whose it is known to become."""
    if stands.ended:
        return NO_MOVE
    now, *ahead = turns(case, held, stands, directory, on)
    if not ahead:
        return now.party, now.from_on, None, None
    return now.party, now.from_on, [s.party for s in ahead], [s.from_on for s in ahead]
