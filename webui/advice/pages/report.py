"""How often advice was asked and answered, and after how much of it no referral followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from projections.advice.counting import DAYS, OUTCOMES
from projections.advice.queries import (
    ADVICE_GROUPINGS,
    AdviceCriteria,
    AdviceGroup,
    AdviceReport,
    advice_report,
)
from webui.advice.forms import AdviceCriteriaSchema
from webui.advice.pages.shared import blueprint
from webui.advice.reading import own_services, service_choices
from webui.advice.words import GROUPINGS, OUTCOME_WORDS
from webui.forms import Form
from webui.reports.days import span_of_a_year
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import files_of, report_question
from webui.reports.reading import note_report
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import ADVICE_DESK
from webui.words.naming import directory, organisation_name, service_name
from webui.words.text import Words


@blueprint.get("/advice/report")
@signed_in(*ADVICE_DESK)
def report() -> ResponseReturnValue:
    """Show the counts by service, school or month, with their definition."""
    form, asked = _asked_here()
    if asked is None:
        return form.page("advice/report.html", found=None, days=DAYS)
    found = _found(asked)
    note_report("advice", viewer())
    return form.page(
        "advice/report.html",
        found=found,
        days=found.days,
        rows=[(group_words(found, group), group.counts) for group in found.groups],
        by_words=GROUPINGS,
        outcomes=OUTCOME_WORDS,
        files=files_of("advice.report_file", asked),
        log_position=found.log_position,
    )


@blueprint.get("/advice/report.<any(csv, xlsx, pdf):kind>")
@signed_in(*ADVICE_DESK)
def report_file(kind: str) -> Response:
    """Send the same counts as a file."""
    _form, asked = _asked_here()
    if asked is None:
        abort(400)
    found = _found(asked)
    note_report("advice_file", viewer())
    rows = [{"group": group.key, **counted(group)} for group in (*found.groups, _total(found))]
    stamp = {
        "from_on": found.first,
        "to_on": found.last,
        "as_of": found.as_of,
        "days": found.days,
        "log_position": found.log_position,
        "parked": found.parked,
    }
    return as_file(kind, FigureFile(_("How often advice was enough"), f"advice-{found.as_of}", rows, stamp))


def counted(group: AdviceGroup) -> dict[str, Any]:
    """The counts of a group by permanent column name."""
    counts = group.counts
    return {
        "asked": counts.asked,
        **{name: getattr(counts, name) for name in OUTCOMES},
        "percent_no_referral": counts.percent_no_referral,
    }


def group_words(found: AdviceReport, group: AdviceGroup) -> Words:
    """The name of a group: a service, a school, or a month as it is."""
    if found.by == "service":
        service = directory().service_by_code(group.key)
        return service_name(service) if service else group.key
    if found.by == "school":
        schools = (one for one in directory().of_kind("school") if one.code == group.key)
        school = next(schools, None)
        return organisation_name(school) if school else group.key
    return group.key


def _total(found: AdviceReport) -> AdviceGroup:
    return AdviceGroup(key="all", counts=found.total)


def _asked_here() -> tuple[Form, dict[str, Any] | None]:
    today = viewer().today
    choices: dict[str, Sequence[tuple[str, Words]]] = {
        "service": service_choices(own_services(today)),
        "by": list(GROUPINGS.items()),
    }
    values = {**span_of_a_year(today), "by": ADVICE_GROUPINGS[0], "days": DAYS}
    return report_question(AdviceCriteriaSchema, values, choices)


def _found(asked: dict[str, Any]) -> AdviceReport:
    today = viewer().today
    as_of = asked["as_of"] or today
    service = directory().service_by_code(asked["service"]) if asked["service"] else None
    ask = AdviceCriteria(
        first=asked["from_on"] or span_of_a_year(today)["from_on"],
        last=asked["to_on"] or as_of,
        as_of=as_of,
        by=asked["by"] or ADVICE_GROUPINGS[0],
        service=service.id if service else None,
        days=asked["days"] or DAYS,
    )
    return advice_report(casework.reader(), viewer(), directory(), ask)
