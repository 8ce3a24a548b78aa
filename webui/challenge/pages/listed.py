"""The lists of challenges by whose turn it is, and the page of one challenge with its evidence, disputes and steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from projections.challenges.queries import (
    ChallengeList,
    ChallengeSummary,
    Part,
    challenges_as_of,
    list_challenges,
)
from projections.reader import AUTHORITY_DESKS, desk
from webui.challenge.next_steps import disputable_marks, possible_steps
from webui.challenge.pages.shared import blueprint
from webui.challenge.pages.steps import STEPS
from webui.challenge.promises import promises_of
from webui.challenge.reading import find_challenge, note_challenge_shown, open_challenge
from webui.challenge.words import (
    ABOUT,
    KINDS,
    PHASES,
    TURNS,
    delay_words,
    own_turns,
    own_turns_of,
    whose_turn,
)
from webui.forms import Form
from webui.parts.paging import Paging, page_number
from webui.reports.attendance_words import finding_words
from webui.reports.days import known_by
from webui.reports.forms import ChallengesAsOfSchema
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.question import address_of, files_of, report_question
from webui.reports.reading import code_of, service_code
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import (
    AGENCY_DESK,
    AUDIT_DESK,
    CASEWORKER_DESK,
    REPORT_ROLES,
    SCHOOL_COORDINATION,
    SCHOOL_DESK,
)
from webui.words.naming import directory, organisation_name, service_name

PAGE_SIZE = 25
CONTEST_ROLES = frozenset({*SCHOOL_DESK, *AGENCY_DESK, *AUDIT_DESK, *CASEWORKER_DESK})
MOST_LINES = 10_000
# each list with the query parameter of its page number
PARTS: dict[Part, str] = {"mine": "mine", "others": "page", "ended": "ended"}
WORDS: dict[str, Any] = {"kinds": KINDS, "about_words": ABOUT, "phases": PHASES, "turn_words": TURNS}
# the labels of a challenge's buttons
OFFERED = {
    "approve": _l("Approve"),
    "decline": _l("Do not approve"),
    "send": _l("Send the letter"),
    "acknowledge": _l("Acknowledge"),
    "reply": _l("Reply"),
    "report_reply": _l("Record a reply"),
    "name_ruler": _l("Ask for an independent ruling"),
    "promise": _l("Record a promise"),
    "resolve": _l("Resolve"),
    "escalate": _l("Escalate"),
    "withdraw": _l("Withdraw"),
    "bypass": _l("A child is at risk"),
}


@blueprint.get("/challenges")
@signed_in(*REPORT_ROLES)
def page() -> ResponseReturnValue:
    """List the challenges in which it is this user's turn, other open ones, and closed ones, each list with its own
    pages. With a day in the address: one list of all challenges as known on that day."""
    form, asked = report_question(ChallengesAsOfSchema, {}, {})
    if asked is None or any(asked.values()):
        return _as_they_stood(form, asked)
    who = viewer()
    parts = {part: _part(part, argument) for part, argument in PARTS.items()}
    numbers = {argument: parts[part][1].number for part, argument in PARTS.items()}

    def turn(part: Part) -> Callable[[int], str]:
        return lambda to: address_of("challenges.page", {**numbers, PARTS[part]: to}) + f"#{part}"

    return form.page(
        "challenge/challenges.html",
        **WORDS,
        parts=parts,
        turn=turn,
        turns=lambda c: own_turns_of(c, who),
        whose=whose_turn,
        at=desk(who),
        may_see_contests=who.role in CONTEST_ROLES,
        may_decide=who.role in SCHOOL_COORDINATION,
        files=files_of("challenges.file", {}),
        log_position=parts["mine"][0].log_position,
        parked=parts["mine"][0].parked,
    )


def _as_they_stood(form: Form, asked: Mapping[str, Any] | None) -> ResponseReturnValue:
    """All challenges on a day, as known then or now; an empty list if a date is invalid."""
    if asked is None:
        return form.page("challenge/stood.html", **WORDS, found=None)
    who = viewer()
    day = asked["as_of"] or asked["known_at"]
    wanted = page_number(request.args.get("page"))
    reading = partial(
        challenges_as_of, casework.reader(), who, day, known_by(asked["known_at"], who.today), size=PAGE_SIZE
    )
    found = reading(page=min(wanted, 10**6))
    pages = Paging.of(found.total, wanted, PAGE_SIZE)
    if wanted > 1 and not found.rows:
        pages = Paging.of(reading(page=1).total, wanted, PAGE_SIZE)
        found = reading(page=pages.number)
    casework.note_shown("challenges", [c.challenge for c in found.rows], purpose=_purpose())
    return form.page(
        "challenge/stood.html",
        **WORDS,
        found=found,
        day=day,
        asked=asked,
        pages=pages,
        turn=lambda to: address_of("challenges.page", asked, page=to),
        at=desk(who),
        log_position=found.log_position,
        parked=found.parked,
    )


def _part(part: Part, argument: str) -> tuple[ChallengeList, Paging]:
    """The requested page of one of the lists; the last page for a number beyond the end."""
    wanted = page_number(request.args.get(argument))
    found = _listed(part, min(wanted, 10**6))
    if found.rows or wanted == 1:
        return found, Paging.of(found.total, wanted, PAGE_SIZE)
    pages = Paging.of(_listed(part, 1).total, wanted, PAGE_SIZE)
    return _listed(part, pages.number), pages


def _listed(part: Part, number: int) -> ChallengeList:
    who = viewer()
    return list_challenges(
        casework.reader(), who, directory(), part, mine=own_turns(who), page=number, size=PAGE_SIZE
    )


@blueprint.get("/challenges.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def file(kind: str) -> Response:
    """Send all challenges as a file, the last raised first, at most MOST_LINES; the file leaves out what people
    wrote."""
    who = viewer()
    found = list_challenges(casework.reader(), who, directory(), "all", size=MOST_LINES)
    casework.note_shown("challenges_file", [c.challenge for c in found.rows], purpose=_purpose())
    stamp = {
        "as_of": who.today,
        "known_at": "",
        "log_position": found.log_position,
        "parked": found.parked,
        "left_out": found.total - len(found.rows),
    }
    return as_file(
        kind, FigureFile(_("Challenges"), f"challenges-{who.today}", [_cells(c) for c in found.rows], stamp)
    )


def _purpose() -> str:
    return "audit" if desk(viewer()) in AUTHORITY_DESKS else "own_challenge"


def _cells(c: ChallengeSummary) -> dict[str, Any]:
    return {
        "challenge": str(c.challenge),
        "kind": c.kind,
        "about": c.about,
        "service": service_code(c.service),
        "service_name": service_name(c.service),
        "school": code_of(c.school),
        "school_name": organisation_name(c.school),
        "agency": code_of(c.agency),
        "agency_name": organisation_name(c.agency),
        "phase": c.phase,
        "level": c.level,
        "raised_on": c.raised_on,
        "approved_on": c.approved_on,
        "sent_on": c.sent_on,
        "reply_due_on": c.reply_due_on,
        "overdue": c.overdue,
        "answered": c.answered,
        "counted": c.counted,
        "threshold": c.threshold,
        "out_of": c.out_of,
        "waits": c.waits,
        "disputes": c.disputes,
        "open_disputes": c.open_disputes,
        "ended_on": c.ended_on,
        "outcome": c.outcome,
    }


@blueprint.get("/challenges/<uuid:challenge>")
@signed_in(*REPORT_ROLES)
def one(challenge: UUID) -> ResponseReturnValue:
    """Show a challenge: its evidence, disputes, rulings, correspondence and next steps."""
    held, who = find_challenge(challenge), viewer()
    note_challenge_shown(held)
    c: ChallengeSummary = held.challenge
    steps = possible_steps(held, who)
    done = STEPS.get(request.args.get("done", ""))
    shown = open_challenge(held)
    return render_template(
        "challenge/challenge.html",
        **WORDS,
        shown=shown,
        promises=promises_of(held, {event.step.version: event.text for event in shown.events}),
        may_follow=desk(who) == "school" and who.role in SCHOOL_COORDINATION,
        finding=finding_words(c.code, c.kind, c.counted, c.threshold, c.out_of),
        delay_words=delay_words(c) if c.about == "delay" else "",
        challenge=c,
        steps=[(name, OFFERED[name]) for name in steps if name in OFFERED],
        disputable=disputable_marks(held) if "dispute" in steps else [],
        may_rule="rule" in steps,
        done=done.done if done else None,
        raised=request.args.get("done") == "raised",
        turns=own_turns_of(c, who),
        whose=whose_turn(c),
        at=desk(who),
        log_position=held.log_position,
    )
