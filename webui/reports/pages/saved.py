"""Saved reports: the criteria that a person asks for again, under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.saved_reports import SavedReport, drop_saved_report, save_report, saved_reports
from coordination.errors import Refusal
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.reports.forms import SavedReportSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.shell.runtime import runtime

blueprint = Blueprint("saved_reports", __name__)

PAGES: dict[str, Any] = {
    "waiting_times.page": _l("Waiting times"),
    "waiting_times.waits": _l("The waits behind a figure"),
    "waiting_times.what_if_page": _l("What if"),
    "waiting_times.periods_page": _l("Two periods side by side"),
    "waiting_times.survival_page": _l("Waits by entry"),
    "waiting_times.control_page": _l("Control charts"),
    "waiting_times.due_soon_page": _l("Late soon"),
    "attendance.page": _l("Attendance at meetings"),
}
"""The reports that can be saved, by the endpoint of their page."""
LONGEST = 2000
"""The most characters of the criteria in an address."""


@blueprint.app_template_global()
def save_address() -> str:
    """The address at which the report that is shown can be saved."""
    question = request.query_string.decode("utf-8", "replace")[:LONGEST]
    return url_for("saved_reports.new", report=request.endpoint, question=question)


def _is_day(name: str) -> bool:
    return name.partition("-")[0].removeprefix("second_") in ("from_on", "to_on", "as_of", "known_at", "at")


@blueprint.get("/saved-reports")
@signed_in(*REPORT_ROLES)
def page() -> ResponseReturnValue:
    """List the person's saved reports at this desk."""
    who = viewer()
    with runtime().desk() as conn:
        kept = saved_reports(conn, who.person, who.organisation)
    form = Form(NothingSchema)
    return form.page(
        "reports/saved.html", kept=[(one, PAGES.get(one.endpoint), _opened(one)) for one in kept]
    )


@blueprint.route("/saved-reports/new", methods=["GET", "POST"])
@signed_in(*REPORT_ROLES)
def new() -> ResponseReturnValue:
    """Save the report that an address asks for."""
    endpoint, question = request.args.get("report", ""), request.args.get("question", "")
    if endpoint not in PAGES or len(question) > LONGEST:
        abort(404)
    who = viewer()
    form = Form(SavedReportSchema, values={"days": "kept"})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        given = dict(parse_qsl(question, keep_blank_values=True))
        if typed["days"] == "current":
            given = {name: value for name, value in given.items() if not _is_day(name)}
        try:
            with runtime().desk() as conn:
                save_report(
                    conn,
                    who.person,
                    who.organisation,
                    saved=casework.new_id(form.command_id, "saved_report"),
                    name=typed["name"],
                    endpoint=endpoint,
                    question={name: value for name, value in given.items() if "\0" not in name + value},
                    now=runtime().now(),
                )
        except Refusal as refused:
            form.refuse(refused)
        else:
            flash(_("The report is saved."))
            return redirect(url_for("saved_reports.page"), 303)
    return form.page("reports/save.html", report=PAGES[endpoint], endpoint=endpoint, question=question)


@blueprint.post("/saved-reports/<uuid:saved>/drop")
@signed_in(*REPORT_ROLES)
def drop(saved: UUID) -> ResponseReturnValue:
    """Delete a saved report."""
    with runtime().desk() as conn:
        if not drop_saved_report(conn, viewer().person, saved):
            abort(404)
    flash(_("The saved report is deleted."))
    return redirect(url_for("saved_reports.page"), 303)


def _opened(one: SavedReport) -> str | None:
    if one.endpoint not in PAGES:
        return None
    question: Mapping[str, Any] = one.question
    return url_for(one.endpoint, **question)
