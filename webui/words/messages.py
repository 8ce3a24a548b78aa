"""The words of messages: of each rule (`coordination.outbox.rules`) a subject and one sentence, in both languages.

A message names no child and nobody else: what happened, the reference under which both sides find it, and a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from babel.messages.catalog import Catalog

from webui.words import catalogue
from webui.words.refusals.marker import N_


class RuleWords(NamedTuple):
    """The English of a rule's subject and sentence; both may name %(service)s and %(step)s. `closing`: what stands
    below instead of how to read more."""

    subject: str
    sentence: str
    closing: str = ""


RULES: dict[str, RuleWords] = {
    "referral_sent": RuleWords(
        N_("A new referral for %(service)s"),
        N_("A school has sent a referral to %(service)s. Acknowledge it when you have read it."),
    ),
    "referral_passed_on": RuleWords(
        N_("A referral passed on to %(service)s"),
        N_("A referral has been passed on to %(service)s. Acknowledge it when you have read it."),
    ),
    "immediate_risk": RuleWords(
        N_("Immediate risk: a referral to %(service)s"),
        N_("A school says that somebody may be in danger now. Read the referral at once."),
    ),
    "referral_news": RuleWords(
        N_("News of a referral to %(service)s"),
        N_("%(service)s has recorded a step of your referral: %(step)s."),
    ),
    "referral_news_from_school": RuleWords(
        N_("News of a referral to %(service)s"),
        N_("The school has recorded a step of a referral to %(service)s: %(step)s."),
    ),
    "referral_reported": RuleWords(
        N_("Is this right? A report about a referral to %(service)s"),
        N_(
            "The school has recorded in your name what it was told: %(step)s, %(service)s. Confirm or contest it."
        ),
    ),
    "report_confirmed": RuleWords(
        N_("%(service)s has confirmed a report"),
        N_("%(service)s has confirmed what your school recorded in its name."),
    ),
    "report_contested": RuleWords(
        N_("%(service)s has contested a report"),
        N_("%(service)s says that something your school recorded in its name is not right."),
    ),
    "sharing_ended": RuleWords(
        N_("Sharing with %(service)s has ended"),
        N_(
            "The agreement to share a referral with %(service)s was withdrawn. What is new will not be shown to you."
        ),
    ),
    "action_agreed": RuleWords(
        N_("An action for you"),
        N_("An action was agreed and you are to do it. Sign in to read what and by when."),
    ),
    "file_requested": RuleWords(
        N_("A school asks for a pupil’s file"),
        N_(
            "Another school has put a pupil on its roll and asks for the file. Answer within five working days."
        ),
    ),
    "file_request_escalated": RuleWords(
        N_("A request for a pupil’s file needs your decision"),
        N_(
            "A request for a pupil’s file was not answered, or is disputed, and is now with the local authority."
        ),
    ),
    "file_request_answered": RuleWords(
        N_("Your request for a pupil’s file was answered"),
        N_("Your request for a pupil’s file was answered. Sign in to read the answer."),
    ),
    "emergency_access": RuleWords(
        N_("Emergency access to a pupil’s file"),
        N_("Somebody has opened a pupil’s file in an emergency. Sign in to read who and why."),
    ),
    "meeting_invited": RuleWords(
        N_("%(service)s is invited to a meeting"),
        N_("A school invites %(service)s to a meeting. Say whether somebody will come."),
    ),
    "meeting_moved": RuleWords(
        N_("A meeting was moved"),
        N_("A meeting to which %(service)s is invited has another date, time or place. Answer again."),
    ),
    "meeting_cancelled": RuleWords(
        N_("A meeting was cancelled"),
        N_("A meeting to which %(service)s was invited does not take place."),
    ),
    "agenda_ready": RuleWords(
        N_("The agenda of a meeting"),
        N_("The agenda of a meeting to which %(service)s is invited is ready to read."),
    ),
    "minutes_ready": RuleWords(
        N_("The minutes of a meeting"),
        N_("The minutes of a meeting to which %(service)s was invited are ready to read."),
    ),
    "advice_asked": RuleWords(
        N_("A school asked %(service)s for advice"),
        N_("A school has recorded that it asked %(service)s for advice. Read it, and answer or correct it."),
    ),
    "advice_recorded": RuleWords(
        N_("%(service)s recorded a conversation with your school"),
        N_("%(service)s has recorded a conversation in which your school asked it for advice."),
    ),
    "advice_answered": RuleWords(
        N_("%(service)s has answered"),
        N_("%(service)s has answered your school’s request for advice."),
    ),
    "challenge_sent": RuleWords(
        N_("A school challenges %(service)s"),
        N_("A school asks %(service)s to account for a wait or for missed meetings. Read it, and reply."),
    ),
    "challenge_escalated": RuleWords(
        N_("A challenge to %(service)s was escalated"),
        N_("A challenge to %(service)s was put to a higher level. Read it, and reply."),
    ),
    "challenge_replied": RuleWords(
        N_("A reply to your challenge"),
        N_("%(service)s has replied to your school’s challenge."),
    ),
    "mark_disputed": RuleWords(
        N_("An attendance mark is disputed"),
        N_("A service says that a mark in your register of a meeting is not right. Read what it says."),
    ),
    "dispute_ruled": RuleWords(
        N_("A dispute was decided"),
        N_("The dispute about a mark in a register was decided. Read the ruling."),
    ),
    "ruler_named": RuleWords(
        N_("You are asked to rule on a dispute"),
        N_(
            "A school and an agency disagree about a mark in a register. You belong to neither, and are asked to rule."
        ),
    ),
    "referral_reminder": RuleWords(
        N_("Reminder: a referral to %(service)s"),
        N_("A referral to %(service)s is not acknowledged yet. Acknowledge it when you have read it."),
    ),
    "invitation_reminder": RuleWords(
        N_("Reminder: %(service)s is invited to a meeting"),
        N_("An invitation of %(service)s to a meeting is not answered yet. Say whether somebody will come."),
    ),
    "challenge_reminder": RuleWords(
        N_("Reminder: a challenge to %(service)s"),
        N_("A challenge to %(service)s has no reply yet. Read it, and reply."),
    ),
    "file_request_reminder": RuleWords(
        N_("Reminder: a school asks for a pupil’s file"),
        N_(
            "A request for a pupil’s file is not answered yet. Answer within five working days of the request."
        ),
    ),
    "action_reminder": RuleWords(
        N_("Reminder: an action for you"),
        N_("An action that was agreed with you is not recorded as done. Sign in to read what and by when."),
    ),
    "password_link": RuleWords(
        N_("A new password for Cydlynu"),
        N_(
            "Somebody asked for a new password for your account. Set it with this link, once, within an hour."
        ),
        N_("Was it not you? Then do nothing: your password stays as it is."),
    ),
    "password_changed": RuleWords(
        N_("Your password for Cydlynu was changed"),
        N_("The password of your account was changed."),
        N_("Was it not you? Ask for a new password at once, and tell your administrator."),
    ),
    "family_asked": RuleWords(
        N_("The school asks you something"),
        N_("%(service)s asks you something about a child. Please read it and answer."),
    ),
    "family_answered": RuleWords(
        N_("A family has answered"),
        N_("A parent or young person answered, or wrote something, with their link. Read it in the file."),
    ),
    "family_card": RuleWords(
        N_("Whose turn is it?"),
        N_("%(service)s shows you whose turn it is with what was asked for a child, and whom to ring."),
    ),
    "link_code": RuleWords(
        N_("Your code for opening a link"),
        N_("Enter this code on the page of your link. It is good for 20 minutes and works once."),
        N_("Did nobody ask for it? Then do nothing, and tell the school."),
    ),
    "challenge_ended": RuleWords(
        N_("A challenge has ended"),
        N_("A challenge to %(service)s was resolved or withdrawn."),
    ),
}

BY_LINK = N_(
    "Answer with this link, without an account. It asks for a code first, which is sent to this mailbox. "
    "This message names nobody on purpose."
)
CODE = N_("Code")
DIGEST_SUBJECT = N_("Your messages from Cydlynu")
DIGEST = N_("These messages came since the last time. They name nobody on purpose.")
STOP = N_("To stop this daily message:")
SIGN_IN = N_("Sign in to read it. This message names nobody on purpose.")
REFERENCE = N_("Reference")
PAPERS = N_("Papers by %(day)s.")
IN_BOTH = N_("This message is in Welsh and in English.")


def in_english(text: str, facts: Mapping[str, str]) -> str:
    """A sentence with its facts."""
    return text % facts


def in_welsh(text: str, facts: Mapping[str, str]) -> str:
    """The Welsh of a sentence, with its facts in Welsh."""
    return str(_welsh()[text].string) % facts


def translated(text: str, language: str, facts: Mapping[str, str] = MappingProxyType({})) -> str:
    """A sentence in one of the two languages."""
    return in_welsh(text, facts) if language == "cy" else in_english(text, facts)


@cache
def _welsh() -> Catalog:
    return catalogue.welsh()
