"""Terms of reference: a service's agreement to attend a school's meetings."""

from __future__ import annotations

from typing import Any

import msgspec

from coordination.directory import events as happened
from coordination.directory.commands import AcceptTerms, EndTerms
from coordination.directory.dated import is_in_force, last_day_of_version
from coordination.directory.decisions.checks import (
    DAY,
    own_service,
    require_code,
    require_kind,
    require_order,
)
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import Organisation, TermsOfReference
from coordination.directory.permission import require_agency_authority
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World


def decide_accept_terms(
    organisation: Organisation, command: AcceptTerms, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Accepts terms of reference; earlier ones for the same service, school and meetings end the day before."""
    require_kind(organisation, "agency")
    require_agency_authority(header, world, organisation.id)
    _check_terms(organisation, command, world.directory)
    others = [t for t in organisation.terms.values() if t.id != command.terms and _same_meetings(t, command)]
    effective_to = last_day_of_version(others, command.effective_from, command.effective_to)
    fields: dict[str, Any] = {
        name: getattr(command, name, None) for name in TermsOfReference.__struct_fields__
    }
    wanted = TermsOfReference(
        **{**fields, "id": command.terms, "agency": organisation.id, "effective_to": effective_to}
    )
    if any(msgspec.structs.replace(t, id=wanted.id) == wanted for t in organisation.terms.values()):
        return []
    if command.terms in organisation.terms:
        raise Refusal("terms_differ", "terms")
    ended: list[AnyOrganisationEvent] = [
        happened.TermsEnded(header=header, terms=t.id, effective_to=command.effective_from - DAY)
        for t in others
        if is_in_force(t, command.effective_from)
    ]
    accepted = {n: v for n, v in msgspec.structs.asdict(wanted).items() if n not in ("id", "agency")}
    return [*ended, happened.TermsAccepted(header=header, terms=wanted.id, **accepted)]


def _same_meetings(terms: TermsOfReference, command: AcceptTerms) -> bool:
    """Whether both are for one service at one school's meetings of one kind."""
    asked = (command.service, command.school, command.meetings)
    return (terms.service, terms.school, terms.meetings) == asked


def _check_terms(organisation: Organisation, command: AcceptTerms, directory: Directory) -> None:
    service = own_service(organisation, command.service)
    require_order(command.effective_from, command.effective_to, "effective_to")
    if not service.is_open(command.effective_from):
        raise Refusal("service_closed", "service")
    school = directory.organisation(command.school)
    if school is None or school.kind != "school":
        raise Refusal("unknown_school", "school")
    if school.effective_to is not None and school.effective_to < command.effective_from:
        raise Refusal("school_closed", "school")
    if command.notice_working_days < 0:
        raise Refusal("notice_negative", "notice_working_days")
    require_code(directory, "meeting_kind", command.meetings, "meetings")


def decide_end_terms(
    organisation: Organisation, command: EndTerms, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Ends terms of reference. Of a service that has moved, the agency that has it now ends them."""
    require_kind(organisation, "agency")
    terms = organisation.terms.get(command.terms)
    service = world.directory.service(terms.service) if terms else None
    require_agency_authority(header, world, service.agency if service else organisation.id)
    if terms is None:
        raise Refusal("unknown_terms", "terms")
    require_order(terms.effective_from, command.effective_to, "effective_to")
    if terms.effective_to is not None and terms.effective_to <= command.effective_to:
        return []
    return [happened.TermsEnded(header=header, terms=terms.id, effective_to=command.effective_to)]
