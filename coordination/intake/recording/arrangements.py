"""What a directory file arranges, as commands: what services ask for, terms of reference, people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from coordination.directory.commands import (
    AcceptTerms,
    AppointPerson,
    SetMailbox,
    SetRequirements,
    SetServiceTriages,
    SetStatutoryStandard,
)
from coordination.directory.dated import is_in_force
from coordination.directory.organisation import REFERENCE, Organisation
from coordination.directory.programmes import Programme, SetProgramme
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Command
from coordination.intake.directory_items import (
    ImportedMailbox,
    ImportedPerson,
    ImportedProgramme,
    ImportedRequirements,
    ImportedStatutoryStandard,
    ImportedTermsOfReference,
    ImportedTriages,
)

NewId = Callable[..., UUID]
"""Gives the id of something new from its kind and its natural key."""

HOMES = ("school", "agency", "authority")


class Arrangement(NamedTuple):
    """A command on an organisation's stream, and what the record knew of the same before."""

    command: Command
    organisation: UUID
    before: dict[str, Any] | None


def requirements(item: ImportedRequirements, directory: Directory, _new_id: NewId, on: date) -> Arrangement:
    """What a service asks for. Refused `unknown_service`."""
    service = directory.service_by_code(item.service)
    if service is None:
        raise Refusal("unknown_service", "service")
    command = SetRequirements(
        occurred_on=on,
        organisation=service.agency,
        service=service.id,
        effective_from=item.effective_from or on,
        requirements=item.requirements,
    )
    held = service.asks_for(item.effective_from or on)
    return Arrangement(command, service.agency, {"requirements": held} if held else None)


def mailbox(item: ImportedMailbox, directory: Directory, on: date) -> SetMailbox:
    """A mail address. Refused `unknown_service`, `unknown_school`, `unknown_authority`."""
    if item.service is not None:
        service = directory.service_by_code(item.service)
        if service is None:
            raise Refusal("unknown_service", "service")
        return SetMailbox(
            occurred_on=on, organisation=service.agency, service=service.id, address=item.mailbox
        )
    kind = "school" if item.school is not None else "authority"
    whose = directory.by_code(kind, item.school or item.authority or "")
    if whose is None:
        raise Refusal(f"unknown_{kind}", kind)
    return SetMailbox(occurred_on=on, organisation=whose.id, address=item.mailbox)


def triages(item: ImportedTriages, directory: Directory, _new_id: NewId, on: date) -> Arrangement:
    """For which services a single point of access sorts referrals. Refused `unknown_service`."""
    service = directory.service_by_code(item.service)
    if service is None:
        raise Refusal("unknown_service", "service")
    listed = [directory.service_by_code(code) for code in item.services]
    if None in listed:
        raise Refusal("unknown_service", "services")
    command = SetServiceTriages(
        occurred_on=on,
        organisation=service.agency,
        service=service.id,
        services=tuple(one.id for one in listed if one is not None),
        effective_from=item.effective_from or on,
        effective_to=item.effective_to,
    )
    held = service.triage_versions
    return Arrangement(command, service.agency, {"services": held} if held else None)


def statutory_standard(
    item: ImportedStatutoryStandard, directory: Directory, new_id: NewId, on: date
) -> Arrangement:
    """A statutory time limit, on the reference stream. Refused `wrong_kind` before there is one, and as the
    decision says."""
    known = directory.of_kind(REFERENCE)
    reference = known[0].id if known else new_id(REFERENCE, REFERENCE)
    fields = {name: getattr(item, name) for name in ImportedStatutoryStandard.__struct_fields__}
    command = SetStatutoryStandard(occurred_on=on, organisation=reference, **fields)
    held = [v for v in directory.statutory_standards() if v.code == item.code]
    return Arrangement(command, reference, {"standard": held} if held else None)


def terms_of_reference(
    item: ImportedTermsOfReference, directory: Directory, new_id: NewId, on: date
) -> Arrangement:
    """Terms that an agency agreed to. Refused `unknown_service`, `unknown_school`."""
    service = directory.service_by_code(item.service)
    if service is None:
        raise Refusal("unknown_service", "service")
    school = directory.by_code("school", item.school)
    if school is None:
        raise Refusal("unknown_school", "school")
    agency = directory.organisation(service.agency)
    same = (service.id, school.id, item.meetings)
    held = [t for t in (agency.terms.values() if agency else ()) if (t.service, t.school, t.meetings) == same]
    key = (item.service, item.school, item.meetings, item.effective_from, len(held))
    command = AcceptTerms(
        occurred_on=on,
        organisation=service.agency,
        terms=new_id("terms", *key),
        service=service.id,
        school=school.id,
        effective_from=item.effective_from,
        effective_to=item.effective_to,
        notice_working_days=item.notice_working_days,
        meetings=item.meetings,
    )
    return Arrangement(command, service.agency, {"terms": held} if held else None)


def person(item: ImportedPerson, directory: Directory, new_id: NewId, on: date) -> Arrangement:
    """A person's role; the same name and role at one organisation is the same person. Refused `unknown_school`,
    `unknown_agency`, `unknown_authority`, `unknown_service`."""
    organisation = home_of(item, directory)
    id = person_id(item, organisation, new_id)
    service = directory.service_by_code(item.service) if item.service else None
    if item.service and (service is None or service.agency != organisation.id):
        raise Refusal("unknown_service", "service")
    same = (item.role, service.id if service else None)
    held = [a for a in organisation.people.get(id, ()) if (a.role, a.service) == same and is_in_force(a, on)]
    command = AppointPerson(
        occurred_on=on,
        organisation=organisation.id,
        person=id,
        role=item.role,
        effective_from=held[0].effective_from if held else item.effective_from or on,
        effective_to=held[0].effective_to if held else None,
        name=item.name,
        email=item.email,
        service=same[1],
        whole_agency=item.whole_agency,
    )
    return Arrangement(command, organisation.id, {"person": held} if held else None)


def home_of(item: ImportedPerson, directory: Directory) -> Organisation:
    """The organisation that the person belongs to. Refused `unknown_school`, `unknown_agency`, `unknown_authority`."""
    kind = next(name for name in HOMES if getattr(item, name) is not None)
    found = directory.by_code(kind, getattr(item, kind))
    if found is None:
        raise Refusal(f"unknown_{kind}", kind)
    return found


def person_id(item: ImportedPerson, organisation: Organisation, new_id: NewId) -> UUID:
    """The person's id: it derives from the organisation and the name."""
    return new_id("person", organisation.code, " ".join(item.name.casefold().split()))


def programme(item: ImportedProgramme, directory: Directory, _new_id: NewId, on: date) -> Arrangement:
    """A programme of support. Refused `unknown_school`, `unknown_authority`."""
    kind = "school" if item.school is not None else "authority"
    whose = directory.by_code(kind, item.school or item.authority or "")
    if whose is None:
        raise Refusal(f"unknown_{kind}", kind)
    fields = {name: getattr(item, name) for name in Programme.__struct_fields__}
    held = [v for v in whose.programmes.get(item.code, ()) if v.effective_from == item.effective_from]
    command = SetProgramme(occurred_on=on, organisation=whose.id, **fields)
    return Arrangement(command, whose.id, {"programme": held} if held else None)
