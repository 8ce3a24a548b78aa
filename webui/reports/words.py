"""The words that every report shows with its figures."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.clocks import WaitEnding
from projections.waiting_times.queries import StandardVersion
from webui.words.codes import milestone_name
from webui.words.formats import in_unit
from webui.words.text import Words

ENDING_WORDS: dict[WaitEnding, Any] = {
    "passed_on": _l("Passed on to another service"),
    "declined": _l("Not accepted"),
    "advice_given": _l("Advice given"),
    "withdrawn": _l("Withdrawn"),
    "discharged": _l("Discharged"),
    "place_ended": _l("Place ended"),
    "moved_away": _l("Moved away"),
    "aged_out": _l("Too old for the service"),
}
"""How a wait ends when its clock does not stop."""

CLOCK_WORDS: dict[str, Any] = {
    "none": _l(
        "No standard set: from receipt to first contact, assessment, treatment, report, answer or place"
    ),
    "not_received": _l("Sent and not received: from sending to the service’s first step"),
    "not_sent": _l("Decided and not sent: from the decision to refer to sending"),
}
"""The clocks that are built in."""

CLOCK_NAMES: dict[str, Any] = {
    "none": _l("No standard set"),
    "not_received": _l("Sent and not received"),
    "not_sent": _l("Decided and not sent"),
}


def clock_words(standard: StandardVersion) -> Words:
    """What a wait is measured by: from received to first contact, within 28 days; or the clock that is built in."""
    if standard.start is None or standard.stop is None or standard.limit is None:
        words: Words = CLOCK_WORDS.get(standard.code, standard.code)
        return words
    return _(
        "%(start)s to %(stop)s, within %(limit)s",
        start=milestone_name(standard.start),
        stop=milestone_name(standard.stop).lower(),
        limit=in_unit(standard.limit, standard.unit),
    )


def future_warning(in_the_future: bool) -> str:
    """The warning if the day of a report has not come; else empty."""
    if not in_the_future:
        return ""
    return _("This date is in the future. Open waits are counted as if nothing more happened until then.")
