"""The educational record that follows a pupil: sent by the former school, taken on by the next."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.intake.ctf_pupils import transferred_pupils
from coordination.intake.ctf_writing import UNKNOWN_DESTINATION, file_name, write_ctf
from coordination.pupil.moves.commands import SendRecord, TakeOnRecord
from projections.moves.queries import record_on_its_way
from webui.forms import Form
from webui.forms.recording import record
from webui.moves.forms import SendRecordSchema, TakeOnSchema
from webui.moves.reading import with_due_day
from webui.pupil.identity import open_identity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory

blueprint = Blueprint("records", __name__)


@blueprint.route("/pupils/<uuid:pupil>/records/<uuid:from_school>", endpoint="page", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def page(pupil: UUID, from_school: UUID) -> ResponseReturnValue:
    """Record that the record was sent, or has arrived."""
    found = record_on_its_way(casework.reader(), viewer(), pupil, from_school)
    opened = with_due_day(found, open_identity(pupil, casework.open_sealed([found.identity])[0]))
    sending = found.side == "former"
    form = Form(SendRecordSchema if sending else TakeOnSchema, values={"occurred_on": runtime().today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command: SendRecord | TakeOnRecord
        if sending:
            parts = tuple(typed["parts"])
            command = SendRecord(
                occurred_on=typed["occurred_on"], pupil=pupil, from_school=from_school, parts=parts
            )
        else:
            command = TakeOnRecord(occurred_on=typed["occurred_on"], pupil=pupil, from_school=from_school)
        if record(form, command) is None:
            flash(_("The record is marked as sent.") if sending else _("The record is marked as received."))
            return redirect(url_for("today.page"), 303)
    casework.note_shown("record_transfer", [pupil])
    return form.page("moves/record.html", opened=opened, sending=sending)


@blueprint.post("/pupils/<uuid:pupil>/records/<uuid:from_school>/transfer-file")
@signed_in(*SCHOOL_DESK)
def transfer_file(pupil: UUID, from_school: UUID) -> ResponseReturnValue:
    """Send the pupil's Common Transfer File to the browser, as the record was when the pupil left."""
    found = record_on_its_way(casework.reader(), viewer(), pupil, from_school)
    source = directory().organisation(viewer().organisation)
    if found.side != "former" or source is None:
        abort(404)
    receiver = directory().organisation(found.other)
    number = receiver.code if receiver is not None else UNKNOWN_DESTINATION
    parts: list[str] = []
    write_ctf(
        parts.append,
        transferred_pupils(runtime().coordination, source.id, [pupil]),
        source=source,
        destination=number,
        now=runtime().now(),
        today=runtime().today(),
    )
    casework.note_shown("transfer_file", [pupil], "record_transfer")
    answer = Response("".join(parts), mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(source, number, 1)}"'
    return answer
