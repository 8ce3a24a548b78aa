"""Where the time goes: functions timed from outside, each second counted once, for the innermost part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

OTHER = "the engine itself"


class Stopwatch:
    """Counts seconds by part. What is timed costs about a microsecond more a call, so these seconds are for shares;
    no ratio is taken from a run that was timed like this."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._part = OTHER
        self._since = perf_counter()

    def start(self) -> None:
        """Start counting."""
        self.seconds.clear()
        self._since = perf_counter()

    def stop(self) -> None:
        """Stop counting."""
        self._turn(self._part)

    def _turn(self, part: str) -> str:
        now = perf_counter()
        self.seconds[self._part] += now - self._since
        left, self._part, self._since = self._part, part, now
        return left

    def timed(self, part: str | Callable[..., str], function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted for a part: a name, or what makes a name of the arguments."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            left = self._turn(part if isinstance(part, str) else part(*args, **kwargs))
            try:
                return function(*args, **kwargs)
            finally:
                self._turn(left)

        return counted
