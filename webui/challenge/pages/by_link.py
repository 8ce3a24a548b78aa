"""A challenge behind a one-time link: the service reads it, acknowledges it, replies, and disputes a mark."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask import render_template as render
from flask.typing import ResponseReturnValue

from coordination.desk.one_time_links import OneTimeLink
from coordination.errors import NotFound, Refusal, StaleVersion
from projections.challenges.queries import Dossier, MeetingEvidence
from webui.challenge.commands import COMMANDS, StepRequest
from webui.challenge.next_steps import disputable_marks, possible_steps
from webui.challenge.pages.listed import OFFERED, WORDS
from webui.challenge.pages.steps import STEPS, first_values, step_choices
from webui.challenge.reading import find_challenge, note_challenge_shown, open_challenge
from webui.challenge.words import delay_words
from webui.forms import Form
from webui.links.answering import last_word, said_by, use_up
from webui.links.browser import keep_secret, link_url
from webui.links.forms import WordSchema
from webui.links.proof import by_link
from webui.reports.attendance_words import finding_words
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

blueprint = Blueprint("challenge_by_link", __name__, url_prefix="/link/<token>/challenge")
keep_secret(blueprint)
ANSWERS = ("acknowledge", "reply")


@blueprint.get("")
@by_link("challenge")
def page(link: OneTimeLink) -> ResponseReturnValue:
    """The challenge with its evidence and history, and what the service can answer."""
    held = find_challenge(link.thing)
    note_challenge_shown(held)
    steps = possible_steps(held, viewer())
    c = held.challenge
    return render(
        "challenge/by_link/challenge.html",
        **WORDS,
        shown=open_challenge(held),
        challenge=c,
        finding=finding_words(c.code, c.kind, c.counted, c.threshold, c.out_of),
        delay_words=delay_words(c) if c.about == "delay" else "",
        steps=[
            (link_url("challenge_by_link.answer", step=name), OFFERED[name])
            for name in steps
            if name in ANSWERS
        ],
        disputable=disputable_marks(held) if "dispute" in steps else [],
        dispute_to=lambda line: link_url("challenge_by_link.dispute", meeting=line.raised.meeting),
        finish=url_for("links.finish"),
        signing_in=True,
        log_position=held.log_position,
    )


@blueprint.route("/<any(acknowledge, reply):step>", methods=["GET", "POST"])
@by_link("challenge")
def answer(link: OneTimeLink, step: str) -> ResponseReturnValue:
    """Acknowledge or reply."""
    return _page(link, find_challenge(link.thing), step)


@blueprint.route("/dispute/<uuid:meeting>", methods=["GET", "POST"])
@by_link("challenge")
def dispute(link: OneTimeLink, meeting: UUID) -> ResponseReturnValue:
    """Dispute the service's mark at one meeting."""
    held = find_challenge(link.thing)
    line = next((line for line in held.lines if line.raised.meeting == meeting), None)
    if line is None:
        abort(404)
    return _page(link, held, "dispute", line)


def _page(
    link: OneTimeLink, held: Dossier, name: str, line: MeetingEvidence | None = None
) -> ResponseReturnValue:
    back = link_url("challenge_by_link.page")
    gone = line is not None and line not in disputable_marks(held)
    if request.method == "GET" and (gone or name not in possible_steps(held, viewer())):
        return redirect(back, 303)
    step = STEPS[name]
    form = Form(
        type(f"{name}_by_link", (step.schema, WordSchema), {}),
        values=first_values(held, name) | last_word(),
        choices=step_choices(held, line),
        seen=held.challenge.last_version,
    )
    overtaken: list[Any] = []
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        said_by(link, typed)
        doing = StepRequest(held, runtime().today(), form.seen, form.command_id, line, None)
        try:
            casework.perform(COMMANDS[name](doing, typed), form.command_id)
        except NotFound:
            raise
        except StaleVersion as refused:
            form.refuse(refused)
            held = find_challenge(link.thing)
            overtaken = [e for e in open_challenge(held).events if e.step.version > refused.facts["seen"]]
            form.seen = held.challenge.last_version
        except Refusal as refused:
            form.refuse(refused)
        else:
            use_up(link, lambda: find_challenge(link.thing).challenge.closed)
            flash(str(step.done))
            return redirect(back, 303)
    return form.page(
        "challenge/by_link/step.html",
        page=step,
        challenge=held.challenge,
        line=line,
        overtaken=overtaken,
        back=back,
        signing_in=True,
        log_position=held.log_position,
    )
