"""Before it is late: the open waits that are over the limit, and those that soon will be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import to_builtins

from projections.reader import desk
from projections.waiting_times.queries import DueSoonCriteria, DueSoonReport
from webui.forms import Form
from webui.reports.days import known_by
from webui.reports.forms import DueSoonCriteriaSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import files_of, report_question
from webui.reports.pages.waiting_times.figures import key_words
from webui.reports.pages.waiting_times.question import blueprint, day_of
from webui.reports.reading import note_report
from webui.reports.stamping import stamp_row, stamped
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime

BY_WORDS = {"service": _l("Services"), "school": _l("Schools")}


@blueprint.get("/waiting-times/due-soon")
@signed_in(*REPORT_ROLES)
def due_soon_page() -> ResponseReturnValue:
    """Show them by service, or by school."""
    form, asked = _asked()
    if asked is None:
        return form.page("reports/waiting_times/due_soon.html", report=None)
    found = _report(asked)
    note_report("waits_due_soon", viewer())
    return form.page(
        "reports/waiting_times/due_soon.html",
        report=found,
        asked=asked,
        by=asked["by"] or "service",
        named=key_words,
        files=files_of("waiting_times.due_soon_file", asked),
        over=sum(group.over for group in found.groups),
        soon=sum(group.within_28 for group in found.groups),
        log_position=found.log_position,
        parked=found.parked,
    )


@blueprint.get("/waiting-times/due-soon.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def due_soon_file(kind: str) -> Response:
    """Send the same figures as a file."""
    _form, asked = _asked()
    if asked is None:
        abort(404)
    found = _report(asked)
    note_report("waits_due_soon_file", viewer())
    stamp = {
        name: getattr(found, name)
        for name in ("metric_version", "log_position", "as_of", "known_at", "parked")
    } | dict(stamp_row(found.stamp))
    rows = [to_builtins(group) for group in found.groups]
    return as_file(kind, FigureFile(_("Late soon"), f"due-soon-{found.as_of}", rows, stamp))


def _asked() -> tuple[Form, dict[str, Any] | None]:
    ways = ["service"] if desk(viewer()) == "school" else list(BY_WORDS)
    return report_question(DueSoonCriteriaSchema, {}, {"by": [(way, BY_WORDS[way]) for way in ways]})


def _report(asked: Mapping[str, Any]) -> DueSoonReport:
    ask = DueSoonCriteria(
        as_of=day_of(asked),
        known_at=known_by(asked["known_at"], runtime().today()),
        at=asked["at"],
        by=asked["by"] or "service",
    )
    found: DueSoonReport = stamped("due-soon", ask)
    return found
