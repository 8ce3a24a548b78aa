"""One record at the rights desk: legal holds, and its erasure by two people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.erasing import erase_child
from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.rights.commands import (
    ApproveErasure,
    DeclineErasure,
    LiftLegalHold,
    PlaceLegalHold,
    ProposeErasure,
)
from projections.rights.queries import ProposedErasure, rights_overview
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.forms.recording import record
from webui.rights.forms import DecideErasureSchema, LegalHoldSchema, LiftHoldSchema, ProposeErasureSchema
from webui.rights.reading import RightsFile, request_due, rights_file
from webui.rights.words import CASES, GROUNDS, KINDS, OUTCOMES
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import APPROVAL_DESK, DUE_DESK, ERASING_DESK, REQUESTS_DESK
from webui.shell.runtime import runtime

blueprint = Blueprint("rights_records", __name__)


@blueprint.get("/rights/pupils/<uuid:pupil>", endpoint="page")
@signed_in(*REQUESTS_DESK)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show how long the record is kept, its holds, the proposal to erase it, and the requests about it."""
    file = rights_file(pupil)
    return render_template(
        "rights/record.html",
        file=file,
        requests=[(one, request_due(one)) for one in file.requests],
        grounds=GROUNDS,
        kinds=KINDS,
        outcomes=OUTCOMES,
        cases=CASES,
    )


@blueprint.route("/rights/pupils/<uuid:pupil>/propose", methods=["GET", "POST"])
@signed_in(*DUE_DESK)
def propose(pupil: UUID) -> ResponseReturnValue:
    """Propose to erase the record."""
    file = _file(pupil)
    form = Form(ProposeErasureSchema, values={"ground": "retention"} if file.due else {})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        made = casework.new_id(form.command_id, "proposal")
        command = ProposeErasure(occurred_on=runtime().today(), pupil=pupil, proposal=made, **typed)
        if record(form, command) is None:
            return _done(pupil, _("The proposal is recorded. The local authority decides."))
    return _form(form, file, _("Propose to erase the record"), _("Propose"))


@blueprint.route("/rights/pupils/<uuid:pupil>/decide", methods=["GET", "POST"])
@signed_in(*APPROVAL_DESK)
def decide(pupil: UUID) -> ResponseReturnValue:
    """Approve or decline a proposal that somebody else made."""
    file = _file(pupil)
    proposal = file.case.rights.proposal
    if proposal is None:
        raise NotFound
    form = Form(DecideErasureSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        about: dict[str, Any] = {
            "occurred_on": runtime().today(),
            "pupil": pupil,
            "proposal": proposal.proposal,
        }
        approves = typed["decision"] == "approve"
        command: Command = (
            ApproveErasure(**about) if approves else DeclineErasure(**about, why=typed["why"] or "")
        )
        if record(form, command) is None:
            words = _("Approved. It can now be carried out.") if approves else _("The proposal is declined.")
            return _done(pupil, words)
    return _form(form, file, _("Decide about erasing the record"), _("Record the decision"))


@blueprint.route("/rights/pupils/<uuid:pupil>/erase", methods=["GET", "POST"])
@signed_in(*ERASING_DESK)
def erase(pupil: UUID) -> ResponseReturnValue:
    """Carry out what two people decided. No name is shown: who does it need not see one."""
    proposed = _approved(pupil)
    form = Form(NothingSchema)
    if request.method == "POST" and form.take(request.form) is not None:
        try:
            erase_child(
                runtime().coordination, pupil, casework.command_context(form.command_id), runtime().today()
            )
        except Refusal as refused:
            if refused.code == "not_found":
                raise
            form.refuse(refused)
        else:
            casework.wait_until_readable(runtime().coordination.record.last_position())
            flash(_("The record is erased."))
            return redirect(url_for("rights.page"), 303)
    return form.page("rights/erase.html", proposed=proposed, grounds=GROUNDS)


@blueprint.route("/rights/pupils/<uuid:pupil>/hold", methods=["GET", "POST"])
@signed_in(*DUE_DESK)
def hold(pupil: UUID) -> ResponseReturnValue:
    """Place a legal hold: nothing of the record may be erased."""
    file = _file(pupil)
    form = Form(LegalHoldSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        placed = casework.new_id(form.command_id, "hold")
        command = PlaceLegalHold(occurred_on=runtime().today(), pupil=pupil, hold=placed, **typed)
        if record(form, command) is None:
            return _done(pupil, _("The legal hold is placed."))
    return _form(form, file, _("Place a legal hold"), _("Place the hold"))


@blueprint.route("/rights/pupils/<uuid:pupil>/holds/<uuid:hold_id>/lift", methods=["GET", "POST"])
@signed_in(*DUE_DESK)
def lift(pupil: UUID, hold_id: UUID) -> ResponseReturnValue:
    """Lift a legal hold."""
    file = _file(pupil)
    if hold_id not in file.case.rights.holds:
        raise NotFound
    form = Form(LiftHoldSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = LiftLegalHold(occurred_on=runtime().today(), pupil=pupil, hold=hold_id, **typed)
        if record(form, command) is None:
            return _done(pupil, _("The legal hold is lifted."))
    return _form(form, file, _("Lift a legal hold"), _("Lift the hold"))


def _file(pupil: UUID) -> RightsFile:
    """The record, for who may propose or decide. Raises NotFound."""
    file = rights_file(pupil)
    if not file.may_propose:
        raise NotFound
    return file


def _approved(pupil: UUID) -> ProposedErasure:
    """The approved proposal about a record, as far as the viewer may see it. Raises NotFound."""
    found = rights_overview(runtime().reader, viewer()).proposals
    proposed = next((one for one in found if one.pupil == pupil and one.approved), None)
    if proposed is None:
        raise NotFound
    return proposed


def _form(form: Form, file: RightsFile, heading: str, button: str) -> ResponseReturnValue:
    return form.page("rights/form.html", heading=heading, button=button, file=file, grounds=GROUNDS)


def _done(pupil: UUID, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("rights_records.page", pupil=pupil), 303)
