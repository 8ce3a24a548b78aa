"""Figures as they are printed: the headline, the bands, whose days they were, the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import ngettext

from coordination.clocks import PARTIES
from projections.waiting_times.queries import (
    NOT_ENDED,
    NOT_RECORDED,
    By,
    CompletedWaits,
    OpenWaits,
    StandardVersion,
    WaitBand,
    WaitingTimesGroup,
    WaitingTimesReport,
)
from projections.waiting_times.queries import percent as exact_percent
from webui.parts.charts import PARTY_WORDS, ChartBar, ChartParty, ChartPeriod, bars, strip
from webui.words.formats import days, in_unit, month, number, percent
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
    """A figure as printed: as known on the date requested, and (None: the same date) as known now. `which`: the list of
    the waits that it counts, where it is a number of waits."""

    words: Words
    then: str
    now: str | None = None
    hint: Words | None = None
    which: str | None = None


class FigureRow(msgspec.Struct, frozen=True):
    """A row of a table of figures, with its name and the version of the standard that it is measured by."""

    key: str
    words: str
    standard: StandardVersion
    started: int
    completed: CompletedWaits
    waiting: OpenWaits
    ended_otherwise: int
    uncountable: int


class VersionFigures(msgspec.Struct, frozen=True):
    """The figures of one service by one version of a standard, as a page shows them."""

    standard: StandardVersion
    group: WaitingTimesGroup
    figures: dict[str, list[Figure]]
    bands: list[dict[str, Any]]
    chart: list[dict[str, Any]]
    met: bool | None


def version_figures(whole: WaitingTimesReport, now: WaitingTimesReport | None) -> list[VersionFigures]:
    """The figures of each version that the report has, the newest first; `now`: the same as known now."""
    versions = {version.version: version for version in whole.versions}
    also = {group.version: group for group in now.groups} if now else {}
    return [
        VersionFigures(
            standard=versions[group.version],
            group=group,
            figures=headline(group, also.get(group.version), versions[group.version]),
            bands=band_rows(group, versions[group.version]),
            chart=bars(bars_of(group.completed, versions[group.version])),
            met=target_met(group.completed, versions[group.version]),
        )
        for group in reversed(whole.groups)
    ]


LISTS = {
    ("ended", "count"): "ended",
    ("ended", "within"): "ended_within",
    ("waiting", "count"): "waiting",
    ("waiting", "within"): "waiting_within",
    ("waiting", "over"): "waiting_over",
}


def headline(
    group: WaitingTimesGroup, now: WaitingTimesGroup | None, standard: StandardVersion
) -> dict[str, list[Figure]]:
    """The headline figures, ended waits separate from open ones. Without a limit nothing is within or over it."""
    then_ended, then_waiting = printed_ended(group.completed), printed_waiting(group.waiting)
    now_ended = printed_ended(now.completed) if now else {}
    now_waiting = printed_waiting(now.waiting) if now else {}
    limit = in_unit(standard.limit or 0, standard.unit)
    words: dict[str, tuple[Any, Any]] = {
        "count": (_("Number"), None),
        "within": (_("Within %(limit)s", limit=limit), None),
        "median": (_("Median"), _("half waited this long or less")),
        "p92": (_("92nd percentile so far"), None),
        "p95": (_("95th percentile"), _("19 of 20 waited this long or less")),
        "over": (_("Over %(limit)s already", limit=limit), None),
        "so_far": (_("Median so far"), None),
        "p95_so_far": (_("95th percentile so far"), None),
        "longest": (_("Longest so far"), None),
    }
    without = ("within", "over") if standard.limit is None else ()
    return {
        part: [
            Figure(words[n][0], v, also.get(n), words[n][1], LISTS.get((part, n)))
            for n, v in then.items()
            if n not in without
        ]
        for part, then, also in (
            ("ended", then_ended, now_ended),
            ("waiting", then_waiting, now_waiting),
        )
    }


def printed_ended(completed: CompletedWaits) -> dict[str, str]:
    """The headline figures of what ended, by name, as printed."""
    return {
        "count": number(completed.count),
        "within": _share(completed),
        "median": _days(completed.median_days),
        "p95": _days(completed.p95_days),
    }


def printed_waiting(waiting: OpenWaits) -> dict[str, str]:
    """The headline figures of what waits, by name, as printed."""
    return {
        "count": number(waiting.count),
        "within": _share(waiting),
        "over": number(waiting.over_standard),
        "so_far": _days(waiting.median_days),
        "p92": _days(waiting.p92_days),
        "p95_so_far": _days(waiting.p95_days),
        "longest": _days(waiting.longest_days),
    }


def _share(waits: CompletedWaits | OpenWaits) -> str:
    if waits.percent_within_standard is None:
        return "–"
    return _(
        "%(percent)s (%(within)s of %(count)s)",
        percent=percent(waits.percent_within_standard),
        within=number(waits.within_standard),
        count=number(waits.count),
    )


def _days(value: float | None) -> str:
    if value is None:
        return "–"
    if value == int(value):
        return days(int(value))
    return _("%(count)s days", count=number(value, 1))


def target_met(completed: CompletedWaits, standard: StandardVersion) -> bool | None:
    """Whether the target is met; None if there is no target, or no figure to compare with it."""
    if standard.target_percent is None or completed.within_standard is None or completed.count == 0:
        return None
    return completed.within_standard * 100 >= standard.target_percent * completed.count


def band_rows(group: WaitingTimesGroup, standard: StandardVersion) -> list[dict[str, Any]]:
    """The bands of the standard as table rows, of the ended and of the open waits."""
    return [
        {
            "words": band_words(ended, standard.unit),
            "count": ended.count,
            "percent": _of(ended, group.completed.count),
            "waiting": waiting.count,
            "waiting_percent": _of(waiting, group.waiting.count),
        }
        for ended, waiting in zip(group.completed.bands, group.waiting.bands, strict=True)
    ]


def _of(band: WaitBand, count: int) -> float | None:
    return exact_percent(band.count, count)


def bars_of(completed: CompletedWaits, standard: StandardVersion) -> list[ChartBar]:
    """The bands of the ended waits as bars: within the standard, or late."""
    found = []
    for band in completed.bands:
        share = f" ({percent(_of(band, completed.count))})" if completed.count else ""
        good = standard.limit is None or (band.up_to is not None and band.up_to <= standard.limit)
        tone = "good" if good else "late"
        found.append(
            ChartBar(band_words(band, standard.unit), band.count, f"{number(band.count)}{share}", tone)
        )
    return found


def band_words(band: WaitBand, unit: str) -> str:
    """The length of the waits in a band."""
    if band.over is None and band.up_to is None:
        return _("Any length")
    if band.over is None:
        return _("Up to %(limit)s", limit=in_unit(band.up_to or 0, unit))
    if band.up_to is None:
        return _("Over %(limit)s", limit=in_unit(band.over, unit))
    return _("Over %(over)s to %(limit)s", over=number(band.over), limit=in_unit(band.up_to, unit))


def parties_of(found: Mapping[str, Mapping[Any, int]]) -> dict[str, Any]:
    """Strips of all days by whose they were, and the table shown with them. The days of a service that held a wait
    before are the agency's in the strip, and beside it in the table."""
    strips = {}
    for which in ("completed", "waiting"):
        held = found.get(which, {})
        periods = [ChartPeriod(ChartParty(party), held.get(party, 0)) for party in PARTIES]
        earlier = ChartPeriod(ChartParty.AGENCY, held.get("other_service", 0))
        strips[which] = strip([earlier, *periods])
    words: dict[Any, Words] = {party: PARTY_WORDS[ChartParty(party)] for party in PARTIES}
    if any(of.get("other_service") for of in found.values()):
        words["other_service"] = _("A service that had the referral before")
    return {
        **strips,
        "rows": [
            {
                "party": "agency" if party == "other_service" else party,
                "words": said,
                "completed": found.get("completed", {}).get(party, 0),
                "waiting": found.get("waiting", {}).get(party, 0),
            }
            for party, said in words.items()
        ],
    }


