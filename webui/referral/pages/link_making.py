"""Links with which a service answers a referral without an account: made by its school, shown once, revoked; and the
code that the school gives by telephone."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webui.links import made_here
from webui.links.making import AboutLink
from webui.referral.links import services_with_links
from webui.referral.pages.referrals import LINK_MAKERS
from webui.referral.reading import open_referral_page
from webui.shell.authentication import signed_in
from webui.words.naming import service_name

blueprint = Blueprint(
    "link_making", __name__, url_prefix="/pupils/<uuid:pupil>/referrals/<uuid:referral>/link"
)


@blueprint.route("", methods=["GET", "POST"])
@signed_in(*LINK_MAKERS)
def page(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Show the links of the referral, and the form for a new one."""
    return made_here.links_page(_thing(pupil, referral, note=request.method == "GET"))


@blueprint.post("/<uuid:link>/code")
@signed_in(*LINK_MAKERS)
def give_code(pupil: UUID, referral: UUID, link: UUID) -> ResponseReturnValue:
    """Show a code to say on the telephone, once."""
    return made_here.give_code(_thing(pupil, referral, note=False), link)


@blueprint.post("/<uuid:link>/revoke")
@signed_in(*LINK_MAKERS)
def revoke(pupil: UUID, referral: UUID, link: UUID) -> ResponseReturnValue:
    """Revoke a link; 404 if it does not exist or belongs to another school."""
    return made_here.revoke(_thing(pupil, referral, note=False), link)


def _thing(pupil: UUID, referral: UUID, *, note: bool) -> made_here.ThingOfLinks:
    opened = open_referral_page(pupil, referral, note=note)
    return made_here.ThingOfLinks(
        about=AboutLink("referral", opened.referral, opened.pupil),
        services=services_with_links(opened),
        heading=_("Answering by link"),
        explained=_(
            "With a link somebody at the service can answer this referral without an account: acknowledge it, ask, "
            "accept or decline, offer an appointment, record an outcome, and confirm or contest what you reported. It "
            "shows what the family agreed to share, after a code. A service without accounts gets a link with each "
            "message by itself."
        ),
        own=url_for("link_making.page", pupil=pupil, referral=referral),
        back=url_for("referrals.page", pupil=pupil, referral=referral),
        back_words=_("The referral"),
        caption=f"{opened.name} · {service_name(opened.held.service)}",
        not_yet="" if opened.sent else _("The referral was not sent yet."),
        log_position=opened.file.position,
    )
