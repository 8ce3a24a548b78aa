"""Doubts about pupils: the list of those that wait, and one of them with old beside new, to be decided."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound, Refusal
from webui.forms import Form
from webui.pupil.doubting import decide, view_doubt, waiting_count, waiting_lines
from webui.pupil.forms.doubts import DoubtSchema
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_COORDINATION
from webui.words.refusals.translated import sentence

blueprint = Blueprint("doubts", __name__)

GONE = frozenset({"doubt_decided", "doubt_no_longer_applies"})


@blueprint.get("/pupils/doubts")
@signed_in(*SCHOOL_COORDINATION, *CASEWORKER_DESK)
def page() -> ResponseReturnValue:
    """List the doubts that wait."""
    lines = waiting_lines()
    casework.note_shown("doubts", list(dict.fromkeys(line.pupil for line in lines)))
    return render_template("pupil/doubts/list.html", lines=lines, total=waiting_count())


@blueprint.route("/pupils/doubts/<uuid:doubt>", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION, *CASEWORKER_DESK)
def one(doubt: UUID) -> ResponseReturnValue:
    """Show a doubt, or decide it. Whoever was slower than another person is told so."""
    try:
        view = view_doubt(doubt)
    except NotFound:
        if request.method == "GET":
            raise
        return _gone(Refusal("doubt_decided"))
    if view is None:
        return _gone(Refusal("doubt_no_longer_applies"))
    form = Form(DoubtSchema, choices={"answer": view.answers})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            decide(doubt, request.form.get("digest", ""), typed["answer"], typed["why"], form.command_id)
        except Refusal as refused:
            if refused.code == "not_found":
                raise
            if refused.code in GONE:
                return _gone(refused)
            form.refuse(refused)
        else:
            flash(_("The decision is recorded."))
            return redirect(url_for("doubts.page"), 303)
    casework.note_shown("doubt", view.pupils)
    return form.page("pupil/doubts/decide.html", view=view)


def _gone(why: Refusal) -> ResponseReturnValue:
    """Back to the list, which says why this doubt is no longer there."""
    flash(sentence(why))
    return redirect(url_for("doubts.page"), 303)
