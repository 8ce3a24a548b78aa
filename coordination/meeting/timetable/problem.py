"""Meetings, slots, and which meetings must lie apart: what every search for dates works on.

Pure numbers. A meeting is an index from 0; so is a slot. Who must be in both of two meetings, and how long the way
between them is, has become a gap.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Apart(msgspec.Struct, frozen=True):
    """Two meetings (`first` < `second`) that somebody must attend both: their slots differ by at least `gap`, or they
    conflict. `shared` is how many must attend both."""

    first: int
    second: int
    gap: int
    shared: int = 1


class Timetable(msgspec.Struct, frozen=True, kw_only=True):
    """`groups` are the meetings of each who attends, without repetition and in order; `apart` holds every two meetings
    of one group, once."""

    meetings: int
    slots: int
    groups: tuple[tuple[int, ...], ...]
    apart: tuple[Apart, ...]


class Solved(msgspec.Struct, frozen=True, kw_only=True):
    """A slot for each meeting, the conflicts, and a number of them that no other choice of slots can go below. Where
    both numbers are equal, nothing better exists. `pairs` are the pairs of meetings that conflict: fewer than the
    conflicts where two agents must attend the same two."""

    starts: tuple[int, ...]
    conflicts: int
    bound: int
    pairs: int = 0


def in_conflict(timetable: Timetable, starts: Sequence[int]) -> tuple[Apart, ...]:
    """The pairs of meetings that conflict."""
    return tuple(pair for pair in timetable.apart if abs(starts[pair.first] - starts[pair.second]) < pair.gap)


def conflicts(timetable: Timetable, starts: Sequence[int]) -> int:
    """How often somebody must be in two meetings that conflict: each agent's own pairs are counted."""
    return sum(pair.shared for pair in in_conflict(timetable, starts))
