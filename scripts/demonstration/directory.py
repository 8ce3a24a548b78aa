"""What the county's directory holds before the first pupil is registered, as commands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from coordination.directory.codes import templates_for
from coordination.directory.commands import (
    AcceptTerms,
    AppointPerson,
    OpenService,
    RegisterOrganisation,
    SetMailbox,
    SetRequirements,
    SetSchoolTerm,
    SetServiceTriages,
    SetStandard,
)
from coordination.event import Command
from scripts.demonstration.county import (
    ADMINISTRATOR,
    AGENCIES,
    AUDITOR,
    AUTHORITY,
    CASEWORKER,
    DECLO,
    NAMES,
    OTHER_DECLO,
    SAFEGUARDING,
    SCHOOLS,
    SERVICES,
    STAFF,
    FictionalService,
    fixed_id,
    staff_member,
)


def school_terms(start: date, until: date) -> Iterator[tuple[date, date, tuple[date, ...]]]:
    """First and last day of each term from before `start` to well after `until`, with half-term weeks closed."""
    for year in range(start.year - 1, until.year + 3):
        for first, last, half in (
            (date(year, 9, 2), date(year, 12, 19), date(year, 10, 27)),
            (date(year + 1, 1, 5), date(year + 1, 3, 27), date(year + 1, 2, 16)),
            (date(year + 1, 4, 13), date(year + 1, 7, 20), date(year + 1, 5, 25)),
        ):
            monday = half - timedelta(days=half.weekday())
            yield first, last, tuple(monday + timedelta(days=n) for n in range(5))


def directory_commands(start: date, until: date, names: Iterator[str]) -> Iterator[Command]:
    """Organisations, school terms, services with their standards and terms of reference, and people."""
    opened = start - timedelta(days=365)
    yield RegisterOrganisation(
        occurred_on=start,
        organisation=AUTHORITY,
        kind="authority",
        code="699",
        name="Dyffryn Arfor County Council",
        name_cy="Cyngor Sir Dyffryn Arfor",
    )
    for first, last, closed in school_terms(start, until):
        yield SetSchoolTerm(
            occurred_on=start, organisation=AUTHORITY, first_day=first, last_day=last, closed=closed
        )
    for school in SCHOOLS:
        yield RegisterOrganisation(
            occurred_on=start,
            organisation=school.id,
            kind="school",
            code=school.number,
            name=school.name,
            phase=school.phase,
            language=school.language,
            authority=AUTHORITY,
        )
    for code, name, name_cy, kind, ods in AGENCIES:
        yield RegisterOrganisation(
            occurred_on=start,
            organisation=fixed_id(f"agency/{code}"),
            kind="agency",
            code=code,
            name=name,
            name_cy=name_cy,
            agency_kind=kind,
            ods_code=ods,
            authority=AUTHORITY if kind.startswith("la_") else None,
        )
    for service in SERVICES:
        yield from _service(service, start, opened)
    camhs, primary = (next(s for s in SERVICES if s.code == code) for code in ("CAMHS", "LPMHSS"))
    # CAMHS is the single point of access: one agreement covers passing on to primary mental health support
    yield SetServiceTriages(
        occurred_on=start,
        organisation=camhs.agency_id,
        service=camhs.id,
        services=(primary.id,),
        effective_from=opened,
    )
    yield from _people(opened, start, names)


def _service(service: FictionalService, start: date, opened: date) -> Iterator[Command]:
    yield OpenService(
        occurred_on=start,
        organisation=service.agency_id,
        service=service.id,
        code=service.code,
        profession=service.profession,
        open_from=opened,
        name=service.name,
        name_cy=service.name_cy,
    )
    yield SetRequirements(
        occurred_on=start,
        organisation=service.agency_id,
        service=service.id,
        effective_from=opened,
        requirements=service.asks,
    )
    yield SetMailbox(
        occurred_on=start,
        organisation=service.agency_id,
        service=service.id,
        address=f"{service.code.lower()}@{service.agency.lower()}.example",
    )
    yield from _standards(service, start)
    if service.terms:
        for school in SCHOOLS:
            if school.holds_hwb:
                yield AcceptTerms(
                    occurred_on=start,
                    organisation=service.agency_id,
                    terms=fixed_id(f"terms/{service.code}/{school.number}"),
                    service=service.id,
                    school=school.id,
                    effective_from=opened,
                    notice_working_days=10,
                )


def _standards(service: FictionalService, start: date) -> Iterator[Command]:
    """The published standards of the service, each with its source. None is invented."""
    for published in templates_for(service.profession):
        if published.code in service.standards:
            yield SetStandard(
                occurred_on=start,
                organisation=service.agency_id,
                service=service.id,
                code=published.code,
                start=published.start,
                stop=published.stop,
                limit=published.limit,
                unit=published.unit,
                target_percent=published.target_percent,
                bands=published.bands,
                legal_route=published.legal_route,
                effective_from=published.effective_from,
                source=published.source,
                on_transfer=published.on_transfer,
            )


def _people(opened: date, start: date, names: Iterator[str]) -> Iterator[Command]:
    appointed: list[tuple[UUID, UUID, str, UUID | None]] = [
        (AUTHORITY, ADMINISTRATOR, "administrator", None),
        (AUTHORITY, AUDITOR, "auditor", None),
    ]
    appointed.append((AUTHORITY, CASEWORKER, "la_caseworker", None))
    for school in SCHOOLS:
        appointed.extend((school.id, staff_member(school, role), role, None) for role, _ in STAFF)
    for service in SERVICES:
        appointed.append((service.agency_id, service.clinician, "clinician", service.id))
        appointed.append((service.agency_id, service.manager, "service_manager", service.id))
    appointed.append((fixed_id("agency/BIA"), DECLO, "declo", None))
    appointed.extend(
        (school.id, staff_member(school, SAFEGUARDING), SAFEGUARDING, None) for school in SCHOOLS
    )
    appointed.append((fixed_id("agency/BIG"), OTHER_DECLO, "declo", None))
    for organisation, person, role, service_id in appointed:
        yield AppointPerson(
            occurred_on=start,
            organisation=organisation,
            person=person,
            role=role,
            effective_from=opened,
            name=NAMES.get(person) or next(names),
            service=service_id,
        )
