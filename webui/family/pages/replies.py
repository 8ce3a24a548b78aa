"""Typing in replies on paper: by the code on the form, or into the queue of those that nobody could match yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.paper_forms import (
    PaperForm,
    PaperReply,
    ReplyText,
    answer_form,
    forget_reply_text,
    form_of_code,
    form_of_id,
    keep_form,
    keep_reply,
    match_reply,
    replies_waiting,
    reply_of_id,
    set_reply_aside,
)
from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.family.form_codes import form_code, printed_code, read_code
from coordination.pupil.profile.events import IDENTITY_TOPICS
from webui.family.commands import FamilySpeaker, answer_command, answering_authority, more_commands
from webui.family.forms import (
    NO_ANSWER,
    MatchSchema,
    PaperCodeSchema,
    UnmatchedReplySchema,
    paper_schema,
)
from webui.family.reading import FamilyPage, FamilyPerson, open_family
from webui.forms import Form
from webui.forms.fields import normalise_text
from webui.pupil.registration import own_pupil
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import saves_draft
from webui.shell.roles import FILE_STAFF
from webui.shell.runtime import runtime
from webui.words.naming import people_names

blueprint = Blueprint("paper_replies", __name__, url_prefix="/paper-replies")


@blueprint.route("", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def page() -> ResponseReturnValue:
    """Ask for the code on the form, and list the replies that nobody could match yet."""
    form = Form(PaperCodeSchema)
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        code = read_code(typed["code"])
        with runtime().desk() as conn:
            paper = form_of_code(conn, code, viewer().organisation) if code else None
        if paper is not None and paper.waiting:
            return redirect(url_for("paper_replies.reply", form=paper.form), 303)
        form.refuse(Refusal("form_code_unknown" if paper is None else "form_used", "code"))
    return _queue(form)


@blueprint.route("/forms/<uuid:form>", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
@saves_draft
def reply(form: UUID) -> ResponseReturnValue:
    """Type in the reply on a form. It is recorded on the word of the person whom the form was for."""
    with runtime().desk() as conn:
        paper = form_of_id(conn, form, viewer().organisation)
    if paper is None or not paper.waiting:
        abort(404)
    opened = open_family(paper.pupil, note=request.method == "GET")
    person = opened.person(paper.contact or paper.pupil)
    waiting = [q for q in person.questions if not q.agreed]
    typing = Form(
        paper_schema(len(waiting), len(person.questions) - len(waiting)),
        values={"words_language": person.person.language or opened.shown.language_wish}
        | {f"answer_{q.number}": NO_ANSWER for q in person.questions if q.agreed},
    )
    typed = typing.take(request.form) if request.method == "POST" else None
    if typed is not None and _recorded(typing, paper, opened, person, typed):
        flash(_("The reply is recorded, on the word of %(name)s.", name=person.person.name))
        return redirect(url_for("family.page", pupil=paper.pupil), 303)
    return typing.page(
        "family/paper/reply.html",
        file=opened.shown.file,
        child=opened.shown.child,
        person=person,
        code=printed_code(paper.code),
        matched=_matched_reply(paper),
        log_position=opened.shown.file.position,
    )


@blueprint.route("/unmatched", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def keep() -> ResponseReturnValue:
    """Put a reply in the queue."""
    form = Form(UnmatchedReplySchema, values={"received_on": runtime().today()})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        here = runtime()
        if typed["received_on"] > here.today():
            form.refuse(Refusal("in_the_future", "received_on", on=typed["received_on"].isoformat()))
        else:
            with here.desk() as conn:
                keep_reply(
                    conn,
                    here.coordination.record.outer,
                    reply=casework.new_id(form.command_id, "paper reply"),
                    school=viewer().organisation,
                    received_on=typed["received_on"],
                    typed_by=viewer().person,
                    text=ReplyText(typed["code_as_read"] or "", typed["names"], typed["words"]),
                    now=here.now(),
                )
            flash(_("The reply waits in the list below until somebody matches it to a pupil."))
            return redirect(url_for("paper_replies.page"), 303)
    return form.page("family/paper/keep.html")


@blueprint.route("/<uuid:reply>", methods=["GET", "POST"])
@signed_in(*FILE_STAFF)
def match(reply: UUID) -> ResponseReturnValue:
    """Match a reply to a pupil whose file the user may see; its answers are then typed in on a form of that pupil."""
    held = _reply(reply)
    form = Form(MatchSchema)
    if request.method == "GET":
        return _match_page(form, held)
    pupil = own_pupil(normalise_text(request.form.get("upn", ""), multiline=False).upper())
    opened = open_family(pupil, note=False) if pupil is not None else None
    if opened is not None:
        form.choices = {"who": [(str(p.audience), p.person.name) for p in opened.people]}
    typed = form.take(request.form)
    if typed is None:
        return _match_page(form, held)
    if opened is None:
        form.refuse(Refusal("unknown_upn", "upn"))
    elif typed["who"]:
        return _matched(held, opened.person(UUID(typed["who"])))
    else:
        form.say(_("Choose who wrote it, and send again."))
    return _match_page(form, held)


@blueprint.post("/<uuid:reply>/set-aside")
@signed_in(*FILE_STAFF)
def set_aside(reply: UUID) -> ResponseReturnValue:
    """The reply is of no pupil of the school: what it says is deleted."""
    with runtime().desk() as conn:
        set_reply_aside(conn, _reply(reply).reply, viewer().person, runtime().now())
    flash(_("The reply is set aside, and what it said is deleted here."))
    return redirect(url_for("paper_replies.page"), 303)


def _recorded(
    form: Form, paper: PaperForm, opened: FamilyPage, person: FamilyPerson, typed: dict[str, Any]
) -> bool:
    """Record everything on the paper, all or nothing, and that the form is answered."""
    by = FamilySpeaker(
        pupil=paper.pupil,
        contact=paper.contact,
        on=typed["occurred_on"],
        route="paper",
        language=typed.get("words_language") or person.person.language or "en",
        paper_form=paper.form,
    )
    commands = _commands(by, opened, person, typed)
    if not commands:
        form.say(_("Nothing is typed in yet. If the form came back empty, cancel it."))
        return False
    matched = _matched_reply(paper)
    try:
        with runtime().desk() as conn:
            if not answer_form(conn, paper.form, runtime().now()):
                raise Refusal("form_used")  # somebody typed it in at the same time
            casework.perform_all(commands, form.command_id)
            if matched is not None:
                forget_reply_text(conn, matched.reply)  # it is in the file now
    except NotFound:
        raise
    except Refusal as refused:
        form.refuse(refused)
        return False
    return True


def _commands(
    by: FamilySpeaker, opened: FamilyPage, person: FamilyPerson, typed: dict[str, Any]
) -> list[Command]:
    born = None
    if by.contact is None:
        born = runtime().coordination.record.latest(by.pupil, IDENTITY_TOPICS).get("date_of_birth")
    found: list[Command] = []
    for question in person.questions:
        answer = typed[f"answer_{question.number}"]
        if answer != NO_ANSWER:
            found.append(
                answer_command(
                    question.held,
                    answer,
                    by,
                    authority=answering_authority(opened.case, question.held, by, born),
                    words=typed[f"words_{question.number}"],
                    data_classes=question.data_classes,
                )
            )
    return [*found, *more_commands(by, typed)]


def _queue(form: Form) -> ResponseReturnValue:
    with runtime().desk() as conn:
        waiting = replies_waiting(conn, runtime().coordination.record.outer, viewer().organisation)
    return form.page(
        "family/paper/replies.html",
        waiting=waiting,
        names=people_names({one.typed_by for one in waiting}),
    )


def _reply(reply: UUID) -> PaperReply:
    with runtime().desk() as conn:
        held = reply_of_id(conn, runtime().coordination.record.outer, reply, viewer().organisation)
    if held is None or held.pupil is not None:
        abort(404)
    return held


def _match_page(form: Form, held: PaperReply) -> ResponseReturnValue:
    return form.page("family/paper/match.html", held=held, new_id=runtime().new_id)


def _matched(held: PaperReply, person: FamilyPerson) -> ResponseReturnValue:
    """A form for the person, on which the reply is typed in now."""
    here, pupil = runtime(), person.person.pupil
    made = casework.new_id(str(held.reply), "paper form")
    paper = PaperForm(
        form=made,
        code=form_code(made.int >> 64),
        pupil=pupil,
        contact=person.person.contact,
        school=viewer().organisation,
        made_by=viewer().person,
        made_at=here.now(),
    )
    with here.desk() as conn:
        if not match_reply(conn, held.reply, pupil, viewer().person, here.now()):
            abort(404)
        keep_form(conn, paper)
    flash(_("The reply is matched. Type in what it says."))
    return redirect(url_for("paper_replies.reply", form=made, matched=held.reply), 303)


def _matched_reply(paper: PaperForm) -> PaperReply | None:
    """The reply from the queue that is typed in on this form of the same pupil."""
    try:
        reply = UUID(request.args.get("matched", ""))
    except ValueError:
        return None
    with runtime().desk() as conn:
        held = reply_of_id(conn, runtime().coordination.record.outer, reply, viewer().organisation)
    return held if held is not None and held.pupil == paper.pupil else None
