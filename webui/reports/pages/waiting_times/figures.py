"""Figures as they are printed: the headline, the bands, whose days they were, the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from flask_babel import gettext as _

from coordination.clocks import PARTIES
from coordination.directory.state import Standard
from projections.waiting_times.queries import (
    NOT_RECORDED,
    By,
    CompletedWaits,
    OpenWaits,
    WaitBand,
    WaitingTimesGroup,
    WaitingTimesReport,
)
from webui.parts.charts import PARTY_WORDS, ChartBar, ChartParty, ChartPeriod, strip
from webui.words.formats import days, in_unit, number, percent
from webui.words.naming import code_words, directory, organisation_name, service_name
from webui.words.text import Words

KEYS = {
    "percent": lambda line: line.completed.percent_within_standard,
    "count": lambda line: line.completed.count,
    "median": lambda line: line.completed.median_days,
    "waiting": lambda line: line.waiting.count,
    "over": lambda line: line.waiting.over_standard,
    "longest": lambda line: line.waiting.longest_days,
}
SCHOOL_KEYS = {
    "percent": lambda line: line.percent_within_standard,
    "count": lambda line: line.completed,
    "waiting": lambda line: line.waiting,
    "over": lambda line: line.over_standard,
    "longest": lambda line: line.longest_days,
}


class Figure(msgspec.Struct, frozen=True):
    """A figure as printed: as known on the date requested, and (None: the same date) as known now."""

    words: Words
    then: str
    now: str | None = None
    hint: Words | None = None


class FigureRow(msgspec.Struct, frozen=True):
    """A row of a table of figures, with its name."""

    key: str
    words: str
    completed: CompletedWaits
    waiting: OpenWaits


def headline(
    group: WaitingTimesGroup, now: WaitingTimesGroup | None, standard: Standard
) -> dict[str, list[Figure]]:
    """The headline figures, ended waits separate from open ones."""
    then_ended, then_waiting = _printed_ended(group.completed), _printed_waiting(group.waiting)
    now_ended = _printed_ended(now.completed) if now else {}
    now_waiting = _printed_waiting(now.waiting) if now else {}
    limit = in_unit(standard.limit, standard.unit)
    words: dict[str, tuple[Any, Any]] = {
        "count": (_("Number"), None),
        "within": (_("Within %(limit)s", limit=limit), None),
        "median": (_("Median"), _("half waited this long or less")),
        "p95": (_("95th percentile"), _("19 of 20 waited this long or less")),
        "over": (_("Over %(limit)s already", limit=limit), None),
        "so_far": (_("Median so far"), None),
        "longest": (_("Longest so far"), None),
    }
    return {
        "ended": [Figure(words[n][0], v, now_ended.get(n), words[n][1]) for n, v in then_ended.items()],
        "waiting": [Figure(words[n][0], v, now_waiting.get(n), words[n][1]) for n, v in then_waiting.items()],
    }


def _printed_ended(completed: CompletedWaits) -> dict[str, str]:
    within = _(
        "%(percent)s (%(within)s of %(count)s)",
        percent=percent(completed.percent_within_standard) or "–",
        within=number(completed.within_standard),
        count=number(completed.count),
    )
    return {
        "count": number(completed.count),
        "within": within if completed.count else "–",
        "median": _days(completed.median_days),
        "p95": _days(completed.p95_days),
    }


def _printed_waiting(waiting: OpenWaits) -> dict[str, str]:
    return {
        "count": number(waiting.count),
        "over": number(waiting.over_standard),
        "so_far": _days(waiting.median_days),
        "longest": _days(waiting.longest_days),
    }


def _days(value: float | None) -> str:
    if value is None:
        return "–"
    if value == int(value):
        return days(int(value))
    return _("%(count)s days", count=number(value, 1))


def target_met(completed: CompletedWaits, standard: Standard) -> bool | None:
    """Whether the target is met; None if there is no target, or no figure to compare with it."""
    if standard.target_percent is None or completed.count == 0:
        return None
    return completed.within_standard * 100 >= standard.target_percent * completed.count


def bands_of(completed: CompletedWaits, standard: Standard) -> list[dict[str, Any]]:
    """The bands of the standard, as table rows."""
    return [
        {
            "words": _band_words(band, standard.unit),
            "count": band.count,
            "percent": 100 * band.count / completed.count if completed.count else None,
        }
        for band in completed.bands
    ]


def bars_of(completed: CompletedWaits, standard: Standard) -> list[ChartBar]:
    """The same bands as bars: within the standard, or late."""
    found = []
    for band in completed.bands:
        share = f" ({percent(100 * band.count / completed.count)})" if completed.count else ""
        tone = "good" if band.up_to is not None and band.up_to <= standard.limit else "late"
        found.append(
            ChartBar(_band_words(band, standard.unit), band.count, f"{number(band.count)}{share}", tone)
        )
    return found


def _band_words(band: WaitBand, unit: str) -> str:
    if band.over is None:
        return _("Up to %(limit)s", limit=in_unit(band.up_to or 0, unit))
    if band.up_to is None:
        return _("Over %(limit)s", limit=in_unit(band.over, unit))
    return _("Over %(over)s to %(limit)s", over=number(band.over), limit=in_unit(band.up_to, unit))


def parties_of(found: Mapping[str, Mapping[Any, int]]) -> dict[str, Any]:
    """Strips of all days by whose they were, and the table shown with them."""
    strips = {}
    for which in ("completed", "waiting"):
        held = found.get(which, {})
        strips[which] = strip([ChartPeriod(ChartParty(party), held.get(party, 0)) for party in PARTIES])
    return {
        **strips,
        "rows": [
            {
                "party": party,
                "words": PARTY_WORDS[ChartParty(party)],
                "completed": found.get("completed", {}).get(party, 0),
                "waiting": found.get("waiting", {}).get(party, 0),
            }
            for party in PARTIES
        ],
    }


def rows_of(grouped: WaitingTimesReport, by: By) -> list[FigureRow]:
    """The groups of a report by name; "not recorded" comes last."""
    found = [FigureRow(g.key, key_words(by, g.key), g.completed, g.waiting) for g in grouped.groups]
    return sorted(found, key=lambda row: (row.key == NOT_RECORDED, row.words.casefold()))


def key_words(by: By, key: str) -> str:
    """The name of a key of the report in the language of the page."""
    known = directory()
    match by:
        case "need":
            return _("Not recorded") if key == NOT_RECORDED else code_words("need", key)
        case "service":
            return service_name(known.service_by_code(key))
        case "board":
            boards = (o for o in known.of_kind("agency") if key in (o.ods_code, o.code))
            return organisation_name(next(boards, None)) or key
        case _:
            return organisation_name(known.by_code(by, key)) or key
