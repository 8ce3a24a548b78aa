"""Registering one pupil by form. For a pupil whose number another school issued, it asks that school for the file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.file_requests import AskedPupil
from coordination.errors import Refusal
from coordination.pupil.profile.commands import RegisterPupil
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.asking import ask_for_file
from webui.pupil.commands import FIELDS
from webui.pupil.doubting import waiting_count
from webui.pupil.forms.profile import RegisterSchema
from webui.pupil.pages.profile import year_choices
from webui.pupil.registration import MissingAnswer, own_pupil, registered_before, registration
from webui.shell.authentication import signed_in
from webui.shell.roles import SCHOOL_COORDINATION
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory

blueprint = Blueprint("registering", __name__)

MISSING = {
    "contact_name": _l("Enter the name of the contact"),
}
TABLES = {
    "sex": "sex",
    "language": "language",
    "needs": "need",
    "provision": "provision",
    "contact_relationship": "relationship",
}


@blueprint.route("/pupils/register", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION)
def page() -> ResponseReturnValue:
    """Show the form; register a new pupil, or ask for one of another school."""
    form = Form(RegisterSchema, values={"occurred_on": runtime().today()}, choices=_choices())
    own = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        before = registered_before(form.command_id)
        if before is not None:
            return redirect(url_for("case_file.page", pupil=before), 303)
        command = _command(form, typed)
        if isinstance(command, AskedPupil):
            if (asked := _ask(form, command)) is not None:
                return asked
        elif command is not None and record(form, command, FIELDS) is None:
            flash(_("The pupil is registered."))
            return redirect(url_for("case_file.page", pupil=command.pupil), 303)
        own = own_pupil(typed["upn"])
    return form.page("pupil/register.html", own=own, doubts=waiting_count() if form.errors else 0)


def _command(form: Form, typed: dict[str, Any]) -> RegisterPupil | AskedPupil | None:
    """The command for the form; None if there is an error, which the form then shows."""
    try:
        return registration(form.command_id, typed)
    except MissingAnswer as missing:
        form.errors[missing.field] = str(MISSING[missing.field])
    except Refusal as refused:
        form.refuse(refused)
    return None


def _ask(form: Form, asked: AskedPupil) -> ResponseReturnValue | None:
    """Asks for a pupil of another school, and goes to the page of the request; None if it was refused."""
    try:
        asked_for = ask_for_file(asked, form.command_id)
    except Refusal as refused:
        if refused.code == "not_found":
            raise
        form.refuse(refused)
        return None
    flash(_("You have asked for the pupil’s file."))
    return redirect(url_for("asked.one", request_id=asked_for), 303)


def _choices() -> dict[str, Any]:
    today = runtime().today()
    coded = {
        field: [(code, code_words(table, code)) for code in directory().codes(table, today)]
        for field, table in TABLES.items()
    }
    return coded | {"year": year_choices()}
