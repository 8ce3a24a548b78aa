"""The planner: dates for a term's meetings of a school, or of all schools of an authority, without clashes."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from coordination.directory.organisation import SchoolTerm
from coordination.errors import Refusal
from webui.forms import Form
from webui.series.commands import schedule_planned
from webui.series.forms import PlanSchema
from webui.series.pages.shared import blueprint, done, today
from webui.series.proposals import accepted, in_words, journeys, propose
from webui.series.reading import term_of, upcoming_terms
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SERIES_DESK
from webui.words.formats import number
from webui.words.naming import directory

FIRST_KIND = "hwb"


@blueprint.route("/meetings/planner", methods=["GET", "POST"])
@signed_in(*SERIES_DESK)
def planner() -> ResponseReturnValue:
    """Propose a term's dates; those that are accepted are scheduled, and the services invited."""
    term = term_of(viewer().organisation, request.args.get("term"))
    kinds = directory().codes("meeting_kind", today())
    kind = request.args.get("kind", FIRST_KIND)
    kind = kind if kind in kinds else FIRST_KIND
    sent = request.form.getlist("proposals") if request.method == "POST" else []
    form = Form(PlanSchema, choices={"proposals": [(one, one) for one in sent]})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            count = _schedule(form.command_id, kind, typed["proposals"])
        except Refusal as refused:
            form.refuse(refused)
        else:
            words = ngettext(
                "%(count)s meeting is scheduled, and the services are invited.",
                "%(count)s meetings are scheduled, and the services are invited.",
                count,
                count=number(count),
            )
            return done(url_for("series.planner", term=term.first_day, kind=kind), words)
    return _shown(form, term, kind, kinds)


def _schedule(command_id: str, kind: str, values: list[str]) -> int:
    """Each meeting with its invitations by itself: one that is refused leaves those before it."""
    wanted = accepted(values)
    for one in wanted:
        services = [t.service for t in directory().terms_for(one.school, one.held_on, kind)]
        of = f"{command_id}/{one.value}"
        slot = (one.held_on, one.starts_at, one.ends_at)
        casework.perform_all(schedule_planned(of, one.school, kind, slot, services), of)
    return len(wanted)


def _shown(form: Form, term: SchoolTerm, kind: str, kinds: tuple[str, ...]) -> ResponseReturnValue:
    plan = propose(term, kind)
    return form.page(
        "series/planner.html",
        plan=plan,
        proposals=in_words(plan) if plan is not None else [],
        journeys=journeys(plan) if plan is not None else [],
        term=term,
        terms=upcoming_terms(viewer().organisation),
        kind=kind,
        kinds=kinds,
    )
