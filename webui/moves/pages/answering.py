"""Answering a request for a pupil's file: the school that has the pupil, or the local authority."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.pupil.moves.commands import AnswerFileRequest
from webui.forms import Form
from webui.forms.recording import record
from webui.moves.forms import AuthorityFileAnswerSchema, FileAnswerSchema
from webui.moves.reading import open_request
from webui.moves.words import GROUNDS
from webui.pupil.asking import close
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.navigation import home_address
from webui.shell.roles import CASEWORKER_DESK, REQUEST_DESK

blueprint = Blueprint("answering", __name__)


@blueprint.route(
    "/pupils/<uuid:pupil>/file-requests/<uuid:request_id>", endpoint="page", methods=["GET", "POST"]
)
@signed_in(*REQUEST_DESK)
def page(pupil: UUID, request_id: UUID) -> ResponseReturnValue:
    """Show what the other school typed beside the own record, and record the answer."""
    opened = open_request(pupil, request_id)
    by_authority = viewer().role in CASEWORKER_DESK
    form = Form(
        AuthorityFileAnswerSchema if by_authority else FileAnswerSchema,
        values={"occurred_on": opened.request.joined_on},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AnswerFileRequest(pupil=pupil, request=request_id, **typed)
        if record(form, command) is None:
            if command.answer != "disputed":
                close(request_id)
            flash(_DONE[command.answer]())
            return redirect(home_address(), 303)
    casework.note_shown("file_request", [pupil, request_id])
    return form.page(
        "moves/answer.html",
        opened=opened,
        differing=opened.differing(),
        ground=GROUNDS.get(opened.request.ground or ""),
        by_authority=by_authority,
    )


_DONE = {
    "released": lambda: _("The file is released. The pupil is on the roll of the other school."),
    "kept_on_both": lambda: _("The pupil is on the roll of both schools."),
    "not_this_pupil": lambda: _("The other school has been told that this is not their pupil."),
    "disputed": lambda: _("The local authority will decide about this request."),
}
