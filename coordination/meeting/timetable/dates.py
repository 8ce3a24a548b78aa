"""Dates for the meetings of a term, at which as many services as possible can be: a choice, and how good it can be.

Each meeting takes one of its slots (a day and an hour). A service that is asked for in a slot more often than it can
send somebody cannot come: a clash. Of two choices with as many clashes the one is better for which the services set out
on fewer days: places have no coordinates here, and a journey that is not made is the shortest. Pure: the time that it
may take is an argument.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
ROUNDS = 40
"""Passes over all meetings in which each may take a better slot."""
STALE = 200
"""Moves for each meeting after which a search that found nothing better ends."""
CLASH = 1_000
"""What a clash costs; a day on which a service sets out costs 1."""


class Slot(msgspec.Struct, frozen=True, order=True):
    """When a meeting can be."""

    held_on: date
    starts_at: time
    ends_at: time


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting that wants a date: the services that are to come, and the slots that its school can offer (at least
    one). `key` is the caller's."""

    key: str
    services: tuple[UUID, ...]
    slots: tuple[Slot, ...]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The slot of a meeting, and the services that cannot come then."""

    key: str
    slot: Slot
    clashes: tuple[UUID, ...]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A slot for every meeting, in the order in which they were wanted. No choice has fewer clashes than
    `bound`; none with as few clashes has fewer days on which a service sets out than `outings_bound`."""

    placed: tuple[Placed, ...]
    clashes: int
    bound: int
    outings: int
    outings_bound: int


Free = Callable[[UUID, Slot], int]
"""How many people a service can still send at a time."""


class Board:
    """Who is asked for when: services by slots, and how many are free."""

    def __init__(self, wanted: Sequence[Wanted], free: Free) -> None:
        self.slots = sorted({slot for one in wanted for slot in one.slots})
        self.services = sorted({s for one in wanted for s in one.services}, key=lambda s: s.int)
        at = {slot: n for n, slot in enumerate(self.slots)}
        row = {service: n for n, service in enumerate(self.services)}
        self.offered: list[Numbers] = [np.array([at[s] for s in one.slots], dtype=np.int64) for one in wanted]
        self.asked: list[Numbers] = [
            np.array([row[s] for s in one.services], dtype=np.int64) for one in wanted
        ]
        days = sorted({slot.held_on for slot in self.slots})
        of_day = {day: n for n, day in enumerate(days)}
        self.day: Numbers = np.array([of_day[slot.held_on] for slot in self.slots], dtype=np.int64)
        self.free: Numbers = np.array(
            [[max(0, free(service, slot)) for slot in self.slots] for service in self.services],
            dtype=np.int64,
        ).reshape(len(self.services), len(self.slots))
        self.load: Numbers = np.zeros_like(self.free)
        self.out: Numbers = np.zeros((len(self.services), len(days)), dtype=np.int64)

    def put(self, meeting: int, slot: int, sign: int = 1) -> None:
        """Asks the meeting's services for a slot, or (-1) no longer."""
        self.load[self.asked[meeting], slot] += sign
        self.out[self.asked[meeting], self.day[slot]] += sign

    def costs(self, meeting: int) -> Numbers:
        """What the meeting would cost in each slot that it is offered."""
        asked, offered = self.asked[meeting], self.offered[meeting]
        there = np.ix_(asked, offered)
        clashes = (self.load[there] >= self.free[there]).sum(axis=0)
        outings = (self.out[np.ix_(asked, self.day[offered])] == 0).sum(axis=0)
        return np.asarray(clashes * CLASH + outings, dtype=np.int64)

    def clashes(self) -> int:
        return int(np.maximum(self.load - self.free, 0).sum())

    def outings(self) -> int:
        return int((self.out > 0).sum())


def first_choice(board: Board, goes_on: Callable[[], bool]) -> list[int]:
    """A slot for each meeting: those that need most services first, then better slots for one after another while that
    helps."""
    chosen = [-1] * len(board.offered)
    order = sorted(range(len(chosen)), key=lambda m: (-len(board.asked[m]), len(board.offered[m]), m))
    for meeting in order:
        chosen[meeting] = int(board.offered[meeting][board.costs(meeting).argmin()])
        board.put(meeting, chosen[meeting])
    for _ in range(ROUNDS):
        moved = False
        for meeting in order:
            board.put(meeting, chosen[meeting], -1)
            costs, offered = board.costs(meeting), board.offered[meeting]
            best = int(costs.argmin())
            if costs[best] < costs[int(np.flatnonzero(offered == chosen[meeting])[0])]:
                chosen[meeting], moved = int(offered[best]), True
            board.put(meeting, chosen[meeting])
        if not moved or not goes_on():
            break
    return chosen


