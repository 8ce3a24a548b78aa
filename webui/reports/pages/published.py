"""Published figures: one service in one month, without any exact count; to look at, to print and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from projections.publishing.document import table_lines
from projections.publishing.months import whole_month
from projections.publishing.published import PublishedReport
from projections.publishing.rule import rule_text
from projections.publishing.waiting_times import PUBLISHED_BY, PublishedCriteria, PublishedWaitingTimes
from projections.reader import desk
from webui.forms import Form
from webui.reports.days import months_back
from webui.reports.forms import PublishedCriteriaSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import files_of, report_question
from webui.reports.pages.waiting_times.figures import key_words
from webui.reports.pages.waiting_times.question import GROUPING_WORDS
from webui.reports.published_words import MARK_WORDS, column_heading, figure_words, rule_words
from webui.reports.reading import (
    EVERY_GROUPING,
    WAITING_TIMES_GROUPINGS,
    note_report,
    offered_services,
    offered_standards,
)
from webui.reports.stamping import stamp_row, stamped
from webui.reports.words import CLOCK_NAMES
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import PUBLISHED_ROLES
from webui.shell.runtime import runtime
from webui.words.formats import month
from webui.words.naming import directory, service_name
from webui.words.text import Words

blueprint = Blueprint("published", __name__)

MONTHS = 24
"""So many months can be chosen."""
TOTAL_KEY = "total"
PARTS: tuple[tuple[str, Any], ...] = (
    ("completed", _l("Ended")),
    ("waiting", _l("Still waiting on the last day")),
    ("", _l("Started, and ended otherwise")),
)


@blueprint.get("/published")
@signed_in(*PUBLISHED_ROLES)
def page() -> ResponseReturnValue:
    """Show the published figures of a service in a month."""
    form, asked, found = _asked()
    if found is not None:
        note_report("published", viewer())
    return form.page(
        "reports/published.html",
        found=found,
        first=found.first if found else None,
        service=service_name(directory().service_by_code(found.service)) if found else None,
        parts=[part for table in found.tables for part in _parts(table, found)] if found else [],
        files=files_of("published.file", asked) if found else [],
        rule=rule_words(runtime().settings.publishing),
        marks=MARK_WORDS,
        log_position=found.log_position if found else None,
    )


@blueprint.get("/published.<any(csv, xlsx, pdf):kind>")
@signed_in(*PUBLISHED_ROLES)
def file(kind: str) -> Response:
    """Send the published figures as a file."""
    _form, _given, found = _asked()
    if found is None:
        abort(400)
    note_report("published_file", viewer())
    header, lines = table_lines(found.tables, total=TOTAL_KEY)
    rows = [dict(zip((name.replace(".", "_") for name in header), line, strict=True)) for line in lines]
    basis = {
        "from": found.first,
        "to": found.last,
        "metric_version": found.metric_version,
        "log_position": found.log_position,
        **stamp_row(found.stamp),
    }
    name = f"published-{found.service}-{found.first:%Y-%m}"
    return as_file(kind, FigureFile(_("Published figures"), name, rows, basis, rule_words(found.rule)))


def _asked() -> tuple[Form, dict[str, Any], PublishedWaitingTimes | None]:
    """The form, its values and the report; None where something in the address is wrong or no service is chosen."""
    today = runtime().today()
    first, _last = whole_month(None, None, today)
    offered = sorted(offered_services(), key=service_name)
    standards = dict.fromkeys(code for one in offered for code in offered_standards(one.id))
    months = [months_back(first, count) for count in range(MONTHS)]
    groupings = [
        by for by in WAITING_TIMES_GROUPINGS.get(desk(viewer()), EVERY_GROUPING) if by in PUBLISHED_BY
    ]
    choices: dict[str, list[tuple[str, Words]]] = {
        "service": [(service.code, service_name(service)) for service in offered],
        "standard": [(code, CLOCK_NAMES.get(code, code)) for code in standards],
        "from_on": [(each.isoformat(), month(each)) for each in months],
        "by": [(by, GROUPING_WORDS[by]) for by in groupings],
    }
    form, asked = report_question(PublishedCriteriaSchema, {"from_on": first}, choices)
    if asked is None or not asked["service"]:
        return form, asked or {}, None
    ask = PublishedCriteria(
        service=asked["service"],
        standard=asked["standard"],
        from_on=date.fromisoformat(asked["from_on"]) if asked["from_on"] else None,
        as_of=today,
        published_on=today,
        at=asked["at"],
        by=asked["by"] or "service",
        rule=rule_text(runtime().settings.publishing),
    )
    try:
        return form, asked, stamped("published", ask)
    except Refusal as refused:
        form.refuse(refused)
        return form, asked, None


def _parts(table: PublishedReport, found: PublishedWaitingTimes) -> Iterator[dict[str, Any]]:
    """The table in three parts, each with its headings and lines, the total last."""
    unit = str(table.about["unit"])
    for prefix, words in PARTS:
        names = [name for name in table.columns if _part_of(name) == prefix]
        rows = [(key_words(found.by, row.key), row) for row in table.rows if found.by != "service"]
        yield {
            "words": words,
            "table": table,
            "headings": [column_heading(name, unit) for name in names],
            "rows": [
                (key, [figure_words(name, row.figures[name], row) for name in names], " ".join(row.marks))
                for key, row in (*rows, (_("All"), table.total))
            ],
        }


def _part_of(name: str) -> str:
    part = name.partition(".")[0]
    return part if part in ("completed", "waiting") else ""
