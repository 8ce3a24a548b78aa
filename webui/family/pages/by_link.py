"""What a parent or young person does by a one-time link: agree, refuse, take back, add words and what a referral needs.
It shows what they were asked themselves, and nothing of other adults."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.one_time_links import OneTimeLink
from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import IDENTITY_TOPICS
from webui.family.commands import (
    Answer,
    FamilySpeaker,
    answer_command,
    answering_authority,
    more_commands,
)
from webui.family.forms import FamilyAnswerSchema, FamilyMoreSchema, FamilyWithdrawalSchema
from webui.family.reading import FamilyQuestion, opened_for_link, opened_questions, questions_in_words
from webui.forms import Form
from webui.forms.recording import record
from webui.links.browser import keep_secret, link_url
from webui.links.proof import by_link
from webui.shell import casework
from webui.shell.runtime import runtime
from webui.words.languages import language

blueprint = Blueprint("family_by_link", __name__, url_prefix="/link/<token>/family")
keep_secret(blueprint)
SENT = "sent"


class FamilyVisit(msgspec.Struct, frozen=True, kw_only=True):
    """What a link shows: whose it is, the child's name, and the questions to this person."""

    link: OneTimeLink
    pupil: UUID
    contact: UUID | None
    case: CaseFile
    who: str
    child: str
    questions: tuple[FamilyQuestion, ...]

    @property
    def speaker(self) -> FamilySpeaker:
        """Who answers now."""
        return FamilySpeaker(
            pupil=self.pupil,
            contact=self.contact,
            on=runtime().today(),
            route="online",
            language=language(),
        )


@blueprint.get("")
@by_link("family")
def page(link: OneTimeLink) -> ResponseReturnValue:
    """Show what the person is asked, and what they agreed to."""
    visit = _visit(link)
    return _show("family/by_link/questions.html", visit)


@blueprint.route("/questions/<uuid:consent>", methods=["GET", "POST"])
@by_link("family")
def answer(link: OneTimeLink, consent: UUID) -> ResponseReturnValue:
    """Agree or refuse."""
    visit = _visit(link)
    question = opened_questions(visit.questions, consent)
    if question.agreed and request.method == "GET":
        return redirect(link_url("family_by_link.withdraw", consent=consent), 303)
    form = Form(FamilyAnswerSchema, choices={"struck_out": question.also}, seen=question.held.last_version)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        struck = tuple(UUID(one) for one in typed.get("struck_out") or ())
        if _recorded(visit, question, form, typed["answer"], typed, struck):
            flash(_("Thank you. The school can see your answer."))
            return redirect(link_url("family_by_link.page"), 303)
    return _form(form, "family/by_link/answer.html", visit, question=question)


@blueprint.route("/questions/<uuid:consent>/withdraw", methods=["GET", "POST"])
@by_link("family")
def withdraw(link: OneTimeLink, consent: UUID) -> ResponseReturnValue:
    """Take an agreement back: stop the sharing, or end the referral too."""
    visit = _visit(link)
    question = opened_questions(visit.questions, consent)
    form = Form(FamilyWithdrawalSchema, seen=question.held.last_version)
    typed = form.take(request.form) if request.method == "POST" else None
    if typed is not None and _recorded(visit, question, form, typed["meaning"], typed):
        flash(_("Thank you. You have taken your agreement back, and the school can see it."))
        return redirect(link_url("family_by_link.page"), 303)
    return _form(form, "family/by_link/withdraw.html", visit, question=question)


@blueprint.route("/more", methods=["GET", "POST"])
@by_link("family")
def more(link: OneTimeLink) -> ResponseReturnValue:
    """Add one's own words, times that are not possible, an interpreter, and what is seen at home."""
    visit = _visit(link)
    form = Form(FamilyMoreSchema, values={"words_language": language()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        commands = more_commands(visit.speaker, typed)
        if not commands:
            form.say(_("Nothing is written yet. Fill in at least one of the boxes."))
        elif _all_recorded(form, commands):
            flash(_("Thank you. The school can see what you wrote."))
            return redirect(link_url("family_by_link.page"), 303)
    return _form(form, "family/by_link/more.html", visit)


def _visit(link: OneTimeLink) -> FamilyVisit:
    case, person, child = opened_for_link(link)
    return FamilyVisit(
        link=link,
        pupil=person.pupil,
        contact=person.contact,
        case=case,
        who=person.name,
        child=child,
        questions=questions_in_words(case, person.contact),
    )


def _recorded(
    visit: FamilyVisit,
    question: FamilyQuestion,
    form: Form,
    answered: Answer,
    typed: dict[str, Any],
    struck_out: tuple[UUID, ...] = (),
) -> bool:
    """Record an answer; False where it is refused, and the form then says why."""
    command = answer_command(
        question.held,
        answered,
        visit.speaker,
        authority=_authority(visit, question),
        words=typed["words"],
        struck_out=struck_out,
        data_classes=question.data_classes,
    )
    refused = record(form, command)
    if refused is not None and refused.code == "overtaken":
        form.summary.clear()
        form.say(_("Somebody answered this in the meantime. Go back to see how it stands."))
    return refused is None


def _authority(visit: FamilyVisit, question: FamilyQuestion) -> str:
    born = None
    if visit.contact is None:
        born = runtime().coordination.record.latest(visit.pupil, IDENTITY_TOPICS).get("date_of_birth")
    return answering_authority(visit.case, question.held, visit.speaker, born)


def _all_recorded(form: Form, commands: list[Command]) -> bool:
    try:
        casework.perform_all(commands, form.command_id)
    except NotFound:
        raise
    except Refusal as refused:
        form.refuse(refused)
        return False
    return True


def _show(template: str, visit: FamilyVisit) -> Response:
    return make_response(
        render_template(template, visit=visit, finish=url_for("links.finish"), signing_in=True)
    )


def _form(form: Form, template: str, visit: FamilyVisit, **also: Any) -> Response:
    return form.page(template, visit=visit, back=link_url("family_by_link.page"), signing_in=True, **also)
