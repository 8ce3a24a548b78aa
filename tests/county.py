"""A small county for tests, made through the real commands: one authority, two schools, a health board, the
authority's own services. Fictional; every id is fixed so that tests can name it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from coordination.authority import OPERATOR
from coordination.directory import codes
from coordination.directory.commands import (
    AppointPerson,
    OpenService,
    RegisterOrganisation,
    SetRequirements,
    SetStandard,
)
from coordination.event import Command, CommandContext, Receipt
from coordination.pupil.profile.commands import ContactDetails, RegisterPupil
from coordination.service import Batch, Coordination

START = date(2024, 9, 1)
REFERENCE = UUID(int=0x10)
AUTHORITY = UUID(int=0x20)
SCHOOL = UUID(int=0x51)
OTHER_SCHOOL = UUID(int=0x52)
BOARD = UUID(int=0x61)
EDUCATION = UUID(int=0x62)
CAMHS = UUID(int=0x71)
THERAPY = UUID(int=0x72)
PSYCHOLOGY = UUID(int=0x73)

ALNCO = UUID(int=0xA1)
HEAD = UUID(int=0xA2)
CLINICIAN = UUID(int=0xA3)
THERAPIST = UUID(int=0xA4)
AUDITOR = UUID(int=0xA5)
ADMINISTRATOR = UUID(int=0xA6)
OTHER_ALNCO = UUID(int=0xA7)
PSYCHOLOGIST = UUID(int=0xA8)
CASEWORKER = UUID(int=0xA9)
ADOPTION_OFFICER = UUID(int=0xAA)
SAFEGUARDING = UUID(int=0xAD)

ROLES: dict[UUID, tuple[UUID, str]] = {
    ALNCO: (SCHOOL, "alnco"),
    HEAD: (SCHOOL, "head"),
    CLINICIAN: (BOARD, "clinician"),
    THERAPIST: (BOARD, "clinician"),
    AUDITOR: (AUTHORITY, "auditor"),
    ADMINISTRATOR: (AUTHORITY, "administrator"),
    OTHER_ALNCO: (OTHER_SCHOOL, "alnco"),
    PSYCHOLOGIST: (EDUCATION, "clinician"),
    CASEWORKER: (AUTHORITY, "la_caseworker"),
    ADOPTION_OFFICER: (AUTHORITY, "adoption_officer"),
    SAFEGUARDING: (AUTHORITY, "la_safeguarding"),
}

SERVICES_OF = {CLINICIAN: (CAMHS,), THERAPIST: (THERAPY, CAMHS), PSYCHOLOGIST: (PSYCHOLOGY,)}
"""The services for which each clinician looks and acts."""

PUPIL = UUID(int=0xB1)
MOTHER = UUID(int=0xC1)
UPN = "B801200005001"

_numbers = count(1)


def at(day: date, hour: int = 12) -> datetime:
    """An instant on a day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def order(
    person: UUID, on: date, *, command_id: str | None = None, hour: int = 12, **more: Any
) -> CommandContext:
    """Who gives a command, at an hour of a day; each call a new command id unless one is given."""
    organisation, role = ROLES[person]
    return CommandContext(
        person=person,
        organisation=organisation,
        role=role,
        source=more.pop("source", "screen"),
        command_id=command_id or f"test-{next(_numbers)}",
        recorded_at=at(on, hour),
        **more,
    )


def looks_for(person: UUID) -> tuple[UUID, ...]:
    """The services of a person, as a viewer has them."""
    return SERVICES_OF.get(person, ())


def operator_order(school: UUID, on: date, **more: Any) -> CommandContext:
    """The service itself gives a command on behalf of a school."""
    return CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="command_line",
        command_id=f"operator-{next(_numbers)}",
        recorded_at=at(on, more.pop("hour", 12)),
        on_behalf_of=school,
        **more,
    )


def directory_commands() -> Iterator[Command]:
    """The directory of the county."""
    yield from organisation_commands()
    yield from service_commands()
    for person, (organisation, role) in ROLES.items():
        for service in SERVICES_OF.get(person, (None,)):
            yield AppointPerson(
                organisation=organisation,
                person=person,
                role=role,
                effective_from=START,
                name=f"Person {person.int:x}",
                service=service,
                occurred_on=START,
            )


