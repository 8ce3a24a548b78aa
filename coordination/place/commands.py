"""The commands of a resource base or specialist class. `place` is its service, and its stream."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import Command


class PlaceCommand(Command, frozen=True, kw_only=True):
    """About one base. `source`: the document or decision that says so."""

    place: UUID
    source: str


class SetPlaces(PlaceCommand, frozen=True, kw_only=True):
    """The number of places from a day on. `reason`: required where fewer than the pupils who have one."""

    number: int
    effective_from: date
    reason: str | None = None


class SetPlaceCriteria(PlaceCommand, frozen=True, kw_only=True):
    """The admission and exit criteria from a day on."""

    admission: str
    exit: str
    effective_from: date


class MakeHostAgreement(PlaceCommand, frozen=True, kw_only=True):
    """The agreement with the host school from a day on."""

    school: UUID
    terms: str
    effective_from: date
    effective_to: date | None = None


class ReviewBaseFunction(PlaceCommand, frozen=True, kw_only=True):
    """A review of the base's function, on the day on which it occurred."""

    function: str
    next_review_on: date
    needs: tuple[str, ...] = ()


class RecordStaffTraining(PlaceCommand, frozen=True, kw_only=True):
    """Training of the base's staff, on the day on which it occurred."""

    subject: str
    people: int
