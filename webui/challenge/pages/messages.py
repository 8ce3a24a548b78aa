"""The messages about a challenge, and a reminder to a service that has not replied."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.challenge.state import CHALLENGE_STREAM
from webui.challenge.pages.shared import blueprint
from webui.challenge.reading import find_challenge
from webui.messages.about import ThingOfMessages, messages_page
from webui.messages.about import remind as remind_of
from webui.shell.authentication import signed_in
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime


@blueprint.get("/challenges/<uuid:challenge>/messages")
@signed_in(*SCHOOL_DESK)
def messages(challenge: UUID) -> ResponseReturnValue:
    """Show the messages, the newest first, and whether the service can be reminded."""
    return messages_page(_about(challenge))


@blueprint.post("/challenges/<uuid:challenge>/messages/remind")
@signed_in(*SCHOOL_DESK)
def remind(challenge: UUID) -> ResponseReturnValue:
    """Remind the service, once a day."""
    remind_of(_about(challenge))
    return redirect(url_for("challenges.messages", challenge=challenge), 303)


def _about(challenge: UUID) -> ThingOfMessages:
    """Raises NotFound for another school's challenge."""
    find_challenge(challenge)
    return ThingOfMessages(
        thing=challenge,
        heading=_("Messages about this challenge"),
        back=url_for("challenges.one", challenge=challenge),
        back_words=_("Challenge"),
        remind_to=url_for("challenges.remind", challenge=challenge),
        state=lambda: runtime().coordination.batch().state(CHALLENGE_STREAM, challenge),
    )
