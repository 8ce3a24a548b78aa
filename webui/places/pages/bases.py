"""The bases, one base with its panel's desk, and what is arranged for it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.permissions import Right, Thing, roles_with
from webui.forms import Form
from webui.forms.recording import record
from webui.places.commands import arrangement
from webui.places.forms import FORMS
from webui.places.reading import WAITING, bases, may_arrange, one_base, placements_of, sees_pupils
from webui.places.words import KINDS, STATES
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, PLACE_DESK
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name

blueprint = Blueprint("places", __name__)

READERS = PLACE_DESK
WRITERS = roles_with(Thing.PLACES, Right.OWN_SERVICE, Right.CHANGE)


@blueprint.get("/places")
@signed_in(*READERS)
def page() -> ResponseReturnValue:
    """List the bases; for an authority with its empty places, and pupils whom it placed elsewhere."""
    elsewhere = []
    if viewer().role in roles_with(Thing.PLACES, Right.OWN_AUTHORITY):
        elsewhere = [one for one in placements_of(None) if one.row.placing_authority == viewer().organisation]
    return render_template(
        "places/list.html", bases=bases(), elsewhere=elsewhere, states=STATES, today=runtime().today()
    )


@blueprint.get("/places/<uuid:base>")
@signed_in(*READERS)
def one(base: UUID) -> ResponseReturnValue:
    """Show one base: the desk of its panel, and what is arranged."""
    found = one_base(base)
    rows = placements_of(base) if sees_pupils() else []
    today = runtime().today()
    return render_template(
        "places/one.html",
        base=found,
        waiting=[r for r in rows if r.row.state in WAITING],
        offered=[r for r in rows if r.row.state == "offered"],
        placed=[r for r in rows if r.row.state == "placed"],
        exits=[r for r in rows if r.row.exit_is_due(today)],
        is_panel=viewer().role in AGENCY_DESK and may_arrange(found),
        may_arrange=may_arrange(found),
        kinds=KINDS,
        states=STATES,
        today=today,
    )


@blueprint.route("/places/<uuid:base>/<kind>", methods=["GET", "POST"])
@signed_in(*WRITERS)
def arrange(base: UUID, kind: str) -> ResponseReturnValue:
    """Record what is arranged for a base, from a day on; earlier entries stay."""
    if kind not in FORMS:
        abort(404)
    found = one_base(base)
    if not may_arrange(found):
        raise NotFound
    known, today = directory(), runtime().today()
    day = "occurred_on" if kind in ("function", "training") else "effective_from"
    form = Form(
        FORMS[kind],
        values={day: today},
        choices={
            "school": [(str(s.id), organisation_name(s)) for s in known.schools_of(found.service.agency)],
            "needs": [(code, code_words("need", code)) for code in known.codes("need", today)],
        },
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = arrangement(kind, base, typed, today)
        if record(form, command) is None:
            flash(_("It is recorded."))
            return redirect(url_for("places.one", base=base), 303)
    return form.page("places/arrange.html", base=found, title=KINDS[kind])
