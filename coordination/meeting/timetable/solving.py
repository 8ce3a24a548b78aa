"""Slots for meetings: a search first, then the proof that it cannot be better, within a time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat

from coordination.meeting.timetable.problem import Solved, Timetable, conflicts, in_conflict
from coordination.meeting.timetable.proving import prove
from coordination.meeting.timetable.searching import search

SHARE_OF_SEARCH = 0.2
"""Of the time, for the first search; where it finds a choice without conflicts, the rest is not needed."""
POLISH = 0.05
"""Of the time, to find among choices with as many conflicts one that has them in fewer places."""


def solve(timetable: Timetable, *, seconds: float, clock: Callable[[], float], seed: int = 46) -> Solved:
    """Slots with the fewest conflicts that are found in so many seconds of `clock`, and a bound on the fewest."""
    began = clock()
    if not timetable.apart:
        return Solved(starts=tuple(repeat(0, timetable.meetings)), conflicts=0, bound=0)

    def until(share: float) -> Callable[[], bool]:
        return lambda: clock() - began < share * seconds

    starts = search(timetable, goes_on=until(SHARE_OF_SEARCH), seed=seed)
    if not conflicts(timetable, starts):
        return Solved(starts=starts, conflicts=0, bound=0)
    proof = prove(timetable, starts, seconds * (1 - POLISH) - (clock() - began))
    if proof.starts is not None and conflicts(timetable, proof.starts) < conflicts(timetable, starts):
        starts = proof.starts
    shortly = clock() - began + POLISH * seconds
    starts = search(timetable, goes_on=lambda: clock() - began < shortly, seed=seed + 1, start=starts)
    found = conflicts(timetable, starts)
    return Solved(
        starts=starts,
        conflicts=found,
        bound=min(proof.bound, found),
        pairs=len(in_conflict(timetable, starts)),
    )
