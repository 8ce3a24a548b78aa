"""Two people change the same thing about a pupil: the second is shown what the first recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.event import Command
from coordination.pupil.casefile import CaseFile, evolve
from coordination.pupil.profile import commands
from coordination.pupil.profile.decide import DECISIONS
from coordination.pupil.profile.decisions.needs import decide_needs
from coordination.pupil.profile.events import ContactRecorded, NeedsRecorded, PupilRegistered, YearRecorded
from coordination.world import World
from tests.given import PERSON, SCHOOL, TODAY, given, header

PUPIL, MOTHER = UUID(int=0xB1), UUID(int=0xC1)
IDENTITY: dict[str, Any] = dict.fromkeys(("upn", "surname", "forename", "date_of_birth", "sex", "language"))
CONTACT: dict[str, Any] = dict.fromkeys(("name", "relationship", "language", "telephone", "email"))


class Anything:
    """A directory in which every code is known."""

    def code(self, table: str, code: str, on: Any) -> str:
        return "current"


@pytest.fixture
def case() -> given:
    """Registered (1), needs (2), mother (3), year (4)."""
    return given(
        evolve,
        CaseFile(),
        [
            PupilRegistered(header=header(), school=SCHOOL, year=7, **IDENTITY),
            NeedsRecorded(header=header(), needs=("ASD",)),
            ContactRecorded(header=header(), contact=MOTHER, parental_responsibility=True, **CONTACT),
            YearRecorded(header=header(), year=8),
        ],
    )


def world() -> World:
    return World(Anything(), lambda: None)  # type: ignore[arg-type]


def changes() -> list[tuple[int, Command]]:
    on = {"occurred_on": TODAY, "pupil": PUPIL}
    mother = commands.ContactDetails(occurred_on=TODAY, contact=MOTHER, name="Mair")
    return [
        (2, commands.RecordNeeds(needs=("HI",), **on)),
        (3, commands.RecordContact(details=mother, **on)),
        (3, commands.EndContact(contact=MOTHER, **on)),
        (4, commands.RecordYear(year=9, **on)),
    ]


@pytest.mark.parametrize(("last", "command"), changes(), ids=lambda one: type(one).__name__)
def test_what_was_recorded_after_it_was_shown_is_not_written_over(
    case: given, last: int, command: Command
) -> None:
    import msgspec

    by = DECISIONS[type(command)].decide
    late = msgspec.structs.replace(command, seen=last - 1)
    refused = case.by(person=PERSON).when(by, late, world()).refused("overtaken", "seen")
    assert refused.facts == {"seen": last - 1, "current": last}
    for seen in (last, last + 5, None):
        outcome = case.when(by, msgspec.structs.replace(command, seen=seen), world())
        assert outcome.refusal is None


def test_something_else_about_the_pupil_is_not_in_the_way(case: given) -> None:
    needs = commands.RecordNeeds(occurred_on=TODAY, pupil=PUPIL, needs=("HI",), seen=2)
    assert case.when(decide_needs, needs, world()).happened(NeedsRecorded)
