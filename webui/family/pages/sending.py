"""The school's page about a pupil's family: who may be sent a link or a form, sending it, and giving a code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.one_time_links import OneTimeLink, good_until, make_link
from coordination.errors import NotFound
from coordination.outbox.family_messages import family_message
from coordination.pupil.family.form_codes import printed_code
from coordination.store.queue import queue_messages
from webui.family.reading import BARRED, FamilyPage, FamilyPerson, open_family
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.links.making import pin_for, revoke, standing
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime
from webui.words.naming import people_names

blueprint = Blueprint("family", __name__, url_prefix="/pupils/<uuid:pupil>/family")


@blueprint.get("")
@signed_in(*FILE_STAFF)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show who of the family may be sent something, and what was sent."""
    return _page(open_family(pupil))


@blueprint.post("/people/<uuid:audience>/send")
@signed_in(*FILE_STAFF)
def send(pupil: UUID, audience: UUID) -> ResponseReturnValue:
    """Have a link sent to a contact's email address."""
    opened = open_family(pupil, note=False)
    person = opened.person(audience)
    form = _pressed()
    if not _may_be_sent(form, person):
        return _page(opened, form)
    if person.person.contact is None or not person.person.email:
        form.say(
            _("There is no email address on record. Create a link and give it yourself, or print a form.")
        )
        return _page(opened, form)
    message = family_message(
        casework.new_id(form.command_id, "family message"),
        pupil,
        person.person.contact,
        viewer().organisation,
        runtime().now(),
    )
    with runtime().desk() as conn, conn.cursor() as cursor:
        queue_messages(cursor, [message])
    flash(_("A link is on its way to %(name)s.", name=person.person.name))
    return _back(pupil)


@blueprint.post("/people/<uuid:audience>/link")
@signed_in(*FILE_STAFF)
def make(pupil: UUID, audience: UUID) -> ResponseReturnValue:
    """Create a link that the school hands over itself; shown once."""
    opened = open_family(pupil, note=False)
    person = opened.person(audience)
    form = _pressed()
    if not _may_be_sent(form, person):
        return _page(opened, form)
    here, secret = runtime(), runtime().new_token()
    link = OneTimeLink(
        link=casework.new_id(form.command_id, "link"),
        kind="family",
        thing=pupil,
        pupil=pupil,
        audience_kind="young_person" if person.person.contact is None else "contact",
        audience=person.audience,
        organisation=viewer().organisation,
        school=viewer().organisation,
        made_by=viewer().person,
        made_at=here.now(),
        expires_at=good_until(here.now()),
    )
    with here.desk() as conn:
        fresh = make_link(conn, link, secret)
    if not fresh:
        form.command_id = str(here.new_id())
        form.say(
            _("This link was already created and is shown only once. Create another, and cancel the first.")
        )
        return _page(open_family(pupil, note=False), form)
    address = url_for("links.page", token=secret, _external=True)
    return _page(open_family(pupil, note=False), form, address=address, to=person.person.name)


@blueprint.post("/links/<uuid:link>/pin")
@signed_in(*FILE_STAFF)
def give_pin(pupil: UUID, link: UUID) -> ResponseReturnValue:
    """Create the code that the user says on the telephone."""
    opened = open_family(pupil, note=False)
    held = _link(opened, link)
    form = _pressed()
    if not _may_be_sent(form, opened.person(held.audience)):
        return _page(opened, form)
    pin = pin_for(held, form.command_id)
    if pin is None:
        form.say(_("This code was already created and is shown only once. Ask for another."))
    return _page(opened, form, pin=pin, to=opened.name_of(held.audience))


@blueprint.post("/links/<uuid:link>/revoke")
@signed_in(*FILE_STAFF)
def revoke_link(pupil: UUID, link: UUID) -> ResponseReturnValue:
    """Cancel a link."""
    revoke(_link(open_family(pupil, note=False), link))
    flash(_("The link is cancelled. Anyone who opens it is told only that it does not work."))
    return _back(pupil)


def _pressed() -> Form:
    form = Form(NothingSchema)
    form.take(request.form)
    return form


def _may_be_sent(form: Form, person: FamilyPerson) -> bool:
    """Whether the person may receive something now; else the form says why not."""
    if person.barred is None:
        return True
    form.say(str(BARRED[person.barred]))
    return False


def _link(opened: FamilyPage, link: UUID) -> OneTimeLink:
    found = next((one for one in opened.links if one.link == link), None)
    if found is None:
        raise NotFound
    return found


def _page(opened: FamilyPage, form: Form | None = None, **more: Any) -> ResponseReturnValue:
    form = form or Form(NothingSchema)
    makers = {one.made_by for one in opened.links if one.made_by} | {one.made_by for one in opened.forms}
    return form.page(
        "family/family.html",
        opened=opened,
        file=opened.shown.file,
        child=opened.shown.child,
        barred=BARRED,
        standing=standing,
        printed_code=printed_code,
        live=lambda link: link.live(runtime().now()),
        new_id=runtime().new_id,
        now=runtime().now(),
        names=people_names(makers),
        log_position=opened.shown.file.position,
        **more,
    )


def _back(pupil: UUID) -> ResponseReturnValue:
    return redirect(url_for("family.page", pupil=pupil), 303)
