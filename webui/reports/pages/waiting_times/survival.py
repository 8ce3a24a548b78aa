"""How long the waits last, by month or year of entry: survival curves, and how the waits ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from projections.statistics.competing import share_by
from projections.statistics.queries import SurvivalCriteria, SurvivalGroup, SurvivalReport
from projections.waiting_times.figures import StandardVersion
from webui.parts.charts import CurvePicture, curve_picture
from webui.parts.charts.scale import marks_of
from webui.reports.days import known_by, span_of_a_year
from webui.reports.forms import SurvivalCriteriaSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import address_of, files_of, quick_spans
from webui.reports.pages.waiting_times.one_service import one_service
from webui.reports.pages.waiting_times.question import blueprint, day_of, statistics_addresses
from webui.reports.reading import note_report
from webui.reports.stamping import stamp_row, stamped
from webui.reports.statistics_words import (
    WAYS_TO_END,
    counted_days,
    endings_sentence,
    entry_words,
    few_sentence,
    limit_in_days,
    median_sentence,
)
from webui.reports.words import clock_words, future_warning
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime
from webui.words.naming import directory, service_name

HERE = "waiting_times.survival_page"
ENTRY_WORDS = {"month": _l("Month of entry"), "year": _l("Year of entry")}


class CurveRow(msgspec.Struct, frozen=True):
    """A day of the table beside a curve: shares in per cent, and how many waits were observed on the day or later."""

    day: int
    waiting: float
    lower: float
    upper: float
    observed: int


class EndingRow(msgspec.Struct, frozen=True):
    """A way in which waits ended: how many did, and the share (per cent) that had on the last day of the curve."""

    words: str
    count: int
    share: float


class EntryPart(msgspec.Struct, frozen=True):
    """What the page shows of one month or year of entry under one version of the standard."""

    id: str
    words: str
    group: SurvivalGroup
    version: StandardVersion
    sentences: tuple[str, ...]
    median: str | None
    picture: CurvePicture
    rows: tuple[CurveRow, ...]
    endings: tuple[EndingRow, ...]


@blueprint.get("/waiting-times/survival")
@signed_in(*REPORT_ROLES)
def survival_page() -> ResponseReturnValue:
    """Show the curves of one service."""
    form, asked = one_service(
        SurvivalCriteriaSchema,
        {**span_of_a_year(runtime().today()), "by_entry": "year"},
        {"by_entry": list(ENTRY_WORDS.items())},
    )
    template = "reports/waiting_times/survival.html"
    if asked is None:
        return form.page(template, report=None, quick=[])
    quick = quick_spans(HERE, asked, runtime().today())
    try:
        found = stamped("survival", _criteria(asked))
    except Refusal as refused:
        form.refuse(refused)
        return form.page(template, report=None, quick=quick)
    note_report("waiting_times_survival", viewer())
    service = directory().service_by_code(found.service)
    assert service is not None
    return form.page(
        template,
        quick=quick,
        report=found,
        asked=asked,
        name=service_name(service),
        entries=entry_parts(found),
        several_versions=len(found.versions) > 1,
        clock_words=clock_words,
        future=future_warning(found.as_of > viewer().today),
        files=files_of("waiting_times.survival_file", asked),
        back=address_of("waiting_times.page", {**asked, "by_entry": None}),
        control=statistics_addresses(asked)["control"],
        log_position=found.log_position,
        parked=found.parked,
    )


@blueprint.get("/waiting-times/survival.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def survival_file(kind: str) -> Response:
    """Send the points of the curves as a file, a row for each."""
    _form, asked = one_service(
        SurvivalCriteriaSchema,
        {**span_of_a_year(runtime().today()), "by_entry": "year"},
        {"by_entry": list(ENTRY_WORDS.items())},
    )
    if asked is None:
        abort(404)
    try:
        found = stamped("survival", _criteria(asked))
    except Refusal:
        abort(404)
    note_report("waiting_times_survival_file", viewer())
    stamp = {
        name: getattr(found, name)
        for name in ("service", "standard", "metric_version", "log_position", "as_of", "known_at", "parked")
    } | dict(stamp_row(found.stamp))
    name = f"survival-{found.service}-{found.as_of}"
    return as_file(kind, FigureFile(_("Waits by entry"), name, point_rows(found), stamp))


def point_rows(found: SurvivalReport) -> list[dict[str, Any]]:
    """The points of the curves, a row for each; the names of the columns are permanent."""
    return [
        {
            "entry": group.key,
            "version": group.version,
            "unit": group.unit,
            "n": group.n,
            "median_days": group.median_days,
            "day": day,
            "survival": share,
            "survival_lower": lower,
            "survival_upper": upper,
            "at_risk": at_risk,
        }
        for group in found.groups
        for (day, share, lower, upper), at_risk in zip(group.curve, group.at_risk, strict=True)
    ]


def entry_parts(found: SurvivalReport) -> list[EntryPart]:
    """What the page shows of each entry and version, the newest first."""
    versions = {version.version: version for version in found.versions}
    return [
        _part(f"entry-{number}", group, versions[group.version])
        for number, group in reversed(list(enumerate(found.groups, 1)))
    ]


def _part(id_: str, group: SurvivalGroup, version: StandardVersion) -> EntryPart:
    limit = limit_in_days(version)
    last = group.curve[-1][0]
    sentences = [median_sentence(group, version)]
    if group.n:
        sentences.append(endings_sentence(group, limit if limit is not None and limit <= last else last))
    if group.few_waits and group.n:
        sentences.append(few_sentence(group.n))
    return EntryPart(
        id=id_,
        words=entry_words(group.key),
        group=group,
        version=version,
        sentences=tuple(sentences),
        median=None if group.median_days is None else counted_days(group.median_days, group.unit),
        picture=curve_picture(group.curve, limit, group.median_days),
        rows=_rows(group, [day for day in (limit, group.median_days) if day is not None and day <= last]),
        endings=tuple(
            EndingRow(str(words), group.ended[ending], 100 * share_by(group.incidence.get(ending, ()), last))
            for ending, words in WAYS_TO_END.items()
        ),
    )


def _rows(group: SurvivalGroup, wanted: Sequence[int]) -> tuple[CurveRow, ...]:
    """Up to nine days at equal distances, the limit and the median, and the last day."""
    last = group.curve[-1][0]
    found = []
    for day in sorted({*marks_of(max(last, 1), 8), *wanted, last}):
        if day > last:
            continue
        point = max((one for one in group.curve if one[0] <= day), key=lambda one: one[0])
        observed = next(n for one, n in zip(group.curve, group.at_risk, strict=True) if one[0] >= day)
        found.append(CurveRow(day, 100 * point[1], 100 * point[2], 100 * point[3], observed))
    return tuple(found)


def _criteria(asked: Mapping[str, Any]) -> SurvivalCriteria:
    return SurvivalCriteria(
        service=asked["service"],
        standard=asked["standard"],
        as_of=day_of(asked),
        from_on=asked["from_on"],
        to_on=asked["to_on"],
        known_at=known_by(asked["known_at"], runtime().today()),
        at=asked["at"],
        by_entry=asked["by_entry"] or "year",
        few=runtime().settings.few_waits,
    )
