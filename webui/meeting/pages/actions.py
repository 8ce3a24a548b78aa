"""The actions agreed at a meeting: who may own one, adding one, its owner and due date, cancelling it."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.pupil.actions.decide import (
    AgreeActionAtMeeting,
    DropActionAtMeeting,
    SettleActionAtMeeting,
)
from coordination.pupil.actions.events import Owner
from projections.case_file.queries import ActionSummary
from webui.actions.forms import DropSchema
from webui.forms import Form
from webui.meeting.due_choices import due_choices, due_day
from webui.meeting.forms.minutes import ActionSchema, SettleSchema
from webui.meeting.pages.meeting import action_texts
from webui.meeting.pages.shared import back_to, blueprint, perform_meeting_form, staff_choices, today
from webui.meeting.reading import MeetingPage, open_meeting
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.words.naming import directory, service_name


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
    form = Form(ActionSchema, choices={"owner": owners(held), "due_in": due_choices(held)})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AgreeActionAtMeeting(
            occurred_on=today(),
            meeting=meeting,
            pupil=about.pupil,
            action=casework.new_id(form.command_id, "action"),
            what=typed["what"],
            minute=taken.minute if taken else None,
            owner=owner_of(typed["owner"]),
            due_on=due_day(held, typed["due_on"], typed["due_in"], typed["owner"]),
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
        choices={"owner": owners(held), "due_in": due_choices(held)},
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
            due_on=due_day(held, typed["due_on"], typed["due_in"], typed["owner"]),
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
    choices = {"owner": owners(held), "due_in": due_choices(held)}
    settle_form = Form(SettleSchema, values=usual, choices=choices, seen=found.last_version)
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
