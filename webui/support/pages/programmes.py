"""The programmes of a school or an authority."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.dated import in_force
from coordination.directory.programmes import Programme, SetProgramme
from coordination.errors import Refusal
from coordination.permissions import Right, Thing, right, roles_with
from projections.support.queries.of_school import programme_has_pupils
from webui.forms import Form
from webui.forms.recording import record
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime
from webui.support.forms import ProgrammeSchema
from webui.support.words import LEVELS, programme_name
from webui.words.naming import code_words, directory

blueprint = Blueprint("programmes", __name__)

READERS = roles_with(Thing.PROGRAMMES)
WRITERS = roles_with(Thing.PROGRAMMES, Right.OWN_SCHOOL, Right.CHANGE)


@blueprint.get("/programmes")
@signed_in(*READERS)
def page() -> ResponseReturnValue:
    """Show the programmes of today: one's own, and those of the authority."""
    known, own = directory(), viewer().organisation
    owners = [own, *(one for one in [known.authority_of(own)] if one is not None and one != own)]
    return render_template(
        "support/programmes.html",
        groups=[(owner, _programmes(owner)) for owner in owners],
        own=own,
        levels=LEVELS,
        may_change=right(viewer().role, Thing.PROGRAMMES) in (Right.OWN_SCHOOL, Right.CHANGE),
        programme_name=programme_name,
        today=runtime().today(),
    )


def _programmes(owner: Any) -> list[Programme]:
    """The version of each programme that is in force, or the last."""
    found = directory().organisation(owner)
    versions = found.programmes.values() if found is not None else ()
    today = runtime().today()
    return sorted((in_force(v, today) or v[-1] for v in versions), key=lambda one: one.name.casefold())


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@signed_in(*WRITERS)
def new() -> ResponseReturnValue:
    """Add a programme."""
    return _changed(None)


@blueprint.route("/programmes/<code>/change", methods=["GET", "POST"])
@signed_in(*WRITERS)
def change(code: str) -> ResponseReturnValue:
    """Change or end a programme: a new version from its first day on."""
    found = directory().organisation(viewer().organisation)
    versions = found.programmes.get(code, ()) if found is not None else ()
    if not versions:
        abort(404)
    return _changed(in_force(versions, runtime().today()) or versions[-1])


def _changed(held: Programme | None) -> ResponseReturnValue:
    today = runtime().today()
    fields = ProgrammeSchema().fields
    values = {name: getattr(held, name) for name in fields} if held is not None else {"effective_from": today}
    needs = [(code, code_words("need", code)) for code in directory().codes("need", today)]
    form = Form(ProgrammeSchema, values=values, choices={"needs": needs})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = _command(typed, held)
        try:
            require_no_pupils(command)
        except Refusal as refused:
            form.refuse(refused)
        else:
            if record(form, command) is None:
                flash(_("The programme is recorded."))
                return redirect(url_for("programmes.page"), 303)
    return form.page("support/programme.html", held=held)


def _command(typed: dict[str, Any], held: Programme | None) -> SetProgramme:
    typed["code"] = held.code if held is not None else typed["code"]
    typed["needs"] = tuple(typed["needs"] or ())
    return SetProgramme(
        occurred_on=runtime().today(),
        organisation=viewer().organisation,
        level=int(typed.pop("level")),
        **typed,
    )


def require_no_pupils(command: SetProgramme) -> None:
    """Raises Refusal `programme_has_pupils` where a programme is to end while pupils are in it."""
    last = command.effective_to
    today = runtime().today()
    if last is None or not programme_has_pupils(
        casework.reader(), command.organisation, command.code, max(last, today), today
    ):
        return
    raise Refusal("programme_has_pupils", "effective_to")
