"""What the reports have in common: the days that they are asked of, and what their figures rest on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from projections.reader import AUDITOR_ROLES, desk
from webui.api.reading import ClosedSchema, field_problem
from webui.forms.fields import DateField
from webui.reports.days import known_by, span_of_a_year
from webui.reports.reading import note_report
from webui.reports.words import version_warning
from webui.shell.authentication import viewer
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


class FootingSchema(Schema):
    """What the figures were made from. `known_at` null: all that is known. `log_position`: the place in the log up to
    which it was read; asked at the same place, the figures are the same. `metric_version`: the version of the rules by
    which the rows were made; where rows of several were counted together it names all of them ("1, 2") and `warning`
    says so in a sentence. `parked`: the number of streams that could not be counted."""

    from_on = fields.Date(required=True, allow_none=True)
    to_on = fields.Date(required=True)
    as_of = fields.Date(required=True)
    known_at = fields.AwareDateTime(required=True, allow_none=True)
    metric_version = fields.String(required=True)
    warning = fields.String(required=True, allow_none=True)
    log_position = fields.Integer(required=True)
    parked = fields.Integer(required=True)


def span(query: dict[str, Any]) -> dict[str, Any]:
    """The days that a query asks of, as the questions of the projections have them."""
    today = runtime().today()
    return {
        "from_on": query["from_on"] or span_of_a_year(today)["from_on"],
        "to_on": query["to_on"],
        "as_of": query["as_of"] or today,
        "known_at": known_by(query["known_at"], today),
    }


def footing(found: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """The footing of figures that were found for such days."""
    as_of: date = asked["as_of"]
    return {
        "from_on": asked["from_on"],
        "to_on": asked["to_on"] or as_of,
        "as_of": as_of,
        "known_at": asked["known_at"],
        **versions(found.metric_version),
        "log_position": found.log_position,
        "parked": found.parked,
    }


def versions(metric_version: str) -> dict[str, str | None]:
    """The metric version of some rows, and the warning that goes with more than one."""
    return {"metric_version": metric_version, "warning": version_warning(metric_version) or None}


def grouping(schema: ClosedSchema, query: dict[str, Any], offered: dict[str, Any]) -> Any:
    """What is set side by side: the first of those that the desk may, where nothing is asked. Raises Problem."""
    mine: Sequence[str] = offered[desk(viewer())]
    by = query["by"] or mine[0]
    if by not in mine:
        raise field_problem(schema, "by", "not_offered")
    return by


def report_note(kind: str) -> None:
    """That somebody asked for figures, which are about nobody in particular."""
    note_report(kind, viewer())


def purpose() -> str:
    """Why lines are read."""
    return "audit" if viewer().role in AUDITOR_ROLES else "figures"
