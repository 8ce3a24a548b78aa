"""Resource bases, their places and who has one, for an authority's own system."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from coordination.errors import NotFound
from coordination.pupil.referral.commands import ReviewPlace
from projections.places.queries import AskedPlace, BaseEntry, placements
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import IdField, closed_schema
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.forms.fields import ChoicesField
from webui.places import forms
from webui.places.commands import arrangement
from webui.places.reading import BaseNow, bases, may_arrange, one_base, sees_pupils
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

places = Resource(
    "places",
    "Resource bases and specialist classes: services of an authority with a number of places. A place is asked for "
    "by a referral to the base, and recorded by its milestones panel_decided, place_offered, placed and place_ended.",
)

ALL = "/places"
ONE = f"{ALL}/<uuid:place>"
HELD = f"{ONE}/placements"


class BaseEntryOut(Schema):
    """What was arranged: `kind` places, criteria, agreement, function or training; `words` and `more_words` are the
    admission and exit criteria, or the one text; `number`: places, or people trained."""

    class Meta(Schema.Meta):
        include = fields_of(
            BaseEntry,
            *("version", "kind", "recorded_on", "effective_from", "effective_to", "number", "school"),
            *("words", "more_words", "source"),
        )

    needs = fields.List(fields.String(), required=True)


class BaseOut(Schema):
    """A base. `taken` and `empty` are null for who may not know them."""

    place = fields.UUID(required=True)
    authority = fields.UUID(required=True)
    code = fields.String(required=True)
    number = fields.Integer(required=True, allow_none=True)
    taken = fields.Integer(required=True, allow_none=True)
    empty = fields.Integer(required=True, allow_none=True)
    entries = fields.List(fields.Nested(BaseEntryOut), required=True)


class PlacementOut(Schema):
    """A referral for a place, as it stands."""

    class Meta(Schema.Meta):
        include = fields_of(
            AskedPlace,
            *("referral", "pupil", "school", "placing_authority", "state", "asked_on", "decided_on"),
            *("offered_on", "starts_on", "placed_on", "exit_due_on", "ended_on", "beyond", "reviewed_on"),
            "next_review_on",
        )


class HostAgreementBody(closed_schema(forms.HostAgreementSchema)):  # type: ignore[misc]
    """An agreement with the host school."""

    school = IdField("The host school")


class BaseFunctionBody(closed_schema(forms.BaseFunctionSchema)):  # type: ignore[misc]
    """A review of the base's function."""

    needs = ChoicesField("Codes of the table need", required=False)


PlacesBody = closed_schema(forms.PlacesSchema)
PlaceCriteriaBody = closed_schema(forms.PlaceCriteriaSchema)
StaffTrainingBody = closed_schema(forms.StaffTrainingSchema)
PlaceReviewBody = closed_schema(forms.PlaceReviewSchema)


def _shown(base: BaseNow) -> dict[str, Any]:
    return {
        "place": base.service.id,
        "authority": base.service.agency,
        "code": base.service.code,
        "number": base.number,
        "taken": base.taken,
        "empty": base.empty,
        "entries": [
            {name: getattr(one, name) for name in BaseEntry.__struct_fields__ if name != "service"}
            for one in base.arrangement.entries
        ],
    }


@places.lists(ALL, scope="places:read", answers=BaseOut)
def listed(query: dict[str, Any], page: PageRequest) -> ResourceRows:  # noqa: ARG001
    """List the bases of all authorities."""
    rows = [_shown(one) for one in bases()]
    first = (page.number - 1) * page.size
    return ResourceRows(rows[first : first + page.size], len(rows))


@places.shows(ONE, scope="places:read", answers=BaseOut)
def one(place: UUID) -> ResourceView:
    """Get a base with everything that was arranged for it."""
    found = one_base(place)
    return ResourceView(_shown(found), found.arrangement.version)


@places.lists(HELD, scope="places:read", answers=PlacementOut)
def held(query: dict[str, Any], page: PageRequest, place: UUID) -> ResourceRows:  # noqa: ARG001
    """List the referrals for places of a base, those who asked first at the top."""
    one_base(place)
    if not sees_pupils():
        raise NotFound
    found = placements(casework.reader(), viewer(), place).rows
    rows = [{name: getattr(p, name) for name in AskedPlace.__struct_fields__} for p in found]
    first = (page.number - 1) * page.size
    noted = ReadLogNote("places", [p.pupil for p in found], "own_pupil")
    return ResourceRows(rows[first : first + page.size], len(rows), noted)


def _arranged(kind: str, typed: dict[str, Any], asked: RecordRequest, place: UUID) -> RecordingResult:
    if not may_arrange(one_base(place)):
        raise NotFound
    asked.perform(arrangement(kind, place, typed, runtime().today(), asked.seen))
    return RecordingResult({"place": place}, f"/places/{place}")


@places.records(f"{ONE}/number", scope="places:write", takes=PlacesBody, makes=("place",), thing=one)
def set_number(typed: dict[str, Any], asked: RecordRequest, place: UUID) -> RecordingResult:
    """Record the number of places from a day on."""
    return _arranged("places", typed, asked, place)


@places.records(f"{ONE}/criteria", scope="places:write", takes=PlaceCriteriaBody, makes=("place",), thing=one)
def set_criteria(typed: dict[str, Any], asked: RecordRequest, place: UUID) -> RecordingResult:
    """Record the admission and exit criteria from a day on."""
    return _arranged("criteria", typed, asked, place)


@places.records(
    f"{ONE}/agreement", scope="places:write", takes=HostAgreementBody, makes=("place",), thing=one
)
def make_agreement(typed: dict[str, Any], asked: RecordRequest, place: UUID) -> RecordingResult:
    """Record the agreement with the host school."""
    return _arranged("agreement", typed, asked, place)


@places.records(f"{ONE}/function", scope="places:write", takes=BaseFunctionBody, makes=("place",), thing=one)
def review_function(typed: dict[str, Any], asked: RecordRequest, place: UUID) -> RecordingResult:
    """Record a review of the base's function."""
    return _arranged("function", typed, asked, place)


@places.records(f"{ONE}/training", scope="places:write", takes=StaffTrainingBody, makes=("place",), thing=one)
def record_training(typed: dict[str, Any], asked: RecordRequest, place: UUID) -> RecordingResult:
    """Record training of the base's staff."""
    return _arranged("training", typed, asked, place)


@places.records(
    f"{HELD}/<uuid:referral>/review", scope="places:write", takes=PlaceReviewBody, makes=("referral",)
)
def review_place(typed: dict[str, Any], asked: RecordRequest, place: UUID, referral: UUID) -> RecordingResult:
    """Record a review of a place."""
    found = placements(casework.reader(), viewer(), place, referral).rows
    if not found:
        raise NotFound
    asked.perform(ReviewPlace(pupil=found[0].pupil, referral=referral, seen=asked.seen, **typed))
    return RecordingResult({"referral": referral}, f"/places/{place}/placements")
