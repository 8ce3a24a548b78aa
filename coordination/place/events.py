"""The events of a resource base or specialist class, on a stream with the id of its service.

The base is a service of its authority. What is here is the authority's own dated arrangement and names no pupil: who
has a place is on each pupil's stream (`coordination.pupil.referral.milestones.placing`). Nothing is changed in place; a
later entry follows an earlier one. Sources of what is kept: Estyn 2008, recommendations R3 and R5 to R9.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import PlaceEvent
from coordination.sensitivity import Operational


class PlacesSet(PlaceEvent, frozen=True, kw_only=True):
    """The number of places from a day on, with the source that says so. `reason`: why there are fewer than the pupils
    who have a place."""

    topic = "places.set"
    number: Operational[int]
    effective_from: Operational[date]
    source: Operational[str]
    reason: Operational[str | None] = None


class PlaceCriteriaSet(PlaceEvent, frozen=True, kw_only=True):
    """The criteria from a day on: who is admitted, and what a pupil is expected to achieve to return to a mainstream
    class (paragraphs 14 and 76)."""

    topic = "places.criteria_set"
    admission: Operational[str]
    exit: Operational[str]
    effective_from: Operational[date]
    source: Operational[str]


class HostAgreementMade(PlaceEvent, frozen=True, kw_only=True):
    """The agreement with the school that hosts the base: what the authority expects it to provide (R8)."""

    topic = "places.host_agreement_made"
    school: Operational[UUID]
    terms: Operational[str]
    effective_from: Operational[date]
    source: Operational[str]
    effective_to: Operational[date | None] = None


class BaseFunctionReviewed(PlaceEvent, frozen=True, kw_only=True):
    """The function of the base was reviewed on the day of the event: for which needs it is (codes of the table `need`),
    what changes, and when it is reviewed next (R6)."""

    topic = "places.function_reviewed"
    function: Operational[str]
    needs: Operational[tuple[str, ...]]
    next_review_on: Operational[date]
    source: Operational[str]


class BaseStaffTrained(PlaceEvent, frozen=True, kw_only=True):
    """So many of the base's staff were trained in something on the day of the event (R9)."""

    topic = "places.staff_trained"
    subject: Operational[str]
    people: Operational[int]
    source: Operational[str]


AnyPlaceEvent = PlacesSet | PlaceCriteriaSet | HostAgreementMade | BaseFunctionReviewed | BaseStaffTrained
"""All of them, so that the type checker finds a `match` that forgets one."""
