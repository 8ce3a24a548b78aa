"""Requests to see or correct a record: receipt, every step with its day, the copy, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from coordination.event import Command
from coordination.pupil.rights.commands import (
    AcknowledgeRightsRequest,
    AnswerRightsRequest,
    PassOnRightsRequest,
    ReceiveRightsRequest,
    RecordHealthOpinion,
    StartRequestClock,
    StopRequestClock,
    WeighParentsRequest,
)
from coordination.pupil.rights.decide_requests import CLOCKS_STOP
from coordination.pupil.rights.decide_requests import OUTCOMES as OUTCOMES_OF
from coordination.pupil.rights.request_state import RightsRequest
from webui.forms import Form, FormSchema
from webui.forms.recording import record
from webui.rights.copying import copy_as_json, record_copy
from webui.rights.forms import (
    DayOnlySchema,
    OpinionSchema,
    ReceiveRequestSchema,
    RequestAnswerSchema,
    StopClockSchema,
    WeighSchema,
)
from webui.rights.reading import RightsFile, opinion_is_needed, request_due, request_of, rights_file
from webui.rights.words import ASKED_BY, KINDS, OUTCOMES
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REQUESTS_DESK
from webui.shell.runtime import runtime
from webui.words.text import Words

blueprint = Blueprint("rights_requests", __name__)


class RequestStep(msgspec.Struct, frozen=True):
    """A step of a request: its heading, its form, and the command from what was typed."""

    heading: Words
    schema: type[FormSchema]
    command: Callable[[dict[str, Any], dict[str, Any]], Command]


def _yes(value: str | None) -> bool | None:
    return None if value is None else value == "yes"


def _weigh(about: dict[str, Any], typed: dict[str, Any]) -> Command:
    answers = {name: _yes(typed[name]) for name in ("competent", "agrees")}
    return WeighParentsRequest(**{**about, **typed, **answers})


def _opinion(about: dict[str, Any], typed: dict[str, Any]) -> Command:
    return RecordHealthOpinion(**about, **{**typed, "serious_harm": typed["serious_harm"] == "yes"})


def _answer(about: dict[str, Any], typed: dict[str, Any]) -> Command:
    numbers = {name: _numbers(typed[name], name) for name in ("withheld", "corrected_by")}
    return AnswerRightsRequest(**{**about, **typed, **numbers})


def _numbers(text: str | None, field: str) -> tuple[int, ...]:
    """Versions typed with commas. Raises Refusal `not_entries`."""
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise Refusal("not_entries", field)
    return tuple(int(part) for part in parts)


STEPS: dict[str, RequestStep] = {
    "acknowledge": RequestStep(
        _l("Acknowledge the request"),
        DayOnlySchema,
        lambda about, typed: AcknowledgeRightsRequest(**about, **typed),
    ),
    "stop": RequestStep(
        _l("Stop the time"), StopClockSchema, lambda about, typed: StopRequestClock(**about, **typed)
    ),
    "start": RequestStep(
        _l("Let the time go on"), DayOnlySchema, lambda about, typed: StartRequestClock(**about, **typed)
    ),
    "weigh": RequestStep(_l("Weigh the parent’s request"), WeighSchema, _weigh),
    "opinion": RequestStep(_l("A health professional’s opinion"), OpinionSchema, _opinion),
    "answer": RequestStep(_l("Record the answer"), RequestAnswerSchema, _answer),
}


@blueprint.route("/rights/pupils/<uuid:pupil>/requests/new", methods=["GET", "POST"])
@signed_in(*REQUESTS_DESK)
def receive(pupil: UUID) -> ResponseReturnValue:
    """Record that a request was received."""
    file = rights_file(pupil)
    form = Form(ReceiveRequestSchema, values={"occurred_on": runtime().today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        made = casework.new_id(form.command_id, "request")
        command = ReceiveRightsRequest(pupil=pupil, request=made, controller=viewer().organisation, **typed)
        if record(form, command) is None:
            return _done(pupil, made, _("The request is recorded."))
    return form.page("rights/form.html", heading=_("Record a request"), button=_("Record it"), file=file)


@blueprint.get("/rights/pupils/<uuid:pupil>/requests/<uuid:request_id>", endpoint="page")
@signed_in(*REQUESTS_DESK)
def page(pupil: UUID, request_id: UUID) -> ResponseReturnValue:
    """Show a request: by when it is due, what was recorded, and what can be done next."""
    file = rights_file(pupil)
    held = request_of(file, request_id)
    return render_template(
        "rights/request.html",
        file=file,
        held=held,
        due=request_due(held),
        copy=record_copy(file, held),
        steps={name: STEPS[name].heading for name in _open_steps(file, held)},
        kinds=KINDS,
        asked_by=ASKED_BY,
        outcomes=OUTCOMES,
    )


@blueprint.route("/rights/pupils/<uuid:pupil>/requests/<uuid:request_id>/<step>", methods=["GET", "POST"])
@signed_in(*REQUESTS_DESK)
def step(pupil: UUID, request_id: UUID, step: str) -> ResponseReturnValue:
    """Record a step of a request, with its day."""
    file = rights_file(pupil)
    held = request_of(file, request_id)
    if step not in _open_steps(file, held):
        abort(404)
    wanted = STEPS[step]
    form = Form(
        wanted.schema,
        values={"occurred_on": runtime().today()},
        choices={"outcome": [(o, OUTCOMES[o]) for o in OUTCOMES if o in OUTCOMES_OF[held.kind]]},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            command = wanted.command({"pupil": pupil, "request": request_id}, typed)
        except Refusal as refused:
            form.refuse(refused)
        else:
            if record(form, command) is None:
                return _done(pupil, request_id, _("Recorded."))
    return form.page("rights/form.html", heading=wanted.heading, button=_("Record it"), file=file)


@blueprint.post("/rights/pupils/<uuid:pupil>/requests/<uuid:request_id>/pass-on/<uuid:to>")
@signed_in(*REQUESTS_DESK)
def pass_on(pupil: UUID, request_id: UUID, to: UUID) -> ResponseReturnValue:
    """Record that another controller was told of the request today."""
    request_of(rights_file(pupil), request_id)
    command = PassOnRightsRequest(occurred_on=runtime().today(), pupil=pupil, request=request_id, to=to)
    try:
        casework.perform(command, request.form.get("command_id") or f"pass on {request_id} {to}")
    except Refusal as refused:
        if refused.code == "not_found":
            raise
        abort(404)
    return _done(pupil, request_id, _("It is recorded that the request was passed on."))


@blueprint.get("/rights/pupils/<uuid:pupil>/requests/<uuid:request_id>/copy", endpoint="copy")
@signed_in(*REQUESTS_DESK)
def copy_page(pupil: UUID, request_id: UUID) -> ResponseReturnValue:
    """Show the copy that answers the request, to read, check and print."""
    file = rights_file(pupil)
    held = request_of(file, request_id)
    return render_template(
        "rights/copy.html", file=file, held=held, copy=record_copy(file, held), kinds=KINDS
    )


@blueprint.get("/rights/pupils/<uuid:pupil>/requests/<uuid:request_id>/copy.json", endpoint="copy_file")
@signed_in(*REQUESTS_DESK)
def copy_file(pupil: UUID, request_id: UUID) -> ResponseReturnValue:
    """The copy as a JSON file."""
    file = rights_file(pupil)
    held = request_of(file, request_id)
    content = msgspec.json.format(msgspec.json.encode(copy_as_json(file, held, record_copy(file, held))))
    response = make_response(content)
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="record.json"'
    return response


def _open_steps(file: RightsFile, held: RightsRequest) -> list[str]:
    """What can be recorded next, in order."""
    if held.outcome is not None:
        return []
    found = []
    if held.acknowledged_on is None:
        found.append("acknowledge")
    if held.kind in CLOCKS_STOP:
        found.append("start" if held.stopped else "stop")
    if held.asked_by == "parent":
        found.append("weigh")
    if held.kind == "subject_access" and opinion_is_needed(file, held):
        found.append("opinion")
    return [*found, "answer"]


def _done(pupil: UUID, request_id: UUID, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("rights_requests.page", pupil=pupil, request_id=request_id), 303)
