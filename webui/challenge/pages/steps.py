"""The pages for the steps of a challenge, each with its form and its command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.challenge.commands import (
    LEVEL_WORKING_DAYS,
    REPLY_WORKING_DAYS,
)
from coordination.errors import Refusal, StaleVersion
from projections.challenges.queries import DisputeSummary, Dossier, MeetingEvidence
from webui.challenge.commands import COMMANDS, STRUCK_OUT, StepRequest
from webui.challenge.forms import (
    BrokenSchema,
    BypassSchema,
    DisputeSchema,
    EscalateSchema,
    NameRulerSchema,
    PromiseSchema,
    ReplySchema,
    ReportReplySchema,
    ResolveSchema,
    RuleSchema,
    SendSchema,
    WhySchema,
    WordLetterSchema,
)
from webui.challenge.letter import own_sentences
from webui.challenge.next_steps import disputable_marks, levels_of_challenge, possible_rulers, possible_steps
from webui.challenge.pages.shared import blueprint
from webui.challenge.promises import promises_of
from webui.challenge.reading import ChallengePage, find_challenge, open_challenge
from webui.forms import Form, FormSchema
from webui.forms.base import NothingSchema
from webui.reports.attendance_words import mark_words
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.drafts import saves_draft
from webui.shell.roles import AGENCY_DESK, AUDIT_DESK, SCHOOL_COORDINATION
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name, people_names
from webui.words.text import Words


class StepPage(msgspec.Struct, frozen=True):
    """A step: its heading, button and form. `done` is the message afterwards. Its command has the same name in
    webui/challenge/commands.py."""

    heading: Words
    button: Words
    done: Words
    schema: type[FormSchema]
    grave: bool = False


STEPS: dict[str, StepPage] = {
    "approve": StepPage(
        _l("Approve for sending"),
        _l("Approve"),
        _l("Approved. The letter can now be sent."),
        NothingSchema,
    ),
    "decline": StepPage(
        _l("Do not approve"),
        _l("Do not approve"),
        _l("Not approved. It ends here, and the agency is not told."),
        WhySchema,
        grave=True,
    ),
    "word": StepPage(
        _l("Add sentences of your own to the letter"),
        _l("Save"),
        _l("The letter has your sentences."),
        WordLetterSchema,
    ),
    "send": StepPage(
        _l("Record that the letter was sent"),
        _l("Record as sent"),
        _l("Recorded as sent. The agency can see it from now on."),
        SendSchema,
    ),
    "acknowledge": StepPage(
        _l("Acknowledge receipt"),
        _l("Acknowledge"),
        _l("The school can see that you have received it."),
        NothingSchema,
    ),
    "reply": StepPage(
        _l("Reply"),
        _l("Send the reply"),
        _l("Your reply is recorded. The school can see it."),
        ReplySchema,
    ),
    "report_reply": StepPage(
        _l("Record a reply received another way"),
        _l("Record the reply"),
        _l("The reply is recorded. The agency can still reply itself."),
        ReportReplySchema,
    ),
    "dispute": StepPage(
        _l("Dispute a mark in the register"),
        _l("Dispute the mark"),
        _l("The mark is disputed. An independent person will make a ruling."),
        DisputeSchema,
    ),
    "name_ruler": StepPage(
        _l("Ask for an independent ruling"),
        _l("Ask this person"),
        _l("They can now see the challenge and make a ruling on what is disputed."),
        NameRulerSchema,
    ),
    "promise": StepPage(
        _l("Record what is promised"),
        _l("Record the promise"),
        _l("The promise is recorded. Both sides see when its day has passed."),
        PromiseSchema,
    ),
    "kept": StepPage(
        _l("The promise was kept"),
        _l("Record as kept"),
        _l("The promise was kept."),
        NothingSchema,
    ),
    "broken": StepPage(
        _l("The promise was not kept"),
        _l("Record as not kept"),
        _l("Recorded as not kept."),
        BrokenSchema,
    ),
    "rule": StepPage(
        _l("Rule on the dispute"),
        _l("Record the ruling"),
        _l("The ruling is recorded beside the mark and the dispute."),
        RuleSchema,
    ),
    "resolve": StepPage(
        _l("Resolve"),
        _l("Resolve"),
        _l("Resolved."),
        ResolveSchema,
    ),
    "escalate": StepPage(
        _l("Escalate to the next level"),
        _l("Escalate"),
        _l("Escalated. There is a new date for the reply."),
        EscalateSchema,
    ),
    "withdraw": StepPage(
        _l("Withdraw"),
        _l("Withdraw"),
        _l("Withdrawn."),
        WhySchema,
        grave=True,
    ),
    "bypass": StepPage(
        _l("A child is at risk: escalate without the usual steps"),
        _l("Escalate now"),
        _l("The challenge is escalated."),
        BypassSchema,
        grave=True,
    ),
}

OF_ONE_THING = ("dispute", "rule", "kept", "broken")
# a dispute and a ruling are about one register entry, and have their own addresses
OF_THE_WHOLE = ", ".join(name for name in STEPS if name not in OF_ONE_THING)


@blueprint.route(f"/challenges/<uuid:challenge>/<any({OF_THE_WHOLE}):step>", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION, *AGENCY_DESK)
@saves_draft
def step(challenge: UUID, step: str) -> ResponseReturnValue:
    """Show and record a step that is about the challenge as a whole."""
    return _page(find_challenge(challenge), step)


@blueprint.route("/challenges/<uuid:challenge>/dispute/<uuid:meeting>", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK)
@saves_draft
def dispute(challenge: UUID, meeting: UUID) -> ResponseReturnValue:
    """Record that the agency disputes its mark at one meeting."""
    held = find_challenge(challenge)
    line = next((line for line in held.lines if line.raised.meeting == meeting), None)
    if line is None:
        abort(404)
    return _page(held, "dispute", line=line, gone=line not in disputable_marks(held))


@blueprint.route("/challenges/<uuid:challenge>/rule/<uuid:dispute>", methods=["GET", "POST"])
@signed_in(*AGENCY_DESK, *AUDIT_DESK)
@saves_draft
def rule(challenge: UUID, dispute: UUID) -> ResponseReturnValue:
    """Record the ruling of an independent person on one dispute."""
    held = find_challenge(challenge)
    about = next((d for d in held.disputes if d.dispute == dispute), None)
    if about is None:
        abort(404)
    line = next((line for line in held.lines if line.raised.meeting == about.meeting), None)
    return _page(held, "rule", line=line, dispute=about, gone=about.ruling is not None)


@blueprint.route(
    "/challenges/<uuid:challenge>/promises/<uuid:promise>/<any(kept, broken):step>", methods=["GET", "POST"]
)
@signed_in(*SCHOOL_COORDINATION)
def promise(challenge: UUID, promise: UUID, step: str) -> ResponseReturnValue:
    """Record whether a promise was kept."""
    held = find_challenge(challenge)
    about = next((one for one in promises_of(held) if one.promise == promise), None)
    if about is None:
        abort(404)
    gone = about.ended is not None or (step == "broken" and not about.overdue)
    return _page(held, step, promise=promise, gone=gone)


def _page(
    held: Dossier,
    name: str,
    *,
    line: MeetingEvidence | None = None,
    dispute: DisputeSummary | None = None,
    promise: UUID | None = None,
    gone: bool = False,
) -> ResponseReturnValue:
    """The step's form; a user who may not take the step now is redirected to the challenge before typing anything."""
    here = url_for("challenges.one", challenge=held.challenge.challenge)
    allowed = [*possible_steps(held, viewer()), *(("kept", "broken") if promise else ())]
    if request.method == "GET" and (gone or name not in allowed):
        return redirect(here, 303)
    page = STEPS[name]
    form = Form(
        page.schema,
        values=first_values(held, name),
        choices=step_choices(held, line) | _rulers(held, name),
        seen=held.challenge.last_version,
    )
    overtaken: list[Any] = []
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        doing = StepRequest(held, runtime().today(), form.seen, form.command_id, line, dispute, promise)
        try:
            casework.perform(COMMANDS[name](doing, typed), form.command_id)
        except StaleVersion as refused:
            form.refuse(refused)
            held = find_challenge(held.challenge.challenge)
            overtaken = [e for e in open_challenge(held).events if e.step.version > refused.facts["seen"]]
            form.seen = held.challenge.last_version
        except Refusal as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("challenges.one", challenge=held.challenge.challenge, done=name), 303)
    shown: ChallengePage = open_challenge(held)
    return form.page(
        "challenge/step.html",
        name=name,
        page=page,
        shown=shown,
        challenge=held.challenge,
        line=line,
        contest=next((c for c in shown.contests if dispute and c.dispute.dispute == dispute.dispute), None),
        overtaken=overtaken,
        back=here,
        next_level=held.challenge.next_level,
        log_position=held.log_position,
    )


