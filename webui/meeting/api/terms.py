"""Terms of reference: which meetings of which school a service has agreed to attend, from when and with what notice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from coordination.directory.commands import AcceptTerms, EndTerms
from coordination.directory.organisation import TermsOfReference
from coordination.errors import NotFound
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField
from webui.api.resource import RecordingResult, RecordRequest, Resource, ResourceRows
from webui.forms.fields import DateField, TextField, WholeNumberField
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory

terms = Resource(
    "terms",
    "Terms of reference: a service agreed to attend a school's meetings of one kind, with the notice that it requires. "
    "An agency sees, accepts and ends its own; a school sees those for its meetings.",
)


class TermsOfReferenceOut(Schema):
    """Terms of reference. `meetings` is the kind of meeting; notice is in working days."""

    class Meta(Schema.Meta):
        include = fields_of(
            TermsOfReference,
            *("id", "agency", "service", "school", "meetings", "effective_from", "effective_to"),
            "notice_working_days",
        )


class AcceptTermsBody(ClosedSchema):
    """What one of the token's services agrees to. Earlier terms for the same meetings end the day before."""

    service = IdField("The service")
    school = IdField("The school")
    meetings = TextField("The kind of meeting", longest=40, required=False)
    effective_from = DateField("The first day")
    effective_to = DateField("The last day", required=False)
    notice_working_days = WholeNumberField("Notice in working days", least=0, most=60)


class EndTermsBody(ClosedSchema):
    """The end of terms of reference."""

    effective_to = DateField("The last day")


@terms.lists("/terms", scope="meetings:read", answers=TermsOfReferenceOut)
def listed_terms(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the terms of reference of the token's services, or for the token's school, by first day."""
    found = sorted(_own_terms(), key=lambda t: (t.effective_from, t.id.int))
    return ResourceRows(found[page.first : page.past], len(found))


@terms.records("/terms", scope="meetings:write", takes=AcceptTermsBody, makes=("terms",))
def accept_terms(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Accept terms of reference for one of the token's own services."""
    who, service = viewer(), UUID(typed["service"])
    _require_own_service(service)
    made = asked.new_id("terms")
    asked.perform(
        AcceptTerms(
            occurred_on=runtime().today(),
            organisation=who.organisation,
            terms=made,
            service=service,
            school=UUID(typed["school"]),
            effective_from=typed["effective_from"],
            effective_to=typed["effective_to"],
            notice_working_days=typed["notice_working_days"],
            meetings=typed["meetings"] or "hwb",
        )
    )
    return RecordingResult({"terms": made}, "/terms")


@terms.records("/terms/<uuid:held>/end", scope="meetings:write", takes=EndTermsBody, makes=("terms",))
def end_terms(typed: dict[str, Any], asked: RecordRequest, held: UUID) -> RecordingResult:
    """End terms of reference of one of the token's own services."""
    found = next((t for t in _own_terms() if t.id == held), None)
    if found is None:
        raise NotFound
    _require_own_service(found.service)
    asked.perform(
        EndTerms(
            occurred_on=runtime().today(),
            organisation=found.agency,
            terms=held,
            effective_to=typed["effective_to"],
        )
    )
    return RecordingResult({"terms": held}, "/terms")


def _own_terms() -> list[TermsOfReference]:
    who, known = viewer(), directory()
    of_agencies = [t for agency in known.of_kind("agency") for t in agency.terms.values()]
    if who.role in SCHOOL_DESK:
        return [t for t in of_agencies if t.school == who.organisation]
    return [t for t in of_agencies if t.agency == who.organisation and _acts_for(t.service)]


def _acts_for(service: UUID) -> bool:
    who = viewer()
    return who.whole_agency or service in who.services


def _require_own_service(service: UUID) -> None:
    """Raises NotFound unless the token acts for the service."""
    own = directory().service(service)
    if viewer().role not in AGENCY_DESK or own is None or own.agency != viewer().organisation:
        raise NotFound
    if not _acts_for(service):
        raise NotFound
