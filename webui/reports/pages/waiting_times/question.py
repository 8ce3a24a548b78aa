"""The criteria of the waiting-time report from the address, and links with the same criteria."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, request
from flask_babel import lazy_gettext as _l

from coordination.clocks import ENDINGS
from projections.reader import desk
from projections.waiting_times.queries import (
    WHICH,
    By,
    OverviewCriteria,
    WaitingTimesCriteria,
    WaitListCriteria,
    Which,
)
from webui.forms import Form
from webui.reports.days import known_by, span_of_a_year
from webui.reports.forms import WaitingTimesCriteriaSchema
from webui.reports.pages.question import address_of, figure, files_of, quick_spans, report_question
from webui.reports.reading import WAITING_TIMES_GROUPINGS, offered_services, offered_standards
from webui.reports.words import CLOCK_NAMES, ENDING_WORDS, clock_words
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.formats import in_unit
from webui.words.naming import directory, organisation_name, service_name
from webui.words.text import Words

blueprint = Blueprint("waiting_times", __name__)

HERE = "waiting_times.page"
LONGEST_KEY = 60
"""No code of a group is longer."""

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
WHICH_WORDS: dict[Which, Any] = {
    "waiting": _l("Still waiting"),
    "waiting_within": _l("Still waiting, within the limit"),
    "waiting_over": _l("Still waiting, over the limit"),
    "ended": _l("Ended"),
    "ended_within": _l("Ended within the limit"),
    "ended_late": _l("Ended, over the limit"),
    "ended_otherwise": _l("Ended otherwise"),
    "uncountable": _l("Cannot be counted"),
    "started": _l("Started"),
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
        "school": [(o.code, organisation_name(o)) for o in directory().of_kind("school")],
    }
    form, asked = report_question(WaitingTimesCriteriaSchema, span_of_a_year(runtime().today()), choices)
    service = directory().service_by_code(str(form.typed.get("service") or ""))
    if service in offered:
        own = offered_standards(service.id)
        if (
            asked is not None and asked["standard"] not in own
        ):  # left over from the previously selected service
            asked["standard"] = None
        if (
            asked is not None
        ):  # the figures of one service are of all schools; its lists are narrowed by their links
            asked["school"] = None
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
        "which_words": WHICH_WORDS,
        "several_schools": desk(viewer()) != "school",
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
        "what_if": address_of("waiting_times.what_if_page", {**same, **period}),
        "periods": address_of("waiting_times.periods_page", {**same, **period}),
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
        school=asked["school"],
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


def list_from_address(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the address says about the list of waits behind a figure, beside the criteria of the report: which of them,
    as WaitListCriteria has it. A wrong school, day or place gives no details."""
    which, key = request.args.get("which", "waiting"), request.args.get("key") or None
    band, ending = request.args.get("band"), request.args.get("ending") or None
    school = request.args.get("school") or None
    if (
        which not in WHICH
        or ending not in (None, *ENDINGS)
        or (band and not re.fullmatch(r"[0-9]{1,2}", band))
    ):
        abort(404)
    if key is not None and (not asked["by"] or len(key) > LONGEST_KEY or "\0" in key):
        abort(404)
    school_of(school)
    return {
        "which": which,
        "school": school,
        "version": version_from_address(),
        "key": key,
        "ending": ending,
        "band": int(band) if band else None,
    }


def list_of(asked: Mapping[str, Any], listed: Mapping[str, Any], **other: Any) -> WaitListCriteria:
    """The question about the waits behind a figure."""
    report = msgspec.structs.asdict(ask_of(asked, by=asked["by"] or "service"))
    return WaitListCriteria(**{**report, **listed, **other})


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
    return address_of("waiting_times.waits", asked, which=which, **other)
