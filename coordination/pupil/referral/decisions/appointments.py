"""What is said about an appointment: which one it is, and whether it can still be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from coordination.pupil.referral.appointments import OUTCOMES, OfferedAppointment, appointments
from coordination.pupil.referral.decisions.checks import FILES
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.phase import DatedMilestone, ImpossibleOrder
from coordination.pupil.referral.state import Referral, step_of

# Missed on the day itself; of the others notice was given before it.
ON_THE_DAY = ("was_not_brought", "did_not_attend")


def with_appointment(held: Referral, event: Milestone, version: int) -> Milestone:
    """The milestone with the appointment that it is about: the one that it names, or the one that its day tells.

    Raises Refusal `unknown_appointment`, `appointment_has_outcome`, `no_appointment_that_day`, `which_appointment`,
    `answered_too_late`, and ImpossibleOrder for what came before the offer. A history file names no appointments: its
    rows are joined with one where the day tells which, and never refused.
    """
    part = event.rules.appointment
    if part == "offered":
        return _same_appointment(held, event)
    if part is None:
        return event
    counting = [step for step in held.counting() if step.version != event.supersedes]
    offered, step = appointments(counting), step_of(event, version)
    try:
        found = _appointment_of(step, offered)
        if part in OUTCOMES:
            _require_no_outcome(step, found)
        else:
            _require_in_time(step, found, counting)
    except Refusal:
        if event.header.source in FILES:
            return event
        raise
    if found is None or found.offer.appointment is None:
        return event
    return msgspec.structs.replace(event, appointment=found.offer.appointment)


def _same_appointment(held: Referral, event: Milestone) -> Milestone:
    """A corrected offer is of the same appointment as before."""
    before = held.step(event.supersedes) if event.supersedes is not None else None
    same: UUID | None = before.appointment if before is not None else None
    return event if same is None else msgspec.structs.replace(event, appointment=same)


def _appointment_of(step: DatedMilestone, offered: Sequence[OfferedAppointment]) -> OfferedAppointment | None:
    """The appointment that a step names or means; None where it says that there is none on record, or need not say."""
    if step.appointment is not None:
        named = next((one for one in offered if one.offer.appointment == step.appointment), None)
        if named is None or step.no_appointment_on_record:
            raise Refusal("unknown_appointment", "appointment")
        if step.on < named.offer.on:
            raise ImpossibleOrder(step, named.offer)
        return named
    if step.no_appointment_on_record:
        return None
    before = [one for one in offered if one.offer.on <= step.on]
    still_open = [one for one in before if one.outcome is None]
    that_day = [one for one in before if one.may_be_on(step.on)]
    match step.name:
        case "was_not_brought" | "did_not_attend":
            return next((one for one in that_day if one.outcome is None), next(iter(that_day), None))
        case "could_not_attend" | "cancelled_by_service":
            coming = [one for one in still_open if not one.is_over_before(step.on)]
            return min(coming, key=lambda one: one.last_day, default=None)
        case "appointment_answered":
            return still_open[-1] if still_open else None
        case _:
            return next((one for one in that_day if one.outcome is None), None)


def _require_no_outcome(step: DatedMilestone, found: OfferedAppointment | None) -> None:
    """An appointment has one outcome, and is missed on a day that its offer names."""
    if found is None:
        if step.no_appointment_on_record or step.name == "first_contact":
            return
        if step.name in ON_THE_DAY:
            raise Refusal("no_appointment_that_day", "appointment", on=step.on.isoformat())
        raise Refusal("which_appointment", "appointment")
    if found.outcome is not None:
        other = found.outcome
        raise Refusal("appointment_has_outcome", "appointment", step=other.name, on=other.on.isoformat())
    if step.name in ON_THE_DAY and not found.may_be_on(step.on):
        raise Refusal("no_appointment_that_day", "appointment", on=step.on.isoformat())


def _require_in_time(
    step: DatedMilestone, found: OfferedAppointment | None, counting: Sequence[DatedMilestone]
) -> None:
    """An offer is answered before it has its outcome, and before the pupil was seen after it was made."""
    since = found.offer.on if found is not None else None
    over = [found.outcome] if found is not None and found.outcome is not None else []
    seen = [s for s in counting if s.name == "first_contact" and (since is None or s.on >= since)]
    before = [other for other in (*over, *seen) if other.on < step.on]
    if before:
        other = min(before, key=lambda s: s.on)
        raise Refusal("answered_too_late", "occurred_on", step=other.name, on=other.on.isoformat())
