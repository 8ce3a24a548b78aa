"""The words for challenges and their evidence: rules, subjects, phases, turns, steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from coordination.sensitivity import Opened
from coordination.viewer import Viewer
from projections.challenges.queries import ChallengeStep, ChallengeSummary, Turn
from projections.reader import Desk, desk
from webui.reports.attendance_words import mark_words
from webui.words.codes import ROLES, word_for
from webui.words.formats import day, in_unit, number
from webui.words.naming import code_words, organisation_name

KINDS = {"challenge": _l("Challenge"), "enquiry": _l("Enquiry")}
ABOUT = {"attendance": _l("Attendance at meetings"), "delay": _l("Waits over the limit")}
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
    "to_approve": _l("The head teacher decides whether to send it"),
    "to_send": _l("Send the letter"),
    "reply_overdue": _l("The reply is overdue"),
    "reply_to_weigh": _l("Consider the reply"),
    "dispute_to_rule": _l("A disputed mark needs a ruling"),
    "to_acknowledge": _l("Acknowledge receipt"),
    "reply_due": _l("Reply"),
    "escalated": _l("Escalated"),
    "promise_overdue": _l("The day of a promise has passed"),
}
WAYS = {
    "email": _l("Email"),
    "letter": _l("Letter"),
    "telephone": _l("Telephone"),
    "in_person": _l("In person"),
    "system": _l("Their own system"),
}
RULINGS = {
    "upheld": _l("Upheld: the agency is right"),
    "not_upheld": _l("Not upheld: the mark does not change"),
    "partly": _l("Upheld in part"),
}
STEPS = {
    "challenge.raised": _l("Raised by %(who)s"),
    "challenge.approved": _l("Approved by %(who)s"),
    "challenge.not_approved": _l("Not approved by %(who)s"),
    "challenge.letter_worded": _l("Sentences of its own in the letter, by %(who)s"),
    "challenge.sent": _l("Sent by %(who)s: %(way)s. The reply is due by %(due)s"),
    "challenge.acknowledged": _l("Acknowledged by %(who)s"),
    "challenge.replied": _l("Reply from %(who)s"),
    "challenge.reply_reported": _l("Reply received another way (%(way)s), recorded by %(who)s"),
    "challenge.mark_disputed": _l("%(who)s disputes the mark: it should be “%(claims)s”"),
    "challenge.ruler_named": _l("%(who)s asks for an independent ruling"),
    "challenge.dispute_ruled": _l("Ruling by %(who)s. %(ruling)s. The mark is now “%(reads)s”"),
    "challenge.dispute_not_upheld": _l("Ruling by %(who)s. %(ruling)s"),
    "challenge.escalated": _l("Escalated by %(who)s to: %(level)s. The reply is due by %(due)s"),
    "challenge.document_filed": _l("Document attached by %(who)s"),
    "challenge.promise_made": _l("Promised by %(promised_by)s, recorded by %(who)s"),
    "challenge.promise_kept": _l("Promise kept, recorded by %(who)s"),
    "challenge.promise_broken": _l("Promise not kept, recorded by %(who)s"),
    "challenge.resolved": _l("Resolved by %(who)s: %(outcome)s"),
    "challenge.withdrawn": _l("Withdrawn by %(who)s"),
}
_TEXTS = ("text", "why", "reasons", "note")


def delay_words(challenge: ChallengeSummary) -> str:
    """The longest of the waits against its limit."""
    unit = challenge.unit or "calendar_days"
    longest = in_unit(challenge.counted, "calendar_days" if unit == "weeks" else unit)
    count = ngettext("%(count)s wait", "%(count)s waits", challenge.waits, count=number(challenge.waits))
    if challenge.threshold is None:
        return _("%(waits)s; the longest is %(longest)s. There is no standard.", waits=count, longest=longest)
    limit = in_unit(challenge.threshold, "calendar_days" if unit == "weeks" else unit)
    return _(
        "%(waits)s over the limit of %(code)s. The longest is %(longest)s and the limit is %(limit)s, "
        "unadjusted.",
        waits=count,
        code=challenge.code,
        longest=longest,
        limit=limit,
    )


def who_did(step: ChallengeStep) -> str:
    """A role and an organisation, never a person's name."""
    role = word_for(ROLES, step.role)
    return f"{role}, {organisation_name(step.on_behalf_of or step.organisation)}"


def step_words(step: ChallengeStep) -> str:
    """A step in a sentence."""
    facts = {
        "who": who_did(step),
        "way": str(word_for(WAYS, step.way or "")).lower(),
        "due": day(step.reply_due_on),
        "promised_by": day(step.promised_by),
        "claims": mark_words(step.claims),
        "ruling": str(word_for(RULINGS, step.ruling or "")),
        "reads": mark_words(step.reads),
        "level": code_words("escalation_level", step.level),
        "outcome": code_words("challenge_outcome", step.outcome),
    }
    topic = "challenge.dispute_not_upheld" if step.ruling == "not_upheld" else step.topic
    return str(STEPS.get(topic, topic)) % facts


def step_text(opened: Opened, erased: str) -> str | None:
    """The text of a step: a reply, a reason or a note; None if there is none."""
    if not isinstance(opened, Mapping):
        return erased
    return next((str(opened[name]) for name in _TEXTS if opened.get(name)), None)


def whose_turn(challenge: ChallengeSummary) -> str:
    """Whose turn it is, in words for any user."""
    if challenge.closed:
        return _("Ended")
    if challenge.phase == "raised":
        return _("Head teacher")
    if challenge.phase == "approved":
        return _("School")
    if challenge.open_disputes:
        return _("Independent person")
    if challenge.answered:
        return _("School")
    return _("Agency, overdue") if challenge.overdue else _("Agency")


_OWN: dict[Desk, frozenset[Turn]] = {
    "school": frozenset({"to_send", "reply_overdue", "reply_to_weigh", "promise_overdue"}),
    "agency": frozenset({"to_acknowledge", "reply_due", "reply_overdue", "promise_overdue"}),
    "auditor": frozenset({"dispute_to_rule"}),
    "caseworker": frozenset({"dispute_to_rule"}),
}


def own_turns(viewer: Viewer) -> frozenset[Turn]:
    """The turns of the desk that can be this user's own."""
    own = _OWN.get(desk(viewer), frozenset())
    return own | {"to_approve"} if viewer.role == "head" else own


def own_turns_of(challenge: ChallengeSummary, viewer: Viewer) -> list[Turn]:
    """The steps of a challenge that are this user's turn."""
    own = own_turns(viewer)
    return [turn for turn in challenge.turns if turn in own]