def pigeonholes(board: Board) -> int:
    """Clashes that no choice avoids: of each service, the meetings beyond what it can attend in all slots that any of
    them is offered."""
    least = 0
    for service in range(len(board.services)):
        of_service = [m for m, asked in enumerate(board.asked) if service in asked]
        slots = np.unique(np.concatenate([board.offered[m] for m in of_service]))
        least += max(0, len(of_service) - int(board.free[service, slots].sum()))
    return least


def fewest_outings(board: Board) -> int:
    """Days on which each service must set out at least where nothing clashes: its meetings over the most that it can
    attend on a day. With a clash, one day for each service is all that is certain."""
    if board.clashes():
        return sum(any(service in asked for asked in board.asked) for service in range(len(board.services)))
    found = 0
    for service in range(len(board.services)):
        meetings = sum(service in asked for asked in board.asked)
        days = np.bincount(board.day, weights=np.maximum(board.free[service], 1))
        rest = meetings
        for able in sorted(days, reverse=True):
            if rest <= 0:
                break
            rest -= int(able)
            found += 1
    return found


def placed(board: Board, wanted: Sequence[Wanted], chosen: Sequence[int]) -> tuple[Placed, ...]:
    """The choice by its names. Of the meetings in one slot, those wanted first keep a service that cannot be at all."""
    left = board.free.copy()
    found = []
    for one, asked, slot in zip(wanted, board.asked, chosen, strict=True):
        clashes = [int(service) for service in asked if left[service, slot] <= 0]
        left[asked, slot] -= 1
        found.append(
            Placed(key=one.key, slot=board.slots[slot], clashes=tuple(board.services[s] for s in clashes))
        )
    return tuple(found)


def by_month(wanted: Sequence[Wanted]) -> Mapping[tuple[int, int], list[Wanted]]:
    """The meetings by the month of their slots: each month is a question of its own."""
    found: dict[tuple[int, int], list[Wanted]] = {}
    for one in wanted:
        first = one.slots[0].held_on
        found.setdefault((first.year, first.month), []).append(one)
    return found


def improve(
    board: Board, chosen: list[int], least: int, goes_on: Callable[[], bool], seed: int = 7
) -> list[int]:
    """A choice with fewer clashes, if one is found: one meeting with a clash after another takes the best slot that it
    did not just leave (tabu search). The board is left at the choice that is returned."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    best, lowest, current = list(chosen), board.clashes(), board.clashes()
    tabu: dict[tuple[int, int], int] = {}
    moves = stale = 0
    while lowest > least and stale < STALE * len(chosen) and goes_on():
        moves, stale = moves + 1, stale + 1
        over = board.load > board.free
        hot = [m for m, slot in enumerate(chosen) if over[board.asked[m], slot].any()]
        meeting = hot[chance.randrange(len(hot))]
        left = chosen[meeting]
        board.put(meeting, left, -1)
        costs, offered = board.costs(meeting), board.offered[meeting]
        here = int(costs[int(np.flatnonzero(offered == left)[0])]) // CLASH
        barred = np.array([tabu.get((meeting, int(slot)), 0) > moves for slot in offered])
        barred &= current - here + costs // CLASH >= lowest
        tried = np.where(barred | (offered == left), np.iinfo(np.int64).max, costs)
        equal = np.flatnonzero(tried == tried.min())
        to = int(equal[chance.randrange(len(equal))])
        tabu[meeting, left] = moves + 10 + chance.randrange(10)
        current += int(costs[to]) // CLASH - here
        chosen[meeting] = int(offered[to])
        board.put(meeting, chosen[meeting])
        if current < lowest:
            best, lowest, stale = list(chosen), current, 0
    for meeting, slot in enumerate(chosen):
        board.put(meeting, slot, -1)
        board.put(meeting, best[meeting])
    return best
