"""Loading the demonstration county into an empty record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
import psycopg

from coordination.desk.accounts import Account, add_account
from coordination.desk.demonstration import DemonstrationSignIn, publish_sign_ins
from coordination.desk.passwords import Passwords
from coordination.directory import codes
from coordination.directory.commands import RegisterOrganisation
from coordination.service import Coordination
from scripts.demonstration import (
    advice,
    concerns,
    meetings,
    moves,
    people,
    places,
    pupils,
    referrals,
    support,
)
from scripts.demonstration.county import (
    ADMINISTRATOR,
    AUDITOR,
    AUTHORITY,
    CASEWORKER,
    NAMES,
    PANEL,
    REFERENCE,
    SCHOOLS,
    SERVICES,
    TEACHER,
    fixed_id,
    staff_member,
)
from scripts.demonstration.directory import directory_commands
from scripts.demonstration.simulation import Simulation

YEARS = 2

Watch = Callable[[int, int], None]


def load(service: Coordination, until: date, watch: Watch | None = None, scale: int = 1) -> int:
    """Simulates two years up to and including `until`, one save per simulated day; the last position in the log.

    The same day and scale give the same county. `watch` is called with the days done and their total. `scale`
    multiplies the pupils of every school, up to 999 of them in the largest, for measurements.
    """
    start = until - timedelta(days=365 * YEARS)
    simulation = Simulation(service, start, until)
    simulation.on(start, lambda day: _directory(simulation, day, until))
    everybody = pupils.make_pupils(simulation, scale)
    referrals.enter_referrals(simulation, everybody)
    meetings.enter_meetings(simulation, everybody)
    moves.enter_moves(simulation, everybody)
    concerns.enter_concerns(simulation, everybody)
    support.enter_support(simulation, everybody)
    advice.enter_advice(simulation, everybody)
    places.enter_places(simulation, everybody)
    days = (until - start).days
    return simulation.run((lambda day: watch((day - start).days, days)) if watch else None)


def _directory(simulation: Simulation, day: date, until: date) -> None:
    reference = RegisterOrganisation(
        occurred_on=day, organisation=REFERENCE, kind="reference", code="reference", name="Reference"
    )
    simulation.perform(reference, ADMINISTRATOR, AUTHORITY, "administrator")
    first = codes.first_codes(REFERENCE, day, simulation.batch.directory())
    simulation.perform(first, ADMINISTRATOR, AUTHORITY, "administrator")
    for limit in codes.first_statutory_standards(REFERENCE, day, simulation.batch.directory()):
        simulation.perform(limit, ADMINISTRATOR, AUTHORITY, "administrator")
    for command in directory_commands(day, until, _adults()):
        agency = getattr(command, "terms", None) and command.organisation  # type: ignore[attr-defined]
        simulation.perform(command, ADMINISTRATOR, AUTHORITY, "administrator", on_behalf_of=agency or None)


def _adults() -> Iterator[str]:
    random = Random(1)
    while True:
        yield people.adult_name(random)


class DemonstrationPerson(msgspec.Struct, frozen=True):
    """A person of the county as whom any visitor may sign in."""

    sign_in: DemonstrationSignIn
    person: UUID
    organisation: UUID
    display_name: str


def demonstration_people() -> list[DemonstrationPerson]:
    """One for each role, and a second clinician, with a password that is published."""
    school, camhs = SCHOOLS[0], SERVICES[0]
    # of the same health board: what the one sees, the other does not
    therapy = next(service for service in SERVICES if service.code == "SALT")
    found = (
        ("alnco", "alnco", staff_member(school, "alnco"), school.id, "cy"),
        ("head", "head", staff_member(school, "head"), school.id, "cy"),
        ("class_teacher", "teacher", TEACHER, school.id, "cy"),
        ("clinician", "clinician", camhs.clinician, camhs.agency_id, "en"),
        ("clinician", "therapist", therapy.clinician, therapy.agency_id, "en"),
        ("auditor", "auditor", AUDITOR, AUTHORITY, "en"),
        ("la_caseworker", "caseworker", CASEWORKER, AUTHORITY, "en"),
        ("service_manager", "panel", PANEL, AUTHORITY, "en"),
        ("administrator", "administrator", ADMINISTRATOR, AUTHORITY, "en"),
    )
    return [
        DemonstrationPerson(
            DemonstrationSignIn(role, username, f"{username}-dyffryn-arfor", language),
            person,
            organisation,
            NAMES[person],
        )
        for role, username, person, organisation, language in found
    ]


def open_accounts(conninfo: str, now: datetime) -> None:
    """Accounts for the visitors, published for the front page."""
    passwords = Passwords()
    with psycopg.connect(conninfo) as connection:
        for visitor in demonstration_people():
            account = Account(
                account=fixed_id(f"account/{visitor.sign_in.username}"),
                person=visitor.person,
                organisation=visitor.organisation,
                role=visitor.sign_in.role,
                username=visitor.sign_in.username,
                display_name=visitor.display_name,
                language=visitor.sign_in.language,
            )
            hashed = passwords.hash(visitor.sign_in.password)
            add_account(connection, account, password_hash=hashed, created_at=now)
        publish_sign_ins(connection, [visitor.sign_in for visitor in demonstration_people()])
