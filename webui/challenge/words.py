"""The words of challenges and of what they rest on: rules, grounds, phases, turns, steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from coordination.challenge.rule import MarkEvidence
from coordination.sensitivity import Opened
from coordination.viewer import Viewer
from projections.attendance.queries import Ground, Rebuttal
from projections.challenges.queries import Challenge, Step, Turn
from projections.reader import Desk, desk
from webui.reports.question import in_unit
from webui.words.codes import ROLES, word_for
from webui.words.formats import day, number, short_day
from webui.words.naming import code_words, organisation_name

KINDS = {"challenge": _l("Challenge"), "enquiry": _l("Enquiry")}
ABOUT = {"attendance": _l("Attendance at meetings"), "delay": _l("Waits over the standard")}
PHASES = {
    "raised": _l("Raised, not approved yet"),
    "approved": _l("Approved, not sent yet"),
    "not_approved": _l("Not approved"),
    "sent": _l("Sent"),
    "acknowledged": _l("Acknowledged"),
    "replied": _l("Replied"),
    "resolved": _l("Resolved"),
    "withdrawn": _l("Withdrawn"),
}
TURNS: dict[Turn, Any] = {
    "to_approve": _l("The head teacher decides whether it is sent"),
    "to_send": _l("Send the letter"),
    "reply_overdue": _l("The reply is overdue"),
    "reply_to_weigh": _l("Weigh the reply"),
    "dispute_to_rule": _l("A disputed mark waits for a ruling"),
    "to_acknowledge": _l("Acknowledge that it arrived"),
    "reply_due": _l("Reply"),
    "escalated": _l("Escalated"),
}
WAYS = {
    "email": _l("E-mail"),
    "letter": _l("Letter"),
    "telephone": _l("Telephone"),
    "in_person": _l("In person"),
    "system": _l("Their own system"),
}
ANSWERS = {
    "attending": _l("coming"),
    "apologies": _l("apologies"),
    "substitute": _l("a substitute comes"),
    "written_contribution": _l("in writing"),
}
RULINGS = {
    "upheld": _l("Upheld: the agency is right"),
    "not_upheld": _l("Not upheld: the mark stands"),
    "partly": _l("Upheld in part"),
}
UNEXPECTED = {
    "no_terms": _l("no terms accepted"),
    "short_notice": _l("short notice"),
    "not_needed": _l("not needed"),
    "not_delivered": _l("invitation not delivered"),
}
# the strongest first: what shows that nothing was owed, then what is still open, then what softens it
GROUNDS: dict[Ground, Any] = {
    "no_terms": _l("It had accepted no terms for these meetings, so it did not have to come: %(days)s."),
    "not_delivered": _l("The invitation did not arrive: %(days)s."),
    "short_notice": _l("It had less notice than its terms require: %(days)s."),
    "not_needed": _l("Nothing on the agenda needed it: %(days)s."),
    "ruled": _l("A ruling changed the mark: %(days)s."),
    "contested": _l("It disputes the mark, and nobody has ruled yet: %(days)s."),
    "register_open": _l("The register is not finalised yet: %(days)s."),
    "corrected_afterwards": _l("The school corrected the line after finalising: %(days)s."),
    "apologies": _l("It sent apologies: %(days)s."),
}
STEPS = {
    "challenge.raised": _l("Raised by %(who)s"),
    "challenge.approved": _l("Approved by %(who)s"),
    "challenge.not_approved": _l("Not approved by %(who)s"),
    "challenge.sent": _l("Sent by %(who)s: %(way)s. The reply is due by %(due)s"),
    "challenge.acknowledged": _l("Acknowledged by %(who)s"),
    "challenge.replied": _l("Reply of %(who)s"),
    "challenge.reply_reported": _l("A reply that came by another way (%(way)s), written down by %(who)s"),
    "challenge.mark_disputed": _l("%(who)s disputes the mark: it should read “%(claims)s”"),
    "challenge.ruler_named": _l("%(who)s asks somebody of neither party to rule"),
    "challenge.dispute_ruled": _l("Ruling by %(who)s. %(ruling)s. The line reads “%(reads)s”"),
    "challenge.dispute_not_upheld": _l("Ruling by %(who)s. %(ruling)s"),
    "challenge.escalated": _l("Escalated by %(who)s to: %(level)s. The reply is due by %(due)s"),
    "challenge.resolved": _l("Resolved by %(who)s: %(outcome)s"),
    "challenge.withdrawn": _l("Withdrawn by %(who)s"),
}
_TEXTS = ("text", "why", "reasons", "note")


class Answer(msgspec.Struct, frozen=True):
    """What the agency could say: the ground, in a sentence with its days."""

    ground: Ground
    words: str


def mark_words(mark: str | None) -> str:
    """A mark of a register; without one the line is struck out."""
    return code_words("attendance_mark", mark) if mark else _("struck out")


def finding_words(
    code: str | None, kind: str | None, counted: int, threshold: int | None, window: int | None
) -> str:
    """By which rule, with its numbers: 2 of the last 3 meetings were missed; from 2 on it can be raised."""
    numbers = {
        "counted": number(counted),
        "window": number(window or 0),
        "threshold": number(threshold or 0),
    }
    if code == "absent_without_apology":
        if kind == "enquiry":
            words = _(
                "%(counted)s absences without apology at the last %(window)s meetings to which it was invited."
            )
        else:
            words = _(
                "%(counted)s absences without apology at the last %(window)s meetings at which it was expected."
            )
        return words % numbers + " " + _("It can be raised from %(threshold)s on.") % numbers
    if kind == "enquiry":
        words = _("%(counted)s of the last %(window)s meetings to which it was invited were missed.")
    else:
        words = _("%(counted)s of the last %(window)s meetings at which it was expected were missed.")
    return words % numbers + " " + _("It can be raised from %(threshold)s on.") % numbers


def delay_words(challenge: Challenge) -> str:
    """How long the longest of the waits was against its limit."""
    unit = challenge.unit or "calendar_days"
    longest = in_unit(challenge.counted, "calendar_days" if unit == "weeks" else unit)
    count = ngettext("%(count)s wait", "%(count)s waits", challenge.waits, count=number(challenge.waits))
    if challenge.threshold is None:
        return _("%(waits)s, the longest of %(longest)s. There is no standard.", waits=count, longest=longest)
    limit = in_unit(challenge.threshold, "calendar_days" if unit == "weeks" else unit)
    return _(
        "%(waits)s over the standard %(code)s, the longest of %(longest)s against %(limit)s, unadjusted.",
        waits=count,
        code=challenge.code,
        longest=longest,
        limit=limit,
    )


def answers_of(rebuttals: Iterable[Rebuttal]) -> list[Answer]:
    """What the agency could say, the likeliest first: one sentence a ground, with the days of its meetings."""
    found: dict[Ground, list[Rebuttal]] = {}
    for rebuttal in rebuttals:
        found.setdefault(rebuttal.ground, []).append(rebuttal)
    return [
        Answer(ground, str(words) % {"days": "; ".join(_day_of(r) for r in found[ground])})
        for ground, words in GROUNDS.items()
        if ground in found
    ]


def _day_of(rebuttal: Rebuttal) -> str:
    if rebuttal.ground == "short_notice" and rebuttal.notice is not None:
        return _(
            "%(day)s (%(notice)s of %(required)s working days)",
            day=short_day(rebuttal.held_on),
            notice=number(rebuttal.notice),
            required=number(rebuttal.notice_required),
        )
    return short_day(rebuttal.held_on)


def stands_as(mark: MarkEvidence) -> str:
    """How a line of the evidence counts now."""
    if mark.ruled:
        return _("ruled: %(mark)s", mark=mark_words(mark.reads))
    return _("disputed, not ruled on") if mark.contested else ""


def who_did(step: Step) -> str:
    """A role and an organisation, never a person's name."""
    role = word_for(ROLES, step.role)
    return f"{role}, {organisation_name(step.on_behalf_of or step.organisation)}"


