"""The kind of message that each rule makes, and whether its recipient must act on it. Pure tables, for all who send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

CHOICES = ("at_once", "daily", "not")
"""What a recipient may want of a kind: each message at once, one message a day, or none."""
KINDS = ("referrals", "referral_news", "meetings", "challenges", "actions", "files", "reminders")
"""The kinds among which recipients choose."""
ALWAYS = "account"
"""About the recipient's own account or link: always sent, and at once."""


class RuleKind(NamedTuple):
    """The kind of a rule's messages. `acts`: the recipient has something to do because of it."""

    kind: str
    acts: bool = False


RULE_KINDS: Mapping[str, RuleKind] = {
    "referral_sent": RuleKind("referrals", acts=True),
    "referral_passed_on": RuleKind("referrals", acts=True),
    "immediate_risk": RuleKind("referrals", acts=True),
    "referral_reported": RuleKind("referrals", acts=True),
    "referral_news": RuleKind("referral_news"),
    "referral_news_from_school": RuleKind("referral_news"),
    "report_confirmed": RuleKind("referral_news"),
    "report_contested": RuleKind("referral_news", acts=True),
    "sharing_ended": RuleKind("referral_news"),
    "advice_asked": RuleKind("referral_news", acts=True),
    "advice_recorded": RuleKind("referral_news"),
    "advice_answered": RuleKind("referral_news"),
    "action_agreed": RuleKind("actions", acts=True),
    "file_requested": RuleKind("files", acts=True),
    "file_request_escalated": RuleKind("files", acts=True),
    "file_request_answered": RuleKind("files"),
    "emergency_access": RuleKind("files", acts=True),
    "meeting_invited": RuleKind("meetings", acts=True),
    "meeting_moved": RuleKind("meetings", acts=True),
    "meeting_cancelled": RuleKind("meetings"),
    "agenda_ready": RuleKind("meetings"),
    "minutes_ready": RuleKind("meetings"),
    "challenge_sent": RuleKind("challenges", acts=True),
    "challenge_escalated": RuleKind("challenges", acts=True),
    "challenge_replied": RuleKind("challenges"),
    "mark_disputed": RuleKind("challenges", acts=True),
    "dispute_ruled": RuleKind("challenges"),
    "ruler_named": RuleKind("challenges", acts=True),
    "challenge_ended": RuleKind("challenges"),
    "referral_reminder": RuleKind("reminders", acts=True),
    "invitation_reminder": RuleKind("reminders", acts=True),
    "challenge_reminder": RuleKind("reminders", acts=True),
    "file_request_reminder": RuleKind("reminders", acts=True),
    "action_reminder": RuleKind("reminders", acts=True),
    "link_code": RuleKind(ALWAYS, acts=True),
    "family_asked": RuleKind(ALWAYS, acts=True),
    "family_card": RuleKind(ALWAYS),
    "family_answered": RuleKind("referral_news"),
    "password_link": RuleKind(ALWAYS, acts=True),
    "password_changed": RuleKind(ALWAYS),
}


def rule_kind(rule: str) -> RuleKind:
    """The kind of a rule; one that is not in the table is always sent, and at once."""
    return RULE_KINDS.get(rule, RuleKind(ALWAYS, acts=True))
