"""Attendance at schools' meetings, compared by school, agency or service."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from projections.attendance.queries import GROUPINGS, AttendanceCriteria, months
from projections.attendance.queries.figures import AttendanceGroup, NotExpectedCounts
from webui.api.derived import fields_of
from webui.api.narrowing import organisation_in, service_in
from webui.api.reading import IdField
from webui.api.resource import Resource, ResourceView
from webui.forms.fields import ChoiceField
from webui.reports.api.question import ABOUT, FootingSchema, SpanQuery, footing, grouping, report_note, span
from webui.reports.reading import ATTENDANCE_GROUPINGS
from webui.reports.stamping import moment, stamped
from webui.shell import casework
from webui.shell.authentication import viewer

attendance = Resource("attendance", f"Who was expected at schools' meetings and who attended. {ABOUT}")


class MeetingsOfQuery(SpanQuery):
    """Meetings of a school, of an agency or of one of its services."""

    school = IdField("Only meetings of this school", required=False)
    agency = IdField("Only this agency", required=False)
    service = IdField("Only this service", required=False)


class AttendanceQuery(MeetingsOfQuery):
    """Attendance compared by school, agency or service."""

    by = ChoiceField("What to compare", choices=[(by, by) for by in GROUPINGS], required=False)


class NotExpectedOut(Schema):
    """Marks of parties that were not expected, by reason."""

    class Meta(Schema.Meta):
        include = fields_of(
            NotExpectedCounts,
            *("count", "no_terms", "short_notice", "not_needed", "not_delivered", "uninvited"),
            *("attended", "missed", "not_marked", "contested", "struck_out", "clash"),
        )


class AttendanceGroupOut(Schema):
    """One group; `key` is its code (a school's number; "all" for the total), `kind` the kind of meeting ("all"
    in a total over several, which has no percentage). The figures from `attended` to
    `struck_out` count expected parties. `percent_attended` leaves out disputed and struck-out marks."""

    class Meta(Schema.Meta):
        include = fields_of(
            AttendanceGroup,
            *(
                "key",
                "kind",
                "meetings",
                "invited",
                "expected",
                "attended",
                "late",
                "left_early",
                "substitute",
            ),
            *("written_contribution", "apologies", "absent", "not_marked", "contested", "struck_out"),
            *("percent_attended", "rulings_changed", "rulings_unchanged"),
        )

    not_expected = fields.Nested(NotExpectedOut, required=True)


class AttendanceSchema(FootingSchema):
    """The attendance report."""

    by = fields.String(required=True)
    groups = fields.List(fields.Nested(AttendanceGroupOut), required=True)
    total = fields.Nested(AttendanceGroupOut, required=True)


class AttendanceMonthsSchema(FootingSchema):
    """Attendance by month, from the first to the last month with a meeting; `key` is the month, such as 2025-03."""

    months = fields.List(fields.Nested(AttendanceGroupOut), required=True)


@attendance.shows(
    "/reports/attendance", scope="reports:read", query=AttendanceQuery, answers=AttendanceSchema, tagged=False
)
def side_by_side(query: dict[str, Any]) -> ResourceView:
    """Get attendance at schools' meetings, by service and not by person."""
    asked = span(query)
    by = grouping(AttendanceQuery(), query, ATTENDANCE_GROUPINGS)
    ask = AttendanceCriteria(by=by, **asked, **_narrowed(query))
    found = stamped("attendance", ask)
    report_note("attendance")
    return ResourceView({"by": by, "groups": found.groups, "total": found.total} | footing(found, asked))


@attendance.shows(
    "/reports/attendance/months",
    scope="reports:read",
    query=MeetingsOfQuery,
    answers=AttendanceMonthsSchema,
    tagged=False,
)
def by_month(query: dict[str, Any]) -> ResourceView:
    """Get attendance by month."""
    asked = span(query)
    ask = AttendanceCriteria(**asked, **_narrowed(query))
    found = stamped("attendance", ask)
    by_month = months(casework.reader(), viewer(), moment("attendance", ask).directory, ask)
    report_note("attendance_months")
    return ResourceView({"months": [month.group for month in by_month]} | footing(found, asked))


def _narrowed(query: dict[str, Any]) -> dict[str, Any]:
    """The codes for the ids in the query. Raises Problem if there is no such organisation or service."""
    school = organisation_in(MeetingsOfQuery, query, "school")
    agency = organisation_in(MeetingsOfQuery, query, "agency")
    service = service_in(MeetingsOfQuery, query)
    return {
        name: one.code if one else None
        for name, one in (("school", school), ("agency", agency), ("service", service))
    }
