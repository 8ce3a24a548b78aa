"""The minute about a pupil: recording, correcting and reading it; and the actions agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import StaleVersion
from coordination.event import Command
from coordination.meeting.events import PRESENT
from coordination.pupil.actions.decide import (
    AgreeActionAtMeeting,
    DropActionAtMeeting,
    SettleActionAtMeeting,
)
from coordination.pupil.actions.events import Owner
from coordination.pupil.minutes.decide import CorrectMinute, TakeMinute
from coordination.pupil.minutes.events import Dissent
from projections.attendance.queries import AgendaItem
from projections.case_file.queries import ActionSummary
from webui.actions.forms import DropSchema
from webui.forms import Form
from webui.meeting.forms.minutes import ACTIONS, ActionSchema, SettleSchema, minute_schema
from webui.meeting.pages.meeting import action_texts, owner_names
from webui.meeting.pages.shared import back_to, blueprint, perform_meeting_form, staff_choices, today
from webui.meeting.reading import SAID, MeetingPage, MinuteView, open_meeting, open_minute
from webui.meeting.sharing import sharing_of
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import saves_draft
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.words.naming import directory, service_name


@blueprint.get("/meetings/<uuid:meeting>/minute/<uuid:minute>")
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def read_minute(meeting: UUID, minute: UUID) -> ResponseReturnValue:
    """Show the minute and its earlier versions; to an agency only if it was disclosed to it."""
    held = open_meeting(meeting)
    found = held.minute(minute)
    purpose = "own_pupil" if viewer().role in SCHOOL_DESK else "was_present"
    casework.note_shown("minute", [found.pupil], purpose, found.cites)
    return render_template(
        "meeting/minutes/read.html",
        held=held,
        child=held.child(found.pupil),
        on_page=open_minute(found),
        actions=[a for a in held.at.actions if a.minute == minute],
        what=action_texts(held),
        owner=owner_names(held),
        may_write=viewer().role in SCHOOL_DESK,
        log_position=held.found.log_position,
    )


@blueprint.route("/meetings/<uuid:meeting>/minutes/<uuid:item>", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
@saves_draft
def minute(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Record the minute about a pupil on the agenda, with the actions agreed; the same form corrects it."""
    held = open_meeting(meeting)
    about = held.item(item)
    on_page = open_minute(held.at.minute_of(item))
    if on_page.minute is not None:
        casework.note_shown("minute", [about.pupil])
    form = _form(held, on_page)
    if request.method == "POST" and on_page.minute is not None and not request.form.get("seen"):
        # there was no minute when this form was opened
        if on_page.minute.minute == casework.new_id(request.form.get("command_id", ""), "minute"):
            return redirect(_after(held, about), 303)
        form = _form_again(held, on_page)
    elif (
        request.method == "POST"
        and (typed := form.take(request.form)) is not None
        and perform_meeting_form(
            form, _commands(held, about, on_page, typed, form), current=_version(on_page)
        )
    ):
        flash(_("The minute is saved."))
        return redirect(_after(held, about), 303)
    context = _context(held, about, on_page)
    return form.page("meeting/minutes/minute.html", rooms=range(1, ACTIONS + 1), **context)


def _form(held: MeetingPage, on_page: MinuteView) -> Form:
    current = on_page.current
    # a minute that existed when the page was opened is corrected; `seen` shows this when the form returns
    corrects = on_page.minute is not None
    usual: dict[str, Any] = {"services_present": held.present_services}
    if current is not None:
        usual = {name: getattr(current, name) for name in SAID}
        usual["services_present"] = current.version.services_present
        usual |= {f"dissent_{service.hex}": words for service, words in current.dissent}
    return Form(
        minute_schema(_dissenters(held, on_page), corrects=corrects),
        values=usual,
        choices={
            "services_present": [(str(s), service_name(s)) for s in _could_be_present(held, on_page)],
            **({} if corrects else {f"owner_{n}": owners(held) for n in range(1, ACTIONS + 1)}),
        },
        seen=_version(on_page),
    )


def _version(on_page: MinuteView) -> int | None:
    return on_page.minute.last_version if on_page.minute else None


