"""The messages of a school that did not arrive: somebody's task until their recipients were told by other means."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.outbox import OutboxRow, lost_messages, settle_message
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.messages.about import MESSAGE_STATES, told_of
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime

blueprint = Blueprint("lost_messages", __name__, url_prefix="/messages-not-arrived")
MOST = 200
"""So many are shown, the oldest first."""


@blueprint.get("")
@signed_in(*SCHOOL_DESK)
def page() -> ResponseReturnValue:
    """Show the messages, the oldest first."""
    with runtime().desk() as desk:
        rows, total = lost_messages(desk, viewer().organisation, MOST)
    return Form(NothingSchema).page(
        "messages/not_arrived.html",
        messages=told_of(rows),
        total=total,
        states=MESSAGE_STATES,
        page_of=_page_of,
        new_id=runtime().new_id,
    )


@blueprint.post("/<uuid:message>/told")
@signed_in(*SCHOOL_DESK)
def told(message: UUID) -> ResponseReturnValue:
    """Note that the recipient was told by other means. Another school's message is a 404."""
    Form(NothingSchema).take(request.form)
    here = runtime()
    with here.desk() as desk:
        if not settle_message(desk, message, viewer().organisation, viewer().person, here.now()):
            abort(404)
    flash(_("Noted: they were told by other means."))
    return redirect(url_for("lost_messages.page"), 303)


def _page_of(row: OutboxRow) -> str | None:
    """The page of what the message is about."""
    if row.subject == "referral" and row.pupil is not None:
        return url_for("referrals.page", pupil=row.pupil, referral=row.thing)
    if row.subject == "action" and row.pupil is not None:
        return url_for("actions.change", pupil=row.pupil, action=row.thing)
    match row.subject:
        case "meeting":
            return url_for("meetings.page", meeting=row.thing)
        case "challenge":
            return url_for("challenges.one", challenge=row.thing)
        case "advice":
            return url_for("advice.one", advice=row.thing)
        case "family" | "family_card":
            return url_for("family.page", pupil=row.thing)
        case _:
            return None
