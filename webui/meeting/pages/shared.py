"""What the meeting pages share: the blueprint, staff choices, performing a form's commands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from coordination.errors import Refusal, StaleVersion
from coordination.event import Command
from webui.forms import Form
from webui.meeting.words import clock_words
from webui.shell import casework
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, people_names
from webui.words.text import Words

blueprint = Blueprint("meetings", __name__)


def staff_choices(organisations: UUID | Iterable[UUID], on: date) -> list[tuple[str, str]]:
    """The people with a role at one or more organisations on a day, by name: (id, name and roles)."""
    wanted = [organisations] if isinstance(organisations, UUID) else organisations
    roles: dict[UUID, list[str]] = {}
    for organisation in wanted:
        for appointment in directory().people_of(organisation, on):
            roles.setdefault(appointment.person, []).append(code_words("role", appointment.role))
    names = people_names(roles)
    listed = sorted(((names[p], p) for p in roles), key=lambda one: one[0].casefold())
    return [(str(p), f"{name} ({', '.join(dict.fromkeys(roles[p]))})") for name, p in listed]


def perform_meeting_form(
    form: Form, commands: Iterable[Command], *, current: int | None = None, now: str | None = None
) -> bool:
    """Perform a form's commands, all or none. Returns False when they are refused; the form then shows the refusal.
    After a lost race the form continues from `current`, the version that its page shows now, and shows `now`, the
    recorded values."""
    try:
        casework.perform_all(list(commands), form.command_id)
    except Refusal as refused:
        form.refuse(refused)
        if isinstance(refused, StaleVersion) and current is not None:
            form.seen, form.now = current, now
        return False
    return True


def back_to(meeting: UUID, words: Words, anchor: str | None = None) -> ResponseReturnValue:
    """Redirect to the meeting's page with a message."""
    flash(str(words))
    return redirect(url_for("meetings.page", meeting=meeting, _anchor=anchor), 303)


def done_at(address: str, words: Words) -> ResponseReturnValue:
    """Redirect to a page with a message."""
    flash(str(words))
    return redirect(address, 303)


def today() -> date:
    """Today's date in Wales."""
    return runtime().today()


@blueprint.app_template_filter("hour")
def hour_filter(at: time | None) -> str:
    """13:30 for a local time, empty if there is none."""
    return clock_words(at)
