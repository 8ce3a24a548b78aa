"""Emergency access of one person: the details of the child and a reason, then part of the file for a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coordination.desk.readings import HIDDEN_PURPOSE, failed_look_ups_since
from coordination.errors import NotFound, Refusal
from coordination.permissions import Thing, roles_with
from coordination.pupil.matching import IdentityDetails, compare
from coordination.pupil.moves.commands import OpenEmergencyFile
from coordination.store.identities import latest_identities
from coordination.store.likeness import details_of, pupils_alike
from projections.case_file import queries
from projections.moves.queries import EmergencyAccessSummary, emergency_access, own_emergencies
from webui.forms import Form
from webui.forms.recording import record
from webui.moves.forms import EmergencyFileSchema
from webui.pupil.file import open_pupil_file
from webui.pupil.identity import open_identity
from webui.referral.status import move_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime

blueprint = Blueprint("emergency_file", __name__)

MAY_OPEN = roles_with(Thing.EMERGENCY_ACCESS)
FAILED = 10
"""Look-ups of a person that found nobody, in an hour, after which no more are taken."""


@blueprint.route("/emergency", endpoint="ask", methods=["GET", "POST"])
@signed_in(*MAY_OPEN)
def ask() -> ResponseReturnValue:
    """Ask who the child is, and why the file is needed now; list the accesses that are still open."""
    form = Form(EmergencyFileSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        access = casework.new_id(form.command_id, "emergency")
        if _opened(form, typed, access):
            return redirect(url_for("emergency_file.page", access=access), 303)
    running = own_emergencies(casework.reader(), viewer())
    opened = casework.open_sealed([one.identity for one in running])
    return form.page(
        "moves/emergency/open.html",
        running=[(one, open_identity(one.pupil, who)) for one, who in zip(running, opened, strict=True)],
    )


@blueprint.get("/emergency/<uuid:access>", endpoint="page")
@signed_in(*MAY_OPEN)
def page(access: UUID) -> ResponseReturnValue:
    """Show identity, contacts, immediate risk and open referrals, until the access ends."""
    who = viewer()
    opened = emergency_access(casework.reader(), who, access)
    if opened.person != who.person or who.now is None or opened.closes_at <= who.now:
        raise NotFound
    file = queries.pupil(casework.reader(), who, opened.pupil)
    casework.note_shown("emergency_access", [opened.pupil], _purpose(opened))
    return render_template(
        "moves/emergency/file.html",
        opened=open_pupil_file(file),
        closes_at=opened.closes_at,
        under_way=[(r, move_words(r)) for r in file.referrals if not r.ended],
        log_position=file.position,
    )


def _opened(form: Form, typed: dict[str, Any], access: UUID) -> bool:
    """Whether the file was opened. A child who is not on the record, one whose details differ, and one in whom the user
    has an interest are answered alike; every attempt is noted."""
    here, who = runtime(), viewer()
    with here.desk() as desk:
        failed = failed_look_ups_since(desk, who.person, here.now() - timedelta(hours=1))
    if failed >= FAILED:
        form.refuse(Refusal("too_many_look_ups"))
        return False
    pupil = _matched(typed)
    casework.note_shown("emergency_look_up", [] if pupil is None else [pupil], HIDDEN_PURPOSE)
    if pupil is not None:
        command = OpenEmergencyFile(
            occurred_on=here.today(), pupil=pupil, access=access, told=typed["told"], why=typed["why"]
        )
        try:
            return record(form, command) is None
        except NotFound:
            pass
    form.refuse(Refusal("emergency_not_matched"))
    return False


def _matched(typed: dict[str, Any]) -> UUID | None:
    """The one child with these names and this date of birth, and this number where one was given."""
    told = IdentityDetails(
        upn=typed["upn"] or "",
        surname=typed["surname"],
        forename=typed["forename"],
        date_of_birth=typed["date_of_birth"],
    )
    coordination = runtime().coordination
    [alike] = pupils_alike(coordination.record, [told])
    known = latest_identities(coordination.record, list(alike))
    found = [
        pupil
        for pupil, identity in known.items()
        if isinstance(identity, dict)
        and compare(told, details_of(identity)).verdict in ({"same"} if told.upn else {"same", "doubtful"})
    ]
    return found[0] if len(found) == 1 else None


def _purpose(opened: EmergencyAccessSummary) -> str:
    return HIDDEN_PURPOSE if opened.confidential else "emergency"
