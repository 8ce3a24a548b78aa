"""The messages about a referral: what was sent to the service and to the school, what did not arrive, and a reminder
that the school sends by hand."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.pupil.casefile import PUPIL_STREAM
from webui.messages.about import ThingOfMessages, messages_page
from webui.messages.about import remind as remind_of
from webui.referral.reading import open_referral_page
from webui.shell.authentication import signed_in
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime

blueprint = Blueprint(
    "referral_messages", __name__, url_prefix="/pupils/<uuid:pupil>/referrals/<uuid:referral>/messages"
)


@blueprint.get("")
@signed_in(*FILE_STAFF)
def page(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Show the messages, the newest first, and whether the service can be reminded."""
    return messages_page(_about(pupil, referral, note=True))


@blueprint.post("/remind")
@signed_in(*FILE_STAFF)
def remind(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Remind the service now, once a day; the next scheduled reminder is then left out."""
    remind_of(_about(pupil, referral, note=False))
    return redirect(url_for("referral_messages.page", pupil=pupil, referral=referral), 303)


def _about(pupil: UUID, referral: UUID, *, note: bool) -> ThingOfMessages:
    opened = open_referral_page(pupil, referral, note=note)
    if not opened.at_school:
        abort(404)
    return ThingOfMessages(
        thing=referral,
        heading=_("Messages about this referral"),
        back=url_for("referrals.page", pupil=pupil, referral=referral),
        back_words=_("Referral"),
        remind_to=url_for("referral_messages.remind", pupil=pupil, referral=referral),
        state=lambda: runtime().coordination.batch().state(PUPIL_STREAM, pupil),
    )
