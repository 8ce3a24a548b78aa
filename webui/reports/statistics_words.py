"""Plain sentences for survival curves, competing endings and control charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from projections.statistics.competing import share_by
from projections.statistics.control_charts import FEWEST, RUN, ControlChart, Signal
from projections.statistics.queries import SurvivalGroup
from projections.statistics.survival import STOPPED
from projections.waiting_times.figures import StandardVersion
from webui.reports.words import ENDING_WORDS
from webui.words.formats import days, in_unit, month, number, percent

WAYS_TO_END: dict[str, Any] = {STOPPED: _l("Reached the end of the wait")} | {
    str(ending): words for ending, words in ENDING_WORDS.items()
}
"""Every ending of a wait, the one that its clock measures first."""

SIGNAL_WORDS: dict[Signal, Any] = {
    "outside_limits": _l("outside the limits"),
    "one_side": _l("one of seven or more in a row on one side of the mean"),
    "trend": _l("one of seven or more in a row that rise or fall"),
    "near_limit": _l("one of two in three that are near a limit"),
}


def counted_days(count: int, unit: str) -> str:
    """Days as counted in a unit: of weeks, calendar days."""
    return days(count) if unit == "weeks" else in_unit(count, unit)


def entry_words(key: str) -> str:
    """The month or year of entry: March 2026, 2026."""
    return month(_first_of(key)) if "-" in key else key


def limit_in_days(version: StandardVersion) -> int | None:
    """The limit in counted days: weeks as calendar days; None without a limit."""
    return version.limit * 7 if version.limit is not None and version.unit == "weeks" else version.limit


def median_sentence(group: SurvivalGroup, version: StandardVersion) -> str:
    """How long half of those who entered waited, or why that cannot be told."""
    when: dict[str, Any] = {"month": entry_words(group.key), "year": entry_words(group.key)}
    by_month = "-" in group.key
    if group.median_days is None and group.broken_on is not None:
        after = {**when, "days": counted_days(group.broken_on, group.unit)}
        if by_month:
            return _("No median for %(month)s: after %(days)s there was nobody left to observe.", **after)
        return _("No median for %(year)s: after %(days)s there was nobody left to observe.", **after)
    if group.median_days is None:
        if by_month:
            return _(
                "Median not reached: so far fewer than half of those who entered in %(month)s have reached the end.",
                **when,
            )
        return _(
            "Median not reached: so far fewer than half of those who entered in %(year)s have reached the end.",
            **when,
        )
    when["days"] = counted_days(group.median_days, group.unit)
    if version.stop == "first_contact":
        if by_month:
            return _("Half of those who entered in %(month)s were seen within %(days)s.", **when)
        return _("Half of those who entered in %(year)s were seen within %(days)s.", **when)
    if by_month:
        return _(
            "Half of those who entered in %(month)s reached the end of the wait within %(days)s.", **when
        )
    return _("Half of those who entered in %(year)s reached the end of the wait within %(days)s.", **when)


def endings_sentence(group: SurvivalGroup, day: int) -> str:
    """The shares of the waits that were over, had ended otherwise and went on after a day; they add up to 100%."""
    stopped = share_by(group.incidence.get(STOPPED, ()), day)
    other = sum(share_by(shares, day) for ending, shares in group.incidence.items() if ending != STOPPED)
    return _(
        "After %(days)s the wait was over for %(stopped)s, had ended in another way for %(other)s "
        "and went on for %(waiting)s.",
        days=counted_days(day, group.unit),
        stopped=percent(100 * stopped),
        other=percent(100 * other),
        waiting=percent(100 * max(1 - stopped - other, 0.0)),
    )


def few_sentence(count: int) -> str:
    """That some figures are based on few waits."""
    return ngettext(
        "These figures are based on only %(count)s wait, so they may change a lot with one more.",
        "These figures are based on only %(count)s waits, so they may change a lot with one more.",
        count,
        count=number(count),
    )


def signal_words(signals: Sequence[Signal]) -> str:
    """The rules that mark a month, one after another; empty for none."""
    return "; ".join(str(SIGNAL_WORDS[signal]) for signal in signals)


def chart_sentence(chart: ControlChart) -> str:
    """Which months differ from the others by more than the usual variation."""
    marked = [month(point.on) for point in chart.points if point.signals]
    if not marked:
        return _("No month differs from the others by more than the usual variation.")
    return ngettext(
        "%(count)s month differs from the others by more than the usual variation: %(months)s.",
        "%(count)s months differ from the others by more than the usual variation: %(months)s.",
        len(marked),
        count=number(len(marked)),
        months=", ".join(marked),
    )


def provisional_sentence() -> str:
    """That the limits of a chart may still move."""
    return _(
        "With fewer than %(months)s months the limits are provisional. A run needs %(run)s months.",
        months=number(FEWEST),
        run=number(RUN),
    )


def _first_of(key: str) -> date:
    return date.fromisoformat(f"{key}-01")