def rows_of(grouped: WaitingTimesReport, by: By) -> list[FigureRow]:
    """The groups of a report by name; "not recorded" and "not ended" come last."""
    versions = {version.version: version for version in grouped.versions}
    found = [
        FigureRow(
            g.key,
            key_words(by, g.key),
            versions[g.version],
            g.started,
            g.completed,
            g.waiting,
            sum(g.ended_otherwise.values()),
            g.uncountable,
        )
        for g in grouped.groups
    ]
    return sorted(found, key=lambda row: (row.key in (NOT_RECORDED, NOT_ENDED), _place(by, row)))


def _place(by: By, row: FigureRow) -> Any:
    """Ages and months in their order, everything else by name."""
    if by == "age":
        return int(row.key) if row.key.isdigit() else 0
    return row.key if by in ("start_month", "end_month") else row.words.casefold()


def key_words(by: By, key: str) -> str:
    """The name of a key of the report in the language of the page."""
    if key == NOT_RECORDED:
        return _("Not recorded")
    if key == NOT_ENDED:
        return _("Not ended")
    known = directory()
    match by:
        case "need" | "language" | "priority":
            return code_words(by, key)
        case "age":
            return ngettext("%(count)s year", "%(count)s years", int(key), count=number(int(key)))
        case "start_month" | "end_month":
            return month(date(int(key[:4]), int(key[5:]), 1))
        case "service":
            return service_name(known.service_by_code(key))
        case "holder":
            service = known.service_by_code(key)
            holders = (known.by_code(kind, key) for kind in ("school", "local_authority"))
            return (
                service_name(service)
                if service
                else organisation_name(next(filter(None, holders), None)) or key
            )
        case "board":
            boards = (o for o in known.of_kind("agency") if key in (o.ods_code, o.code))
            return organisation_name(next(boards, None)) or key
        case _:
            return organisation_name(known.by_code(by, key)) or key
