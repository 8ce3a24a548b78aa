"""Agreement to share about a pupil, by agency: requested, given, refused, withdrawn; and the lawful basis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from coordination.errors import NotFound
from coordination.pupil.consent.decide import (
    RecordLawfulBasis,
    RequestConsent,
    WithdrawConsent,
)
from projections.case_file import queries
from projections.case_file.queries import ConsentSummary, DisclosureSummary, LawfulBasis, PupilFile
from webui.api.derived import fields_of
from webui.api.narrowing import ids_in
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField, IdsField, closed_schema
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.consent import commands
from webui.consent.commands import BASES, AnswerSubject, plain_values
from webui.consent.forms import (
    BasisSchema,
    ConsentAnswerSchema,
    ConsentRequestSchema,
    ConsentWithdrawalSchema,
)
from webui.forms.fields import ChoiceField, YesNoField
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

consents = Resource(
    "consents",
    "Agreement to share information about a pupil with an agency for a purpose, and the lawful basis for sharing. Each "
    "request is to one person. Another person's answer is recorded separately, so that conflicts are visible.",
)

STANDINGS = ("requested", "given", "refused", "withdrawn", "expired", "superseded")
SERVICE = (
    "The service of the agency. It can be left out for an agency with one service, and with `whole_agency`"
)
WHOLE = "Every service of the agency, because the family said so"
ALSO = (
    "Of the services for which a single point of access sorts referrals, those that the agreement covers too. Left"
    " out: all of its list"
)
PUPIL_HERSELF = "A contact of the pupil (null or left out: the pupil)"


# Request bodies: the forms of the pages, with ids where a form offers people


class ConsentAskBody(closed_schema(ConsentRequestSchema)):  # type: ignore[misc]
    """A request for agreement."""

    agency = IdField(_l("Share with which agency?"))
    service = IdField(SERVICE, required=False)
    whole_agency = YesNoField(WHOLE, kind="is it?", required=False)
    also_services = IdsField(ALSO, required=False)
    contact = IdField(PUPIL_HERSELF, required=False)

    class Meta(ClosedSchema.Meta):
        exclude = ("who", "struck_out")


class ConsentAnswerBody(closed_schema(ConsentAnswerSchema)):  # type: ignore[misc]
    """An answer. A refusal has no route, language or end date; these fields are ignored for it."""

    also_services = IdsField(ALSO, required=False)
    contact = IdField(PUPIL_HERSELF, required=False)
    competence_judged_by = IdField(
        _l("Who judged that the child is competent to decide this?"), required=False
    )
    local_authority = IdField(_l("Which local authority holds parental responsibility?"), required=False)
    decided_by = IdField(_l("Who decided that it is in the person’s best interests?"), required=False)

    class Meta(ClosedSchema.Meta):
        exclude = ("who", "struck_out")


class FreshConsentBody(ConsentAnswerBody):
    """An answer without a recorded request. It includes the agency, its service and the purpose."""

    agency = IdField(_l("Share with which agency?"))
    service = IdField(SERVICE, required=False)
    whole_agency = YesNoField(WHOLE, kind="is it?", required=False)
    purpose = ConsentRequestSchema._declared_fields["purpose"]
    data_classes = ConsentRequestSchema._declared_fields["data_classes"]


class ConsentWithdrawBody(closed_schema(ConsentWithdrawalSchema)):  # type: ignore[misc]
    """Withdrawing an agreement. `meaning`: `stop_sharing` (if left out) hides what is new from the agency, whose clock
    goes on; `end_referral` also ends the open referrals that were shared on the agreement."""

    meaning = ChoiceField(
        _l("What does the family want?"),
        choices=[("stop_sharing", "stop_sharing"), ("end_referral", "end_referral")],
        required=False,
        load_default="stop_sharing",
    )
    contact = IdField(PUPIL_HERSELF, required=False)

    class Meta(ClosedSchema.Meta):
        exclude = ("who",)


class LawfulBasisBody(closed_schema(BasisSchema)):  # type: ignore[misc]
    """The lawful basis for sharing with an agency or one of its services."""

    agency = IdField(_l("Share with which agency?"))
    service = IdField("The service of the agency (null or left out: every service)", required=False)
    basis = ChoiceField(_l("Which lawful basis?"), choices=[(code, code) for code in BASES])


class ConsentsQuery(ClosedSchema):
    """Filters for the list."""

    agency = IdField("The agency", required=False)
    standing = ChoiceField("Status", choices=[(code, code) for code in STANDINGS], required=False)


# Responses


class ConsentSchema(Schema):
    """A request to share data, with its status and the date of that status. `contact` null: the pupil was asked.
    `service` is the one that may receive the data, `also_services` those to which it may pass it on; `whole_agency`:
    every service of the agency. `in_force`: in force today. `conflict`: for the same service and purpose, one person
    with authority agrees and another refuses."""

    class Meta(Schema.Meta):
        include = fields_of(
            ConsentSummary,
            *(
                "consent",
                "agency",
                "service",
                "whole_agency",
                "also_services",
                "purpose",
                "standing",
                "since",
            ),
            *("contact", "expires_on", "in_force"),
            *("conflict", "data_classes"),
        )


class DisclosureOut(Schema):
    """What was shared with a service (null: the whole agency), the date, and the agreement (`consent`) or lawful basis
    it is based on. `subject`: what it was (`referral`, `minute`, `meeting`, ...), and `referral` its id. `stopped_on`:
    from this date the service receives nothing new of it. `closed_on`: from this date it cannot see it."""

    class Meta(Schema.Meta):
        include = fields_of(
            DisclosureSummary,
            *("agency", "service", "made_on", "data_classes", "lawful_basis", "closed_on", "subject"),
            "stopped_on",
            referral="ground",
        )


class ConsentWholeSchema(ConsentSchema):
    """A request for agreement, with what was shared because of it."""

    disclosures = fields.List(fields.Nested(DisclosureOut), required=True)


class LawfulBasisOut(Schema):
    """The lawful basis recorded for sharing with an agency (public_task if none is recorded)."""

    class Meta(Schema.Meta):
        include = fields_of(LawfulBasis, "agency", "service", "basis", "recorded_on")


# Reading


@consents.lists(
    "/pupils/<uuid:pupil>/consents", scope="consents:read", query=ConsentsQuery, answers=ConsentSchema
)
def listed(query: dict[str, Any], page: PageRequest, pupil: UUID) -> ResourceRows:
    """List requests for agreement about a pupil, newest first. An agency sees those about itself."""
    found = _narrowed(_file(pupil).consents, query)
    return ResourceRows(found[page.first : page.past], len(found), ReadLogNote("agreements", [pupil]))


def _narrowed(found: Sequence[ConsentSummary], query: dict[str, Any]) -> list[ConsentSummary]:
    wanted = ids_in(ConsentsQuery, query, "agency")["agency"]
    kept = [c for c in found if wanted in (None, c.agency) and query.get("standing") in (None, c.standing)]
    return sorted(kept, key=lambda c: -c.last_version)


@consents.shows(
    "/pupils/<uuid:pupil>/consents/<uuid:consent>", scope="consents:read", answers=ConsentWholeSchema
)
def one(pupil: UUID, consent: UUID) -> ResourceView:
    """Get a request for agreement, with what was shared because of it."""
    file = _file(pupil)
    held = next((c for c in file.consents if c.consent == consent), None)
    if held is None:
        raise NotFound
    went = [made for made in file.disclosures if made.consent == consent]
    document = msgspec.structs.asdict(held) | {"disclosures": went}
    return ResourceView(document, held.last_version, ReadLogNote("agreements", [pupil]))


@consents.lists("/pupils/<uuid:pupil>/lawful-bases", scope="consents:read", answers=LawfulBasisOut)
def bases(_query: dict[str, Any], page: PageRequest, pupil: UUID) -> ResourceRows:
    """List the lawful bases recorded for sharing about a pupil, by agency."""
    found = _file(pupil).lawful_bases
    return ResourceRows(found[page.first : page.past], len(found), ReadLogNote("agreements", [pupil]))


def _file(pupil: UUID) -> PupilFile:
    return queries.pupil(casework.reader(), viewer(), pupil)


# Recording


@consents.records(
    "/pupils/<uuid:pupil>/consents/ask",
    scope="consents:write",
    takes=ConsentAskBody,
    makes=("pupil", "consent"),
)
def ask(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record a request for agreement to a contact or the pupil."""
    consent = asked.new_id("consent")
    asked.perform(RequestConsent(pupil=pupil, consent=consent, **plain_values(typed)))
    return _of(pupil, consent)


