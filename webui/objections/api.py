"""Objections to sharing, court orders, competence and reviews of agreement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from marshmallow import Schema

from coordination.pupil.asking.decide import AssessCompetence, ReviewAgreement
from coordination.pupil.objections.commands import (
    DecideObjection,
    EndCourtOrder,
    ObjectToSharing,
    RecordCourtOrder,
)
from projections.agreements.queries import (
    BesideAgreements,
    CourtOrderSummary,
    ObjectionSummary,
    beside_agreements,
)
from projections.case_file import queries
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import IdField, closed_schema
from webui.api.resource import ReadLogNote, RecordingResult, RecordRequest, Resource, ResourceRows
from webui.objections.forms import (
    AgreementReviewSchema,
    CompetenceSchema,
    CourtOrderEndSchema,
    CourtOrderSchema,
    ObjectionDecisionSchema,
    ObjectionSchema,
)
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.naming import directory

objections = Resource(
    "objections",
    "Objections of one parent to sharing, the decision about each, and court orders. Only the holder of the pupil's "
    "file sees them.",
)


class ObjectionBody(closed_schema(ObjectionSchema)):  # type: ignore[misc]
    """One parent's objection. `who` is a contact with parental responsibility."""

    who = IdField(_l("Who objects?"))
    service = IdField(_l("To sharing with which service?"))


class CourtOrderBody(closed_schema(CourtOrderSchema)):  # type: ignore[misc]
    """A court order. Without a service or purpose it is about all of them."""

    service = IdField(_l("About which service?"), required=False)


class CompetenceBody(closed_schema(CompetenceSchema)):  # type: ignore[misc]
    """An assessment of the child's competence."""

    assessed_by = IdField(_l("Who assessed it?"))


ObjectionDecisionBody = closed_schema(ObjectionDecisionSchema)
CourtOrderEndBody = closed_schema(CourtOrderEndSchema)
AgreementReviewBody = closed_schema(AgreementReviewSchema)


class ObjectionOut(Schema):
    """An objection. `outcome` null: not decided yet."""

    class Meta(Schema.Meta):
        include = fields_of(
            ObjectionSummary,
            *("objection", "agency", "service", "purpose", "contact", "since", "outcome", "decided_on"),
        )


class CourtOrderOut(Schema):
    """A court order. `until` is its last day, `ended_on` the first day without it."""

    class Meta(Schema.Meta):
        include = fields_of(
            CourtOrderSummary,
            *("court_order", "effect", "agency", "service", "purpose", "since", "until", "ended_on"),
        )


@objections.lists("/pupils/<uuid:pupil>/objections", scope="consents:read", answers=ObjectionOut)
def listed(_query: dict[str, Any], page: PageRequest, pupil: UUID) -> ResourceRows:
    """List the objections about a pupil, newest first."""
    found = _beside(pupil).objections
    return ResourceRows(found[page.first : page.past], len(found), ReadLogNote("agreements", [pupil]))


@objections.lists("/pupils/<uuid:pupil>/court-orders", scope="consents:read", answers=CourtOrderOut)
def orders(_query: dict[str, Any], page: PageRequest, pupil: UUID) -> ResourceRows:
    """List the court orders about sharing for a pupil, newest first."""
    found = _beside(pupil).orders
    return ResourceRows(found[page.first : page.past], len(found), ReadLogNote("agreements", [pupil]))


@objections.records(
    "/pupils/<uuid:pupil>/objections",
    scope="consents:write",
    takes=ObjectionBody,
    makes=("pupil", "objection"),
)
def object_to_sharing(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record one parent's objection. It stops nothing by itself."""
    objection = asked.new_id("objection")
    contact = UUID(typed.pop("who"))
    asked.perform(
        ObjectToSharing(pupil=pupil, objection=objection, contact=contact, **_service(typed), **typed)
    )
    return RecordingResult({"pupil": pupil, "objection": objection}, f"/pupils/{pupil}/objections")


@objections.records(
    "/pupils/<uuid:pupil>/objections/<uuid:objection>/decide",
    scope="consents:write",
    takes=ObjectionDecisionBody,
    makes=("pupil", "objection"),
)
def decide(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, objection: UUID) -> RecordingResult:
    """Record the decision about an objection, with its reason."""
    asked.perform(DecideObjection(pupil=pupil, objection=objection, **typed))
    return RecordingResult({"pupil": pupil, "objection": objection}, f"/pupils/{pupil}/objections")


@objections.records(
    "/pupils/<uuid:pupil>/court-orders",
    scope="consents:write",
    takes=CourtOrderBody,
    makes=("pupil", "court_order"),
)
def court_order(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record a court order about sharing."""
    order = asked.new_id("order")
    purpose = typed.pop("purpose") or None
    asked.perform(RecordCourtOrder(pupil=pupil, order=order, purpose=purpose, **_service(typed), **typed))
    return RecordingResult({"pupil": pupil, "court_order": order}, f"/pupils/{pupil}/court-orders")


@objections.records(
    "/pupils/<uuid:pupil>/court-orders/<uuid:order>/end",
    scope="consents:write",
    takes=CourtOrderEndBody,
    makes=("pupil", "court_order"),
)
def end_order(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, order: UUID) -> RecordingResult:
    """Record that a court order no longer applies."""
    asked.perform(EndCourtOrder(pupil=pupil, order=order, **typed))
    return RecordingResult({"pupil": pupil, "court_order": order}, f"/pupils/{pupil}/court-orders")


@objections.records(
    "/pupils/<uuid:pupil>/competence", scope="consents:write", takes=CompetenceBody, makes=("pupil",)
)
def competence(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record an assessment of the child's competence to decide about sharing."""
    assessed_by, purpose = UUID(typed.pop("assessed_by")), typed.pop("purpose") or None
    asked.perform(AssessCompetence(pupil=pupil, assessed_by=assessed_by, purpose=purpose, **typed))
    return RecordingResult({"pupil": pupil}, f"/pupils/{pupil}/consents")


@objections.records(
    "/pupils/<uuid:pupil>/consents/<uuid:consent>/review",
    scope="consents:write",
    takes=AgreementReviewBody,
    makes=("pupil", "consent"),
)
def review(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, consent: UUID) -> RecordingResult:
    """Record that an agreement goes on as it is though there was a reason to ask again."""
    asked.perform(ReviewAgreement(pupil=pupil, consent=consent, **typed))
    return RecordingResult({"pupil": pupil, "consent": consent}, f"/pupils/{pupil}/consents/{consent}")


def _beside(pupil: UUID) -> BesideAgreements:
    file = queries.pupil(casework.reader(), viewer(), pupil)
    return beside_agreements(casework.reader(), viewer(), (file.pupil.pupil, *file.others))


def _service(typed: dict[str, Any]) -> dict[str, Any]:
    """The service and its agency; None for every service. An unknown service is left for the decision to refuse."""
    value = typed.pop("service")
    if not value:
        return {"service": None, "agency": None}
    found = directory().service(UUID(value))
    return {"service": UUID(value), "agency": found.agency if found else UUID(value)}
