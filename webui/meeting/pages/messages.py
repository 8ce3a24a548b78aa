"""The messages about a meeting, and a reminder of the invitation to those who have not answered."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.meeting.state import MEETING_STREAM
from webui.meeting.pages.shared import blueprint
from webui.meeting.reading import open_meeting
from webui.messages.about import ThingOfMessages, messages_page
from webui.messages.about import remind as remind_of
from webui.shell.authentication import signed_in
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime


@blueprint.get("/meetings/<uuid:meeting>/messages")
@signed_in(*SCHOOL_DESK)
def messages(meeting: UUID) -> ResponseReturnValue:
    """Show the messages, the newest first, and who has not answered."""
    return messages_page(_about(meeting))


@blueprint.post("/meetings/<uuid:meeting>/messages/remind")
@signed_in(*SCHOOL_DESK)
def remind(meeting: UUID) -> ResponseReturnValue:
    """Remind the services that have not answered their invitation, once a day each."""
    remind_of(_about(meeting))
    return redirect(url_for("meetings.messages", meeting=meeting), 303)


def _about(meeting: UUID) -> ThingOfMessages:
    """Raises NotFound for another school's meeting."""
    open_meeting(meeting)
    return ThingOfMessages(
        thing=meeting,
        heading=_("Messages about this meeting"),
        back=url_for("meetings.page", meeting=meeting),
        back_words=_("Meeting"),
        remind_to=url_for("meetings.remind", meeting=meeting),
        state=lambda: runtime().coordination.batch().state(MEETING_STREAM, meeting),
    )
