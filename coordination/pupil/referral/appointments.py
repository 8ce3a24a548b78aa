"""The appointments of a referral: each offered, perhaps answered, and with one outcome. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from coordination.calendars import local_date
from coordination.pupil.referral.milestones import rules_of
from coordination.pupil.referral.phase import DatedMilestone, in_order

OUTCOMES = ("attended", "missed", "cancelled")
"""The parts of milestones (`MilestoneRules.appointment`) that say what became of an appointment."""


class OfferedAppointment(msgspec.Struct, frozen=True):
    """An appointment that was offered. `outcome` is what became of it, unless the service contests it."""

    offer: DatedMilestone
    outcome: DatedMilestone | None = None

    @property
    def days(self) -> frozenset[date]:
        """The days that the offer names, by the clock in Wales; none where the times are not known."""
        return frozenset(local_date(at) for at in self.offer.for_when)

    def may_be_on(self, day: date) -> bool:
        """Whether the offer names the day, or was made by then for a day that is not known."""
        return day in self.days or (not self.days and self.offer.on <= day)

    @property
    def last_day(self) -> date:
        """The last of its days; that of the offer where the times are not known."""
        return max(self.days, default=self.offer.on)

    def is_over_before(self, on: date) -> bool:
        """Whether every day that it names had passed."""
        return bool(self.days) and self.last_day < on


def appointments(steps: Iterable[DatedMilestone]) -> list[OfferedAppointment]:
    """The appointments that counting steps offer, in the order of the offers.

    An outcome belongs to the appointment that it names. One that names none, in a history file, belongs to the first
    without an outcome that was offered for its day, unless it says that its appointment is not on record.
    """
    ordered = in_order(steps)
    found = [OfferedAppointment(step) for step in ordered if step.name == "appointment_offered"]
    for step in ordered:
        if rules_of(step.name).appointment not in OUTCOMES or step.standing == "contested":
            continue
        place = _place_of(step, found)
        if place is not None and found[place].outcome is None:
            found[place] = msgspec.structs.replace(found[place], outcome=step)
    return found


def _place_of(outcome: DatedMilestone, among: list[OfferedAppointment]) -> int | None:
    if outcome.appointment is not None:
        named = (i for i, one in enumerate(among) if one.offer.appointment == outcome.appointment)
        return next(named, None)
    if outcome.no_appointment_on_record:
        return None
    that_day = (i for i, one in enumerate(among) if one.outcome is None and one.may_be_on(outcome.on))
    return next(that_day, None)
