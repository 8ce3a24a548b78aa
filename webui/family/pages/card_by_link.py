"""The card "Whose turn is it?" by link, without an account."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from coordination.desk.one_time_links import OneTimeLink
from webui.family.card import card_for
from webui.family.reading import opened_for_link
from webui.links.browser import keep_secret
from webui.links.proof import by_link

blueprint = Blueprint("card_by_link", __name__, url_prefix="/link/<token>/family_card")
keep_secret(blueprint)


@blueprint.get("")
@by_link("family_card")
def page(link: OneTimeLink) -> ResponseReturnValue:
    """The card as it is today."""
    case, person, child = opened_for_link(link)
    card = card_for(case, person, child, link.organisation)
    html = render_template(
        "family/card/card.html", card=card, finish=url_for("links.finish"), signing_in=True
    )
    return make_response(html)
