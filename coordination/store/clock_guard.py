"""A clock that runs far ahead must not write: an entry of the future stays on the record for ever, and every wait, due
date and retention rule that is counted from it is wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from coordination.errors import Refusal

VARIABLE = "CYDLYNU_CLOCK_AHEAD"
USUAL = timedelta(days=100)
"""More than the summer holidays; a machine that lost its clock is usually wrong by years."""


class ClockGuard:
    """Refuses to record at an instant that is more than `ahead` after the newest entry on the record."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead
        self._newest: datetime | None = None
        self._lock = threading.Lock()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ClockGuard | None:
        """From CYDLYNU_CLOCK_AHEAD, in days (0: no guard). Raises ValueError for what is no whole number."""
        days = environment.get(VARIABLE)
        ahead = timedelta(days=int(days)) if days else USUAL
        return cls(ahead) if ahead > timedelta(0) else None

    def check(self, at: datetime, newest: Callable[[], datetime | None]) -> None:
        """Raises Refusal `clock_ahead` for an instant too far ahead. `newest` reads when the newest entry was recorded
        (None: there is none yet); it is asked only when what is remembered would refuse."""
        with self._lock:
            if self._too_far(at):
                self._newest = newest()
                if self._newest is not None and self._too_far(at):
                    raise Refusal("clock_ahead", days=(at - self._newest).days)

    def recorded(self, at: datetime) -> None:
        """Remember that an entry was recorded at an instant."""
        with self._lock:
            self._newest = at if self._newest is None else max(at, self._newest)

    def _too_far(self, at: datetime) -> bool:
        return self._newest is None or at - self._newest > self._ahead