@consents.records(
    "/pupils/<uuid:pupil>/consents",
    scope="consents:write",
    takes=FreshConsentBody,
    makes=("pupil", "consent"),
)
def answer(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record an answer to a request that is not recorded."""
    sent = plain_values(typed)
    return _answered(sent, asked, pupil, asked.new_id("consent"), commands.take_subject(sent), fresh=True)


@consents.records(
    "/pupils/<uuid:pupil>/consents/<uuid:consent>/answer",
    scope="consents:write",
    takes=ConsentAnswerBody,
    makes=("pupil", "consent"),
    thing=one,
)
def answer_to(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, consent: UUID) -> RecordingResult:
    """Record the answer to a request, or replace an earlier answer. An answer from another person becomes a request
    of its own; its id is in the response."""
    held = next(c for c in _file(pupil).consents if c.consent == consent)
    sent = plain_values(typed)
    mine = sent["contact"] == held.contact
    about = commands.about_question(held)
    if sent.get("also_services") is not None:
        about = msgspec.structs.replace(about, also_services=sent["also_services"])
    return _answered(sent, asked, pupil, consent if mine else asked.new_id("consent"), about)


@consents.records(
    "/pupils/<uuid:pupil>/consents/<uuid:consent>/withdraw",
    scope="consents:write",
    takes=ConsentWithdrawBody,
    makes=("pupil", "consent"),
    thing=one,
)
def withdraw(typed: dict[str, Any], asked: RecordRequest, pupil: UUID, consent: UUID) -> RecordingResult:
    """Withdraw an agreement. The agency receives nothing new from now on; what it has received or written stays with
    it and stays listed. Its clock goes on unless `meaning` ends the referral."""
    asked.perform(WithdrawConsent(pupil=pupil, consent=consent, seen=asked.seen, **plain_values(typed)))
    return _of(pupil, consent)


@consents.records(
    "/pupils/<uuid:pupil>/lawful-bases", scope="consents:write", takes=LawfulBasisBody, makes=("pupil",)
)
def basis(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record the lawful basis for sharing with an agency from today."""
    asked.perform(RecordLawfulBasis(occurred_on=runtime().today(), pupil=pupil, **plain_values(typed)))
    return RecordingResult({"pupil": pupil}, f"/pupils/{pupil}/lawful-bases")


def _answered(
    typed: dict[str, Any],
    asked: RecordRequest,
    pupil: UUID,
    consent: UUID,
    about: AnswerSubject,
    *,
    fresh: bool = False,
) -> RecordingResult:
    replaces = None
    if fresh:
        replaces = commands.replaced_by_answer(_file(pupil).consents, about, typed["contact"])
    command = commands.answer_command(pupil, consent, about, typed, replaces)
    asked.perform(msgspec.structs.replace(command, seen=asked.seen))
    return _of(pupil, consent)


def _of(pupil: UUID, consent: UUID) -> RecordingResult:
    return RecordingResult({"pupil": pupil, "consent": consent}, f"/pupils/{pupil}/consents/{consent}")
