"""The words of published figures: columns, figures, marks and the rule, in both languages."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from projections.publishing.published import PublishedRow
from projections.publishing.rule import Figure, PublishingRule
from webui.reports.words import ENDING_WORDS
from webui.words.formats import in_unit, number, percent
from webui.words.text import Words

COLUMN_WORDS: dict[str, Any] = {
    "started": _l("Started"),
    "uncountable": _l("Cannot be counted"),
    "count": _l("Number"),
    "within_standard": _l("Within the limit"),
    "over_standard": _l("Over the limit"),
    "percent_within_standard": _l("Percentage within the limit"),
    "median_days": _l("Median, days"),
    "p92_days": _l("92nd percentile, days"),
    "p95_days": _l("95th percentile, days"),
    "bands": _l("Bands"),
}
MARK_WORDS: dict[str, Any] = {
    "c": _l("confidential: a small number, or one from which a small number could be worked out"),
    "k": _l("rounds to zero"),
    "z": _l("not applicable"),
    "x": _l("not available"),
    "p": _l("provisional: late entries are still expected"),
    "r": _l("revised: replaces figures published before"),
    "b": _l("break in the series: the standard changed"),
    "u": _l("low reliability: rests on few waits"),
}
BAND = re.compile(r"(?:over_(\d+))?_?(?:up_to_(\d+))?")


def column_heading(name: str, unit: str) -> Words:
    """The heading of a column inside its part of the table (`completed.over_28`: over 28 days)."""
    last = name.rpartition(".")[2]
    if name == "ended_otherwise.count":
        return _("Ended otherwise")
    if last in COLUMN_WORDS:
        heading: Words = COLUMN_WORDS[last]
        return heading
    if last in ENDING_WORDS:
        ending: Words = ENDING_WORDS[last]
        return ending
    found = BAND.fullmatch(last)
    over, up_to = found.groups() if found else (None, None)
    if up_to is None:
        return _("over %(count)s", count=in_unit(int(over or 0), unit))
    if over is None:
        return _("up to %(count)s", count=in_unit(int(up_to), unit))
    return _("over %(low)s, up to %(high)s", low=number(int(over)), high=in_unit(int(up_to), unit))


def figure_words(name: str, figure: Figure | None, row: PublishedRow) -> str:
    """A figure as printed: a number, or its mark; a mark `u` after one that rests on few waits."""
    if figure is None or isinstance(figure, str):
        return figure or ""
    words = percent(figure) if "percent" in name else number(figure)
    return f"{words} u" if name in row.low_reliability else words


def rule_words(rule: PublishingRule) -> Words:
    """The rule for small numbers, in a sentence."""
    return _(
        "Numbers from 1 to %(most)s are withheld, with any other number from which they could be worked out. All other "
        "numbers are rounded to the nearest %(rounding)s. Percentages are of the rounded numbers.",
        most=number(rule.threshold - 1),
        rounding=number(rule.rounding),
    )
