"""The advice conversations about a pupil, and whether a referral followed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from coordination.pupil.advice.events import AdviceLinked
from coordination.pupil.referral.milestones import ENDING
from coordination.pupil.referral.phase import in_order
from coordination.pupil.referral.state import Referral


class AdviceAbout(msgspec.Struct, frozen=True):
    """One conversation about the pupil; `referral`: the one to which somebody linked it."""

    advice: UUID
    school: UUID
    agency: UUID
    service: UUID
    asked_on: date
    version: int
    referral: UUID | None = None


class ReferralAfterAdvice(msgspec.Struct, frozen=True):
    """What the school that asked had done, or did, with the service it asked. `open_before`: its referral of the pupil
    to that service was open when it asked. `referred_on`: the day of its first referral from then on (None: none)."""

    open_before: bool = False
    referred_on: date | None = None


def evolve(linked: dict[UUID, AdviceAbout], event: AdviceLinked, version: int) -> dict[UUID, AdviceAbout]:
    """The conversations after the event; `version` is its place in the pupil's stream."""
    held = linked.get(event.advice)
    return {
        **linked,
        event.advice: AdviceAbout(
            advice=event.advice,
            school=event.school,
            agency=event.agency,
            service=event.service,
            asked_on=event.asked_on,
            version=version,
            referral=event.referral or (held.referral if held else None),
        ),
    }


def referral_after(about: AdviceAbout, referrals: Mapping[UUID, Referral]) -> ReferralAfterAdvice:
    """Whether a referral followed the conversation: by the school that asked, to the service that was asked, counted
    from the day it was sent or passed on there. What other schools or families did stays theirs and is not looked at;
    a referral that was recorded in error is none."""
    open_before, days = False, []
    for held in referrals.values():
        reached = _reached(held, about.service) if held.school == about.school else None
        if reached is None:
            continue
        if reached >= about.asked_on:
            days.append(reached)
        elif not _ended(held, about.asked_on):
            open_before = True
    return ReferralAfterAdvice(open_before, min(days, default=None))


def _reached(held: Referral, service: UUID) -> date | None:
    """The day on which a referral was sent or passed on to a service; None: it was not, by what counts."""
    if not any(to == service for _, to in held.path()):
        return None
    steps = list(held.counting())
    sent = [s.on for s in steps if s.name == "submitted"] if held.services[0] == service else []
    return min([*sent, *(s.on for s in steps if s.to_service == service)], default=None)


def _ended(held: Referral, on: date) -> bool:
    """Whether it had ended by a day, and was not reopened since."""
    turns = [
        s.name for s in in_order(held.counting()) if s.on <= on and (s.name in ENDING or s.name == "reopened")
    ]
    return bool(turns) and turns[-1] in ENDING
