"""The headings of the columns in workbooks, in both languages. In a CSV the column names are permanent and have no
language."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

COLUMNS: dict[str, Any] = {
    "by": _l("Compare by"),
    "stamp": _l("Stamp"),
    "key": _l("Code"),
    "name": _l("Name"),
    "service": _l("Service"),
    "service_name": _l("Name of the service"),
    "agency": _l("Agency"),
    "agency_name": _l("Name of the agency"),
    "school": _l("School"),
    "school_name": _l("Name of the school"),
    "standard": _l("Standard"),
    "limit": _l("Limit"),
    "unit": _l("Unit of the limit"),
    "target_percent": _l("Target percentage"),
    "version": _l("Version of the standard from"),
    "month": _l("Month"),
    "until": _l("Up to"),
    # waits
    "started": _l("Started"),
    "uncountable": _l("Cannot be counted"),
    "completed_count": _l("Ended: number"),
    "completed_within_standard": _l("Ended: within the limit"),
    "completed_percent_within_standard": _l("Ended: percentage within the limit"),
    "completed_median_days": _l("Ended: median, days"),
    "completed_p95_days": _l("Ended: 95th percentile, days"),
    "completed_few_waits": _l("Ended: few waits"),
    "ended_otherwise": _l("Ended otherwise"),
    "ended_passed_on": _l("Ended otherwise: passed on to another service"),
    "ended_declined": _l("Ended otherwise: not accepted"),
    "ended_advice_given": _l("Ended otherwise: advice given"),
    "ended_withdrawn": _l("Ended otherwise: withdrawn"),
    "ended_discharged": _l("Ended otherwise: discharged"),
    "ended_moved_away": _l("Ended otherwise: moved away"),
    "ended_aged_out": _l("Ended otherwise: too old for the service"),
    "waiting_count": _l("Still waiting: number"),
    "waiting_within_standard": _l("Still waiting: within the limit"),
    "waiting_percent_within_standard": _l("Still waiting: percentage within the limit"),
    "waiting_few_waits": _l("Still waiting: few waits"),
    "waiting_over_standard": _l("Still waiting: over the limit"),
    "waiting_median_days": _l("Still waiting: median so far, days"),
    "waiting_p92_days": _l("Still waiting: 92nd percentile so far, days"),
    "waiting_p95_days": _l("Still waiting: 95th percentile so far, days"),
    "waiting_longest_days": _l("Still waiting: longest, days"),
    "completed_days_agency": _l("Ended: days of the agency"),
    "completed_days_school": _l("Ended: days of the school"),
    "completed_days_family": _l("Ended: days of the family"),
    "completed_days_authority": _l("Ended: days of the local authority"),
    "completed_days_exempt": _l("Ended: paused days"),
    "completed_days_other_service": _l("Ended: days of a service that had the referral before"),
    "waiting_days_other_service": _l("Still waiting: days of a service that had the referral before"),
    "waiting_days_agency": _l("Still waiting: days of the agency"),
    "waiting_days_school": _l("Still waiting: days of the school"),
    "waiting_days_family": _l("Still waiting: days of the family"),
    "waiting_days_authority": _l("Still waiting: days of the local authority"),
    "waiting_days_exempt": _l("Still waiting: paused days"),
    # one wait
    "referral": _l("Referral"),
    "start_on": _l("Clock started"),
    "begins_on": _l("With this service from"),
    "due_on": _l("Last day within the limit"),
    "stop_on": _l("Clock stopped"),
    "ended_on": _l("Ended before the clock stopped"),
    "ending": _l("How it ended"),
    "elapsed_days": _l("Days, unadjusted"),
    "inherited_days": _l("Days before this service had it"),
    "over_standard": _l("Over the limit"),
    "days_over": _l("Days over the limit"),
    "unconfirmed": _l("Reported only, not confirmed"),
    # attendance
    "meetings": _l("Meetings"),
    "invited": _l("Invited"),
    "expected": _l("Expected"),
    "attended": _l("Attended"),
    "left_early": _l("Left early"),
    "late": _l("Arrived late"),
    "substitute": _l("Substitute"),
    "written_contribution": _l("In writing"),
    "apologies": _l("Apologies"),
    "absent": _l("Absent"),
    "not_marked": _l("Not marked"),
    "contested": _l("Disputed"),
    "struck_out": _l("Struck out"),
    "percent_attended": _l("Percentage attended"),
    "rulings_changed": _l("Rulings for the agency"),
    "rulings_unchanged": _l("Rulings not for the agency"),
    "not_expected_count": _l("Not expected"),
    "not_expected_no_terms": _l("Not expected: no terms of reference"),
    "not_expected_short_notice": _l("Not expected: short notice"),
    "not_expected_not_needed": _l("Not expected: not needed"),
    "not_expected_not_delivered": _l("Not expected: invitation not delivered"),
    "not_expected_uninvited": _l("Not expected: not invited"),
    "not_expected_attended": _l("Not expected: attended anyway"),
    "not_expected_missed": _l("Not expected: did not attend"),
    "not_expected_not_marked": _l("Not expected: not marked"),
    "not_expected_contested": _l("Not expected: disputed"),
    "not_expected_struck_out": _l("Not expected: struck out"),
    # challenges
    "challenge": _l("Challenge number"),
    "kind": _l("Kind"),
    "about": _l("Subject"),
    "phase": _l("Status"),
    "level": _l("Escalated to"),
    "raised_on": _l("Raised"),
    "approved_on": _l("Approved"),
    "sent_on": _l("Sent"),
    "reply_due_on": _l("Reply due"),
    "overdue": _l("Reply overdue"),
    "answered": _l("Answered"),
    "counted": _l("Counted"),
    "threshold": _l("Threshold"),
    "out_of": _l("Out of"),
    "waits": _l("Waits"),
    "disputes": _l("Disputes"),
    "open_disputes": _l("Open disputes"),
    "outcome": _l("Outcome"),
    # what all of it is based on
    "from": _l("From"),
    "to": _l("To"),
    "as_of": _l("As of"),
    "known_at": _l("As known"),
    "metric_version": _l("Metric version"),
    "warning": _l("Warning"),
    "log_position": _l("Position in the record"),
    "parked": _l("Left out because it could not be read"),
    "left_out": _l("Left out, file is full"),
}
_BAND = re.compile(r"completed_band_(\d+)|waiting_band_(\d+)|band_(\d+)_over_days")


def column_words(name: str) -> str:
    """The heading of a column; the permanent name where there is none."""
    if found := _BAND.fullmatch(name):
        if found[1]:
            return _("Ended: band %(number)s", number=found[1])
        if found[2]:
            return _("Still waiting: band %(number)s", number=found[2])
        return _("Band %(number)s: more than this many days", number=found[3])
    return str(COLUMNS.get(name, name))
