"""The page on which a school makes links for a service: of a referral, a meeting or a challenge. Made, shown once,
revoked; and the code that the school gives by telephone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.one_time_links import DAYS, OneTimeLink
from webui.forms import Form
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField
from webui.links import making
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, people_names, service_name
from webui.words.text import Words


class LinkSchema(FormSchema):
    """For which service the link is."""

    service = ChoiceField(_l("For which service?"), says={"missing": _l("Choose a service")})


class ThingOfLinks(msgspec.Struct, frozen=True, kw_only=True):
    """What the links are about, the `services` they can be made for, and the addresses of its pages: `own` is that of
    the links, below which are `/<link>/code` and `/<link>/revoke`. `explained`: what can be done with a link.
    `not_yet`: why none can be made, if that is so."""

    about: making.AboutLink
    services: Iterable[UUID]
    heading: Words
    explained: Words
    own: str
    back: str
    back_words: Words
    caption: Words = ""
    not_yet: Words = ""
    log_position: int | None = None


def links_page(thing: ThingOfLinks) -> ResponseReturnValue:
    """Show the links, and the form for a new one."""
    form = _form(thing)
    if request.method == "GET" or (typed := form.take(request.form)) is None:
        return _page(thing, form)
    service = directory().service(UUID(typed["service"]))
    if thing.not_yet or service is None:
        form.say(str(thing.not_yet))
        return _page(thing, form)
    address = making.make_service_link(thing.about, service, form.command_id)
    if address is None:
        form.command_id = str(runtime().new_id())
        form.say(
            _("This link was already created and is shown only once. Create another, and cancel the first.")
        )
        return _page(thing, form)
    letters = making.letters(address, service.id, thing.about.thing)
    return _page(thing, form, address=address, letters=letters)


def give_code(thing: ThingOfLinks, link: UUID) -> ResponseReturnValue:
    """Show a code to say on the telephone, once."""
    pin = making.pin_for(_own(thing, link), request.form.get("command_id", ""))
    form = _form(thing)
    if pin is None:
        form.say(_("The link is over, or its code was already shown. Ask for another code."))
        return _page(thing, form)
    return _page(thing, form, pin=pin)


def revoke(thing: ThingOfLinks, link: UUID) -> ResponseReturnValue:
    """Revoke a link; 404 if it does not exist or belongs to another school."""
    making.revoke(_own(thing, link))
    flash(_("The link is cancelled. Anyone who opens it is told only that it does not work."))
    return redirect(thing.own, 303)


def _own(thing: ThingOfLinks, link: UUID) -> OneTimeLink:
    found = making.link_here(thing.about.thing, link)
    if found is None:
        abort(404)
    return found


def _form(thing: ThingOfLinks) -> Form:
    choices = [
        (str(one), f"{service_name(one)}, {organisation_name(found.agency)}")
        for one in dict.fromkeys(thing.services)
        if (found := directory().service(one)) is not None
    ]
    first = {"service": choices[0][0]} if choices else {}
    return Form(LinkSchema, values=first, choices={"service": choices})


def _page(thing: ThingOfLinks, form: Form, **more: Any) -> ResponseReturnValue:
    made = making.links_here(thing.about.thing)
    if thing.log_position is not None:
        more["log_position"] = thing.log_position
    return form.page(
        "links/made_here.html",
        thing=thing,
        links=made,
        names=people_names(link.made_by for link in made if link.made_by),
        standing=making.standing,
        live=lambda link: link.live(runtime().now()),
        pin_to=lambda link: f"{thing.own}/{link.link}/code",
        revoke_to=lambda link: f"{thing.own}/{link.link}/revoke",
        new_id=runtime().new_id,
        days=DAYS,
        **more,
    )