def organisation_commands() -> Iterator[Command]:
    """The authority, two schools and two agencies."""
    known: dict[str, Any] = {"occurred_on": START}
    yield RegisterOrganisation(organisation=AUTHORITY, kind="authority", code="699", name="Dyffryn", **known)
    for school, number, name in (
        (SCHOOL, "6994001", "Ysgol y Bryn"),
        (OTHER_SCHOOL, "6994002", "Ysgol y Cwm"),
    ):
        yield RegisterOrganisation(
            organisation=school,
            kind="school",
            code=number,
            name=name,
            phase="secondary",
            language="bilingual",
            authority=AUTHORITY,
            **known,
        )
    yield RegisterOrganisation(
        organisation=BOARD,
        kind="agency",
        code="BOARD",
        name="Dyffryn Health Board",
        agency_kind="local_health_board",
        ods_code="7X9",
        **known,
    )
    yield RegisterOrganisation(
        organisation=EDUCATION,
        kind="agency",
        code="EDUCATION",
        name="Dyffryn Education",
        agency_kind="la_education",
        authority=AUTHORITY,
        **known,
    )


def service_commands() -> Iterator[Command]:
    """Three services, what one of them asks for, and the standards of two."""
    known: dict[str, Any] = {"occurred_on": START}
    for agency, service, code, profession in (
        (BOARD, CAMHS, "CAMHS", "camhs"),
        (BOARD, THERAPY, "SALT", "speech_and_language_therapy"),
        (EDUCATION, PSYCHOLOGY, "EPS", "educational_psychology"),
    ):
        yield OpenService(
            organisation=agency, service=service, code=code, profession=profession, open_from=START, **known
        )
    yield SetRequirements(
        organisation=BOARD,
        service=CAMHS,
        effective_from=START,
        requirements=("parents_view", "childs_view", "school_observation"),
        **known,
    )
    yield SetStandard(
        organisation=BOARD,
        service=CAMHS,
        code="CAMHS-28",
        start="received",
        stop="first_contact",
        limit=28,
        unit="calendar_days",
        target_percent=80,
        bands=(28, 56),
        effective_from=START,
        source="test",
        **known,
    )
    yield SetStandard(
        organisation=BOARD,
        service=THERAPY,
        code="SALT-14W",
        start="received",
        stop="assessed",
        limit=14,
        unit="weeks",
        bands=(14, 26),
        effective_from=START,
        source="test",
        **known,
    )


def build(service: Coordination) -> Coordination:
    """Puts the county on the record in one save."""
    batch: Batch = service.batch()
    administrator = order(ADMINISTRATOR, START, source="command_line")
    batch.perform(
        RegisterOrganisation(
            organisation=REFERENCE, kind="reference", code="reference", name="Reference", occurred_on=START
        ),
        administrator,
    )
    batch.perform(
        codes.first_codes(REFERENCE, START, batch.directory()),
        order(ADMINISTRATOR, START, source="command_line"),
    )
    for command in directory_commands():
        batch.perform(command, order(ADMINISTRATOR, START, source="command_line"))
    batch.commit()
    return service


def register(
    service: Coordination, pupil: UUID = PUPIL, upn: str = UPN, on: date = date(2025, 1, 6)
) -> Receipt:
    """Registers a pupil with a mother who holds parental responsibility."""
    command = RegisterPupil(
        occurred_on=on,
        pupil=pupil,
        school=SCHOOL,
        upn=upn,
        surname="Gŵyn-Llŷr",
        forename="Siân",
        date_of_birth=date(2011, 5, 20),
        sex="F",
        language="cy",
        provision="idp_school",
        needs=("ASD", "SLCD"),
        year=8,
        contacts=(
            ContactDetails(
                occurred_on=on,
                contact=MOTHER,
                name="Mair Gŵyn",
                relationship="mother",
                parental_responsibility=True,
            ),
        ),
    )
    return service.perform(command, order(ALNCO, on))
