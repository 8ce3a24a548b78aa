"""What teachers tell the ALNCo: told in under a minute, listed with the answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import Refusal
from coordination.permissions import Right, Thing, roles_with
from coordination.pupil.aln.commands import TellConcern
from coordination.pupil.worse.decide import TellWorse
from coordination.sensitivity import Opened
from projections.aln.queries.told import ToldConcern, told_concerns
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.pupil.safeguarding import safeguarding_people
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import CASEWORKER_DESK, SCHOOL_DESK, TEACHER_DESK
from webui.shell.runtime import runtime
from webui.support.forms import TellConcernSchema
from webui.support.reading import open_support
from webui.words.naming import code_words, directory, people_names

blueprint = Blueprint("told_concerns", __name__)

READERS = roles_with(Thing.CONCERN, Right.OWN_ROLL, Right.READ, Right.HELD, Right.RAISE)
ANSWERERS = (*roles_with(Thing.CONCERN, Right.OWN_ROLL), *CASEWORKER_DESK)
SHOWN = 100
PLAINLY_SAID = ("support", "advice", "no_action")
"""Answers that a teacher is told as they are; of the others that it is being taken further."""


class ToldConcernItem(msgspec.Struct, frozen=True, kw_only=True):
    """A concern with its words opened: `outcome` is what the viewer may know of the answer."""

    concern: ToldConcern
    child: PupilIdentity
    words: str
    by: str
    outcome: str
    answer: str


@blueprint.route("/pupils/<uuid:pupil>/concern/tell", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK, *TEACHER_DESK)
def tell(pupil: UUID) -> ResponseReturnValue:
    """Tell the ALNCo of a concern. Danger is asked first; then nothing is kept, and whom to ring is shown."""
    child = open_support(pupil).child
    people = safeguarding_people(viewer().organisation)
    teacher = viewer().role in TEACHER_DESK
    back = url_for("teaching.profile" if teacher else "support.page", pupil=pupil)
    form = Form(TellConcernSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if typed["danger"]:
            return render_template("support/danger_now.html", people=people, back=back)
        command = _command(pupil, casework.new_id(form.command_id, "concern"), typed, teacher=teacher)
        if record(form, command) is None:
            flash(_("The ALNCo has been told."))
            return redirect(url_for("told_concerns.page"), 303)
    casework.note_shown("class_profile" if teacher else "support", [pupil])
    return form.page(
        "support/tell.html",
        pupil=pupil,
        child=child,
        people=people,
        back=back,
        read_by=_read_by(),
        asks_worse=teacher,
    )


def _command(pupil: UUID, concern: UUID, typed: dict[str, Any], *, teacher: bool) -> TellConcern | TellWorse:
    """That something got worse is told to each service for which the child waits as well, of which a teacher learns
    nothing. Others say it at the referral."""
    on, words = runtime().today(), typed["words"] or ""
    if teacher and typed["worse"]:
        return TellWorse(occurred_on=on, pupil=pupil, worse=concern, voice="teacher", words=words)
    return TellConcern(occurred_on=on, pupil=pupil, concern=concern, words=words)


def _read_by() -> date | None:
    """The next school day; None where the terms are not known that far."""
    days = directory().school_days(viewer().organisation)
    try:
        return days.next_working_day(runtime().today() + timedelta(days=1)) if days is not None else None
    except Refusal:
        return None


@blueprint.get("/concerns")
@signed_in(*READERS)
def page() -> ResponseReturnValue:
    """Show what teachers told, those without an answer first; to a teacher their own."""
    found = told_concerns(casework.reader(), viewer(), SHOWN)
    places = [place for one in found for place in (one.identity, one.words, one.answer)]
    opened = casework.open_sealed(places)
    at_school = viewer().role not in TEACHER_DESK
    names = people_names(one.person for one in found) if at_school else {}
    items = [
        _item(one, opened[3 * n : 3 * n + 3], names.get(one.person, ""), plainly=at_school)
        for n, one in enumerate(found)
    ]
    casework.note_shown("concern_list", [one.pupil for one in found])
    return render_template(
        "support/told_concerns.html", items=items, at_school=at_school, may_answer=viewer().role in ANSWERERS
    )


def _item(one: ToldConcern, opened: list[Opened], by: str, *, plainly: bool) -> ToldConcernItem:
    identity, words, answer = opened
    outcome = code_words("concern_answer", one.outcome) if one.outcome else ""
    if outcome and not plainly and one.outcome not in PLAINLY_SAID:
        outcome = _("The ALNCo takes it further")
    return ToldConcernItem(
        concern=one,
        child=open_identity(one.pupil, identity),
        words=text_of(words, "words") or "",
        by=by,
        outcome=outcome,
        answer=text_of(answer, "words") or "",
    )
