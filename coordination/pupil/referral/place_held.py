"""The place that a referral to a resource base or specialist class has led to, by what counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import ReferralEvent
from coordination.pupil.referral.milestones import ENDING, OF_PLACES
from coordination.pupil.referral.phase import DatedMilestone, in_order
from coordination.pupil.referral.state import Referral
from coordination.pupil.rights.events import PupilErased

PlaceState = Literal["asked", "agreed", "waiting", "refused", "offered", "placed", "ended"]
TAKING: frozenset[PlaceState] = frozenset({"offered", "placed"})
"""While it is so, the place is not empty."""
DECIDED: dict[str | None, PlaceState] = {"place": "agreed", "wait": "waiting", "no_place": "refused"}


class PlaceHeld(msgspec.Struct, frozen=True, kw_only=True):
    """How far a referral for a place has come. `beyond`: more than the number of places when it was offered or taken
    up; `beyond_at`: the version of the entry that has the reason."""

    service: UUID
    state: PlaceState = "asked"
    decided_on: date | None = None
    meeting: UUID | None = None
    offered_on: date | None = None
    starts_on: date | None = None
    placed_on: date | None = None
    exit_due_on: date | None = None
    ended_on: date | None = None
    beyond: bool = False
    beyond_at: int | None = None


def place_of(referral: Referral) -> PlaceHeld:
    """The place of a referral, by its counting steps in their order. Reviews of the place may have moved the day by
    which an exit is due."""
    held = place_after(referral.service, in_order(referral.counting()))
    last = referral.place_reviews[-1] if referral.place_reviews else None
    if held.state == "placed" and last is not None:
        return msgspec.structs.replace(held, exit_due_on=last.exit_due_on)
    return held


def place_after(service: UUID, ordered: Iterable[DatedMilestone]) -> PlaceHeld:
    """The place of a service after steps in their order, without the reviews. A referral that is passed on or reopened
    begins again."""
    held = PlaceHeld(service=service)
    replace = msgspec.structs.replace
    for step in ordered:
        match step.name:
            case "panel_decided":
                decided = DECIDED.get(step.decision, "agreed")
                held = replace(held, state=decided, decided_on=step.on, meeting=step.meeting)
            case "place_offered":
                held = replace(
                    held,
                    state="offered",
                    offered_on=step.on,
                    starts_on=step.starts_on,
                    beyond=step.beyond,
                    beyond_at=step.version if step.beyond else None,
                )
            case "placed":
                beyond_at = step.version if step.beyond else held.beyond_at
                held = replace(
                    held,
                    state="placed",
                    placed_on=step.on,
                    exit_due_on=step.exit_due_on,
                    beyond=held.beyond or step.beyond,
                    beyond_at=beyond_at,
                )
            case "reopened" | "redirected":
                held = PlaceHeld(service=service)
            case name if name in ENDING or name == "recorded_in_error":
                held = replace(held, state="ended", ended_on=step.on)
            case _:
                pass
    return held


def place_changes(event: Event, state: object) -> dict[UUID, tuple[UUID, PlaceState | None]]:
    """By referral the service and how its place is taken (None: it is not) after an event, for the referrals that the
    event can have changed. `state` is that of its stream with the event folded in."""
    if not isinstance(state, CaseFile):
        return {}
    match event:
        case PupilErased():
            return {id: (one.service, None) for id, one in state.referrals.items() if _of_a_place(one)}
        case ReferralEvent(referral=id) if id in state.referrals and _of_a_place(state.referrals[id]):
            held = place_of(state.referrals[id])
            return {id: (held.service, held.state if held.state in TAKING else None)}
        case _:
            return {}


def _of_a_place(referral: Referral) -> bool:
    return any(step.name in OF_PLACES for step in referral.steps)
