"""What the school records about sending: holds, and whom the social worker of a looked-after child named."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.pupil.family.commands import DecideFamilyRecipients, LiftFamilyHold, PlaceFamilyHold
from webui.family.forms import HoldSchema, LiftFamilyHoldSchema, RecipientsSchema
from webui.family.reading import FamilyPage, open_family
from webui.forms import Form
from webui.forms.recording import record
from webui.shell import casework
from webui.shell.authentication import signed_in
from webui.shell.drafts import saves_draft
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime
from webui.words.text import Words

blueprint = Blueprint("family_holds", __name__, url_prefix="/pupils/<uuid:pupil>/family")
EVERYBODY = "everybody"


@blueprint.route("/holds/new", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def place(pupil: UUID) -> ResponseReturnValue:
    """Record that nothing is sent to somebody."""
    opened = open_family(pupil, note=request.method == "GET")
    choices = [*_contacts(opened), (EVERYBODY, _("The whole family"))]
    form = Form(HoldSchema, values={"occurred_on": runtime().today()}, choices={"who": choices})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        who = typed.pop("who")
        command = PlaceFamilyHold(
            pupil=pupil,
            hold=casework.new_id(form.command_id, "hold"),
            contact=None if who == EVERYBODY else UUID(who),
            **typed,
        )
        if record(form, command) is None:
            flash(_("It is recorded. Links that they have show nothing from now on."))
            return _back(pupil)
    return _page(form, opened, _("Send nothing to somebody"))


@blueprint.route("/holds/<uuid:hold>/lift", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def lift(pupil: UUID, hold: UUID) -> ResponseReturnValue:
    """Record that they can receive links and forms again."""
    opened = open_family(pupil, note=request.method == "GET")
    if hold not in opened.case.family.holds:
        raise NotFound
    form = Form(LiftFamilyHoldSchema, values={"occurred_on": runtime().today()})
    typed = form.take(request.form) if request.method == "POST" else None
    if typed is not None and record(form, LiftFamilyHold(pupil=pupil, hold=hold, **typed)) is None:
        flash(_("It is recorded. They can be sent links and forms again."))
        return _back(pupil)
    return _page(form, opened, _("Send links and forms again"))


@blueprint.route("/recipients", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def recipients(pupil: UUID) -> ResponseReturnValue:
    """Record whom the social worker named."""
    opened = open_family(pupil, note=request.method == "GET")
    named = [str(one) for one in opened.case.family.recipients or ()]
    form = Form(
        RecipientsSchema,
        values={"occurred_on": runtime().today(), "contacts": named},
        choices={"contacts": _contacts(opened)},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        contacts = tuple(UUID(one) for one in typed.pop("contacts") or ())
        if record(form, DecideFamilyRecipients(pupil=pupil, contacts=contacts, **typed)) is None:
            flash(_("It is recorded who receives links and forms."))
            return _back(pupil)
    return _page(form, opened, _("Record whom the social worker named"))


def _contacts(opened: FamilyPage) -> list[tuple[str, Words]]:
    return [(str(p.person.contact), p.person.name) for p in opened.people if p.person.contact]


def _page(form: Form, opened: FamilyPage, words: str) -> ResponseReturnValue:
    return form.page(
        "family/record.html",
        file=opened.shown.file,
        child=opened.shown.child,
        words=words,
        log_position=opened.shown.file.position,
    )


def _back(pupil: UUID) -> ResponseReturnValue:
    return redirect(url_for("family.page", pupil=pupil), 303)
