"""Two sets of figures beside each other: the rows of a table."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
from flask_babel import lazy_gettext as _l

from projections.waiting_times.queries import CompletedWaits, OpenWaits
from webui.reports.pages.waiting_times.figures import printed_ended, printed_waiting
from webui.words.text import Words

FIGURE_WORDS: dict[str, Any] = {
    "count": _l("Number"),
    "within": _l("Within the limit"),
    "median": _l("Median"),
    "p95": _l("95th percentile"),
    "over": _l("Over the limit"),
    "so_far": _l("Median so far"),
    "p92": _l("92nd percentile so far"),
    "p95_so_far": _l("95th percentile so far"),
    "longest": _l("Longest so far"),
}
PART_WORDS: dict[str, Any] = {"ended": _l("Ended"), "waiting": _l("Still waiting")}


class FiguresOfWaits(Protocol):
    """Figures of what ended and of what waits."""

    @property
    def completed(self) -> CompletedWaits:
        """What ended."""
        ...

    @property
    def waiting(self) -> OpenWaits:
        """What waits."""
        ...


class RowBeside(msgspec.Struct, frozen=True):
    """A row: a figure, as it is in the first and in the second; a dash where there is none."""

    part: Words
    words: Words
    first: str
    second: str


def rows_beside(first: FiguresOfWaits | None, second: FiguresOfWaits | None) -> list[RowBeside]:
    """The rows of two sets of figures."""
    found = []
    for part in ("ended", "waiting"):
        one, other = _printed(first, part), _printed(second, part)
        names = one or other
        found += [
            RowBeside(PART_WORDS[part], FIGURE_WORDS[name], one.get(name, "–"), other.get(name, "–"))
            for name in names
        ]
    return found


def _printed(figures: FiguresOfWaits | None, part: str) -> dict[str, str]:
    if figures is None:
        return {}
    return printed_ended(figures.completed) if part == "ended" else printed_waiting(figures.waiting)
