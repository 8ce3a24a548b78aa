"""The words for attendance as evidence: the finding, how a register entry counts, likely objections of the agency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from projections.attendance.queries import Ground, Rebuttal
from webui.words.formats import number, short_day
from webui.words.naming import code_words

ANSWERS = {
    "attending": _l("attending"),
    "apologies": _l("apologies"),
    "substitute": _l("a substitute will attend"),
    "written_contribution": _l("in writing"),
}
UNEXPECTED = {
    "clash": _l("expected elsewhere at that time"),
    "no_terms": _l("no terms of reference"),
    "short_notice": _l("short notice"),
    "not_needed": _l("not needed"),
    "not_delivered": _l("invitation not delivered"),
}
# the strongest first: that the party was not expected, then what is still open, then mitigation
GROUNDS: dict[Ground, Any] = {
    "clash": _l("It was invited to another meeting at that time first: %(days)s."),
    "no_terms": _l(
        "It had not agreed terms of reference for these meetings, so it did not have to attend: %(days)s."
    ),
    "not_delivered": _l("The invitation did not arrive: %(days)s."),
    "short_notice": _l("It had less notice than its terms of reference require: %(days)s."),
    "not_needed": _l("No item on the agenda needed it: %(days)s."),
    "ruled": _l("A ruling changed the mark: %(days)s."),
    "contested": _l("It disputes the mark, and there is no ruling yet: %(days)s."),
    "register_open": _l("The register is not finalised yet: %(days)s."),
    "corrected_afterwards": _l("The school corrected the mark after it finalised the register: %(days)s."),
    "apologies": _l("It sent apologies: %(days)s."),
}


class RebuttalWords(msgspec.Struct, frozen=True):
    """A likely objection of the agency: the reason, in a sentence with its dates."""

    ground: Ground
    words: str


def mark_words(mark: str | None) -> str:
    """A mark of a register; "struck out" if there is none."""
    return code_words("attendance_mark", mark) if mark else _("struck out")


def _needed(threshold: int | None) -> str:
    """The threshold of the rule as a sentence to add; empty without a threshold."""
    if threshold is None:
        return ""
    return " " + _("At least %(threshold)s are needed to raise it.", threshold=number(threshold))


def finding_words(
    code: str | None, kind: str | None, counted: int, threshold: int | None, window: int | None
) -> str:
    """The rule and its numbers: 2 of the last 3 meetings were missed; the threshold is 2."""
    numbers = {
        "counted": number(counted),
        "window": number(window or 0),
    }
    if code == "absent_without_apology":
        if kind == "enquiry":
            words = _(
                "%(counted)s absences without apology at the last %(window)s meetings it was invited to."
            )
        else:
            words = _(
                "%(counted)s absences without apology at the last %(window)s meetings it was expected at."
            )
        return words % numbers + _needed(threshold)
    if kind == "enquiry":
        words = _("It missed %(counted)s of the last %(window)s meetings it was invited to.")
    else:
        words = _("It missed %(counted)s of the last %(window)s meetings it was expected at.")
    return words % numbers + _needed(threshold)


def answers_of(rebuttals: Iterable[Rebuttal]) -> list[RebuttalWords]:
    """The likely objections of the agency, the likeliest first: one sentence for each reason, with the dates of its
    meetings."""
    found: dict[Ground, list[Rebuttal]] = {}
    for rebuttal in rebuttals:
        found.setdefault(rebuttal.ground, []).append(rebuttal)
    return [
        RebuttalWords(ground, str(words) % {"days": "; ".join(_day_of(r) for r in found[ground])})
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
