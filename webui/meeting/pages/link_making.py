"""Links with which an invited service answers and reads its minutes without an account, made by the school."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webui.links import made_here
from webui.links.making import AboutLink
from webui.meeting.pages.shared import blueprint
from webui.meeting.reading import open_meeting
from webui.referral.pages.referrals import LINK_MAKERS
from webui.shell.authentication import signed_in
from webui.words.formats import day


@blueprint.route("/meetings/<uuid:meeting>/link", methods=["GET", "POST"])
@signed_in(*LINK_MAKERS)
def link(meeting: UUID) -> ResponseReturnValue:
    """Show the links of the meeting, and the form for a new one."""
    return made_here.links_page(_thing(meeting))


@blueprint.post("/meetings/<uuid:meeting>/link/<uuid:link>/code")
@signed_in(*LINK_MAKERS)
def link_code(meeting: UUID, link: UUID) -> ResponseReturnValue:
    """Show a code to say on the telephone, once."""
    return made_here.give_code(_thing(meeting), link)


@blueprint.post("/meetings/<uuid:meeting>/link/<uuid:link>/revoke")
@signed_in(*LINK_MAKERS)
def revoke_link(meeting: UUID, link: UUID) -> ResponseReturnValue:
    """Revoke a link; 404 if it does not exist or belongs to another school."""
    return made_here.revoke(_thing(meeting), link)


def _thing(meeting: UUID) -> made_here.ThingOfLinks:
    """Raises NotFound for another school's meeting."""
    held = open_meeting(meeting)
    return made_here.ThingOfLinks(
        about=AboutLink("meeting", meeting),
        services=[seat.service for seat in held.found.seats if seat.service and seat.invited_on],
        heading=_("Answering by link"),
        explained=_(
            "With a link somebody at an invited service can answer the invitation without an account, and read the "
            "minutes that the service may read. It asks for a code first. A service without accounts gets a link with "
            "each message by itself."
        ),
        own=url_for("meetings.link", meeting=meeting),
        back=url_for("meetings.page", meeting=meeting),
        back_words=_("Meeting"),
        caption=f"{held.name}, {day(held.brief.held_on)}",
        log_position=held.found.log_position,
    )