def step_words(step: Step) -> str:
    """What was done, in a sentence."""
    facts = {
        "who": who_did(step),
        "way": str(word_for(WAYS, step.way or "")).lower(),
        "due": day(step.reply_due_on),
        "claims": mark_words(step.claims),
        "ruling": str(word_for(RULINGS, step.ruling or "")),
        "reads": mark_words(step.reads),
        "level": code_words("escalation_level", step.level),
        "outcome": code_words("challenge_outcome", step.outcome),
    }
    topic = "challenge.dispute_not_upheld" if step.ruling == "not_upheld" else step.topic
    return str(STEPS.get(topic, topic)) % facts


def said(opened: Opened, erased: str) -> str | None:
    """The words of a step: a reply, a reason, a note; None where there are none."""
    if not isinstance(opened, Mapping):
        return erased
    return next((str(opened[name]) for name in _TEXTS if opened.get(name)), None)


def whose_turn(challenge: Challenge) -> str:
    """Whose move it is, whoever looks."""
    if challenge.closed:
        return _("Ended")
    if challenge.phase == "raised":
        return _("Head teacher")
    if challenge.phase == "approved":
        return _("School")
    if challenge.open_disputes:
        return _("Whoever rules on the dispute")
    if challenge.answered:
        return _("School")
    return _("Agency, overdue") if challenge.overdue else _("Agency")


_OWN: dict[Desk, frozenset[Turn]] = {
    "school": frozenset({"to_send", "reply_overdue", "reply_to_weigh"}),
    "agency": frozenset({"to_acknowledge", "reply_due", "reply_overdue"}),
    "auditor": frozenset({"dispute_to_rule"}),
}


def own_turns(viewer: Viewer) -> frozenset[Turn]:
    """What may wait for this very person: of the desk's turns those that are not for somebody else there."""
    own = _OWN.get(desk(viewer), frozenset())
    return own | {"to_approve"} if viewer.role == "head" else own


def turns_of(challenge: Challenge, viewer: Viewer) -> list[Turn]:
    """What of a challenge waits for this very person."""
    own = own_turns(viewer)
    return [turn for turn in challenge.turns if turn in own]
