"""The messages about a referral: what was sent to the service and to the school, what did not arrive, and a reminder
that the school sends by hand."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.outbox import OutboxRow
from coordination.desk.reminders import newest_about, note_reminder, queue_reminder
from coordination.outbox.reminders import REMINDERS, waits_for_answer
from coordination.pupil.casefile import PUPIL_STREAM
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.referral.reading import OpenedReferral, open_referral_page
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime
from webui.words.messages import RULES
from webui.words.naming import organisation_name, people_names, service_name

blueprint = Blueprint(
    "referral_messages", __name__, url_prefix="/pupils/<uuid:pupil>/referrals/<uuid:referral>/messages"
)
BY_HAND = 1_000_000
"""From where reminders that are sent by hand are numbered: the ordinal of the day is added."""
MESSAGE_STATES = {
    "waiting": _l("Waiting to be sent"),
    "sent": _l("Sent"),
    "bounced": _l("Came back: it did not arrive"),
    "given_up": _l("Could not be sent: it did not arrive"),
    "passed_on": _l("Sent to the people who coordinate there"),
    "not_wanted": _l("Not wanted by email"),
    "answered": _l("Not needed any more"),
}
LOST = ("bounced", "given_up")


class MessageAbout(msgspec.Struct, frozen=True):
    """A message about the referral: what it says in general, and to whom."""

    row: OutboxRow
    what: str
    to: str


@blueprint.get("")
@signed_in(*FILE_STAFF)
def page(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Show the messages, the newest first, and whether the service can be reminded."""
    opened = _at_school(pupil, referral, note=True)
    rows = _rows(referral)
    people = people_names(row.recipient for row in rows if row.recipient_kind == "person")
    told = [
        MessageAbout(
            row,
            _(RULES[row.rule].subject, service=service_name(row.service)),
            people.get(row.recipient) or service_name(row.recipient) or organisation_name(row.recipient),
        )
        for row in rows
        if row.rule in RULES
    ]
    return Form(NothingSchema).page(
        "referral/messages.html",
        opened=opened,
        messages=told,
        states=MESSAGE_STATES,
        lost=[one for one in told if one.row.state in LOST],
        can_remind=_to_remind_of(rows, pupil) is not None,
    )


@blueprint.post("/remind")
@signed_in(*FILE_STAFF)
def remind(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Remind the service now, once a day; the next scheduled reminder is then left out."""
    _at_school(pupil, referral, note=False)
    form = Form(NothingSchema)
    form.take(request.form)
    row = _to_remind_of(_rows(referral), pupil)
    if row is None:
        abort(404)
    here = runtime()
    with here.desk() as desk:
        if note_reminder(desk, row, here.today(), viewer().person):
            queue_reminder(desk, row, BY_HAND + here.today().toordinal(), here.now())
    flash(_("The service is reminded. A scheduled reminder of these days is left out."))
    return redirect(url_for("referral_messages.page", pupil=pupil, referral=referral), 303)


def _at_school(pupil: UUID, referral: UUID, *, note: bool) -> OpenedReferral:
    opened = open_referral_page(pupil, referral, note=note)
    if not opened.at_school:
        abort(404)
    return opened


def _rows(referral: UUID) -> list[OutboxRow]:
    with runtime().desk() as desk:
        return newest_about(desk, referral)


def _to_remind_of(rows: list[OutboxRow], pupil: UUID) -> OutboxRow | None:
    """The last message that asked the service for something, while it waits for an answer and did arrive."""
    asked = next((row for row in rows if row.rule in REMINDERS), None)
    if asked is None or asked.state in LOST:
        return None
    case = runtime().coordination.batch().state(PUPIL_STREAM, pupil)
    return asked if waits_for_answer(case, asked.thing, asked.recipient, runtime().today()) else None
