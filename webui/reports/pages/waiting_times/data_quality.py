"""Whether the record behind the waiting times can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec import to_builtins

from projections.waiting_times.queries import CHECKS, DataQualityCriteria, DataQualityReport
from webui.reports.days import known_by
from webui.reports.forms import DataQualityCriteriaSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import files_of, report_question
from webui.reports.pages.waiting_times.question import blueprint, day_of
from webui.reports.quality_words import check_sentence, check_words, found_at
from webui.reports.reading import note_report
from webui.reports.stamping import stamp_row, stamped
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AUDIT_DESK
from webui.shell.runtime import runtime


@blueprint.get("/waiting-times/data-quality")
@signed_in(*AUDIT_DESK)
def data_quality_page() -> ResponseReturnValue:
    """Show what each check found."""
    form, asked = report_question(DataQualityCriteriaSchema, {}, {})
    if asked is None:
        return form.page("reports/waiting_times/data_quality.html", report=None)
    found = _report(asked)
    note_report("waiting_times_quality", viewer())
    return form.page(
        "reports/waiting_times/data_quality.html",
        report=found,
        asked=asked,
        checks=[(check, [group for group in found.groups if group.check == check]) for check in CHECKS],
        check_words=check_words,
        sentence=lambda check: check_sentence(check, found),
        named=found_at,
        files=files_of("waiting_times.data_quality_file", asked),
        log_position=found.log_position,
        parked=found.parked,
    )


@blueprint.get("/waiting-times/data-quality.<any(csv, xlsx, pdf):kind>")
@signed_in(*AUDIT_DESK)
def data_quality_file(kind: str) -> Response:
    """Send the same figures as a file."""
    _form, asked = report_question(DataQualityCriteriaSchema, {}, {})
    if asked is None:
        abort(404)
    found = _report(asked)
    note_report("waiting_times_quality_file", viewer())
    stamp = {
        name: getattr(found, name)
        for name in (
            "metric_version",
            "log_position",
            "as_of",
            "known_at",
            "quiet_days",
            "late_days",
            "parked",
        )
    } | dict(stamp_row(found.stamp))
    rows = [to_builtins(group) for group in found.groups]
    return as_file(kind, FigureFile(_("Data quality"), f"data-quality-{found.as_of}", rows, stamp))


def _report(asked: Mapping[str, Any]) -> DataQualityReport:
    ask = DataQualityCriteria(
        as_of=day_of(asked), known_at=known_by(asked["known_at"], runtime().today()), at=asked["at"]
    )
    found: DataQualityReport = stamped("data-quality", ask)
    return found
