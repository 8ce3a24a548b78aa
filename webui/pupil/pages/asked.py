"""The school's own requests for pupils of other schools: what it typed itself, and whether they were answered."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.file_requests import RequestRow
from coordination.errors import Refusal
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.pupil import asking
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.roles import SCHOOL_COORDINATION
from webui.words.refusals.translated import sentence

blueprint = Blueprint("asked", __name__)


@blueprint.get("/pupils/asked")
@signed_in(*SCHOOL_COORDINATION)
def page() -> ResponseReturnValue:
    """List the requests that wait for an answer."""
    rows = asking.own_requests()
    casework.note_shown("file_request", [row.request for row in rows])
    return render_template("pupil/asked/list.html", rows=rows, refused_words=_refused_words)


@blueprint.route("/pupils/asked/<uuid:request_id>", endpoint="one", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION)
def one(request_id: UUID) -> ResponseReturnValue:
    """Show a request, and take it back."""
    row = asking.own_request(request_id)
    form = Form(NothingSchema)
    if request.method == "POST" and form.take(request.form) is not None:
        try:
            if not row.answered:
                asking.withdraw(row, form.command_id)
        except Refusal as refused:
            if refused.code == "not_found":
                raise
            form.refuse(refused)
        else:
            flash(_("You no longer ask for this pupil’s file."))
            return redirect(url_for("asked.page"), 303)
    casework.note_shown("file_request", [request_id])
    return form.page("pupil/asked/one.html", row=row, refused_words=_refused_words)


def _refused_words(row: RequestRow) -> str:
    """Why a request could not be carried out."""
    return sentence(Refusal(row.refused)) if row.refused else ""
