"""Control charts: which months of a service differ from the others by more than the usual variation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import Refusal
from projections.statistics.control_charts import ControlChart
from projections.statistics.queries import MonthlyCharts
from projections.waiting_times.figures import StandardVersion
from projections.waiting_times.queries import WaitingTimesCriteria
from webui.parts.charts import ControlPicture, control_picture
from webui.reports.days import known_by, months_back
from webui.reports.forms import ControlChartCriteriaSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import address_of, figure, files_of, quick_spans
from webui.reports.pages.waiting_times.one_service import one_service
from webui.reports.pages.waiting_times.question import blueprint, day_of, statistics_addresses
from webui.reports.reading import note_report
from webui.reports.stamping import stamp_row, stamped
from webui.reports.statistics_words import chart_sentence, provisional_sentence, signal_words
from webui.reports.words import clock_words
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.formats import percent
from webui.words.naming import directory, service_name

HERE = "waiting_times.control_page"
MONTHS = 24
"""So many months a chart has unless the address says otherwise."""


class ChartRow(msgspec.Struct, frozen=True):
    """A month of the table beside a chart, as printed."""

    on: date
    count: int
    value: str
    limits: str
    rules: str


class ChartPart(msgspec.Struct, frozen=True):
    """A chart with its sentences and its table."""

    id: str
    mean: str
    sentences: tuple[str, ...]
    picture: ControlPicture
    rows: tuple[ChartRow, ...]


class VersionPart(msgspec.Struct, frozen=True):
    """The charts under one version of the standard; `within` is None where it has no limit."""

    version: StandardVersion
    median: ChartPart
    within: ChartPart | None


@blueprint.get("/waiting-times/control-charts")
@signed_in(*REPORT_ROLES)
def control_page() -> ResponseReturnValue:
    """Show the control charts of one service."""
    form, asked = one_service(ControlChartCriteriaSchema, _two_years(runtime().today()))
    template = "reports/waiting_times/control_charts.html"
    if asked is None:
        return form.page(template, found=None, quick=[])
    quick = quick_spans(HERE, asked, runtime().today())
    try:
        report = stamped("control-charts", _criteria(asked))
    except Refusal as refused:
        form.refuse(refused)
        return form.page(template, found=None, quick=quick)
    note_report("waiting_times_control_charts", viewer())
    service = directory().service_by_code(asked["service"])
    assert service is not None
    return form.page(
        template,
        quick=quick,
        asked=asked,
        name=service_name(service),
        report=report,
        found=version_parts(report.charts),
        several_versions=len(report.charts) > 1,
        clock_words=clock_words,
        log_position=report.log_position,
        parked=report.parked,
        files=files_of("waiting_times.control_file", asked),
        back=address_of("waiting_times.page", asked),
        survival=statistics_addresses(asked)["survival"],
    )


@blueprint.get("/waiting-times/control-charts.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def control_file(kind: str) -> Response:
    """Send the points of the charts as a file, a row for each."""
    _form, asked = one_service(ControlChartCriteriaSchema, _two_years(runtime().today()))
    if asked is None:
        abort(404)
    try:
        report = stamped("control-charts", _criteria(asked))
    except Refusal:
        abort(404)
    note_report("waiting_times_control_charts_file", viewer())
    stamp = {
        name: getattr(report, name)
        for name in ("service", "metric_version", "log_position", "as_of", "known_at", "parked")
    } | dict(stamp_row(report.stamp))
    name = f"control-charts-{report.service}-{report.as_of}"
    return as_file(kind, FigureFile(_("Control charts"), name, chart_rows(report.charts), stamp))


def chart_rows(charts: Sequence[MonthlyCharts]) -> list[dict[str, Any]]:
    """The points of all charts, a row for each; the names of the columns are permanent."""
    return [
        {
            "chart": name,
            "standard": each.version.code,
            "version": each.version.version,
            "month": f"{point.on:%Y-%m}",
            "completed_count": count,
            "value": point.value,
            "mean": chart.mean,
            "lower_limit": point.lower,
            "upper_limit": point.upper,
            "rules": ", ".join(point.signals),
        }
        for each in charts
        for name, chart in (("median_days", each.median), ("percent_within_standard", each.within))
        if chart is not None
        for count, point in zip(each.counts, chart.points, strict=True)
    ]


def version_parts(charts: Sequence[MonthlyCharts]) -> list[VersionPart]:
    """What the page shows of each version, the newest first."""
    return [
        VersionPart(
            version=each.version,
            median=_part(f"median-{number}", each, each.median, None, figure),
            within=None
            if each.within is None
            else _part(f"within-{number}", each, each.within, 100.0, lambda value: percent(value) or "–"),
        )
        for number, each in reversed(list(enumerate(charts, 1)))
    ]


def _part(id_: str, each: MonthlyCharts, chart: ControlChart, most: float | None, printed: Any) -> ChartPart:
    assert chart.mean is not None, "a version has a month with a wait"
    sentences = [chart_sentence(chart)]
    if chart.provisional:
        sentences.append(provisional_sentence())
    return ChartPart(
        id=id_,
        mean=printed(round(chart.mean, 1)),
        sentences=tuple(sentences),
        picture=control_picture(
            [
                (point.on, point.value, point.lower, point.upper, bool(point.signals))
                for point in chart.points
            ],
            chart.mean,
            most,
        ),
        rows=tuple(
            ChartRow(
                on=point.on,
                count=count,
                value=printed(round(point.value, 1)),
                limits="–"
                if point.lower is None or point.upper is None
                else f"{printed(round(point.lower, 1))} – {printed(round(point.upper, 1))}",
                rules=signal_words(point.signals),
            )
            for count, point in zip(each.counts, chart.points, strict=True)
        ),
    )


def _two_years(today: date) -> dict[str, date]:
    """The months up to today that a chart has without other criteria, the first one whole."""
    return {"from_on": months_back(today, MONTHS - 1).replace(day=1), "as_of": today}


def _criteria(asked: Mapping[str, Any]) -> WaitingTimesCriteria:
    return WaitingTimesCriteria(
        service=asked["service"],
        standard=asked["standard"],
        as_of=day_of(asked),
        from_on=asked["from_on"],
        to_on=asked["to_on"],
        known_at=known_by(asked["known_at"], runtime().today()),
        at=asked["at"],
        few=runtime().settings.few_waits,
    )
