"""The words for a meeting's codes: marks, answers, why a party is not expected, gaps, warnings, steps."""

from __future__ import annotations

from datetime import time
from typing import get_args

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from coordination.meeting.events import Expectation, Mark
from projections.attendance.queries import PartyAttendance
from webui.words.formats import number
from webui.words.naming import code_words

ANSWERED = {
    "attending": _l("Will come"),
    "apologies": _l("Apologies"),
    "substitute": _l("A substitute will come"),
    "written_contribution": _l("Will contribute in writing"),
}
WARNINGS = {
    "earlier_meeting_open": _l("An earlier meeting of this series is not final yet."),
    "not_quorate": _l("The quorum was not met."),
    "no_chair": _l("No chair is named."),
}
STEPS = {
    "meeting.scheduled": _l("Scheduled"),
    "meeting.rescheduled": _l("Moved"),
    "meeting.cancelled": _l("Cancelled"),
    "meeting.chair_named": _l("Chair named"),
    "meeting.agenda_sent": _l("Agenda sent"),
    "meeting.conflict_declared": _l("Conflict of interest declared"),
    "meeting.next_set": _l("Next meeting set"),
    "meeting.finalised": _l("Finalised"),
    "meeting.corrected_afterwards": _l("Corrected after finalising"),
    "meeting.minutes_approved": _l("Minutes approved"),
}


PARTS = {
    "parents": _l("Parents or carers"),
    "pupil": _l("The pupil"),
    "gp": _l("GP"),
    "police": _l("Police"),
    "interpreter": _l("Interpreter"),
}
"""Seats for people without an account."""
LANGUAGES = {
    "cy": _l("Wants to use Welsh"),
    "en": _l("Wants to use English"),
    "both": _l("Wants to use both languages"),
}


REASONS = {
    "breach": _l("A time limit has passed"),
    "overdue_action": _l("An action is overdue"),
    "carried_over": _l("Not reached at an earlier meeting"),
    "asked": _l("An agency is waiting for the school"),
    "concern": _l("A teacher’s concern has no answer"),
    "review_due": _l("A review of support is due"),
}
"""Why a pupil is proposed for an agenda."""


def marks() -> list[tuple[str, str]]:
    """The marks with their words, in the order of a register."""
    return [(mark, code_words("attendance_mark", mark)) for mark in get_args(Mark)]


def clock_words(at: time | None) -> str:
    """13:30 for a local time; empty if there is none."""
    return at.strftime("%H:%M") if at else ""


def working_days(count: int) -> str:
    """10 working days."""
    return ngettext("%(count)s working day", "%(count)s working days", count, count=number(count))


def expectation_words(given: PartyAttendance | Expectation) -> str:
    """Whether a party is expected, and the reason."""
    if given.expected:
        return _(
            "Expected: %(notice)s of notice; its terms of reference require %(needed)s.", **_notice(given)
        )
    match given.because:
        case "clash":
            return _("Not expected, may attend: it was invited elsewhere at this time first.")
        case "no_terms":
            return _("Not expected, may attend: it has not agreed to terms of reference for these meetings.")
        case "short_notice":
            return _(
                "Not expected, may attend: %(notice)s of notice; its terms of reference require %(needed)s.",
                **_notice(given),
            )
        case "not_needed":
            return _("Not expected, may attend: no confirmed item on the agenda needs it.")
        case "not_delivered":
            return _("Not expected: the invitation was not delivered.")
        case _:
            return _("Attended without an invitation.")


def _notice(given: PartyAttendance | Expectation) -> dict[str, str]:
    return {
        "needed": working_days(given.notice_required or 0),
        "notice": working_days(max(given.notice or 0, 0)),
    }
