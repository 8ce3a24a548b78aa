"""A referral behind a one-time link: the whole answer of a service in which nobody has an account. The same floor,
forms and decisions as for those who sign in; each answer says on whose word it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.desk.one_time_links import OneTimeLink
from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.referral.decide import ConfirmMilestone, ContestMilestone
from coordination.pupil.referral.milestones import MILESTONES
from projections.sentences.milestones import milestone_words
from webui.forms import Form
from webui.forms.base import FormSchema
from webui.links.answering import last_word, said_by, use_up
from webui.links.browser import keep_secret, link_url
from webui.links.forms import WordSchema
from webui.links.proof import by_link
from webui.referral.commands import command_of, referral_ids
from webui.referral.done_words import done_words
from webui.referral.ended import open_ended
from webui.referral.entries import EntryRow, entries_since, rows_of
from webui.referral.forms.milestones import OFFERED, ContestSchema, step_name
from webui.referral.next_steps import is_answerable, next_steps, recordable_steps
from webui.referral.pages.referrals import PossibleStep, facts_shown
from webui.referral.pages.step_forms import refuse_step, step_form
from webui.referral.reading import OpenedReferral, open_referral_page
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.languages import language

blueprint = Blueprint("referral_by_link", __name__, url_prefix="/link/<token>/referral")
keep_secret(blueprint)


class ContestByLinkSchema(ContestSchema, WordSchema):
    """What is not right about a report, and on whose word."""


@blueprint.get("")
@by_link("referral")
def page(link: OneTimeLink) -> ResponseReturnValue:
    """What the agreement lets the service see of the referral, and what it can answer."""
    try:
        opened = _opened(link)
    except NotFound:
        return _ended(link)
    first = next_steps(opened)
    return make_response(
        render_template(
            "referral/by_link/referral.html",
            opened=opened,
            link=link,
            next_steps=[_choice(name) for name in first],
            other_steps=[_choice(name) for name in recordable_steps(opened) if name not in first],
            answers_requests=False,
            answer_to=lambda row, how: link_url("referral_by_link." + how, entry=row.version),
            complete=link_url("documents_by_link.complete"),
            finish=url_for("links.finish"),
            signing_in=True,
            **facts_shown(opened),
        )
    )


@blueprint.route("/steps/<milestone>", methods=["GET", "POST"])
@by_link("referral")
def record(link: OneTimeLink, milestone: str) -> ResponseReturnValue:
    """Record a step."""
    try:
        opened = _opened(link, note=request.method == "GET")
    except NotFound:
        return _ended(link)
    if milestone not in MILESTONES or milestone not in recordable_steps(opened):
        abort(404)
    form, since = _with_word(step_form(opened, milestone, besides=WordSchema)), None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            return _recorded(link, opened, form, typed, command_of(opened, form, milestone, typed))
        except NotFound:
            return _ended(link)
        except Refusal as refused:
            opened, since = refuse_step(opened, form, refused)
    return _form_page(
        opened,
        form,
        "referral/by_link/step.html",
        since,
        action=step_name(milestone, reported=False),
        explained=milestone_words(milestone, language()).explanation,
        milestone=milestone,
        offered=OFFERED,
    )


@blueprint.route("/entries/<int:entry>/confirm", methods=["GET", "POST"])
@by_link("referral")
def confirm(link: OneTimeLink, entry: int) -> ResponseReturnValue:
    """Say that what the school reported is right."""
    return _answer(
        link,
        entry,
        WordSchema,
        _("Confirm what was reported"),
        lambda opened, form, _typed: ConfirmMilestone(
            occurred_on=viewer().today, seen=form.seen, **referral_ids(opened), milestone=entry
        ),
    )


@blueprint.route("/entries/<int:entry>/contest", methods=["GET", "POST"])
@by_link("referral")
def contest(link: OneTimeLink, entry: int) -> ResponseReturnValue:
    """Say that what the school reported is not right, and what was."""
    return _answer(
        link,
        entry,
        ContestByLinkSchema,
        _("Contest what was reported"),
        lambda opened, form, typed: ContestMilestone(
            occurred_on=viewer().today,
            seen=form.seen,
            **referral_ids(opened),
            milestone=entry,
            why=typed["why"],
            says_on=typed["says_on"],
        ),
    )


def _answer(
    link: OneTimeLink,
    entry: int,
    schema: type[FormSchema],
    action: str,
    command: Callable[[OpenedReferral, Form, dict[str, Any]], Command],
) -> ResponseReturnValue:
    try:
        opened = _opened(link, note=request.method == "GET")
    except NotFound:
        return _ended(link)
    row = _reported(opened, entry)
    form, since = _with_word(Form(schema, seen=opened.file.referral.last_version)), None
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        try:
            return _recorded(link, opened, form, typed, command(opened, form, typed))
        except NotFound:
            return _ended(link)
        except Refusal as refused:
            opened, since = refuse_step(opened, form, refused)
            row = _reported(opened, entry)
    return _form_page(opened, form, "referral/by_link/answer.html", since, action=action, row=row)


def _reported(opened: OpenedReferral, entry: int) -> EntryRow:
    """A report in the service's name, answered or not; else 404."""
    step = next((s for s in opened.held.steps if s.version == entry), None)
    row = next((r for r in rows_of(opened) if r.version == entry), None)
    if step is None or row is None or not is_answerable(opened, step):
        abort(404)
    return row


def _recorded(
    link: OneTimeLink, opened: OpenedReferral, form: Form, typed: dict[str, Any], command: Command
) -> Response:
    """Record the answer on the word of who gave it. Raises Refusal."""
    said_by(link, typed)
    casework.perform(command, form.command_id)
    use_up(link, lambda: open_referral_page(opened.pupil, opened.referral, note=False).file.referral.ended)
    flash(_("Recorded: %(what)s.", what=done_words(command)))
    return make_response(redirect(link_url("referral_by_link.page"), 303))


def _opened(link: OneTimeLink, *, note: bool = True) -> OpenedReferral:
    """The referral of the link. Raises NotFound where the service has no sight of it any more."""
    return open_referral_page(_pupil(link), link.thing, note=note)


def _pupil(link: OneTimeLink) -> UUID:
    if link.pupil is None:
        raise NotFound
    return link.pupil


def _with_word(form: Form) -> Form:
    form.typed |= last_word()
    return form


def _choice(milestone: str) -> PossibleStep:
    return PossibleStep(
        milestone=milestone,
        words=step_name(milestone, reported=False),
        href=link_url("referral_by_link.record", milestone=milestone),
        reported=False,
    )


def _ended(link: OneTimeLink) -> Response:
    """The service has no sight of the referral any more: since when and why; what was typed is shown and not lost."""
    ended = open_ended(_pupil(link), link.thing)
    typed = [text for name, text in request.form.items() if name in KEPT_TEXTS and text.strip()]
    html = render_template(
        "referral/by_link/ended.html",
        ended=ended,
        typed=typed,
        finish=url_for("links.finish"),
        signing_in=True,
    )
    return make_response(html, 409 if request.method == "POST" else 200)


KEPT_TEXTS = frozenset({"note", "why", "advice", "signposting", "what", "place"})
"""The fields that hold what somebody wrote."""


def _form_page(
    opened: OpenedReferral, form: Form, template: str, since: int | None, **more: Any
) -> ResponseReturnValue:
    return form.page(
        template,
        opened=opened,
        stands=opened.file.referral,
        rows=rows_of(opened),
        news_since=entries_since(opened, since),
        back=link_url("referral_by_link.page"),
        signing_in=True,
        log_position=opened.file.position,
        **more,
    )
