"""What was suggested to the school: read, accepted or put aside by a person."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.challenge.suggestions import AcceptSuggestion, PutSuggestionAside
from coordination.errors import Refusal
from coordination.event import Command
from projections.challenges.queries.suggestions import SuggestionRow, suggestions
from webui.challenge.forms import PutAsideSchema
from webui.challenge.pages.shared import blueprint
from webui.challenge.rule_words import RULES, counted_words
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import SCHOOL_COORDINATION
from webui.shell.runtime import runtime
from webui.words.naming import directory


@blueprint.get("/challenges/suggested")
@signed_in(*SCHOOL_COORDINATION)
def suggested() -> ResponseReturnValue:
    """List what was suggested: the school's own matters first, then those of services, then what was decided."""
    return _page({})


@blueprint.post("/challenges/suggested/<uuid:suggestion>/<any(accept, aside):decision>")
@signed_in(*SCHOOL_COORDINATION)
def decide_suggestion(suggestion: UUID, decision: str) -> ResponseReturnValue:
    """Accept a suggestion, and go on to the page that raises it; or put it aside with a reason."""
    found = next(
        (row for row in suggestions(casework.reader(), viewer()).rows if row.suggestion == suggestion), None
    )
    if found is None:
        abort(404)
    form = Form(NothingSchema if decision == "accept" else PutAsideSchema, seen=found.last_version)
    typed = form.take(request.form)
    if typed is None:
        return _page({suggestion: form})
    command: Command = (
        AcceptSuggestion(occurred_on=runtime().today(), challenge=suggestion, seen=form.seen)
        if decision == "accept"
        else PutSuggestionAside(
            occurred_on=runtime().today(), challenge=suggestion, seen=form.seen, why=typed["why"]
        )
    )
    try:
        casework.perform(command, form.command_id)
    except Refusal as refused:
        form.refuse(refused)
        return _page({suggestion: form})
    if decision == "aside":
        flash(_("The suggestion is put aside. The same is not suggested again."))
        return redirect(url_for("challenges.suggested"), 303)
    flash(_("The suggestion is accepted."))
    return redirect(next_page(found), 303)


def next_page(found: SuggestionRow) -> str:
    """Where an accepted suggestion is carried on: the page that raises it, or the list of what is late."""
    standards = directory().standards_of(found.service) if found.service else ()
    if found.code in ("missed_of_last", "absent_without_apology") and found.service:
        return url_for("challenges.raise_attendance", service=found.service)
    if found.code == "delay" and found.service and standards:
        return url_for("challenges.raise_delay", service=found.service, standard=standards[0].code)
    return url_for("today.page")


def _page(forms: dict[UUID, Form]) -> ResponseReturnValue:
    found = suggestions(casework.reader(), viewer())
    undecided = [row for row in found.rows if row.decided is None]
    wrong = next((form for form in forms.values() if form.wrong), Form(NothingSchema))
    return wrong.page(
        "challenge/suggested.html",
        own=[row for row in undecided if row.service is None],
        services=[row for row in undecided if row.service is not None],
        decided=[row for row in found.rows if row.decided is not None],
        rules=RULES,
        counted_words=counted_words,
        forms={
            row.suggestion: forms.get(row.suggestion) or Form(PutAsideSchema, seen=row.last_version)
            for row in undecided
        },
        log_position=found.position,
    )
