"""The page about a stamp: what it says, the report as it was, and what has changed since or to another stamp."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.calendars import local_date
from coordination.errors import Refusal
from projections.stamps.asking import moment_of, read_stamp, same_view, stamp_of
from projections.stamps.comparing import compare_read
from projections.stamps.kinds import KINDS
from projections.stamps.stamp import Stamp, short_form
from webui.reports.column_words import column_words
from webui.reports.forms import StampSchema
from webui.reports.pages.question import report_question
from webui.reports.reading import note_report
from webui.reports.stamp_words import CODE_DIFFERS, OTHER_VIEW, compared
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.naming import code_words, organisation_name
from webui.words.text import Words

blueprint = Blueprint("stamps", __name__)

MOST_FIGURES = 200
"""So many differing figures are listed at most."""

KIND_WORDS: dict[str, Any] = {
    "waiting-times": _l("Waiting times"),
    "waiting-times-overview": _l("Waiting times of all services"),
    "attendance": _l("Attendance at meetings"),
    "survival": _l("Waits by entry"),
    "published": _l("Published figures"),
    "returns": _l("Monthly returns"),
    "data-quality": _l("Data quality"),
    "due-soon": _l("Waits that will be over their limit soon"),
    "statutory-waits": _l("Statutory waits"),
    "what-if": _l("What if"),
    "control-charts": _l("Control charts"),
    "audit-sample": _l("Audit sample"),
    "waits": _l("The waits behind a figure"),
    "one-wait": _l("One wait"),
}
PAGES = {
    "waiting-times": "waiting_times.page",
    "waiting-times-overview": "waiting_times.page",
    "attendance": "attendance.page",
    "survival": "waiting_times.survival_page",
    "published": "published.page",
    "control-charts": "waiting_times.control_page",
    "data-quality": "waiting_times.data_quality_page",
    "due-soon": "waiting_times.due_soon_page",
    "waits": "waiting_times.waits",
    "what-if": "waiting_times.what_if_page",
    "one-wait": "waiting_times.wait",
}
"""Where the report of a kind is shown, if on a page; its criteria have the same names there."""


@blueprint.app_template_filter("short_stamp")
def short_stamp(stamp: str) -> str:
    """The short form of a stamp, for print."""
    return short_form(stamp)


@blueprint.get("/stamp")
@signed_in(*REPORT_ROLES)
def page() -> ResponseReturnValue:
    """Show what a stamp says, and what has changed since then or to another stamp."""
    form, given = report_question(StampSchema, {}, {})
    if given is None or not given["stamp"]:
        return form.page("reports/stamp.html", held=None)
    coordination, reader, who = runtime().coordination, casework.reader(), viewer()
    try:
        stamp, ask = read_stamp(coordination, reader, who, given["stamp"])
        other = (
            read_stamp(coordination, reader, who, given["second"]) if given["second"] else _now(stamp, ask)
        )
        found = compare_read(coordination, reader, who, (stamp, ask), other)
    except Refusal as refused:
        form.refuse(refused)
        return form.page("reports/stamp.html", held=None)
    note_report("stamp", who)
    return form.page(
        "reports/stamp.html",
        held=stamp,
        text="".join(given["stamp"].split()),
        kind_words=KIND_WORDS[stamp.kind],
        question=list(_question(stamp)),
        whose=_whose(stamp),
        warnings=[
            *([] if same_view(stamp, who) else [_(OTHER_VIEW)]),
            *([] if stamp.code == found.code else [_(CODE_DIFFERS, now=found.code, then=stamp.code)]),
        ],
        address=_address(stamp),
        other=found.second if given["second"] else None,
        sentences=list(compared(found, _say)),
        figures=found.figures[:MOST_FIGURES],
        left_out=max(0, len(found.figures) - MOST_FIGURES),
        log_position=found.second.position,
    )


def _say(text: str, **values: Any) -> str:
    return str(_(text, **values))


def _now(stamp: Stamp, ask: Any) -> tuple[Stamp, Any]:
    """The stamp of the same question asked now, by the user, and the question."""
    kind, coordination = KINDS[stamp.kind], runtime().coordination
    now = msgspec.structs.replace(ask, at=None, known_at=None)
    moment = moment_of(coordination, casework.reader(), viewer(), kind, now)
    now = msgspec.structs.replace(now, at=moment.position)
    return stamp_of(coordination, viewer(), kind, now, moment), now


def _question(stamp: Stamp) -> Iterator[tuple[Words, str]]:
    for name, value in stamp.question.items():
        yield column_words(name), ", ".join(value) if isinstance(value, list) else str(value)


def _whose(stamp: Stamp) -> str:
    if stamp.role == "operator":
        return _("The command line")
    return f"{organisation_name(stamp.organisation)}, {code_words('role', stamp.role)}"


def _address(stamp: Stamp) -> str | None:
    """The address of the report at its position, for the user's own view; None: it is not shown on a page."""
    if stamp.kind not in PAGES:
        return None
    given: dict[str, Any] = {"at": stamp.position, "from_on": ""}
    for name, value in stamp.question.items():
        given[name] = _day(value) if name == "known_at" else value
    return url_for(PAGES[stamp.kind], **given)


def _day(instant: Any) -> str:
    return local_date(datetime.fromisoformat(str(instant))).isoformat()
