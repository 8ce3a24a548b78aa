"""Challenges in a list, by whose turn it is; and one with its evidence, disputes and steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l

from projections.challenges.queries import Challenge, challenges
from projections.reader import desk
from webui import casework
from webui.challenge_words import (
    ABOUT,
    KINDS,
    PHASES,
    TURNS,
    delay_words,
    finding_words,
    turns_of,
    whose_turn,
)
from webui.desks import REPORT_ROLES
from webui.naming import directory
from webui.pages.challenges.desk import blueprint, disputable, found, note, possible, whole
from webui.pages.challenges.steps import STEPS
from webui.paging import Pages, page_number
from webui.signed_in import signed_in, viewer

PAGE_SIZE = 25
WORDS = {"kinds": KINDS, "about_words": ABOUT, "phases": PHASES, "turn_words": TURNS}
# what the buttons of a challenge say
OFFERED = {
    "approve": _l("Approve"),
    "decline": _l("Do not approve"),
    "send": _l("Send it"),
    "acknowledge": _l("Acknowledge"),
    "reply": _l("Reply"),
    "report_reply": _l("Write down a reply"),
    "resolve": _l("Resolve"),
    "escalate": _l("Escalate"),
    "withdraw": _l("Withdraw"),
    "bypass": _l("A child is at risk"),
}


@blueprint.get("/challenges")
@signed_in(*REPORT_ROLES)
def page() -> Any:
    """Those that wait for this person, the others that go on, and what has ended."""
    who = viewer()
    held = challenges(casework.reader(), who, directory())
    mine = [c for c in held if turns_of(c, who)]
    others = [c for c in held if not c.closed and c not in mine]
    ended = [c for c in held if c.closed]
    open_pages = Pages.of(len(others), page_number(request.args.get("page")), PAGE_SIZE)
    ended_pages = Pages.of(len(ended), page_number(request.args.get("ended")), PAGE_SIZE)
    return render_template(
        "challenges/challenges.html",
        **WORDS,
        mine=mine,
        others=others[open_pages.first : open_pages.past],
        ended=ended[ended_pages.first : ended_pages.past],
        open_pages=open_pages,
        ended_pages=ended_pages,
        turn_open=lambda to: url_for("challenges.page", page=to, ended=ended_pages.number),
        turn_ended=lambda to: url_for("challenges.page", page=open_pages.number, ended=to) + "#ended",
        turns=lambda c: turns_of(c, who),
        whose=lambda c: whose_turn(c, who.today),
        at=desk(who),
    )


@blueprint.get("/challenges/<uuid:challenge>")
@signed_in(*REPORT_ROLES)
def one(challenge: UUID) -> Any:
    """One challenge: what it rests on, what was disputed and ruled, what was said, and what can be done."""
    held, who = found(challenge), viewer()
    note(held)
    c: Challenge = held.challenge
    steps = possible(held, who)
    done = STEPS.get(request.args.get("done", ""))
    return render_template(
        "challenges/challenge.html",
        **WORDS,
        shown=whole(held),
        finding=finding_words(c.code, c.kind, c.counted, c.threshold, c.out_of),
        delay_words=delay_words(c) if c.about == "delay" else "",
        challenge=c,
        steps=[(name, OFFERED[name]) for name in steps if name in OFFERED],
        disputable=disputable(held) if "dispute" in steps else [],
        may_rule="rule" in steps,
        done=done.done if done else None,
        raised=request.args.get("done") == "raised",
        turns=turns_of(c, who),
        whose=whose_turn(c, who.today),
        at=desk(who),
        log_position=held.log_position,
    )
