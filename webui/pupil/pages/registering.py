"""Registering one pupil by form. The number identifies the pupil: one on another school's roll is not a new pupil."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from coordination.pupil.profile.commands import MovePupil, RegisterPupil
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.commands import (
    FIELDS,
    KnownPupil,
    MissingAnswer,
    known_pupil,
    registered_before,
    registration,
)
from webui.pupil.forms.profile import RegisterSchema
from webui.pupil.pages.profile import year_choices
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_STAFF
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name

blueprint = Blueprint("registering", __name__)

MISSING = {
    "contact_name": _l("Enter the name of the contact"),
    "elsewhere": _l("Choose whether the pupil has left the other school"),
}
TABLES = {
    "sex": "sex",
    "language": "language",
    "needs": "need",
    "provision": "provision",
    "contact_relationship": "relationship",
}


@blueprint.route("/pupils/register", methods=["GET", "POST"])
@signed_in(*SCHOOL_STAFF)
def page() -> ResponseReturnValue:
    """Show the form; it asks about another school only if the number is on another school's roll."""
    form = Form(RegisterSchema, values={"occurred_on": runtime().today()}, choices=_choices())
    known = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        before = registered_before(form.command_id)
        if before is not None:
            return redirect(url_for("case_file.page", pupil=before), 303)
        known = known_pupil(typed)
        command = _command(form, typed, known)
        if command is not None and record(form, command, FIELDS) is None:
            moved = isinstance(command, MovePupil)
            flash(
                _("The pupil has moved to your school. The case file has not changed.")
                if moved
                else _("The pupil is registered.")
            )
            return redirect(url_for("case_file.page", pupil=command.pupil), 303)
    elsewhere = known.schools if known and known.same else frozenset()
    own = viewer().organisation in elsewhere
    return form.page(
        "pupil/register.html",
        schools=[] if own else sorted(organisation_name(s) for s in elsewhere),
        own=known.pupil if known and own else None,
    )


def _command(form: Form, typed: dict[str, Any], known: KnownPupil | None) -> RegisterPupil | MovePupil | None:
    """The command for the form; None if there is an error, which the form then shows."""
    try:
        return registration(form.command_id, typed, known)
    except MissingAnswer as missing:
        form.errors[missing.field] = str(MISSING[missing.field])
    except Refusal as refused:
        if refused.code == "upn_of_another_pupil":
            form.errors["upn"] = _(
                "This number belongs to a pupil with a different name or date of birth. Check the number, "
                "name and date of birth"
            )
        else:
            form.refuse(refused)
    return None


def _choices() -> dict[str, Any]:
    today = runtime().today()
    coded = {
        field: [(code, code_words(table, code)) for code in directory().codes(table, today)]
        for field, table in TABLES.items()
    }
    return coded | {"year": year_choices()}
