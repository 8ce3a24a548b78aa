"""The directory on a real database, through the service."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from coordination.directory.codes import first_codes
from coordination.directory.decide import ChangePersonName
from coordination.errors import Refusal
from coordination.event import Command, CommandContext
from coordination.sensitivity import Coordinates
from coordination.service import Coordination
from coordination.store.application import SaveConflict
from tests.directory.county import (
    BOARD,
    NEW,
    NIA,
    REFERENCE,
    REGISTRATIONS,
    SALT,
    TODAY,
    camhs,
    county,
    first_appointment,
    hwb_terms,
    manager,
)
from tests.given import NOON

OPERATOR = UUID(int=1)
NAMED = ChangePersonName(occurred_on=TODAY, organisation=BOARD, person=NIA, name="Nia Ŵyn", email=None)
LIFE = (
    *REGISTRATIONS[1:],
    camhs(),
    first_appointment(),
    first_appointment(limit=42, effective_from=date(2024, 4, 1)),
    manager(),
    NAMED,
    hwb_terms(),
)


def told(service: Coordination, *commands: Command) -> int:
    """Performs commands as the operator; how many streams it wrote to."""
    for command in commands:
        stream: UUID = command.organisation  # type: ignore[attr-defined]
        service.perform(
            command,
            CommandContext(
                person=OPERATOR,
                organisation=OPERATOR,
                role="operator",
                source="command_line",
                command_id=service.digest(command).hex(),
                recorded_at=NOON,
                on_behalf_of=stream,
            ),
        )
    return len(commands)


def lived(service: Coordination) -> None:
    told(service, REGISTRATIONS[0])
    told(service, first_codes(REFERENCE, TODAY, service.directory()))
    told(service, *LIFE)


def test_the_directory_read_back_is_the_one_that_was_decided(service: Coordination) -> None:
    lived(service)
    again = Coordination(service.record).directory()
    assert again == service.directory() == county(*LIFE[7:]).directory
    standard = again.standard(service=camhs().service, code=None, on=TODAY)
    assert standard is not None and standard.limit == 42


def test_all_of_it_again_appends_nothing(service: Coordination) -> None:
    lived(service)
    before = service.record.organisations()
    lived(service)
    assert service.record.organisations() == before


def test_a_name_opens_where_the_appointment_says(service: Coordination) -> None:
    lived(service)
    person = service.directory().person(NIA)
    assert person is not None
    appointment = person.appointments[0]
    recorded = service.record.load([BOARD])[BOARD][appointment.named_at - 1]
    assert "Nia" not in recorded.event.sealed
    place = Coordinates(BOARD, recorded.version, recorded.event.topic, recorded.event.sealed)
    assert service.record.open([place]) == [{"name": "Nia Ŵyn", "email": None}]


def test_a_code_that_another_process_took_meanwhile_is_refused(service: Coordination) -> None:
    lived(service)
    rival = Coordination(service.record).batch()
    again = camhs(service=SALT, code="BCU-NEW")
    order = CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="command_line",
        command_id="rival",
        recorded_at=NOON,
    )
    rival.perform(again, order)
    told(service, camhs(service=NEW, code="BCU-NEW"))
    with pytest.raises(SaveConflict):
        rival.commit()
    with pytest.raises(Refusal) as refusal:
        told(service, again)
    assert refusal.value.code == "code_taken"
