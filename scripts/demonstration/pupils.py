"""The pupils with needs, and the days on which their schools register them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import UUID

import msgspec
from stdnum.gb import upn

from coordination.pupil.profile.commands import ContactDetails, RecordViews, RecordYear, RegisterPupil
from scripts.demonstration import people
from scripts.demonstration.county import SCHOOLS, FictionalSchool, staff_member
from scripts.demonstration.simulation import Simulation, next_working_day

NEEDS = {
    "ASD": 24,
    "SLCD": 22,
    "BESD": 20,
    "ADHD": 14,
    "MLD": 12,
    "DYSL": 12,
    "GLD": 6,
    "PMED": 5,
    "DYSC": 3,
    "HI": 3,
    "VI": 2,
    "SLD": 3,
    "PMLD": 2,
    "MSI": 1,
}
PROVISION = {"idp_school": 60, "idp_la": 18, "being_decided": 18, "ehc_plan": 1, "no_aln": 3}


CLOSING = next(school for school in SCHOOLS if school.number == "6992005")
"""The school that closes and merges into another."""


class FictionalPupil(msgspec.Struct):
    """A fictional pupil, as the simulation knows them. `left`: on no school's roll any more."""

    id: UUID
    school: FictionalSchool
    mother: UUID
    year: int
    registered_on: date
    needs: tuple[str, ...]
    language: str
    upn: str = ""
    name: tuple[str, str] = ("", "")
    born: date = date.min
    left: bool = False


def make_pupils(simulation: Simulation, scale: int = 1) -> list[FictionalPupil]:
    """All pupils; their registrations, views and new school years are entered in the diary.

    Raises ValueError when `scale` times a school's pupils is more than the serial numbers of a UPN reach.
    """
    if max(school.pupils for school in SCHOOLS) * scale > 999:
        raise ValueError("a UPN's serial number has three digits")
    pupils = []
    for school in SCHOOLS:
        for serial in range(1, school.pupils * scale + 1):
            pupils.append(_pupil(simulation, school, serial))
    return pupils


def _pupil(simulation: Simulation, school: FictionalSchool, serial: int) -> FictionalPupil:
    random = simulation.random
    joined = simulation.start + timedelta(
        days=random.randrange(2, 40)
        if random.random() < 0.8 or school is CLOSING
        else random.randrange(40, 400)
    )
    year = random.randint(*school.years)
    wanted = random.choices(list(NEEDS), list(NEEDS.values()), k=random.choice((1, 1, 1, 2, 2, 3)))
    welsh = {"welsh": 0.8, "bilingual": 0.45, "english": 0.1}[school.language]
    pupil = FictionalPupil(
        id=simulation.id(),
        school=school,
        mother=simulation.id(),
        year=year,
        registered_on=next_working_day(joined),
        needs=tuple(dict.fromkeys(wanted)),
        language="cy" if random.random() < welsh else "en",
    )
    simulation.on(pupil.registered_on, lambda day: _register(simulation, pupil, serial, day))
    simulation.on(
        pupil.registered_on + timedelta(days=random.randrange(3, 60)),
        lambda day: _views(simulation, pupil, day),
    )
    for first in _first_of_september(simulation):
        if first > pupil.registered_on:
            simulation.on(next_working_day(first), lambda day: _new_year(simulation, pupil, day))
    return pupil


def _register(simulation: Simulation, pupil: FictionalPupil, serial: int, day: date) -> None:
    random = simulation.random
    sex = random.choice("FM")
    surname = random.choice(people.SURNAMES)
    entered = day.year % 100
    body = f"{pupil.school.number}{entered:02d}{serial:03d}"
    contacts = [
        ContactDetails(
            occurred_on=day,
            contact=pupil.mother,
            name=f"{random.choice(people.FORENAMES_F)} {surname}",
            relationship="mother",
            parental_responsibility=True,
            language=pupil.language,
        )
    ]
    if random.random() < 0.6:
        contacts.append(
            ContactDetails(
                occurred_on=day,
                contact=simulation.id(),
                name=f"{random.choice(people.FORENAMES_M)} {surname}",
                relationship="father",
                parental_responsibility=random.random() < 0.8,
            )
        )
    pupil.upn = upn.calc_check_digit(body) + body
    pupil.born = birthday(random, pupil.year, day)
    pupil.name = (surname, random.choice(people.FORENAMES_F if sex == "F" else people.FORENAMES_M))
    command = RegisterPupil(
        occurred_on=day,
        pupil=pupil.id,
        school=pupil.school.id,
        upn=pupil.upn,
        surname=surname,
        forename=pupil.name[1],
        date_of_birth=pupil.born,
        sex=sex,
        language=pupil.language,
        provision=random.choices(list(PROVISION), list(PROVISION.values()))[0],
        needs=pupil.needs,
        year=pupil.year,
        looked_after=random.random() < 0.04,
        contacts=tuple(contacts),
    )
    simulation.perform(command, staff_member(pupil.school, "alnco"), pupil.school.id, "alnco")


def birthday(random: Random, year: int, on: date) -> date:
    """A date of birth of a pupil in a school year: a year group is born from 1 September to 31 August."""
    began = on.year if on.month >= 9 else on.year - 1
    return date(began - 5 - year, 9, 1) + timedelta(days=random.randrange(365))


def _views(simulation: Simulation, pupil: FictionalPupil, day: date) -> None:
    if pupil.left:
        return
    for whose, said in (("child", people.CHILD), ("parent", people.PARENT)):
        words = simulation.random.choice(said)
        command = RecordViews(
            occurred_on=day,
            pupil=pupil.id,
            whose=whose,  # type: ignore[arg-type]
            words=words,
            language="cy" if any(w in words for w in ("Dwi", "Mae", "'Dan")) else "en",
            contact=pupil.mother if whose == "parent" else None,
        )
        simulation.perform(command, staff_member(pupil.school, "alnco"), pupil.school.id, "alnco")


def _new_year(simulation: Simulation, pupil: FictionalPupil, day: date) -> None:
    if pupil.year < pupil.school.years[1] and not pupil.left:
        pupil.year += 1
        command = RecordYear(occurred_on=day, pupil=pupil.id, year=pupil.year)
        simulation.perform(command, staff_member(pupil.school, "alnco"), pupil.school.id, "alnco")
        if simulation.chance(0.8):
            _views(simulation, pupil, day)


def _first_of_september(simulation: Simulation) -> Iterator[date]:
    for year in range(simulation.start.year, simulation.until.year + 1):
        yield date(year, 9, 1)
