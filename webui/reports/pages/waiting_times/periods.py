"""Two periods of one service side by side, each a report with its own stamp."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue

from coordination.errors import Refusal
from projections.waiting_times.queries import WaitingTimesReport
from webui.reports.days import span_of_a_year, years_back
from webui.reports.forms import TwoPeriodsSchema
from webui.reports.pages.question import address_of
from webui.reports.pages.waiting_times.beside import rows_beside
from webui.reports.pages.waiting_times.one_service import one_service
from webui.reports.pages.waiting_times.question import HERE, ask_of, blueprint, day_of, last_day_of
from webui.reports.reading import note_report
from webui.reports.stamping import stamped
from webui.reports.words import clock_words
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.naming import directory, service_name

DAYS = ("from_on", "to_on", "as_of")


@blueprint.get("/waiting-times/periods")
@signed_in(*REPORT_ROLES)
def periods_page() -> ResponseReturnValue:
    """Show one service in two periods."""
    form, asked = one_service(TwoPeriodsSchema, span_of_a_year(runtime().today()))
    template = "reports/waiting_times/periods.html"
    if asked is None:
        return form.page(template, reports=None)
    both = [asked, {**asked, **second_period(asked)}]
    try:
        reports = [stamped("waiting-times", ask_of(one)) for one in both]
    except Refusal as refused:
        form.refuse(refused)
        return form.page(template, reports=None)
    note_report("waiting_times_periods", viewer())
    return form.page(
        template,
        reports=reports,
        periods=[(one["from_on"], last_day_of(one), day_of(one)) for one in both],
        asked=asked,
        name=service_name(directory().service_by_code(asked["service"])),
        parts=versions_beside(*reports),
        addresses=[address_of(HERE, {name: one[name] for name in SAME}) for one in both],
        clock_words=clock_words,
        log_position=reports[0].log_position,
        parked=reports[0].parked,
    )


SAME = ("service", "standard", "from_on", "to_on", "as_of", "known_at", "at")


def second_period(asked: Mapping[str, Any]) -> dict[str, date | None]:
    """The days of the second period: as asked for, or else a year before those of the first."""
    given = {name: asked[f"second_{name}"] for name in DAYS}
    if any(given.values()):
        return given | {"as_of": given["as_of"] or given["to_on"] or day_of(asked)}
    earlier = {name: years_back(asked[name], 1) if asked[name] else None for name in DAYS}
    return earlier | {"as_of": years_back(day_of(asked), 1)}


def versions_beside(first: WaitingTimesReport, second: WaitingTimesReport) -> list[Any]:
    """Each version of the standard that one of the reports has, with the rows of both."""
    known = {version.version: version for report in (second, first) for version in report.versions}
    held = [{group.version: group for group in report.groups} for report in (first, second)]
    return [
        (known[version], rows_beside(held[0].get(version), held[1].get(version)))
        for version in sorted(known, key=lambda day: day or date.min, reverse=True)
    ]