def _form_again(held: MeetingPage, on_page: MinuteView) -> Form:
    """The correction form with all values typed in the form for a new minute."""
    form = _form(held, on_page)
    form.take(request.form)
    form.errors = {}
    form.seen = _version(on_page)
    form.refuse(StaleVersion(0, form.seen or 0))
    return form


def _could_be_present(held: MeetingPage, on_page: MinuteView) -> list[UUID]:
    """Services marked as present, and those that the minute names already."""
    named = on_page.minute.services_present if on_page.minute else ()
    return list(dict.fromkeys([*held.present_services, *named]))


def _dissenters(held: MeetingPage, on_page: MinuteView) -> list[UUID]:
    """Services that may disagree: they attended, or contributed in writing."""
    there = [s.party for s in held.found.seats if s.service and s.mark in PRESENT | {"written_contribution"}]
    said = [service for service, _words in on_page.current.dissent] if on_page.current else []
    return list(dict.fromkeys([*there, *said]))


def _commands(
    held: MeetingPage, about: AgendaItem, on_page: MinuteView, typed: Mapping[str, Any], form: Form
) -> Iterator[Command]:
    said: dict[str, Any] = {name: typed[name] for name in SAID}
    said["services_present"] = tuple(UUID(service) for service in typed["services_present"])
    said["dissent"] = tuple(
        Dissent(service=service, text=words)
        for service in _dissenters(held, on_page)
        if (words := typed[f"dissent_{service.hex}"])
    )
    known: dict[str, Any] = {"occurred_on": today(), "meeting": held.id, "pupil": about.pupil}
    if on_page.minute is not None:
        corrected = on_page.minute.minute
        yield CorrectMinute(**known, minute=corrected, seen=form.seen, why=typed["why"], **said)
        return
    taken = casework.new_id(form.command_id, "minute")
    yield TakeMinute(**known, minute=taken, item=about.item, **said)
    for number in range(1, ACTIONS + 1):
        if typed[f"what_{number}"]:
            yield AgreeActionAtMeeting(
                **known,
                minute=taken,
                action=casework.new_id(form.command_id, f"action {number}"),
                what=typed[f"what_{number}"],
                owner=owner_of(typed[f"owner_{number}"]),
                due_on=typed[f"due_on_{number}"],
            )


def _after(held: MeetingPage, about: AgendaItem) -> str:
    """The next page: the next pupil without a minute, this pupil if requested, or the meeting when all are done."""
    if "stay" in request.form:
        return url_for("meetings.minute", meeting=held.id, item=about.item)
    left = [i for i in held.found.agenda if i.item != about.item and held.at.minute_of(i.item) is None]
    if not left:
        return url_for("meetings.page", meeting=held.id)
    return url_for("meetings.minute", meeting=held.id, item=left[0].item)


def _context(held: MeetingPage, about: AgendaItem, on_page: MinuteView) -> dict[str, Any]:
    actions = [a for a in held.at.actions if on_page.minute and a.minute == on_page.minute.minute]
    places = [item.item for item in held.found.agenda]
    at = places.index(about.item)
    after = places[at + 1] if at + 1 < len(places) else None
    sharing = sharing_of(held)
    return {
        "held": held,
        "item": about,
        "child": held.child(about.pupil),
        "on_page": on_page,
        "actions": actions,
        "what": action_texts(held),
        "owner": owner_names(held),
        "number": at + 1,
        "of": len(places),
        "before_it": places[at - 1] if at else None,
        "after_it": after,
        "sharing": sharing[about.item],
        "next_sharing": sharing[after] if after else None,
        "dissenters": _dissenters(held, on_page),
        "log_position": held.found.log_position,
    }


# Actions


def owners(held: MeetingPage) -> list[tuple[str, str]]:
    """The possible owners of an action: the school's staff, then the services invited or present."""
    staff = [(f"person {key}", words) for key, words in _staff(held)]
    services = {seat.party: service_name(seat.party) for seat in held.found.seats if seat.service}
    listed = sorted(services.items(), key=lambda one: one[1].casefold())
    return staff + [(f"service {key}", words) for key, words in listed]


def _staff(held: MeetingPage) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] | None = g.get("staff")
    if found is None:
        found = g.staff = staff_choices(held.brief.school, today())
    return found


