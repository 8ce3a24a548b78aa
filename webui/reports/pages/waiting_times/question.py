"""The criteria of the waiting-time report from the address, and links with the same criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, request
from flask_babel import lazy_gettext as _l

from projections.reader import desk
from projections.waiting_times.queries import By, OverviewCriteria, WaitingTimesCriteria, Which
from webui.forms import Form
from webui.reports.days import known_by, span_of_a_year
from webui.reports.forms import WaitingTimesCriteriaSchema
from webui.reports.pages.question import address_of, figure, files_of, quick_spans, report_question
from webui.reports.reading import WAITING_TIMES_GROUPINGS, offered_services, offered_standards
from webui.reports.words import CLOCK_NAMES, ENDING_WORDS, clock_words
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.formats import in_unit
from webui.words.naming import directory, service_name
from webui.words.text import Words

blueprint = Blueprint("waiting_times", __name__)

HERE = "waiting_times.page"

GROUPING_WORDS: dict[By, Any] = {
    "service": _l("No comparison"),
    "school": _l("Schools"),
    "need": _l("Needs"),
    "language": _l("Languages"),
    "age": _l("Ages when the wait began"),
    "priority": _l("Priorities"),
    "start_month": _l("Months of start"),
    "end_month": _l("Months of end"),
    "holder": _l("Holders"),
    "agency": _l("Agencies"),
    "board": _l("Health boards"),
}
SORT_WORDS = {
    "percent": _l("Within the limit"),
    "count": _l("Ended"),
    "median": _l("Median"),
    "waiting": _l("Still waiting"),
    "over": _l("Over the limit"),
    "longest": _l("Longest"),
}


def criteria_from_address() -> tuple[Form, dict[str, Any] | None]:
    """The form for this address, and the criteria; None if something in it is wrong."""
    offered = offered_services()
    standards = list(dict.fromkeys(code for one in offered for code in offered_standards(one.id)))
    choices: dict[str, Sequence[tuple[str, Words]]] = {
        "service": [(s.code, service_name(s)) for s in sorted(offered, key=service_name)],
        "standard": [(code, CLOCK_NAMES.get(code, code)) for code in standards],
        "by": [(by, GROUPING_WORDS[by]) for by in WAITING_TIMES_GROUPINGS[desk(viewer())]],
        "sort": list(SORT_WORDS.items()),
    }
    form, asked = report_question(WaitingTimesCriteriaSchema, span_of_a_year(runtime().today()), choices)
    service = directory().service_by_code(str(form.typed.get("service") or ""))
    if service in offered:
        own = offered_standards(service.id)
        if (
            asked is not None and asked["standard"] not in own
        ):  # left over from the previously selected service
            asked["standard"] = None
        form.choices["standard"] = [(code, CLOCK_NAMES.get(code, code)) for code in own]
    return form, asked


def report_frame(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The data that every page of the report shows around its figures."""
    return {
        "asked": asked,
        "quick": quick_spans(HERE, asked, runtime().today()),
        "files": files_of("waiting_times.file", asked),
        "months_files": files_of("waiting_times.months_file", asked) if asked.get("service") else [],
        "statistics": statistics_addresses(asked),
        "figure": figure,
        "in_unit": in_unit,
        "clock_words": clock_words,
        "ending_words": ENDING_WORDS,
        "last_day": last_day_of(asked) if asked else None,
        "may_publish": desk(viewer()) != "school",
        "address": lambda **other: address_of(HERE, asked, **other),
        "waits_address": lambda which, **other: waits_address(asked, which, **other),
    }


def statistics_addresses(asked: Mapping[str, Any]) -> dict[str, str]:
    """The addresses of the statistics of the same service: `survival` with the same days, `control` with months of its
    own, since a chart needs more of them."""
    same = {name: asked.get(name) for name in ("service", "standard", "to_on", "as_of", "known_at")}
    period = {"from_on": asked["from_on"]} if "from_on" in asked else {}
    return {
        "survival": address_of("waiting_times.survival_page", {**same, **period}),
        "control": address_of("waiting_times.control_page", same),
    }


def day_of(asked: Mapping[str, Any]) -> date:
    """The date of the open waits; today if none is given."""
    day: date = asked["as_of"] or runtime().today()
    return day


def last_day_of(asked: Mapping[str, Any]) -> date:
    """The last day of the period: the date of the open waits at the latest."""
    return min(asked["to_on"] or day_of(asked), day_of(asked))


def ask_of(asked: Mapping[str, Any], **other: Any) -> WaitingTimesCriteria:
    """The query about one service, some of its criteria changed."""
    given = {
        "service": asked["service"],
        "standard": asked["standard"],
        "as_of": day_of(asked),
        "from_on": asked["from_on"],
        "to_on": asked["to_on"],
        "known_at": known_by(asked["known_at"], runtime().today()),
        "at": asked["at"],
        "by": "service",
        "few": runtime().settings.few_waits,
    }
    return WaitingTimesCriteria(**(given | other))


def span_of(asked: Mapping[str, Any]) -> OverviewCriteria:
    """The query about all services."""
    return OverviewCriteria(
        as_of=day_of(asked),
        from_on=asked["from_on"],
        to_on=asked["to_on"],
        known_at=known_by(asked["known_at"], runtime().today()),
        at=asked["at"],
        few=runtime().settings.few_waits,
    )


def school_of(code: str | None) -> UUID | None:
    """A school by its number; a wrong number gives no details."""
    if not code:
        return None
    found = directory().by_code("school", code)
    if found is None:
        abort(404)
    return found.id


def version_from_address() -> date | None:
    """The version of the standard that the address names by its first day; a wrong day gives no details."""
    given = request.args.get("version")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        abort(404)


def waits_address(asked: Mapping[str, Any], which: Which, **other: Any) -> str:
    """The address of the list of waits behind a figure."""
    kept = {name: value for name, value in asked.items() if name not in ("by", "sort")}
    return address_of("waiting_times.waits", kept, which=which, **other)
