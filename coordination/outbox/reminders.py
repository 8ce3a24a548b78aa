"""Reminders of messages that were not answered: on which days, and when they stop. Pure rules over states and dates.

A reminder follows a message that asks for something. It stops as soon as that was answered or has no sense any more,
and one sent by hand takes the place of the next scheduled one. Families are not reminded by these rules: whether
anything may be sent to them is decided in `coordination.pupil.family`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from coordination.challenge.state import WITH_THE_AGENCY, Challenge
from coordination.meeting.state import Meeting
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.phase import phase

REMINDERS: Mapping[str, str] = {
    "referral_sent": "referral_reminder",
    "referral_passed_on": "referral_reminder",
    "meeting_invited": "invitation_reminder",
    "challenge_sent": "challenge_reminder",
    "file_requested": "file_request_reminder",
    "action_agreed": "action_reminder",
}
"""The rule of the reminder that may follow a message, by the message's rule."""
AFTER: Mapping[str, tuple[int, ...]] = {
    "referral_reminder": (5, 10),
    "invitation_reminder": (5,),
    "challenge_reminder": (5, 10),
    "file_request_reminder": (3,),
}
"""Working days after the message."""
BEFORE_DUE = 2
"""Working days before an action is due; a second reminder comes on the working day after that day."""
LONGEST = 30
"""Working days after the last reminder's day in which a worker that was stopped still sends it."""


class CountedDays(Protocol):
    """Working days, as in `coordination.calendars`."""

    def ordinal(self, day: date) -> int: ...

    def add(self, day: date, days: int) -> date: ...


def reminder_days(rule: str, told_on: date, due_on: date | None, days: CountedDays) -> tuple[date, ...]:
    """The days of the reminders of a message: counted from it, or of an action from its due day."""
    if rule == "action_reminder":
        if due_on is None:
            return ()
        return (max(days.add(due_on, -BEFORE_DUE), told_on), days.add(due_on, 1))
    return tuple(days.add(told_on, after) for after in AFTER[rule])


def reminder_due(
    planned: Iterable[date], told_on: date, by_hand: Iterable[date], today: date, days: CountedDays
) -> int | None:
    """The number (from 1) of the reminder to send on a day: the last whose day has come, unless somebody sent one by
    hand since the one before it, or it is too old."""
    before, number, day = told_on, 0, told_on
    for count, on in enumerate(planned, 1):
        if on > today:
            break
        before, number, day = (day if count > 1 else told_on), count, on
    if number == 0 or days.ordinal(today) - days.ordinal(day) > LONGEST:
        return None
    return None if any(before < hand or hand == told_on for hand in by_hand) else number


def waits_for_answer(state: object, thing: UUID, recipient: UUID, today: date) -> bool:
    """Whether what a message was about still waits for its recipient. `thing` as in the message."""
    match state:
        case CaseFile():
            return _in_file(state, thing, recipient)
        case Meeting():
            return (
                not state.cancelled
                and state.held_on > today
                and any(
                    i.party.service == recipient and i.answer is None and not i.undelivered
                    for i in state.invitations.values()
                )
            )
        case Challenge():
            return state.phase in WITH_THE_AGENCY and not state.answered and state.service == recipient
        case _:
            return False


def _in_file(case: CaseFile, thing: UUID, recipient: UUID) -> bool:
    held = case.referrals.get(thing)
    if held is not None:
        now = phase(held.counting()).name
        sees = case.consents.receives(held.referral, held.agency, held.service)
        return held.service == recipient and now in ("submitted", "redirected") and sees
    action = case.actions.actions.get(thing)
    if action is not None:
        owner = action.owner
        return (
            action.ended is None
            and owner is not None
            and recipient in (owner.person, owner.service, owner.organisation)
        )
    request = case.moves.requests.get(thing)
    return request is not None and request.open and recipient in request.put_to


def due_day(state: object, thing: UUID) -> date | None:
    """The day on which an action is due; None for anything else."""
    action = state.actions.actions.get(thing) if isinstance(state, CaseFile) else None
    return action.due_on if action is not None else None
