"""What a meeting's codes are called: marks, answers, why a party is not expected, gaps, warnings, steps."""

from __future__ import annotations

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
    "substitute": _l("A substitute comes"),
    "written_contribution": _l("Writes instead"),
}
WARNINGS = {
    "earlier_meeting_open": _l("An earlier meeting of this series is not final yet."),
    "not_quorate": _l("Fewer were present than the quorum."),
    "no_chair": _l("Nobody is named as chair."),
}
STEPS = {
    "meeting.scheduled": _l("Scheduled"),
    "meeting.rescheduled": _l("Moved"),
    "meeting.cancelled": _l("Cancelled"),
    "meeting.chair_named": _l("Chair named"),
    "meeting.agenda_sent": _l("Agenda sent"),
    "meeting.conflict_declared": _l("Interest declared"),
    "meeting.next_set": _l("Next meeting set"),
    "meeting.finalised": _l("Finalised"),
    "meeting.corrected_afterwards": _l("Corrected afterwards"),
    "meeting.minutes_approved": _l("Minutes approved"),
}


def marks() -> list[tuple[str, str]]:
    """The marks of a register with their words, in the order of a register."""
    return [(mark, code_words("attendance_mark", mark)) for mark in get_args(Mark)]


def working_days(count: int) -> str:
    """10 working days."""
    return ngettext("%(count)s working day", "%(count)s working days", count, count=number(count))


def expectation_words(given: PartyAttendance | Expectation) -> str:
    """Whether a party is expected, and what that rests on."""
    if given.expected:
        return _("Expected: %(notice)s of notice; its terms ask for %(needed)s.", **_notice(given))
    match given.because:
        case "no_terms":
            return _("Welcome, not expected: it accepted no terms for these meetings.")
        case "short_notice":
            return _(
                "Welcome, not expected: %(notice)s of notice; its terms ask for %(needed)s.",
                **_notice(given),
            )
        case "not_needed":
            return _("Welcome, not expected: no pupil on the agenda needs it.")
        case "not_delivered":
            return _("Not expected: the invitation came back.")
        case _:
            return _("Came without an invitation.")


def _notice(given: PartyAttendance | Expectation) -> dict[str, str]:
    return {
        "needed": working_days(given.notice_required or 0),
        "notice": working_days(max(given.notice or 0, 0)),
    }
