"""Links with which a service answers a challenge without an account, made by the school that raised it."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webui.challenge.links import may_have_links
from webui.challenge.pages.shared import blueprint
from webui.challenge.reading import find_challenge
from webui.links import made_here
from webui.links.making import AboutLink
from webui.referral.pages.referrals import LINK_MAKERS
from webui.shell.authentication import signed_in
from webui.words.naming import service_name


@blueprint.route("/challenges/<uuid:challenge>/link", methods=["GET", "POST"])
@signed_in(*LINK_MAKERS)
def link(challenge: UUID) -> ResponseReturnValue:
    """Show the links of the challenge, and the form for a new one."""
    return made_here.links_page(_thing(challenge))


@blueprint.post("/challenges/<uuid:challenge>/link/<uuid:link>/code")
@signed_in(*LINK_MAKERS)
def link_code(challenge: UUID, link: UUID) -> ResponseReturnValue:
    """Show a code to say on the telephone, once."""
    return made_here.give_code(_thing(challenge), link)


@blueprint.post("/challenges/<uuid:challenge>/link/<uuid:link>/revoke")
@signed_in(*LINK_MAKERS)
def revoke_link(challenge: UUID, link: UUID) -> ResponseReturnValue:
    """Revoke a link; 404 if it does not exist or belongs to another school."""
    return made_here.revoke(_thing(challenge), link)


def _thing(challenge: UUID) -> made_here.ThingOfLinks:
    """Raises NotFound for another school's challenge."""
    held = find_challenge(challenge)
    return made_here.ThingOfLinks(
        about=AboutLink("challenge", challenge),
        services=[held.challenge.service],
        heading=_("Answering by link"),
        explained=_(
            "With a link somebody at the service can acknowledge the challenge, reply to it and dispute a mark without "
            "an account. It asks for a code first. A service without accounts gets a link with each message by itself."
        ),
        own=url_for("challenges.link", challenge=challenge),
        back=url_for("challenges.one", challenge=challenge),
        back_words=_("Challenge"),
        caption=service_name(held.challenge.service),
        not_yet="" if may_have_links(held) else _("The challenge was not sent yet."),
        log_position=held.log_position,
    )
