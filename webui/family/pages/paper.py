"""Printed forms: made for one person, shown to be printed, cancelled."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.desk.paper_forms import PaperForm, cancel_form, keep_form
from coordination.pupil.family.form_codes import form_code, printed_code
from webui.family.reading import (
    BARRED,
    FamilyPage,
    may_be_printed,
    open_family,
    questions_in_words,
    sheet_languages,
)
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime

blueprint = Blueprint("family_paper", __name__, url_prefix="/pupils/<uuid:pupil>/family")


@blueprint.post("/people/<uuid:audience>/form")
@signed_in(*FILE_STAFF)
def make(pupil: UUID, audience: UUID) -> ResponseReturnValue:
    """Make a form for one person and show it."""
    opened = open_family(pupil, note=False)
    person = opened.person(audience)
    if not may_be_printed(person):
        flash(str(BARRED[person.barred]) if person.barred else "")
        return redirect(url_for("family.page", pupil=pupil), 303)
    form = Form(NothingSchema)
    form.take(request.form)
    made = casework.new_id(form.command_id, "paper form")
    paper = PaperForm(
        form=made,
        code=form_code(made.int >> 64),
        pupil=pupil,
        contact=person.person.contact,
        school=viewer().organisation,
        made_by=viewer().person,
        made_at=runtime().now(),
    )
    with runtime().desk() as conn:
        keep_form(conn, paper)
    return redirect(url_for("family_paper.sheet", pupil=pupil, form=made), 303)


@blueprint.get("/forms/<uuid:form>")
@signed_in(*FILE_STAFF)
def sheet(pupil: UUID, form: UUID) -> ResponseReturnValue:
    """The form to print: in the person's language, or in both where it is not known."""
    opened = open_family(pupil)
    paper = _paper(opened, form)
    person = opened.person(paper.contact or pupil)
    if not paper.waiting or not may_be_printed(person):
        abort(404)
    sheets = []
    for code, locale in sheet_languages(person):
        with force_locale(locale):
            questions = questions_in_words(opened.case, paper.contact)
            html = render_template(
                "family/paper/sheet.html",
                paper=paper,
                code=printed_code(paper.code),
                person=person,
                child=opened.shown.child,
                questions=questions,
            )
            sheets.append((code, html))
    return render_template(
        "family/paper/form.html",
        sheets=sheets,
        file=opened.shown.file,
        child=opened.shown.child,
        person=person,
        log_position=opened.shown.file.position,
    )


@blueprint.post("/forms/<uuid:form>/cancel")
@signed_in(*FILE_STAFF)
def cancel(pupil: UUID, form: UUID) -> ResponseReturnValue:
    """The form is not to be used any more."""
    opened = open_family(pupil, note=False)
    with runtime().desk() as conn:
        cancel_form(conn, _paper(opened, form).form, runtime().now())
    flash(_("The form is cancelled. A reply on it is no longer taken."))
    return redirect(url_for("family.page", pupil=pupil), 303)


def _paper(opened: FamilyPage, form: UUID) -> PaperForm:
    found = next((one for one in opened.forms if one.form == form), None)
    if found is None:
        abort(404)
    return found
