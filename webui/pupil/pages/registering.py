"""One pupil is registered by form. The number decides who it is: a pupil on another school's roll is not a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from coordination.errors import Refused
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.decide import ContactDetails, MovePupil, RegisterPupil
from webui.forms import Form
from webui.pupil.forms.profile import RegisterSchema
from webui.pupil.identity import child, folded
from webui.pupil.pages.profile import year_choices
from webui.pupil.pages.pupils import SCHOOL_STAFF
from webui.shell import casework
from webui.shell.signed_in import signed_in, viewer
from webui.shell.world import world
from webui.words.naming import code_words, directory, organisation_name

blueprint = Blueprint("registering", __name__)

IDENTITY = ("pupil.registered", "pupil.identity_changed")
TABLES = {
    "sex": "sex",
    "language": "language",
    "needs": "need",
    "provision": "provision",
    "contact_relationship": "relationship",
}


class Known(msgspec.Struct, frozen=True):
    """A pupil of this number who is on the record: on whose rolls, and whether names and birth are those typed."""

    pupil: UUID
    schools: frozenset[UUID]
    same: bool


@blueprint.route("/pupils/register", methods=["GET", "POST"])
@signed_in(*SCHOOL_STAFF)
def page() -> Any:
    """The form; it asks about another school only when the number is on another school's roll."""
    form = Form(RegisterSchema, values={"occurred_on": world().today()}, choices=_choices())
    known = None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        before = carried_out(form.command_id)
        if before is not None:
            return redirect(url_for("case_file.page", pupil=before), 303)
        known = known_pupil(typed)
        command = _command(form, typed, known)
        if command is not None and (pupil := _recorded(form, command)) is not None:
            return redirect(url_for("case_file.page", pupil=pupil), 303)
    elsewhere = known.schools if known and known.same else frozenset()
    own = viewer().organisation in elsewhere
    return form.page(
        "pupil/register.html",
        schools=[] if own else sorted(organisation_name(s) for s in elsewhere),
        own=known.pupil if known and own else None,
    )


def known_pupil(typed: dict[str, Any]) -> Known | None:
    """Who on the record has the number that was typed; the look-up is noted."""
    record = world().coordination.record
    pupil = record.pupils_by_upn([typed["upn"]]).get(typed["upn"])
    if pupil is None:
        return None
    casework.shown("number_look_up", [pupil], "registration")
    found = child(pupil, record.latest(pupil, IDENTITY))
    names = [
        (folded(found.forename), folded(typed["forename"])),
        (folded(found.surname), folded(typed["surname"])),
    ]
    same = found.born == typed["date_of_birth"] and any(one == other for one, other in names)
    schools = world().coordination.batch().state(PUPIL_STREAM, pupil).profile.schools()
    return Known(pupil, schools, same)


def _command(form: Form, typed: dict[str, Any], known: Known | None) -> Command | None:
    """What the form asks for; None when something is to be put right first, which it then says."""
    if typed["contact_name"] is None and (
        typed["contact_relationship"] or typed["contact_responsible"] is not None
    ):
        form.errors["contact_name"] = _("Enter the name of the contact")
        return None
    own = viewer().organisation
    if known is None:
        return registration(form.command_id, typed, casework.new_id(form.command_id, "pupil"))
    if not known.same:
        form.errors["upn"] = _(
            "This number belongs to a pupil with another name or date of birth. Check all three"
        )
        return None
    if own in known.schools:
        form.refuse(Refused("already_registered", "upn"))
        return None
    if known.schools and typed["elsewhere"] is None:
        form.errors["elsewhere"] = _("Say whether the pupil has left the other school")
        return None
    if typed["elsewhere"] == "moved" and known.schools:
        if len(known.schools) > 1:
            form.refuse(Refused("registered_at_several_schools", "elsewhere"))
            return None
        (old,) = known.schools
        return MovePupil(occurred_on=typed["occurred_on"], pupil=known.pupil, from_school=old, to_school=own)
    return registration(form.command_id, typed, known.pupil)


def registration(command_id: str, typed: dict[str, Any], pupil: UUID) -> RegisterPupil:
    """The command for what was typed; a contact's id rests on the command's."""
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
    same = ("upn", "surname", "forename", "date_of_birth", "sex", "language", "provision", "looked_after")
    return RegisterPupil(
        pupil=pupil,
        school=viewer().organisation,
        occurred_on=typed["occurred_on"],
        needs=tuple(typed["needs"] or ()),
        year=int(typed["year"]) if typed["year"] is not None else None,
        contacts=contacts,
        **{name: typed[name] for name in same},
    )


def _recorded(form: Form, command: Command) -> UUID | None:
    try:
        receipt = casework.perform(command, form.command_id)
    except Refused as refused:
        if refused.code == "upn_of_another_pupil":
            refused.field = "upn"
        form.refuse(refused)
        return None
    flash(
        _("The pupil has moved to your school. The file is as the other school left it.")
        if isinstance(command, MovePupil)
        else _("The pupil is registered.")
    )
    return receipt.stream


def carried_out(command_id: str) -> UUID | None:
    """The pupil that the same showing of the form registered before: it was sent twice."""
    held = world().coordination.record.commands(viewer().organisation, [command_id]).get(command_id)
    return held[1] if held else None


def _choices() -> dict[str, Any]:
    today = world().today()
    coded = {
        field: [(code, code_words(table, code)) for code in directory().codes(table, today)]
        for field, table in TABLES.items()
    }
    return coded | {"year": year_choices()}
