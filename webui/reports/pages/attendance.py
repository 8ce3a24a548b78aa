"""The attendance report: who was expected at schools' meetings and who attended, and the challenges this allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.directory.state import Service
from coordination.errors import Refusal
from projections.attendance.queries import (
    AttendanceCriteria,
    AttendanceEvidence,
    AttendanceGroup,
    AttendanceReport,
    By,
    months,
    report,
    suggestions,
)
from projections.reader import desk
from webui.forms import Form
from webui.parts.charts import ChartBar, bars
from webui.reports.attendance_words import RebuttalWords, answers_of, finding_words
from webui.reports.days import known_by, span_of_a_year
from webui.reports.forms import AttendanceCriteriaSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.own_attendance import own_attendance_view
from webui.reports.pages.question import files_of, quick_spans, report_question
from webui.reports.reading import ATTENDANCE_GROUPINGS, note_report
from webui.reports.stamping import moment, named_as_then, stamp_row, stamped
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.formats import number, percent
from webui.words.naming import code_words, directory, organisation_name, service_name
from webui.words.text import Words

blueprint = Blueprint("attendance", __name__)

HERE = "attendance.page"
GROUPING_WORDS: dict[By, Any] = {"service": _l("Services"), "agency": _l("Agencies"), "school": _l("Schools")}


class AttendanceRow(msgspec.Struct, frozen=True):
    """A row of the tables, with its name."""

    words: str
    group: AttendanceGroup


class ChallengeSuggestion(msgspec.Struct, frozen=True):
    """A service that missed meetings: the rule, and its likely objections."""

    evidence: AttendanceEvidence
    finding: str
    answers: list[RebuttalWords]


@blueprint.get("/attendance")
@signed_in(*REPORT_ROLES)
def page() -> ResponseReturnValue:
    """Show who was expected and who attended, compared."""
    form, asked = _asked_here()
    if asked is None:
        return form.page("reports/attendance/attendance.html", **_frame({}), report=None)
    try:
        ask = _ask_of(asked)
        found, known = stamped("attendance", ask), moment("attendance", ask).directory
        now = _as_known_now(asked)
    except Refusal as refused:
        form.refuse(refused)
        return form.page("reports/attendance/attendance.html", **_frame(asked), report=None)
    note_report("attendance", viewer())
    rows = _rows(found)
    return form.page(
        "reports/attendance/attendance.html",
        **_frame(asked),
        report=found,
        now=now,
        rows=rows,
        by=found.by,
        by_words=GROUPING_WORDS,
        chart=_chart(rows),
        not_expected=[row for row in rows if row.group.not_expected.count],
        months=months(casework.reader(), viewer(), known, ask)[::-1],
        months_files=files_of("attendance.months_file", asked),
        suggested=_suggested(),
        own=own_attendance_view(asked),
        log_position=found.log_position,
        parked=found.parked,
    )


@blueprint.get("/attendance.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def file(kind: str) -> Response:
    """Send the same figures as a file."""
    _form, asked = _asked_here()
    if asked is None:
        abort(400)
    try:
        ask = _ask_of(asked)
        found = stamped("attendance", ask)
        named_as_then("attendance", ask)
    except Refusal:
        abort(400)
    note_report("attendance_file", viewer())
    rows = [_cells(row, found.by) for row in _rows(found)]
    return as_file(
        kind, FigureFile(_("Attendance at meetings"), f"attendance-{found.as_of}", rows, _stamp(found))
    )


@blueprint.get("/attendance/months.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def months_file(kind: str) -> Response:
    """Send the same meetings month by month, as a file."""
    _form, asked = _asked_here()
    if asked is None:
        abort(400)
    try:
        ask = _ask_of(asked)
        found = stamped("attendance", ask)
        by_month = months(casework.reader(), viewer(), moment("attendance", ask).directory, ask)
    except Refusal:
        abort(400)
    note_report("attendance_months_file", viewer())
    rows = [{"month": month.group.key, **_counts(month.group)} for month in by_month]
    return as_file(
        kind, FigureFile(_("Attendance at meetings"), f"attendance-months-{found.as_of}", rows, _stamp(found))
    )


# The criteria


def _asked_here() -> tuple[Form, dict[str, Any] | None]:
    known, who = directory(), viewer()
    at = desk(who)
    own = who.organisation if at == "agency" else None
    services = [s for s in known.services if own in (None, s.agency)]
    choices: dict[str, Sequence[tuple[str, Words]]] = {
        "school": [(o.code, organisation_name(o)) for o in known.of_kind("school")] if at != "school" else [],
        "agency": [(o.code, organisation_name(o)) for o in known.of_kind("agency")] if at != "agency" else [],
        "service": [(s.code, _named(s)) for s in sorted(services, key=_named)],
        "by": [(by, GROUPING_WORDS[by]) for by in ATTENDANCE_GROUPINGS[at]],
    }
    return report_question(AttendanceCriteriaSchema, span_of_a_year(runtime().today()), choices)


def _named(service: Service) -> str:
    return service_name(service)


def _ask_of(asked: Mapping[str, Any], **other: Any) -> AttendanceCriteria:
    given = {
        "as_of": _day_of(asked),
        "school": asked["school"],
        "agency": asked["agency"],
        "service": asked["service"],
        "from_on": asked["from_on"],
        "to_on": asked["to_on"],
        "known_at": known_by(asked["known_at"], runtime().today()),
        "at": asked["at"],
        "by": asked["by"] or "service",
    }
    return AttendanceCriteria(**(given | other))


def _as_known_now(asked: Mapping[str, Any]) -> AttendanceGroup | None:
    """The total for the same criteria as known now, if the report is as known at an earlier time or position."""
    if known_by(asked["known_at"], runtime().today()) is None and asked["at"] is None:
        return None
    return report(casework.reader(), viewer(), directory(), _ask_of(asked, known_at=None, at=None)).total


def _day_of(asked: Mapping[str, Any]) -> date:
    day: date = asked["as_of"] or runtime().today()
    return day


def _frame(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "asked": asked,
        "at": desk(viewer()),
        "quick": quick_spans(HERE, asked, runtime().today()),
        "files": files_of("attendance.file", asked),
    }


# The figures


def _rows(found: AttendanceReport) -> list[AttendanceRow]:
    several = len({group.kind for group in found.groups}) > 1
    rows = [AttendanceRow(_row_words(found.by, group, several=several), group) for group in found.groups]
    return sorted(rows, key=lambda row: row.words.casefold())


def _row_words(by: By, group: AttendanceGroup, *, several: bool) -> str:
    """The name of the group; with the kind of meeting, where the report has more than one."""
    words = _key_words(by, group.key)
    return f"{words}, {code_words('meeting_kind', group.kind)}" if several else words


def _key_words(by: By, key: str) -> str:
    known = directory()
    if by == "service":
        service = known.service_by_code(key)
        # a row may be about an agency as a whole
        return service_name(service) if service else organisation_name(known.by_code("agency", key)) or key
    return organisation_name(known.by_code(by, key)) or key


def _chart(rows: Sequence[AttendanceRow]) -> list[dict[str, Any]]:
    """Bars whose full width is 100 per cent, not the longest bar."""
    lines = _bars(rows)
    return [drawn | {"width": line.value} for drawn, line in zip(bars(lines), lines, strict=True)]


def _bars(rows: Sequence[AttendanceRow]) -> list[ChartBar]:
    found = []
    for row in rows:
        share = row.group.percent_attended
        if share is None:
            continue
        marked = row.group.attended + row.group.apologies + row.group.absent
        printed = _(
            "%(percent)s (%(within)s of %(count)s)",
            percent=percent(share),
            within=number(row.group.attended),
            count=number(marked),
        )
        found.append(ChartBar(row.words, share, printed))
    return found


def _suggested() -> list[ChallengeSuggestion]:
    """For a school: the services whose missed meetings it can raise, as known now."""
    who = viewer()
    if desk(who) != "school":
        return []
    found = suggestions(casework.reader(), who, who.organisation, who.today)
    return [
        ChallengeSuggestion(
            evidence=one,
            finding=finding_words(one.code, one.kind, one.counted, one.threshold, one.window),
            answers=answers_of(one.rebuttals),
        )
        for one in found
    ]


def _cells(row: AttendanceRow, by: By) -> dict[str, Any]:
    return {"by": by, "key": row.group.key, "name": row.words, **_counts(row.group)}


def _counts(group: AttendanceGroup) -> dict[str, Any]:
    plain = {
        name: getattr(group, name)
        for name in AttendanceGroup.__struct_fields__
        if name not in ("key", "not_expected")
    }
    return plain | {
        f"not_expected_{name}": getattr(group.not_expected, name)
        for name in type(group.not_expected).__struct_fields__
    }


def _stamp(found: AttendanceReport) -> dict[str, Any]:
    return {
        "from": found.from_on,
        "to": found.to_on,
        "as_of": found.as_of,
        "known_at": found.known_at.isoformat() if found.known_at else "",
        "metric_version": found.metric_version,
        "log_position": found.log_position,
        "parked": found.parked,
        **stamp_row(found.stamp),
    }
