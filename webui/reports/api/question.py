"""Shared parts of the reports: their period, and what their figures are based on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from projections.reader import AUDITOR_ROLES, desk
from webui.api.reading import ClosedSchema, field_problem
from webui.forms.fields import DateField, WholeNumberField
from webui.reports.days import known_by, span_of_a_year
from webui.reports.reading import note_report
from webui.reports.words import future_warning
from webui.shell.authentication import viewer
from webui.shell.ledger_heads import head_before
from webui.shell.runtime import runtime

ABOUT = (
    "The same exact figures as the page and its files, for internal use: do not publish them, because small numbers "
    "are not hidden. A school sees its own pupils, an agency its own services, an authority its schools. The default "
    "period is that of the page: the twelve months up to today."
)


class SpanQuery(ClosedSchema):
    """The period of a report."""

    from_on = DateField("The first day (default: twelve months before today)", required=False)
    to_on = DateField("The last day (default: the value of `as_of`)", required=False)
    as_of = DateField("The date on which to count open waits (default: today)", required=False)
    known_at = DateField(
        "Use only what was recorded by the end of this day (default: everything recorded)", required=False
    )
    at = WholeNumberField(
        "Use only what was recorded up to this position of the log (it goes before `known_at`)",
        most=2**62,
        required=False,
    )


class FootingSchema(Schema):
    """What the figures were made from. `known_at` null: all that is known. `log_position`: the place in the log up to
    which it was read; asked at the same place, the figures are the same. `metric_version`: the version of the rules by
    which the rows were made. `warning`: a sentence where the date has not come. `parked`: the number of streams that
    could not be counted. `stamp`: all of this and the question in one text, from which the same report can be made
    again (`cydlynu report replay`). `ledger_head`: the last signed head of the ledger that ends before that place, in
    its short form; keep it as a witness of the record."""

    from_on = fields.Date(required=True, allow_none=True)
    to_on = fields.Date(required=True)
    as_of = fields.Date(required=True)
    known_at = fields.AwareDateTime(required=True, allow_none=True)
    metric_version = fields.String(required=True)
    warning = fields.String(required=True, allow_none=True)
    log_position = fields.Integer(required=True)
    parked = fields.Integer(required=True)
    stamp = fields.String(required=True, allow_none=True)
    ledger_head = fields.String(required=True, allow_none=True)


def span(query: dict[str, Any]) -> dict[str, Any]:
    """The period of a query, as the queries of the projections take it."""
    today = runtime().today()
    return {
        "from_on": query["from_on"] or span_of_a_year(today)["from_on"],
        "to_on": query["to_on"],
        "as_of": query["as_of"] or today,
        "known_at": known_by(query["known_at"], today),
        "at": query["at"],
    }


def footing(found: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """The footing of figures found for such a period."""
    as_of: date = asked["as_of"]
    return {
        "from_on": asked["from_on"],
        "to_on": asked["to_on"] or as_of,
        "as_of": as_of,
        "known_at": asked["known_at"],
        **versions(found.metric_version, as_of),
        "log_position": found.log_position,
        "parked": found.parked,
        "stamp": found.stamp,
        "ledger_head": head_before(found.log_position),
    }


def versions(metric_version: str, as_of: date) -> dict[str, str | None]:
    """The metric version of some rows, and the warning if the day of the report has not come."""
    return {"metric_version": metric_version, "warning": future_warning(as_of > runtime().today()) or None}


def grouping(schema: ClosedSchema, query: dict[str, Any], offered: dict[str, Any]) -> Any:
    """The grouping: the first that the user's desk may use, if none is requested. Raises Problem."""
    mine: Sequence[str] = offered[desk(viewer())]
    by = query["by"] or mine[0]
    if by not in mine:
        raise field_problem(schema, "by", "not_offered")
    return by


def report_note(kind: str) -> None:
    """The read-log note for figures, which are about no particular person."""
    note_report(kind, viewer())


def purpose() -> str:
    """The purpose of reading individual rows."""
    return "audit" if viewer().role in AUDITOR_ROLES else "figures"
