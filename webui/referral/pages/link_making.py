"""Links with which a service answers a referral without an account: made by its school, shown once, revoked; and the
code that the school gives by telephone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.one_time_links import DAYS, OneTimeLink
from webui.forms import Form
from webui.forms.base import FormSchema
from webui.forms.fields import ChoiceField
from webui.links import making
from webui.referral.pages.referrals import LINK_MAKERS
from webui.referral.reading import OpenedReferral, open_referral_page
from webui.shell.authentication import signed_in
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, people_names, service_name

blueprint = Blueprint(
    "link_making", __name__, url_prefix="/pupils/<uuid:pupil>/referrals/<uuid:referral>/link"
)


class LinkSchema(FormSchema):
    """For which service the link is."""

    service = ChoiceField(_l("For which service?"))


@blueprint.route("", methods=["GET", "POST"])
@signed_in(*LINK_MAKERS)
def page(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Show the links of the referral, and the form for a new one."""
    opened = open_referral_page(pupil, referral, note=request.method == "GET")
    form = _form(opened)
    if request.method == "GET" or (typed := form.take(request.form)) is None:
        return _page(opened, form)
    service = directory().service(UUID(typed["service"]))
    if not opened.sent or service is None:
        form.say(_("The referral was not sent yet."))
        return _page(opened, form)
    about = making.AboutLink("referral", opened.referral, opened.pupil)
    address = making.make_service_link(about, service, form.command_id)
    if address is None:
        form.command_id = str(runtime().new_id())
        form.say(
            _("This link was already created and is shown only once. Create another, and cancel the first.")
        )
        return _page(opened, form)
    letters = making.letters(address, service.id, opened.referral)
    return _page(opened, form, address=address, letters=letters)


@blueprint.post("/<uuid:link>/code")
@signed_in(*LINK_MAKERS)
def give_code(pupil: UUID, referral: UUID, link: UUID) -> ResponseReturnValue:
    """Show a code to say on the telephone, once."""
    opened = open_referral_page(pupil, referral, note=False)
    pin = making.pin_for(_own(opened, link), request.form.get("command_id", ""))
    form = _form(opened)
    if pin is None:
        form.say(_("The link is over, or its code was already shown. Ask for another code."))
        return _page(opened, form)
    return _page(opened, form, pin=pin)


@blueprint.post("/<uuid:link>/revoke")
@signed_in(*LINK_MAKERS)
def revoke(pupil: UUID, referral: UUID, link: UUID) -> ResponseReturnValue:
    """Revoke a link; 404 if it does not exist or belongs to another school."""
    opened = open_referral_page(pupil, referral, note=False)
    making.revoke(_own(opened, link))
    flash(_("The link is cancelled. Anyone who opens it is told only that it does not work."))
    return redirect(url_for("link_making.page", pupil=pupil, referral=referral), 303)


def _own(opened: OpenedReferral, link: UUID) -> OneTimeLink:
    found = making.link_here(opened.referral, link)
    if found is None:
        abort(404)
    return found


def _form(opened: OpenedReferral) -> Form:
    """The service that holds the referral, and those before it that have not confirmed what was reported."""
    held = opened.held
    waiting = (s.version for s in held.counting() if s.word == "reported" and s.standing == "said")
    services = dict.fromkeys([held.service, *(held.holder_at(version)[0] for version in waiting)])
    choices = [
        (str(one), f"{service_name(one)}, {organisation_name(found.agency)}")
        for one in services
        if (found := directory().service(one)) is not None
    ]
    return Form(LinkSchema, values={"service": str(held.service)}, choices={"service": choices})


def _page(opened: OpenedReferral, form: Form, **more: Any) -> ResponseReturnValue:
    made = making.links_here(opened.referral)
    where: dict[str, Any] = {"pupil": opened.pupil, "referral": opened.referral}
    return form.page(
        "referral/by_link/make.html",
        opened=opened,
        links=made,
        names=people_names(link.made_by for link in made if link.made_by),
        standing=making.standing,
        live=lambda link: link.live(runtime().now()),
        pin_to=lambda link: url_for("link_making.give_code", link=link.link, **where),
        revoke_to=lambda link: url_for("link_making.revoke", link=link.link, **where),
        new_id=runtime().new_id,
        days=DAYS,
        log_position=opened.file.position,
        **more,
    )
