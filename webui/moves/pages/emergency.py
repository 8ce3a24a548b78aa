"""Emergency access for a child who is sitting in the school today, and its review by the local authority."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.file_requests import RequestRow
from coordination.errors import Refusal
from coordination.pupil.matching import IdentityDetails, compare
from coordination.pupil.moves.commands import OpenEmergencyAccess, ReviewEmergencyAccess
from coordination.pupil.profile.events import IDENTITY_TOPICS
from projections.case_file import queries
from projections.moves.queries import open_emergency
from webui.forms import Form
from webui.forms.recording import record
from webui.moves.forms import EmergencySchema, ReviewSchema
from webui.moves.reading import open_emergency_access
from webui.pupil.asking import own_request
from webui.pupil.file import open_pupil_file
from webui.pupil.identity import open_identity
from webui.referral.status import move_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime

blueprint = Blueprint("emergency", __name__)


@blueprint.route("/pupils/asked/<uuid:request_id>/emergency", endpoint="page", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def page(request_id: UUID) -> ResponseReturnValue:
    """Ask for the reason; then show identity, contacts, immediate risk and open referrals until the access ends."""
    row = own_request(request_id)
    if row.answered:
        abort(404)
    opened = open_emergency(casework.reader(), viewer(), request_id)
    if opened is not None:
        return _shown(opened.pupil, row, opened.closes_at)
    form = Form(EmergencySchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if row.pupil is None or not _same_pupil(row, row.pupil):
            form.refuse(Refusal("emergency_not_matched"))
        else:
            access = casework.new_id(form.command_id, "emergency")
            command = OpenEmergencyAccess(
                occurred_on=runtime().today(), pupil=row.pupil, access=access, request=request_id, **typed
            )
            if record(form, command) is None:
                return redirect(url_for("emergency.page", request_id=request_id), 303)
    casework.note_shown("emergency_access", [request_id], "emergency")
    return form.page("moves/emergency/ask.html", row=row)


def _same_pupil(row: RequestRow, pupil: UUID) -> bool:
    """Whether the details of the request are the pupil's: emergency access never opens the file of somebody else."""
    if row.asked is None:
        return False
    who = open_identity(pupil, runtime().coordination.record.latest(pupil, IDENTITY_TOPICS))
    if who.erased or who.born is None:
        return False
    typed = row.asked.register
    recorded = IdentityDetails(
        upn=who.upn, surname=who.surname, forename=who.forename, date_of_birth=who.born
    )
    told = IdentityDetails(
        upn=typed.upn, surname=typed.surname, forename=typed.forename, date_of_birth=typed.date_of_birth
    )
    return compare(told, recorded).verdict == "same"


def _shown(pupil: UUID, row: RequestRow, closes_at: Any) -> ResponseReturnValue:
    file = queries.pupil(casework.reader(), viewer(), pupil)
    casework.note_shown("emergency_access", [pupil], "emergency")
    return render_template(
        "moves/emergency/shown.html",
        row=row,
        opened=open_pupil_file(file),
        closes_at=closes_at,
        under_way=[(r, move_words(r)) for r in file.referrals if not r.ended],
        log_position=file.position,
    )


@blueprint.route("/emergency-access/<uuid:access>", endpoint="review", methods=["GET", "POST"])
@signed_in("la_safeguarding")
def review(access: UUID) -> ResponseReturnValue:
    """Show an emergency access with its reason, and record what the reviewer found."""
    opened = open_emergency_access(access)
    form = Form(ReviewSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = ReviewEmergencyAccess(
            occurred_on=runtime().today(), pupil=opened.access.pupil, access=access, **typed
        )
        if record(form, command) is None:
            flash(_("Your finding is recorded."))
            return redirect(url_for("caseworker.page"), 303)
    casework.note_shown("emergency_access", [opened.access.pupil], "review")
    return form.page("moves/emergency/review.html", opened=opened)
