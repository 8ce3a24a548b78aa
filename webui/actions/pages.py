"""The page of an action (complete, postpone, change owner, cancel), for the pupil's school or the owner's
organisation; and the list of the actions that an agency owns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.event import Command
from coordination.pupil.actions.changes import open_changes
from coordination.pupil.actions.decide import (
    CancelAction,
    ChangeActionDue,
    CompleteAction,
    ReassignAction,
    ReopenAction,
)
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.sensitivity import Opened
from projections.case_file import queries
from projections.case_file.queries import ActionCriteria, ActionRow, ActionSummary
from webui.actions.forms import CHANGES, DONE, ChangeActionSchema, ReopenActionSchema
from webui.actions.words import owner_words
from webui.forms import Form
from webui.messages.about import ThingOfMessages, messages_page
from webui.messages.about import remind as remind_of
from webui.parts.paging import Paging, page_number
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.formats import day
from webui.words.naming import code_words, directory, organisation_name, people_names, service_name

blueprint = Blueprint("actions", __name__)

PAGE_SIZE = 50
ENDED = ("completed", "cancelled")
# The fields of the decisions, and the form fields in which they were typed.
BOXES = {"why": "words", "occurred_on": "done_on"}


class ActionItem(msgspec.Struct, frozen=True, kw_only=True):
    """An action in the agency's list; `child` is None if the name was not shared."""

    action: ActionSummary
    child: PupilIdentity | None
    what: str
    school: str
    owner: str


