"""The pages of the adoption officer: find a child, replace the identity, see the earlier one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.authority import ADOPTION_OFFICER
from coordination.desk.doubts import delete_doubts_about
from coordination.errors import Refusal
from coordination.pupil.adoption.commands import ReplaceIdentity
from coordination.pupil.profile.commands import ContactDetails
from webui.adoption.forms import FindSchema, ReplaceSchema
from webui.adoption.reading import AdoptionFile, adoption_file, find_child
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.commands import FIELDS
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name

blueprint = Blueprint("adoption", __name__)


@blueprint.route("/adoption", methods=["GET", "POST"])
@signed_in(ADOPTION_OFFICER)
def page() -> ResponseReturnValue:
    """Find a child of the authority's schools by a number that they have or had."""
    form = Form(FindSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        pupil = find_child(typed["upn"])
        if pupil is not None:
            return redirect(url_for("adoption.child", pupil=pupil), 303)
        form.refuse(Refusal("no_child_of_the_authority", "upn"))
    return form.page("adoption/find.html")


@blueprint.get("/adoption/<uuid:pupil>")
@signed_in(ADOPTION_OFFICER)
def child(pupil: UUID) -> ResponseReturnValue:
    """Show the child's identity now and, after an adoption, the earlier one with the earlier contacts."""
    file = adoption_file(pupil)
    return render_template(
        "adoption/child.html",
        file=file,
        schools=", ".join(organisation_name(school) for school in file.schools),
    )


@blueprint.route("/adoption/<uuid:pupil>/replace", methods=["GET", "POST"])
@signed_in(ADOPTION_OFFICER)
def replace(pupil: UUID) -> ResponseReturnValue:
    """Record the new identity and the adoptive parent. Doubts that show the earlier names are deleted."""
    file = adoption_file(pupil)
    form = Form(ReplaceSchema, values=_first_values(file), choices=_choices())
    typed = form.take(request.form) if request.method == "POST" else None
    if typed is not None and record(form, _command(file, form.command_id, typed), FIELDS) is None:
        _forget_doubts(pupil)
        flash(_("The new identity is recorded. Earlier names and contacts are withheld."))
        return redirect(url_for("adoption.child", pupil=pupil), 303)
    return form.page("adoption/replace.html", file=file)


def _first_values(file: AdoptionFile) -> dict[str, Any]:
    return {"upn": file.child.upn, "date_of_birth": file.child.born, "sex": file.child.sex}


def _choices() -> dict[str, list[tuple[str, Any]]]:
    today = runtime().today()
    return {
        field: [(code, code_words(table, code)) for code in directory().codes(table, today)]
        for field, table in (("sex", "sex"), ("contact_relationship", "relationship"))
    }


def _command(file: AdoptionFile, command_id: str, typed: dict[str, Any]) -> ReplaceIdentity:
    parent = ContactDetails(
        occurred_on=typed["occurred_on"],
        contact=casework.new_id(command_id, "contact"),
        name=typed["contact_name"],
        relationship=typed["contact_relationship"],
        parental_responsibility=True,
        telephone=typed["contact_telephone"],
    )
    return ReplaceIdentity(
        occurred_on=typed["occurred_on"],
        pupil=file.pupil,
        upn=typed["upn"],
        surname=typed["surname"] or "",
        forename=typed["forename"] or "",
        date_of_birth=typed["date_of_birth"],
        sex=typed["sex"],
        language=file.child.language,
        why=typed["why"],
        contacts=(parent,),
    )


def _forget_doubts(pupil: UUID) -> None:
    with runtime().desk() as desk:
        for file in runtime().coordination.record.files_of_children([pupil])[pupil]:
            delete_doubts_about(desk, file)
