"""Taking on a child whom no school has on its roll, by a caseworker of the authority: pre-school, home-educated, new to
the county."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.pupil.no_roll.decide import TakeOnChild
from coordination.pupil.profile.commands import ContactDetails
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.forms.profile import TakeOnChildSchema
from webui.pupil.registration import registered_before
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory

blueprint = Blueprint("taking_on", __name__)

TABLES = {"sex": "sex", "language": "language", "contact_relationship": "relationship"}


@blueprint.route("/caseworker/take-on", methods=["GET", "POST"])
@signed_in(*CASEWORKER_DESK)
def page() -> ResponseReturnValue:
    """Show the form; sending it twice takes on one child."""
    today = runtime().today()
    choices = {
        field: [(code, code_words(table, code)) for code in directory().codes(table, today)]
        for field, table in TABLES.items()
    }
    form = Form(TakeOnChildSchema, values={"occurred_on": today}, choices=choices)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        before = registered_before(form.command_id)
        if before is not None:
            return redirect(url_for("case_file.page", pupil=before), 303)
        command = _command(form.command_id, typed)
        if record(form, command) is None:
            flash(_("The child is on the authority’s list."))
            return redirect(url_for("case_file.page", pupil=command.pupil), 303)
    return form.page("pupil/take_on.html")


def _command(command_id: str, typed: dict[str, Any]) -> TakeOnChild:
    contacts: tuple[ContactDetails, ...] = ()
    if typed["contact_name"] is not None:
        contact = ContactDetails(
            occurred_on=typed["occurred_on"],
            contact=casework.new_id(command_id, "contact"),
            name=typed["contact_name"],
            relationship=typed["contact_relationship"],
            parental_responsibility=bool(typed["contact_responsible"]),
        )
        contacts = (contact,)
    same = ("date_of_birth", "sex", "language", "occurred_on")
    return TakeOnChild(
        pupil=casework.new_id(command_id, "pupil"),
        authority=viewer().organisation,
        surname=typed["surname"] or "",
        forename=typed["forename"] or "",
        contacts=contacts,
        **{name: typed[name] for name in same},
    )
