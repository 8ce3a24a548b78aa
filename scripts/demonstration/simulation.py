"""The simulation: each day's diary is carried out through the real commands and saved once a day."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from coordination.event import Command, CommandContext, Receipt
from coordination.service import Batch, Coordination

Act = Callable[[date], None]


class Simulation:
    """A diary of future entries, carried out one day at a time. The same seed gives the same county."""

    def __init__(self, service: Coordination, start: date, until: date, seed: int = 2020) -> None:
        self.random = Random(seed)
        self.start = start
        self.until = until
        self.batch: Batch = service.batch()
        self.performed = 0
        self._diary: list[tuple[date, int, Act]] = []
        self._entries = 0
        self._minute = 0
        self._today = start

    def id(self) -> UUID:
        """A new id."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def on(self, day: date, act: Act) -> None:
        """Enter something in the diary; entries after the last day are ignored."""
        if day <= self.until:
            self._entries += 1
            heapq.heappush(self._diary, (max(day, self._today), self._entries, act))

    def perform(
        self, command: Command, person: UUID, organisation: UUID, role: str, on_behalf_of: UUID | None = None
    ) -> Receipt:
        """Give a command today, some minutes after the last one."""
        self.performed += 1
        self._minute += 1
        at = datetime.combine(self._today, time(8), UTC) + timedelta(seconds=20 * self._minute)
        order = CommandContext(
            person=person,
            organisation=organisation,
            role=role,
            source="demonstration",
            command_id=f"demonstration-{self.performed}",
            recorded_at=at,
            on_behalf_of=on_behalf_of,
        )
        self.batch.fresh(organisation, order.command_id)
        return self.batch.perform(command, order)

    def run(self, watch: Callable[[date], None] | None = None) -> int:
        """Carry out the diary, one save a day; returns the last position in the log."""
        position = 0
        while self._diary:
            self._today, self._minute = self._diary[0][0], 0
            while self._diary and self._diary[0][0] == self._today:
                _, _, act = heapq.heappop(self._diary)
                act(self._today)
            position = self.batch.commit() or position
            if watch is not None:
                watch(self._today)
        return position

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def about(self, days: int) -> int:
        """A random number of days near another, seldom far above it; at least one."""
        return max(1, round(self.random.gammavariate(4, days / 4)))


def next_working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day
