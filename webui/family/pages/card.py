"""The card "Whose turn is it?" for one person: begun and stopped by the school, and printed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from coordination.desk.family_cards import FamilyCard, begin_card, cards_of_pupil, end_card, note_issued
from coordination.outbox.family_messages import card_message
from coordination.store.queue import queue_messages
from webui.family.card import card_for
from webui.family.reading import (
    BARRED,
    FamilyPage,
    may_be_printed,
    open_family,
    sheet_languages,
)
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime

blueprint = Blueprint("family_cards", __name__, url_prefix="/pupils/<uuid:pupil>/family")


@blueprint.post("/people/<uuid:audience>/card")
@signed_in(*FILE_STAFF)
def begin(pupil: UUID, audience: UUID) -> ResponseReturnValue:
    """Begin a card: by email where there is an address, else printed; from then on it is renewed."""
    opened = open_family(pupil, note=False)
    person = opened.person(audience)
    form = Form(NothingSchema)
    form.take(request.form)
    contact = person.person.contact
    if contact is None or person.barred is not None:
        flash(str(BARRED[person.barred]) if person.barred else _("A card is for a parent or carer."))
        return _back(pupil)
    now = runtime().now()
    card = FamilyCard(
        card=casework.new_id(form.command_id, "card"),
        pupil=pupil,
        contact=contact,
        school=viewer().organisation,
        by_mail=bool(person.person.email),
        begun_by=viewer().person,
        begun_at=now,
        issued_at=now,
    )
    with runtime().desk() as conn:
        if begin_card(conn, card) and card.by_mail:
            message = card_message(card.card, 0, pupil, contact, card.school, now)
            with conn.cursor() as cursor:
                queue_messages(cursor, [message])
    flash(_("The card is begun. It is renewed every 12 weeks until you stop it."))
    return _back(pupil)


@blueprint.post("/cards/<uuid:card>/stop")
@signed_in(*FILE_STAFF)
def stop(pupil: UUID, card: UUID) -> ResponseReturnValue:
    """Renew the card no more."""
    held = _card(open_family(pupil, note=False), card)
    with runtime().desk() as conn:
        end_card(conn, held.card, runtime().now())
    flash(_("The card is stopped. It is not sent any more."))
    return _back(pupil)


@blueprint.get("/cards/<uuid:card>")
@signed_in(*FILE_STAFF)
def sheet(pupil: UUID, card: UUID) -> ResponseReturnValue:
    """The card to print, in the person's language, or in both where it is not known."""
    opened = open_family(pupil)
    held = _card(opened, card)
    person = opened.person(held.contact)
    if not may_be_printed(person):
        abort(404)
    shown = card_for(opened.case, person.person, opened.shown.child.name, held.school)
    sheets = []
    for code, locale in sheet_languages(person):
        with force_locale(locale):
            sheets.append((code, render_template("family/card/turns.html", card=shown)))
    return render_template(
        "family/card/sheet.html",
        sheets=sheets,
        held=held,
        file=opened.shown.file,
        child=opened.shown.child,
        person=person,
        new_id=runtime().new_id,
        log_position=opened.shown.file.position,
    )


@blueprint.post("/cards/<uuid:card>/printed")
@signed_in(*FILE_STAFF)
def printed(pupil: UUID, card: UUID) -> ResponseReturnValue:
    """The card was printed and given: it is due again in 12 weeks."""
    held = _card(open_family(pupil, note=False), card)
    with runtime().desk() as conn:
        note_issued(conn, held.card, runtime().now())
    flash(_("It is noted that the card was given today."))
    return _back(pupil)


def _card(opened: FamilyPage, card: UUID) -> FamilyCard:
    with runtime().desk() as conn:
        held = cards_of_pupil(conn, opened.shown.file.pupil.pupil, viewer().organisation)
    found = next((one for one in held if one.card == card), None)
    if found is None:
        abort(404)
    return found


def _back(pupil: UUID) -> ResponseReturnValue:
    return redirect(url_for("family.page", pupil=pupil), 303)