def first_values(held: Dossier, name: str) -> dict[str, Any]:
    """The first values of the form of a step."""
    escalating = held.challenge.phase not in ("raised", "approved")
    return {
        "text": own_sentences(held) if name == "word" else None,
        "sent_on": runtime().today(),
        "replied_on": runtime().today(),
        "way": "email",
        "reply_working_days": LEVEL_WORKING_DAYS if escalating else REPLY_WORKING_DAYS,
    }


def _rulers(held: Dossier, name: str) -> dict[str, Sequence[tuple[str, Words]]]:
    if name != "name_ruler":
        return {}
    offered = possible_rulers(held)
    names = people_names(person for person, _organisation in offered)
    return {
        "ruler": [
            (
                f"{person}.{of}",
                _("%(name)s, %(organisation)s", name=names[person], organisation=organisation_name(of)),
            )
            for person, of in offered
        ]
    }


def step_choices(held: Dossier, line: MeetingEvidence | None) -> dict[str, Sequence[tuple[str, Words]]]:
    """The choices of the form of a step."""
    known, today = directory(), runtime().today()
    marks = [(code, mark_words(code)) for code in known.codes("attendance_mark", today)]
    present = line.raised.mark if line else None
    outcomes = [c for c in known.codes("challenge_outcome", today) if c != "withdrawn"]
    return {
        "claims": [
            *((code, words) for code, words in marks if code != present),
            (STRUCK_OUT, _("Strike out the mark")),
        ],
        "reads": marks,
        "outcome": [(code, code_words("challenge_outcome", code)) for code in outcomes],
        "level": [(code, code_words("escalation_level", code)) for code in levels_of_challenge(held)],
    }
