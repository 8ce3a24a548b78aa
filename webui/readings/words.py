"""The words of kinds of reading, signals and findings."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: dict[str, Any] = {
    "case_file": _l("Case file"),
    "timeline": _l("Timeline"),
    "referral": _l("Referral"),
    "agreements": _l("Agreements"),
    "aln": _l("Additional learning needs"),
    "minute": _l("Minutes"),
    "wait": _l("Waiting time"),
    "class_profile": _l("Profile for the class teacher"),
    "support": _l("Support"),
    "support_list": _l("List of support"),
    "places": _l("Places in bases"),
    "transition": _l("Transition"),
    "visit": _l("Children waiting near one school"),
    "one_page_profile": _l("One-page profile"),
    "briefing": _l("Weekly briefing"),
    "worse_list": _l("Worse while waiting"),
    "concern_list": _l("List of teachers’ concerns"),
    "emergency_access": _l("Emergency access"),
    "emergency_look_up": _l("Look-up for an emergency access"),
    "pupil_search": _l("Search"),
    "pupil_list": _l("List of pupils"),
    "today": _l("Today"),
    "inbox": _l("Inbox"),
    "advice": _l("Advice"),
    "transfer_file": _l("Transfer file"),
}
OTHER = _l("Another page")
SIGNALS: dict[str, Any] = {
    "many_pupils": _l("Many files in an hour"),
    "no_access": _l("A pupil to whom the organisation had no access of its own"),
    "own_surname": _l("A pupil with the reader’s own surname"),
    "failed_look_ups": _l("Emergency look-ups that found nobody"),
}
FINDINGS: dict[str, Any] = {
    "explained": _l("There is a good reason"),
    "not_explained": _l("There is no good reason"),
    "passed_on": _l("Passed on for an investigation"),
}
