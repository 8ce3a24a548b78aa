"""The pages of the concerns about a pupil: for the school, and for the authority that decides or holds the child."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.pupil.aln.commands import CorrectAlnEntry
from coordination.pupil.aln.steps import AlnStep
from projections.aln.queries.concerns import ConcernsOfPupil, concerns_of_pupil
from projections.aln.queries.results import ConcernSummary
from projections.case_file.queries import TimelineCriteria, TimelineEntry, timeline
from webui.aln.commands import BEGINNINGS, STEP_FORMS, step_command
from webui.aln.forms import CorrectAlnSchema
from webui.aln.next_steps import next_steps
from webui.aln.words import ENDINGS, LIMITS, PHASES, step_name
from webui.forms import Form
from webui.forms.recording import record
from webui.parts.timeline import TimelineItem, recorders, timeline_items
from webui.pupil.identity import PupilIdentity, open_identity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.codes import word_for
from webui.words.formats import day
from webui.words.naming import code_words, directory, people_names

blueprint = Blueprint("aln", __name__)

DESKS = (*SCHOOL_DESK, *CASEWORKER_DESK)
ENTRIES = 200
TITLES: dict[str, Any] = {
    "concern": _l("Record a concern"),
    "answer": _l("Answer the teacher’s concern"),
    "pass_on": _l("Pass the decision to the local authority"),
    "consent": _l("Record the young person’s consent"),
    "decide": _l("Record the decision"),
    "plan": _l("Record that the plan was given"),
    "review": _l("Record a review of the plan"),
    "ask_reconsideration": _l("Record a request to reconsider"),
    "answer_reconsideration": _l("Record the answer to the request"),
    "correct": _l("Correct an entry"),
}


class ConcernView(msgspec.Struct, frozen=True):
    """A concern on the page: what can be recorded next, and what was recorded."""

    concern: ConcernSummary
    steps: tuple[str, ...]
    entries: list[TimelineItem]


@blueprint.get("/pupils/<uuid:pupil>/aln")
@signed_in(*DESKS)
def page(pupil: UUID) -> ResponseReturnValue:
    """Show the concerns with what is due when and what happened."""
    found, child = _opened(pupil)
    criteria = TimelineCriteria(pupil=pupil, matters=("aln",), limit=ENTRIES)
    entries = timeline(casework.reader(), viewer(), criteria)
    items = _items(entries.entries)
    casework.note_shown("aln", [pupil], _purpose())
    return render_template(
        "aln/concerns.html",
        pupil=pupil,
        child=child,
        held=found.held,
        views=[
            ConcernView(
                one,
                next_steps(one, viewer().organisation, at_school=viewer().role in SCHOOL_DESK),
                [item for item in items if item.entry.thing == one.concern],
            )
            for one in found.concerns
        ],
        titles=TITLES,
        beginnings=BEGINNINGS,
        phase=lambda code: word_for(PHASES, code),
        limit=lambda code: word_for(LIMITS, code),
        ending=lambda code: word_for(ENDINGS, code),
        today=runtime().today(),
        log_position=entries.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/aln/new/<step>", endpoint="begin", methods=["GET", "POST"])
@signed_in(*DESKS)
def begin(pupil: UUID, step: str) -> ResponseReturnValue:
    """Record a concern, or a plan that was given before the record began."""
    found, child = _opened(pupil)
    if step not in BEGINNINGS or not found.held:
        abort(404)
    return _recorded(pupil, found, None, step, child)


@blueprint.route("/pupils/<uuid:pupil>/aln/<uuid:concern>/<step>", endpoint="record", methods=["GET", "POST"])
@signed_in(*DESKS)
def record_step(pupil: UUID, concern: UUID, step: str) -> ResponseReturnValue:
    """Record the next step of a concern, or correct an entry."""
    found, child = _opened(pupil)
    summary = next((one for one in found.concerns if one.concern == concern), None)
    if summary is None or (step != "correct" and step not in STEP_FORMS):
        abort(404)
    if step == "correct":
        return _corrected(summary, child)
    return _recorded(pupil, found, summary, step, child)


def _opened(pupil: UUID) -> tuple[ConcernsOfPupil, PupilIdentity]:
    found = concerns_of_pupil(casework.reader(), viewer(), pupil)
    return found, open_identity(pupil, casework.open_sealed([found.identity])[0])


def _items(entries: tuple[TimelineEntry, ...]) -> list[TimelineItem]:
    opened = casework.open_sealed([entry.at if entry.at.sealed else None for entry in entries])
    return timeline_items(entries, opened, people_names(recorders(entries)))


def _recorded(
    pupil: UUID, found: ConcernsOfPupil, summary: ConcernSummary | None, step: str, child: PupilIdentity
) -> ResponseReturnValue:
    today = runtime().today()
    choices = {
        field: [(code, code_words(table, code)) for code in directory().codes(table, today)]
        for field, table in STEP_FORMS[step].tables.items()
    }
    form = Form(
        STEP_FORMS[step].schema,
        values={"occurred_on": today},
        choices=choices,
        seen=summary.last_version if summary is not None else None,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        concern = summary.concern if summary is not None else casework.new_id(form.command_id, "concern")
        if record(form, step_command(step, pupil, concern, typed)) is None:
            return _back(pupil)
    casework.note_shown("aln", [pupil], _purpose())
    return form.page(
        "aln/record.html", pupil=pupil, child=child, title=TITLES[step], names=_fields(step, found.rolls)
    )


def _fields(step: str, rolls: int) -> list[str]:
    """The fields of the form of a step; who decides is asked only of a pupil on two rolls."""
    names = list(STEP_FORMS[step].schema().fields)
    return [name for name in names if name != "dual_body" or rolls > 1]


def _corrected(summary: ConcernSummary, child: PupilIdentity) -> ResponseReturnValue:
    own = [step for step in summary.steps if step.recorded_by == viewer().organisation]
    form = Form(
        CorrectAlnSchema,
        choices={"entry": [(str(step.version), _entry_words(step)) for step in own]},
        seen=summary.last_version,
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = CorrectAlnEntry(
            occurred_on=runtime().today(),
            pupil=summary.pupil,
            concern=summary.concern,
            entry=int(typed["entry"]),
            why=typed["why"],
            happened_on=typed["happened_on"] if typed["right"] == "other_day" else None,
        )
        if record(form, command) is None:
            return _back(summary.pupil)
    casework.note_shown("aln", [summary.pupil], _purpose())
    return form.page("aln/correct.html", pupil=summary.pupil, child=child, title=TITLES["correct"])


def _entry_words(step: AlnStep) -> str:
    return _("%(step)s, %(day)s", step=step_name(step.name), day=day(step.on))


def _back(pupil: UUID) -> ResponseReturnValue:
    flash(_("Recorded."))
    return redirect(url_for("aln.page", pupil=pupil), 303)


def _purpose() -> str:
    return "own_pupil" if viewer().role in SCHOOL_DESK else "held_by_authority"