@blueprint.get("/inbox/actions")
@signed_in(*AGENCY_DESK)
def page() -> ResponseReturnValue:
    """List the agency's open actions, earliest due date first."""
    asked = ActionCriteria(page=page_number(request.args.get("page")), size=PAGE_SIZE)
    found = queries.actions(casework.reader(), viewer(), asked)
    if not found.rows and asked.page > 1:
        found = queries.actions(casework.reader(), viewer(), msgspec.structs.replace(asked, page=1))
    places = [*(line.identity for line in found.rows), *(line.action.at for line in found.rows)]
    opened = casework.open_sealed(places)
    names = people_names(line.action.owner_person for line in found.rows)
    half = len(found.rows)
    lines = [
        ActionItem(
            action=line.action,
            child=open_identity(line.action.pupil, opened[index]) if line.identity is not None else None,
            what=_words(opened[half + index]),
            school=organisation_name(line.action.school),
            owner=owner_words(line.action, names),
        )
        for index, line in enumerate(found.rows)
    ]
    casework.note_shown("actions", [line.action.pupil for line in found.rows], "disclosed")
    return Form(ChangeActionSchema).page(
        "actions/actions.html",
        lines=lines,
        act=lambda action: Form(ChangeActionSchema, seen=action.last_version),
        today=viewer().today,
        pages=Paging.of(found.total, asked.page, PAGE_SIZE),
        page_address=lambda n: url_for("actions.page", page=n if n > 1 else None),
        log_position=found.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/actions/<uuid:action>", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK, *AGENCY_DESK)
def change(pupil: UUID, action: UUID) -> ResponseReturnValue:
    """Show an action with one form for every change. A wrong or foreign id is 404."""
    line, position = _line(pupil, action)
    form = _form(line.action)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            return _recorded(form, _command(line.action, form, typed), pupil)
        except NotFound:
            raise
        except Refusal as refused:
            form.refuse(Refusal(refused.code, BOXES.get(refused.field or "", refused.field), **refused.facts))
            if isinstance(refused, StaleVersion):
                casework.wait_until_readable(runtime().coordination.record.last_position())
                line, position = _line(pupil, action)
                form.seen = max(line.action.last_version, refused.facts["current"])
                form.now = _state_words(line.action)
    return _page(form, line, position)


@blueprint.get("/pupils/<uuid:pupil>/actions/<uuid:action>/messages")
@signed_in(*SCHOOL_DESK)
def messages(pupil: UUID, action: UUID) -> ResponseReturnValue:
    """Show the messages about an action, and whether its owner can be reminded."""
    about = _messages(pupil, action)
    casework.note_shown("action", [pupil], "own_pupil")
    return messages_page(about)


@blueprint.post("/pupils/<uuid:pupil>/actions/<uuid:action>/messages/remind")
@signed_in(*SCHOOL_DESK)
def remind(pupil: UUID, action: UUID) -> ResponseReturnValue:
    """Remind the owner, once a day."""
    remind_of(_messages(pupil, action))
    return redirect(url_for("actions.messages", pupil=pupil, action=action), 303)


def _messages(pupil: UUID, action: UUID) -> ThingOfMessages:
    _line(pupil, action)
    return ThingOfMessages(
        thing=action,
        heading=_("Messages about this action"),
        back=url_for("actions.change", pupil=pupil, action=action),
        back_words=_("Action"),
        remind_to=url_for("actions.remind", pupil=pupil, action=action),
        state=lambda: runtime().coordination.batch().state(PUPIL_STREAM, pupil),
    )


def _line(pupil: UUID, action: UUID) -> tuple[ActionRow, int]:
    line, position = queries.action(casework.reader(), viewer(), action)
    if line.action.pupil != pupil:
        abort(404)
    return line, position


def _page(form: Form, line: ActionRow, position: int) -> ResponseReturnValue:
    held = line.action
    identity, what = casework.open_sealed([line.identity, held.at])
    at_school = viewer().role in SCHOOL_DESK
    casework.note_shown("action", [held.pupil], "own_pupil" if at_school else "disclosed")
    return form.page(
        "actions/action.html",
        action=held,
        child=open_identity(held.pupil, identity) if line.identity is not None else None,
        what=_words(what),
        owner=owner_words(held, people_names([held.owner_person])),
        at_school=at_school,
        ended=held.phase in ENDED,
        reopening="change" not in form.schema.fields,
        back=_back(held.pupil),
        log_position=position,
    )


# The form


def _form(held: ActionSummary) -> Form:
    """The form for the changes that are possible now. A change that was sent keeps its form whatever was recorded
    since: the decision checks it."""
    if request.method == "POST" and "change" not in request.form:
        return Form(ReopenActionSchema, seen=held.last_version)
    by_school = viewer().role in SCHOOL_DESK
    if request.method == "GET" and "reopened" in open_changes(held.phase, by_school=by_school):
        return Form(ReopenActionSchema, seen=held.last_version)
    changes = open_changes("open", by_school=by_school)
    return Form(
        ChangeActionSchema,
        values={"change": DONE, "done_on": viewer().today},
        choices={"change": [(code, CHANGES[code]) for code in changes], "owner": list(_owners())},
        seen=held.last_version,
    )


def _command(held: ActionSummary, form: Form, typed: dict[str, Any]) -> Command:
    about: dict[str, Any] = {"seen": form.seen, "pupil": held.pupil, "action": held.action}
    today = viewer().today
    match typed.get("change"):
        case "done":
            return CompleteAction(occurred_on=typed["done_on"], how=typed["words"], **about)
        case "later":
            return ChangeActionDue(occurred_on=today, due_on=typed["due_on"], why=typed["words"], **about)
        case "handed_on":
            owner = _owner_of(held, typed["owner"])
            return ReassignAction(occurred_on=today, owner=owner, why=typed["words"], **about)
        case "cancelled":
            return CancelAction(occurred_on=today, why=typed["words"], **about)
        case _:
            return ReopenAction(occurred_on=today, why=typed["words"], **about)


def _recorded(form: Form, command: Command, pupil: UUID) -> ResponseReturnValue:
    """Record the change and redirect to the list with the action. Raises Refusal."""
    casework.perform(command, form.command_id)
    flash(_done_words(command))
    return redirect(_back(pupil), 303)


def _done_words(command: Command) -> str:
    match command:
        case CompleteAction():
            return _("The action is recorded as done.")
        case ChangeActionDue(due_on=due_on):
            return _("The action is now due by %(day)s.", day=day(due_on))
        case ReassignAction():
            return _("The action has a new owner.")
        case CancelAction():
            return _("The action is cancelled.")
        case _:
            return _("The action is open again.")


def _back(pupil: UUID) -> str:
    """The page the user came from: Today, the pupil's file or the agency's list."""
    if viewer().role not in SCHOOL_DESK:
        return url_for("actions.page")
    if request.args.get("from") == "today":
        return url_for("today.page", _anchor="actions")
    return url_for("case_file.page", pupil=pupil, _anchor="actions")


# Possible owners


def _owners() -> Iterator[tuple[str, str]]:
    """The possible owners: for a school its staff and the open services; for an agency its own services and people,
    because an owner can only pass an action on within its own organisation."""
    own, today = viewer().organisation, viewer().today
    roles: dict[UUID, list[str]] = {}
    for appointment in directory().people_of(own, today):
        roles.setdefault(appointment.person, []).append(code_words("role", appointment.role))
    names = people_names(roles)
    for person in sorted(roles, key=lambda one: names[one].casefold()):
        yield f"person {person}", f"{names[person]} ({', '.join(dict.fromkeys(roles[person]))})"
    at_school = viewer().role in SCHOOL_DESK
    services = directory().services if at_school else directory().services_of(own)
    yield from sorted(
        ((f"service {s.id}", service_name(s)) for s in services if s.is_open(today)),
        key=lambda one: one[1].casefold(),
    )


def _owner_of(held: ActionSummary, code: str) -> Owner:
    kind, key = code.split(" ", 1)
    own = viewer().organisation
    if kind == "person":
        service = directory().service(held.owner_service)
        of_own = service is not None and service.agency == own
        return Owner(organisation=own, service=held.owner_service if of_own else None, person=UUID(key))
    service = directory().service(UUID(key))
    return Owner(organisation=service.agency, service=service.id) if service else abort(404)


def _state_words(action: ActionSummary) -> str:
    """The current state of the action, in words."""
    match action.phase:
        case "completed" if action.ended_on:
            return _("Done on %(day)s.", day=day(action.ended_on))
        case "cancelled" if action.ended_on:
            return _("Cancelled on %(day)s.", day=day(action.ended_on))
        case _:
            owner = owner_words(action, people_names([action.owner_person]))
            due = day(action.due_on) if action.due_on else ""
            return _("Owner: %(owner)s. Due by %(day)s.", owner=owner, day=due)


def _words(opened: Opened) -> str:
    return str(text_of(opened, "what") or _("Erased"))