def owner_of(code: str | None) -> Owner | None:
    """The owner for a choice of `owners`; None if none is chosen."""
    if not code:
        return None
    kind, key = code.split(" ", 1)
    if kind == "person":
        return Owner(organisation=viewer().organisation, person=UUID(key))
    service = directory().service(UUID(key))
    return Owner(organisation=service.agency, service=service.id) if service else abort(404)


def owner_code(action: ActionSummary) -> str:
    """The choice of `owners` for an action's owner; empty if there is none."""
    if action.owner_person is not None:
        return f"person {action.owner_person}"
    return f"service {action.owner_service}" if action.owner_service else ""


@blueprint.route("/meetings/<uuid:meeting>/minutes/<uuid:item>/action", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def add_action(meeting: UUID, item: UUID) -> ResponseReturnValue:
    """Add an action for the pupil."""
    held = open_meeting(meeting)
    about = held.item(item)
    taken = held.at.minute_of(item)
    form = Form(ActionSchema, choices={"owner": owners(held)})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AgreeActionAtMeeting(
            occurred_on=today(),
            meeting=meeting,
            pupil=about.pupil,
            action=casework.new_id(form.command_id, "action"),
            what=typed["what"],
            minute=taken.minute if taken else None,
            owner=owner_of(typed["owner"]),
            due_on=typed["due_on"],
        )
        if perform_meeting_form(form, [command]):
            flash(_("The action is recorded."))
            return redirect(url_for("meetings.minute", meeting=meeting, item=item), 303)
    return form.page("meeting/minutes/action.html", held=held, item=about, child=held.child(about.pupil))


@blueprint.route("/meetings/<uuid:meeting>/actions/<uuid:action>", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def settle(meeting: UUID, action: UUID) -> ResponseReturnValue:
    """Set the owner and due date of an action before the meeting is final."""
    held, found = _action(meeting, action)
    form = Form(
        SettleSchema,
        values={"owner": owner_code(found), "due_on": found.due_on},
        choices={"owner": owners(held)},
        seen=found.last_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SettleActionAtMeeting(
            occurred_on=today(),
            seen=form.seen,
            meeting=meeting,
            pupil=found.pupil,
            action=action,
            owner=owner_of(typed["owner"]),
            due_on=typed["due_on"],
        )
        if perform_meeting_form(form, [command], current=found.last_version):
            return back_to(meeting, _("The owner and due date are saved."), "actions")
    return _action_page(held, found, form, Form(DropSchema, seen=found.last_version))


@blueprint.post("/meetings/<uuid:meeting>/actions/<uuid:action>/drop")
@signed_in(*SCHOOL_DESK)
def drop(meeting: UUID, action: UUID) -> ResponseReturnValue:
    """Cancel an action before the meeting is final."""
    held, found = _action(meeting, action)
    form = Form(DropSchema, seen=found.last_version)
    typed = form.take(request.form)
    if typed is not None:
        command = DropActionAtMeeting(
            occurred_on=today(),
            seen=form.seen,
            meeting=meeting,
            pupil=found.pupil,
            action=action,
            why=typed["why"],
        )
        if perform_meeting_form(form, [command], current=found.last_version):
            return back_to(meeting, _("The action is cancelled. It stays on the record."), "actions")
    usual = {"owner": owner_code(found), "due_on": found.due_on}
    settle_form = Form(SettleSchema, values=usual, choices={"owner": owners(held)}, seen=found.last_version)
    return _action_page(held, found, settle_form, form)


def _action(meeting: UUID, action: UUID) -> tuple[MeetingPage, ActionSummary]:
    held = open_meeting(meeting)
    found = next((a for a in held.at.actions if a.action == action), None)
    return held, found or abort(404)


def _action_page(
    held: MeetingPage, found: ActionSummary, settle_form: Form, drop_form: Form
) -> ResponseReturnValue:
    wrong = drop_form if drop_form.wrong else settle_form
    return wrong.page(
        "meeting/minutes/settle.html",
        held=held,
        action=found,
        child=held.child(found.pupil),
        what=action_texts(held)[found.action],
        settling=settle_form,
        dropping=drop_form,
    )
