"""Lists of pupils who move to one school: proposed before the holiday, agreed as one list, moved on the day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import Refusal
from coordination.event import Command
from coordination.pupil.moves.commands import AgreeToMove, CancelMove, ExpectMove
from projections.case_file.queries import PupilCriteria, pupils
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.forms.recording import record
from webui.moves.forms import CancelMoveSchema, TransferSchema
from webui.moves.reading import OpenedMove, open_list
from webui.pupil.identity import by_name, open_identity, year_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name

blueprint = Blueprint("transfers", __name__)

LAST_PRIMARY_YEAR = 6


@blueprint.route("/moves/propose", endpoint="propose", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def propose() -> ResponseReturnValue:
    """Choose the pupils, the school and the day."""
    form = Form(TransferSchema, choices={"to_school": _schools(), "pupils": _pupils()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        transfer = casework.new_id(form.command_id, "transfer")
        commands = [
            ExpectMove(
                occurred_on=runtime().today(),
                pupil=UUID(pupil),
                move=casework.new_id(form.command_id, f"move {pupil}"),
                from_school=viewer().organisation,
                to_school=UUID(typed["to_school"]),
                expected_on=typed["expected_on"],
                transfer=transfer,
            )
            for pupil in typed["pupils"]
        ]
        if _all(form, commands):
            flash(_("The list is proposed to the other school."))
            return redirect(url_for("transfers.one", transfer=transfer), 303)
    return form.page("moves/transfers/propose.html")


def _schools() -> list[tuple[str, str]]:
    today, own = runtime().today(), viewer().organisation
    schools = [s for s in directory().of_kind("school") if s.id != own and s.is_open(today)]
    return sorted(((str(s.id), organisation_name(s)) for s in schools), key=lambda one: one[1].casefold())


def _pupils() -> list[tuple[str, str]]:
    """The pupils of the school, those of the last primary year first."""
    rows = pupils(casework.reader(), viewer(), PupilCriteria()).rows
    opened = casework.open_sealed([row.identity for row in rows])
    shown = [(row, open_identity(row.pupil, who)) for row, who in zip(rows, opened, strict=True)]
    shown.sort(key=lambda one: (one[0].year != LAST_PRIMARY_YEAR, by_name(one[1])))
    casework.note_shown("pupil_list", [row.pupil for row, _who in shown])
    return [
        (str(row.pupil), ", ".join(part for part in (who.listed, year_words(row.year)) if part))
        for row, who in shown
    ]


@blueprint.route("/moves/lists/<uuid:transfer>", endpoint="one", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def one(transfer: UUID) -> ResponseReturnValue:
    """Show a list; the receiving school agrees to all of it."""
    moves = _of_list(transfer)
    form = Form(NothingSchema)
    receiving = moves[0].move.to_school == viewer().organisation
    waiting = [m.move for m in moves if m.move.state == "proposed"]
    if request.method == "POST" and form.take(request.form) is not None:
        agreed: list[Command] = [
            AgreeToMove(occurred_on=runtime().today(), pupil=m.pupil, move=m.move) for m in waiting
        ]
        if receiving and _all(form, agreed):
            flash(_("You have agreed to the list. The pupils join your roll on that date."))
            return redirect(url_for("transfers.one", transfer=transfer), 303)
    casework.note_shown("expected_move", [m.move.pupil for m in moves])
    return form.page("moves/transfers/list.html", moves=moves, receiving=receiving, waiting=len(waiting))


@blueprint.route("/moves/lists/<uuid:transfer>/<uuid:move>", endpoint="cancel", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def cancel(transfer: UUID, move: UUID) -> ResponseReturnValue:
    """Record that one move of the list will not take place."""
    found = next((m for m in _of_list(transfer) if m.move.move == move), None)
    if found is None:
        abort(404)
    form = Form(CancelMoveSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = CancelMove(occurred_on=runtime().today(), pupil=found.move.pupil, move=move, **typed)
        if record(form, command) is None:
            flash(_("The record shows that this move will not take place."))
            return redirect(url_for("transfers.one", transfer=transfer), 303)
    return form.page("moves/transfers/cancel.html", found=found)


def _of_list(transfer: UUID) -> list[OpenedMove]:
    moves = sorted(open_list(transfer), key=lambda m: by_name(m.child))
    if not moves:
        abort(404)
    return moves


def _all(form: Form, commands: list[Any]) -> bool:
    """Performs the commands of a list, all or none; False when one was refused, which the form then shows."""
    try:
        casework.perform_all(commands, form.command_id)
    except Refusal as refused:
        if refused.code == "not_found":
            raise
        form.refuse(refused)
        return False
    return True
