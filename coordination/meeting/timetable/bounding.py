"""How few conflicts a group's meetings can have at best: bounds that need no search."""

from __future__ import annotations

from itertools import combinations

from coordination.meeting.timetable.problem import Timetable

TRIED_EXACTLY = 40_000
"""Steps of the exact count for one group; after that the pigeonholes alone give the bound."""


def group_bounds(timetable: Timetable) -> dict[tuple[int, ...], int]:
    """For each group whose meetings cannot all be kept apart, the conflicts among them that no choice avoids."""
    gaps = {(pair.first, pair.second): pair.gap for pair in timetable.apart}
    found = {}
    for group in set(timetable.groups):
        least = max(_pigeonholes(group, gaps, timetable.slots), _exactly(group, gaps, timetable.slots))
        if least:
            found[group] = least
    return found


def _pigeonholes(group: tuple[int, ...], gaps: dict[tuple[int, int], int], slots: int) -> int:
    """With the smallest gap between them, only so many of the meetings fit without a conflict. Turán's theorem: the
    conflicts are fewest when the rest are shared out evenly over as many places."""
    if len(group) < 2:
        return 0
    least_gap = min(gaps[pair] for pair in combinations(group, 2))
    places = -(-slots // least_gap)
    each, more = divmod(len(group), places)
    return more * ((each + 1) * each // 2) + (places - more) * (each * (each - 1) // 2)


def _exactly(group: tuple[int, ...], gaps: dict[tuple[int, int], int], slots: int) -> int:
    """The fewest conflicts among the meetings of one group by trying every order; 0 when that takes too many steps."""
    best = len(group) * (len(group) - 1) // 2
    steps = 0

    def place(at: int, chosen: list[int], conflicts: int) -> None:
        nonlocal best, steps
        steps += 1
        if at == len(group):
            best = min(best, conflicts)
            return
        for slot in range(slots):
            if steps > TRIED_EXACTLY or best == 0:
                return
            more = conflicts + sum(abs(slot - chosen[k]) < gaps[group[k], group[at]] for k in range(at))
            if more < best:
                place(at + 1, [*chosen, slot], more)

    place(0, [], 0)
    return best if steps <= TRIED_EXACTLY else 0
