"""The start page of administration: directory counts and the status of the service."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.desk.outbox import count_by_state
from coordination.desk.rebuilds import ask_rebuild, rebuilds
from coordination.desk.webhooks import webhooks_of
from coordination.errors import Refusal
from projections.case_file.queries.unplaced import unplaced_referrals
from projections.progress import read_model_progress
from webui.administration.pages.shared import ADMINISTRATOR, KINDS, blueprint, today
from webui.administration.set_up import gaps_of_terms
from webui.forms import Form, FormSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory, people_names

REBUILDS = {
    "asked": _l("Requested: the worker will start it soon"),
    "running": _l("Under way"),
    "done": _l("Done"),
    "failed": _l("Failed: the read models are unchanged"),
    "broken_off": _l(
        "Stopped: the worker ended several times before it finished. The read models are unchanged."
    ),
}


class RebuildSchema(FormSchema):
    """A form with a confirmation only."""


@blueprint.get("/administration")
@signed_in(*ADMINISTRATOR)
def page() -> ResponseReturnValue:
    """Show directory counts and how far the read models have followed the log."""
    known, day = directory(), today()
    found = read_model_progress(casework.reader(), viewer())
    log = max(runtime().coordination.record.last_position(), found.position)
    counts = {kind: len(known.of_kind(kind)) for kind in KINDS}
    people = sum(len(o.people) for o in known.organisations.values())
    terms = sum(len(o.terms) for o in known.organisations.values())
    with runtime().desk() as connection:
        last = next(iter(rebuilds(connection, 1)), None)
        counted = count_by_state(connection)
        failing = sum(one.state == "failing" for one in webhooks_of(connection))
    own = known.organisation(viewer().organisation)
    return render_template(
        "administration/overview.html",
        last=last,
        rebuild_words=REBUILDS,
        counts=counts,
        services=sum(s.is_open(day) for s in known.services),
        people=people,
        gaps=len(gaps_of_terms(known, day)),
        terms=terms,
        standards=sum(len(known.standards_of(s.id)) for s in known.services),
        state=found,
        log=log,
        kinds=KINDS,
        log_position=found.position,
        own=own.id if own is not None and own.kind == "authority" else None,
        parked=len(found.parked),
        not_arrived=counted["given_up"] + counted["bounced"],
        failing=failing,
    )


@blueprint.route("/administration/rebuild", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def rebuild() -> ResponseReturnValue:
    """Show the progress of a rebuild and the results of earlier ones; after confirmation, request one from the
    worker."""
    form = Form(RebuildSchema)
    if request.method == "POST" and form.take(request.form) is not None:
        try:
            with runtime().desk() as connection:
                key = casework.new_id(form.command_id, "rebuild")
                ask_rebuild(connection, key, viewer().person, runtime().now())
        except Refusal as refused:
            form.refuse(refused)
        else:
            flash(_("The rebuild is requested."))
            return redirect(url_for("administration.rebuild"), 303)
    with runtime().desk() as connection:
        held = rebuilds(connection)
    found = read_model_progress(casework.reader(), viewer())
    return form.page(
        "administration/rebuild.html",
        held=held,
        open=next((one for one in held if one.open), None),
        names=people_names(one.asked_by for one in held),
        words=REBUILDS,
        state=found,
        log_position=found.position,
        parked=len(found.parked),
    )


@blueprint.get("/administration/unplaced")
@signed_in(*ADMINISTRATOR)
def unplaced() -> ResponseReturnValue:
    """List the open referrals of the authority that no desk can see, without names: there must be none."""
    closed = [o.id for o in directory().organisations.values() if not o.is_open(today())]
    found = unplaced_referrals(casework.reader(), viewer(), closed)
    casework.note_shown("unplaced", [one.referral for one in found], "audit")
    return render_template("administration/unplaced.html", found=found)
