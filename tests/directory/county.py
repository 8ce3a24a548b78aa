"""A small county for the tests of the directory, made through the real decisions."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from coordination.directory.codes import first_codes
from coordination.directory.decide import (
    DECISIONS,
    AcceptTerms,
    AppointPerson,
    OpenService,
    RegisterOrganisation,
    SetRequirements,
    SetStandard,
    SetStatutoryStandard,
)
from coordination.directory.evolve import evolve
from coordination.directory.state import Directory, Organisation
from coordination.event import Command, Event
from coordination.world import World
from tests.given import given, header

REFERENCE = UUID(int=0xEE)
GWYNEDD = UUID(int=0x661)
CONWY = UUID(int=0x662)
TYWYN = UUID(int=0x1)
BALA = UUID(int=0x2)
BOARD = UUID(int=0x7A1)
COUNSEL = UUID(int=0x7B1)
CAMHS = UUID(int=0xCA)
SALT = UUID(int=0x5A)
TALK = UUID(int=0x7A)
NEW = UUID(int=0xF00)
NIA = UUID(int=0xA1)
OWEN = UUID(int=0xA2)
TERMS = UUID(int=0x7E)
TODAY = date(2026, 3, 2)

ADMINISTRATOR = {"role": "administrator", "organisation": REFERENCE}


class County:
    """States and directory after every command so far."""

    def __init__(self) -> None:
        self.states: dict[UUID, Organisation] = {}
        self.directory = Directory()
        self.events: dict[UUID, list[Event]] = {}

    @property
    def world(self) -> World:
        return World(self.directory)

    def state(self, organisation: UUID) -> Organisation:
        return self.states.get(organisation, Organisation())

    def does(self, command: Command, source: str = "command_line") -> list[Event]:
        """Carries out a command as the operator and keeps what came of it."""
        stamp = msgspec.structs.replace(header(command.occurred_on, role="operator"), source=source)
        stream: UUID = command.organisation  # type: ignore[attr-defined]
        if isinstance(command, AcceptTerms):
            stamp = msgspec.structs.replace(stamp, on_behalf_of=stream)
        events = DECISIONS[type(command)].decide(self.state(stream), command, stamp, self.world)
        for event in events:
            self.states[stream] = evolve(self.state(stream), event)
            self.events.setdefault(stream, []).append(event)
            self.directory = self.directory.with_organisation(self.states[stream])
        return events

    def given(self, stream: UUID, **order: Any) -> given:
        """`given` on one organisation of the county, by an administrator unless said otherwise."""
        return given(evolve, self.state(stream)).by(**(order or ADMINISTRATOR))


REGISTRATIONS = (
    RegisterOrganisation(
        occurred_on=TODAY, organisation=REFERENCE, kind="reference", code="reference", name="Reference"
    ),
    RegisterOrganisation(
        occurred_on=TODAY,
        organisation=GWYNEDD,
        kind="authority",
        code="661",
        name="Gwynedd",
        name_cy="Gwynedd",
    ),
    RegisterOrganisation(
        occurred_on=TODAY, organisation=CONWY, kind="authority", code="662", name="Conwy", name_cy="Conwy"
    ),
    RegisterOrganisation(
        occurred_on=TODAY,
        organisation=TYWYN,
        kind="school",
        code="6614001",
        name="Ysgol Aber",
        phase="secondary",
        language="bilingual",
        authority=GWYNEDD,
    ),
    RegisterOrganisation(
        occurred_on=TODAY,
        organisation=BALA,
        kind="school",
        code="6614002",
        name="Ysgol y Llyn",
        phase="all_age",
        language="welsh",
        authority=GWYNEDD,
    ),
    RegisterOrganisation(
        occurred_on=TODAY,
        organisation=BOARD,
        kind="agency",
        code="BCU",
        name="Betsi Cadwaladr",
        agency_kind="local_health_board",
        ods_code="7A1",
    ),
    RegisterOrganisation(
        occurred_on=TODAY,
        organisation=COUNSEL,
        kind="agency",
        code="SGWRS",
        name="Sgwrs",
        agency_kind="third_sector",
    ),
)


def camhs(**changed: object) -> OpenService:
    """Opening the health board's CAMHS service."""
    usual = OpenService(
        occurred_on=TODAY,
        organisation=BOARD,
        service=CAMHS,
        code="BCU-CAMHS",
        profession="camhs",
        open_from=date(2015, 4, 1),
    )
    return msgspec.structs.replace(usual, **changed)


def first_appointment(**changed: object) -> SetStandard:
    """The CAMHS first appointment standard, from 2018 on."""
    usual = SetStandard(
        occurred_on=TODAY,
        organisation=BOARD,
        service=CAMHS,
        code="first_appointment",
        start="received",
        stop="first_contact",
        limit=28,
        unit="calendar_days",
        effective_from=date(2018, 1, 1),
        source="Senedd, 13 December 2017",
        target_percent=80,
        bands=(28, 56),
    )
    return msgspec.structs.replace(usual, **changed)


def manager(**changed: object) -> AppointPerson:
    """Nia manages the CAMHS service from January 2026."""
    usual = AppointPerson(
        occurred_on=TODAY,
        organisation=BOARD,
        person=NIA,
        role="service_manager",
        service=CAMHS,
        effective_from=date(2026, 1, 1),
        name="Nia Prys",
        email="nia@example.org",
    )
    return msgspec.structs.replace(usual, **changed)


def hwb_terms(**changed: object) -> AcceptTerms:
    """CAMHS comes to the Hwb of one school, with ten working days of notice."""
    usual = AcceptTerms(
        occurred_on=TODAY,
        organisation=BOARD,
        terms=TERMS,
        service=CAMHS,
        school=TYWYN,
        effective_from=date(2026, 1, 1),
        notice_working_days=10,
    )
    return msgspec.structs.replace(usual, **changed)


def school_limit(**changed: object) -> SetStatutoryStandard:
    usual = SetStatutoryStandard(
        occurred_on=TODAY,
        organisation=REFERENCE,
        code="school_decision",
        body="school",
        start="concern_raised",
        stop="aln_decided",
        limit=35,
        unit="school_days",
        effective_from=date(2021, 9, 1),
        source="ALN Code 2021",
    )
    return msgspec.structs.replace(usual, **changed)


def county(*commands: Command) -> County:
    """The authorities, schools, agencies, code tables and one open service; then these commands."""
    made = _county()
    fresh = County()
    fresh.states, fresh.directory = dict(made.states), made.directory
    fresh.events = {stream: list(events) for stream, events in made.events.items()}
    for command in commands:
        fresh.does(command)
    return fresh


@cache
def _county() -> County:
    made = County()
    made.does(REGISTRATIONS[0])
    made.does(first_codes(REFERENCE, TODAY, made.directory))
    for registration in REGISTRATIONS[1:]:
        made.does(registration)
    made.does(camhs())
    return made


def full_county() -> County:
    """With a standard, people, terms and requirements as well."""
    return county(
        first_appointment(),
        school_limit(),
        manager(),
        hwb_terms(),
        SetRequirements(
            occurred_on=TODAY,
            organisation=BOARD,
            service=CAMHS,
            effective_from=date(2026, 1, 1),
            requirements=("consent", "parents_view"),
        ),
    )
