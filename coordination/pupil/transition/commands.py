"""The commands of a transition. `transition` is a random id."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import Command
from coordination.pupil.transition.events import TransitionKind, VisitKind


class TransitionCommand(Command, frozen=True, kw_only=True):
    """About one transition of a pupil."""

    pupil: UUID
    transition: UUID


class PlanTransition(TransitionCommand, frozen=True, kw_only=True):
    """A transition is prepared. `to_school`: required for the next school."""

    kind: TransitionKind
    moves_on: date
    enhanced: bool = False
    to_school: UUID | None = None
    why_enhanced: str | None = None


class RecordTransitionVisit(TransitionCommand, frozen=True, kw_only=True):
    """A visit, on the day on which it occurred."""

    visit: VisitKind
    words: str | None = None


class SendTransitionPack(TransitionCommand, frozen=True, kw_only=True):
    """The pack, as it is sent."""

    language: str
    pupil_name: str
    moving_school: str
    key_contacts: str
    important: str = ""
    admired: str = ""
    support: str = ""
    needs: tuple[str, ...] = ()


class RecordDestination(TransitionCommand, frozen=True, kw_only=True):
    """Where a young person went."""

    at_age: Literal[16, 18]
    destination: str
    at_risk: bool
    follow_up_on: date | None = None


class FollowUpDestination(TransitionCommand, frozen=True, kw_only=True):
    """The school looked again."""

    destination: str
    follow_up_on: date | None = None
    words: str | None = None
