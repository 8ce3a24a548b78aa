"""The messages about a referral, meeting, challenge or action, and the reminder of it that a school sends by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec
from flask import abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.outbox import OutboxRow
from coordination.desk.reminders import newest_about, note_reminder, queue_reminder
from coordination.outbox.reminders import REMINDERS, waits_for_answer
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.messages import RULES
from webui.words.naming import organisation_name, people_names, service_name
from webui.words.text import Words

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
PROBLEMS = {
    "no_address": _l("No email address is recorded"),
    "not_wanted": _l("Nobody waits for it any more"),
    "mailbox_gone": _l("The mail came back: this address does not exist any more"),
    "bounced": _l("The mail came back"),
    "refused_recipient": _l("The mail server does not know this address"),
    "refused_message": _l("The mail server refused the message"),
    "put_off": _l("The mail server asked to try again later"),
    "server_unreachable": _l("The mail server did not answer"),
    "server_refused_login": _l("The mail server refused the sign-in"),
}
LOST = ("bounced", "given_up")


class ThingOfMessages(msgspec.Struct, frozen=True, kw_only=True):
    """What the messages are about: `thing` (a referral, say), the page `back` to it with its name in `back_words`,
    where the form for a reminder goes, and `state`, which folds the stream that says whether it was answered."""

    thing: UUID
    heading: Words
    back: str
    back_words: Words
    remind_to: str
    state: Callable[[], object]


class MessageAbout(msgspec.Struct, frozen=True):
    """A message: what it says in general, to whom, and what went wrong."""

    row: OutboxRow
    what: str
    to: str
    problem: str

    @property
    def lost(self) -> bool:
        """Whether it did not arrive, and nobody said that its recipient was told by other means."""
        return self.row.state in LOST and self.row.settled_at is None


def told_of(rows: Iterable[OutboxRow]) -> list[MessageAbout]:
    """Messages in words. Of a family no name is given."""
    held = [row for row in rows if row.rule in RULES]
    people = people_names(row.recipient for row in held if row.recipient_kind == "person")
    return [
        MessageAbout(
            row,
            _(RULES[row.rule].subject, service=service_name(row.service)),
            _recipient(row, people.get(row.recipient, "")),
            str(PROBLEMS.get(row.problem or "", row.problem or "")),
        )
        for row in held
    ]


def _recipient(row: OutboxRow, person: str) -> str:
    if row.recipient_kind in ("contact", "young_person"):
        return _("The family")
    return person or service_name(row.recipient) or organisation_name(row.recipient)


def messages_page(about: ThingOfMessages) -> ResponseReturnValue:
    """Show the messages, the newest first, and who can be reminded."""
    rows = _rows(about)
    told = told_of(rows)
    return Form(NothingSchema).page(
        "messages/about.html",
        about=about,
        messages=told,
        states=MESSAGE_STATES,
        lost=[one for one in told if one.lost],
        waiting=[one.to for one in told_of(_unanswered(rows, about))],
    )


def remind(about: ThingOfMessages) -> None:
    """Remind those who have not answered, once a day each; the next scheduled reminder is then left out. 404 when
    nobody is to be reminded."""
    Form(NothingSchema).take(request.form)
    rows = _unanswered(_rows(about), about)
    if not rows:
        abort(404)
    here = runtime()
    with here.desk() as desk:
        for row in rows:
            if note_reminder(desk, row, here.today(), viewer().person):
                queue_reminder(desk, row, BY_HAND + here.today().toordinal(), here.now())
    flash(_("The reminder is on its way. A scheduled reminder of these days is left out."))


def _rows(about: ThingOfMessages) -> list[OutboxRow]:
    with runtime().desk() as desk:
        return newest_about(desk, about.thing)


def _unanswered(rows: Iterable[OutboxRow], about: ThingOfMessages) -> list[OutboxRow]:
    """The last message to each recipient that asked for something, while it waits for an answer and did arrive."""
    asked: dict[UUID, OutboxRow] = {}
    for row in rows:
        if row.rule in REMINDERS:
            asked.setdefault(row.recipient, row)
    arrived = [row for row in asked.values() if row.state not in LOST]
    if not arrived:
        return []
    state, today = about.state(), runtime().today()
    return [row for row in arrived if waits_for_answer(state, row.thing, row.recipient, today)]
