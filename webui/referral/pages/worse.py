"""Worse while waiting: told to the service that has the referral, answered by it, and kept."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.pupil.worse.decide import AnswerWorse, TellWorse, answer_by, waits
from projections.worse.queries.triages import NewTriage, new_triages
from webui.forms import Form
from webui.forms.recording import record
from webui.pupil.identity import PupilIdentity, open_identity, text_of
from webui.pupil.safeguarding import safeguarding_people
from webui.referral.reading import open_referral_page
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, CASEWORKER_DESK, SCHOOL_COORDINATION
from webui.shell.runtime import runtime
from webui.support.words import VOICES
from webui.support.worse import OUTCOMES, AnswerWorseSchema, TellWorseSchema

blueprint = Blueprint("worse", __name__)

TELLERS = (*SCHOOL_COORDINATION, *CASEWORKER_DESK)
READERS = (*TELLERS, *AGENCY_DESK)


class TriageItem(msgspec.Struct, frozen=True, kw_only=True):
    """A new triage with its words opened."""

    triage: NewTriage
    child: PupilIdentity
    words: str
    answer: str


@blueprint.get("/worse")
@signed_in(*READERS)
def page() -> ResponseReturnValue:
    """Show what got worse while waiting, what is still to be answered first."""
    found = new_triages(casework.reader(), viewer())
    places = [place for one in found.rows for place in (one.identity, one.words, one.answer)]
    opened = casework.open_sealed(places)
    items = [
        TriageItem(
            triage=one,
            child=open_identity(one.pupil, opened[3 * n]),
            words=text_of(opened[3 * n + 1], "words") or "",
            answer=text_of(opened[3 * n + 2], "words") or "",
        )
        for n, one in enumerate(found.rows)
    ]
    casework.note_shown("worse_list", [one.pupil for one in found.rows])
    return render_template(
        "referral/worse/list.html",
        items=items,
        voices=VOICES,
        outcomes=OUTCOMES,
        today=runtime().today(),
        log_position=found.position,
    )


@blueprint.route("/pupils/<uuid:pupil>/referrals/<uuid:referral>/worse", methods=["GET", "POST"])
@signed_in(*TELLERS)
def tell(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Say that it got worse. Danger is asked first; then nothing is kept, and whom to ring is shown."""
    opened = open_referral_page(pupil, referral, note=False)
    if not waits(opened.held):
        raise NotFound
    casework.note_shown("referral", [pupil])
    people = safeguarding_people(viewer().organisation)
    back = url_for("referrals.page", pupil=pupil, referral=referral)
    form = Form(TellWorseSchema)
    today = runtime().today()
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        if typed["danger"]:
            return render_template("support/danger_now.html", people=people, back=back)
        command = TellWorse(
            occurred_on=today,
            pupil=pupil,
            worse=casework.new_id(form.command_id, "worse"),
            voice=typed["voice"],
            words=typed["words"] or "",
            referral=referral,
        )
        if record(form, command) is None:
            flash(_("It is recorded, and the service is to answer."))
            return redirect(url_for("worse.page"), 303)
    return form.page(
        "referral/worse/tell.html", opened=opened, people=people, back=back, answer_by=answer_by(today)
    )


@blueprint.route("/pupils/<uuid:pupil>/worse/<uuid:worse>/answer", methods=["GET", "POST"])
@signed_in(*READERS)
def answer(pupil: UUID, worse: UUID) -> ResponseReturnValue:
    """Record what came of the new triage: the service itself, or the school what the service told it."""
    triage = next((one for one in new_triages(casework.reader(), viewer()).rows if one.worse == worse), None)
    if triage is None or triage.pupil != pupil:
        raise NotFound
    identity, words = casework.open_sealed([triage.identity, triage.words])
    casework.note_shown("referral", [pupil])
    form = Form(AnswerWorseSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AnswerWorse(
            occurred_on=runtime().today(),
            pupil=pupil,
            worse=worse,
            outcome=typed["outcome"],
            words=typed["words"],
        )
        if record(form, command) is None:
            flash(_("The answer is recorded."))
            return redirect(url_for("worse.page"), 303)
    return form.page(
        "referral/worse/answer.html",
        triage=triage,
        child=open_identity(pupil, identity),
        words=text_of(words, "words") or "",
        voices=VOICES,
        reported=viewer().role not in AGENCY_DESK,
    )
