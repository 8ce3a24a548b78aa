"""Recording a conversation in one form, and what follows: the answer, the pupil, the referral, an error."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.advice.commands import LinkAdvice, StrikeAdvice
from coordination.errors import NotFound, Refusal
from projections.advice.queries import later_referrals
from webui.advice.commands import answer_command, ask_command
from webui.advice.forms import AnswerAdviceSchema, AskAdviceSchema, StrikeAdviceSchema
from webui.advice.pages.shared import blueprint
from webui.advice.reading import (
    OpenedAdvice,
    all_services,
    at_the_agency,
    child_of,
    find_pupils,
    open_advice,
    own_services,
    school_choices,
    service_choices,
)
from webui.advice.words import ANSWERS, CHANNELS
from webui.forms import Form
from webui.forms.base import NothingSchema
from webui.forms.fields import normalise_text
from webui.forms.recording import record
from webui.pupil.identity import PupilIdentity
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import ADVICE_DESK, SCHOOL_DESK
from webui.words.naming import directory

LONGEST = 100


@blueprint.route("/advice/new", methods=["GET", "POST"])
@signed_in(*ADVICE_DESK)
def ask() -> ResponseReturnValue:
    """Record a conversation without a name, with its answer if there is one."""
    return _ask(None)


@blueprint.route("/advice/new/<uuid:pupil>", methods=["GET", "POST"])
@signed_in(*SCHOOL_DESK)
def ask_about(pupil: UUID) -> ResponseReturnValue:
    """Record a conversation about a pupil of the school."""
    return _ask(child_of(pupil, viewer().organisation))


def _ask(child: PupilIdentity | None) -> ResponseReturnValue:
    pupil = child.pupil if child is not None else None
    form = _ask_form()
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        advice = casework.new_id(form.command_id, "advice")
        try:
            school = _school(typed["school"])
            casework.perform(ask_command(advice, school, typed, pupil), form.command_id)
        except NotFound:
            raise
        except Refusal as refused:
            form.refuse(refused if refused.field != "pupil" else Refusal(refused.code, **refused.facts))
        else:
            flash(_("The conversation is recorded."))
            return redirect(url_for("advice.one", advice=advice), 303)
    if child is not None:
        casework.note_shown("advice", [child.pupil])
    return form.page("advice/ask.html", child=child, at_agency=at_the_agency())


def _ask_form() -> Form:
    today = viewer().today
    services = own_services(today)
    return Form(
        AskAdviceSchema,
        values={
            "occurred_on": today,
            "channel": "call",
            "service": services[0].code if len(services) == 1 else None,
        },
        choices={
            "service": service_choices(services),
            "other_service": all_services(today),
            "school": school_choices() if at_the_agency() else [],
        },
    )


def _school(code: str | None) -> UUID:
    """The school that asked: the user's own, or the one that a service chose. Raises Refusal."""
    if not at_the_agency():
        return viewer().organisation
    found = next((one for one in directory().of_kind("school") if one.code == code), None)
    if found is None:
        raise Refusal("cannot_be_empty", "school")
    return found.id


@blueprint.get("/advice/<uuid:advice>")
@signed_in(*ADVICE_DESK)
def one(advice: UUID) -> ResponseReturnValue:
    """Show a conversation with what can be recorded next."""
    return _page(open_advice(advice))


@blueprint.post("/advice/<uuid:advice>/answer")
@signed_in(*ADVICE_DESK)
def answer(advice: UUID) -> ResponseReturnValue:
    """Record what the service advised."""
    opened = open_advice(advice)
    form = _answer_form(opened)
    if (typed := form.take(request.form)) is not None:
        try:
            casework.perform(answer_command(advice, typed, form.seen), form.command_id)
        except NotFound:
            raise
        except Refusal as refused:
            form.refuse(refused)
        else:
            flash(_("The answer is recorded."))
            return redirect(url_for("advice.one", advice=advice), 303)
    return _page(opened, answering=form)


@blueprint.post("/advice/<uuid:advice>/find")
@signed_in(*ADVICE_DESK)
def find(advice: UUID) -> ResponseReturnValue:
    """Show the pupils whose name or number begins with what was typed. The text is in no address."""
    opened = open_advice(advice)
    typed = normalise_text(request.form.get("words", "")[:LONGEST], multiline=False)
    return _page(opened, typed=typed, found=find_pupils(opened.advice, typed))


@blueprint.post("/advice/<uuid:advice>/link")
@signed_in(*ADVICE_DESK)
def link(advice: UUID) -> ResponseReturnValue:
    """Link the conversation to the pupil whose button was pressed, or to a later referral of its pupil."""
    opened = open_advice(advice)
    form = Form(NothingSchema)
    form.take(request.form)
    pupil = _id(request.form.get("pupil")) or opened.advice.pupil
    if pupil is None:
        abort(400)
    command = LinkAdvice(
        occurred_on=viewer().today, advice=advice, pupil=pupil, referral=_id(request.form.get("referral"))
    )
    if record(form, command) is not None:
        return _page(opened, linking=form)
    flash(_("The conversation is linked."))
    return redirect(url_for("advice.one", advice=advice), 303)


@blueprint.post("/advice/<uuid:advice>/strike")
@signed_in(*ADVICE_DESK)
def strike(advice: UUID) -> ResponseReturnValue:
    """Record that the conversation was recorded in error: it no longer counts."""
    opened = open_advice(advice)
    form = Form(StrikeAdviceSchema, seen=opened.advice.last_version)
    if (typed := form.take(request.form)) is not None:
        command = StrikeAdvice(occurred_on=viewer().today, advice=advice, why=typed["why"])
        if record(form, command) is None:
            flash(_("The conversation no longer counts."))
            return redirect(url_for("advice.page"), 303)
    return _page(opened, striking=form)


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        abort(400)


def _answer_form(opened: OpenedAdvice) -> Form:
    today = viewer().today
    others = [choice for choice in all_services(today) if choice[0] != _code(opened.advice.service)]
    return Form(
        AnswerAdviceSchema,
        values={"occurred_on": today},
        choices={"other_service": others},
        seen=opened.advice.last_version,
    )


def _code(service: UUID) -> str:
    found = directory().service(service)
    return found.code if found is not None else ""


def _page(
    opened: OpenedAdvice,
    *,
    answering: Form | None = None,
    linking: Form | None = None,
    striking: Form | None = None,
    typed: str = "",
    found: list[PupilIdentity] | None = None,
) -> ResponseReturnValue:
    held = opened.advice
    at_agency = at_the_agency()
    open_to_answer = held.answer is None or (held.reported and at_agency)
    form = answering or linking or striking or Form(NothingSchema)
    return form.page(
        "advice/one.html",
        opened=opened,
        held=held,
        child=opened.child,
        channels=CHANNELS,
        answers=ANSWERS,
        at_agency=at_agency,
        answering=answering or (_answer_form(opened) if open_to_answer else None),
        linking=linking or Form(NothingSchema),
        striking=striking or Form(StrikeAdviceSchema, seen=held.last_version),
        may_strike=at_agency == held.by_service,
        later=later_referrals(casework.reader(), viewer(), held) if held.referral is None else (),
        typed=typed,
        found=found,
        log_position=opened.position,
    )
