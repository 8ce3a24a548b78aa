"""What an authority says of its base: places, criteria, agreement, function, training; and who may say it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.domain import DECISIONS
from coordination.errors import NotFound, Refusal
from coordination.event import Event
from coordination.place.commands import (
    MakeHostAgreement,
    PlaceCommand,
    RecordStaffTraining,
    ReviewBaseFunction,
    SetPlaceCriteria,
    SetPlaces,
)
from coordination.place.events import PlacesSet
from coordination.place.state import PLACE_STREAM, Base
from tests.given import SCHOOL, header
from tests.meeting.hwb import AS_ACCOUNTS, AS_CLINICIAN, AS_MANAGER, AS_OFFICER, CAMHS, at_noon
from tests.place.base import AS_FAR_PANEL, AS_PANEL, BASE, OTHER_BASE, with_bases

TODAY = date(2026, 3, 2)
SOURCE = "Cabinet decision 14/2025"


def decided(
    command: PlaceCommand,
    place: Base | None = None,
    taken: dict[UUID, str] | None = None,
    services: tuple[UUID, ...] | None = (BASE,),
    **by: Any,
) -> list[Event]:
    world = msgspec.structs.replace(with_bases(), services=services, places_taken=lambda _: taken or {})
    stamp = header(command.occurred_on, recorded_at=at_noon(TODAY), **(by or AS_PANEL))
    return DECISIONS[type(command)].decide(place or Base(), command, stamp, world)


def places(number: int = 8, since: date = date(2025, 9, 1), **changed: Any) -> SetPlaces:
    usual: dict[str, Any] = {"place": BASE, "source": SOURCE}
    return SetPlaces(occurred_on=TODAY, number=number, effective_from=since, **{**usual, **changed})


COMMANDS: tuple[PlaceCommand, ...] = (
    places(),
    SetPlaceCriteria(
        occurred_on=TODAY,
        place=BASE,
        admission="Moderate learning difficulties",
        exit="Reads at the level of the class",
        effective_from=TODAY,
        source=SOURCE,
    ),
    MakeHostAgreement(
        occurred_on=TODAY,
        place=BASE,
        school=SCHOOL,
        terms="The full curriculum, and joint planning time",
        effective_from=TODAY,
        source=SOURCE,
    ),
    ReviewBaseFunction(
        occurred_on=TODAY,
        place=BASE,
        function="Moderate learning difficulties, Years 3 to 6",
        needs=("ASD",),
        next_review_on=date(2027, 3, 1),
        source=SOURCE,
    ),
    RecordStaffTraining(
        occurred_on=TODAY, place=BASE, subject="Managing challenging behaviour", people=4, source=SOURCE
    ),
)


def test_the_number_of_places_holds_from_its_day_and_a_later_one_follows() -> None:
    place = Base()
    for number, since in ((8, date(2025, 9, 1)), (10, date(2026, 9, 1)), (6, date(2024, 9, 1))):
        for event in decided(places(number, since), place):
            place = PLACE_STREAM.step(place, event)
    days = (date(2024, 8, 31), date(2024, 9, 1), date(2025, 8, 31), date(2025, 9, 1), date(2026, 9, 1))
    assert [place.number_on(on) for on in days] == [None, 6, 6, 8, 10]
    assert decided(places(10, date(2026, 9, 1)), place) == []


def test_fewer_places_than_pupils_who_have_one_need_a_reason() -> None:
    taken = {UUID(int=1): "placed", UUID(int=2): "placed", UUID(int=3): "offered"}
    with pytest.raises(Refusal) as refusal:
        decided(places(1), taken=taken)
    assert (refusal.value.code, refusal.value.field) == ("fewer_places_than_placed", "reason")
    assert len(decided(places(2), taken=taken)) == 1
    (event,) = decided(places(1, reason="One place moves to the secondary base"), taken=taken)
    assert isinstance(event, PlacesSet)
    assert event.reason == "One place moves to the secondary base"


@pytest.mark.parametrize("number", [-1, 501])
def test_a_number_of_places_that_cannot_be_is_refused(number: int) -> None:
    with pytest.raises(Refusal) as refusal:
        decided(places(number))
    assert refusal.value.code == "places_out_of_range"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_a_base_does_not_exist_for_anyone_but_its_authority(command: PlaceCommand) -> None:
    assert decided(command)
    assert decided(command, **AS_ACCOUNTS)
    for stranger in (AS_FAR_PANEL, AS_MANAGER, AS_CLINICIAN, {"role": "alnco"}, AS_OFFICER):
        with pytest.raises(NotFound):
            decided(command, **stranger)
    for other in (CAMHS, UUID(int=0xDEAD)):
        with pytest.raises(NotFound):
            decided(msgspec.structs.replace(command, place=other), **AS_ACCOUNTS)
    with pytest.raises(NotFound):
        decided(msgspec.structs.replace(command, place=OTHER_BASE))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_each_entry_names_its_source(command: PlaceCommand) -> None:
    with pytest.raises(Refusal) as refusal:
        decided(msgspec.structs.replace(command, source=" "))
    assert (refusal.value.code, refusal.value.field) == ("cannot_be_empty", "source")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (msgspec.structs.replace(COMMANDS[2], school=BASE), "unknown_school"),  # type: ignore[call-arg]
        (msgspec.structs.replace(COMMANDS[2], effective_to=date(2026, 3, 1)), "end_before_start"),  # type: ignore[call-arg]
        (msgspec.structs.replace(COMMANDS[3], next_review_on=TODAY), "next_review_not_later"),  # type: ignore[call-arg]
        (msgspec.structs.replace(COMMANDS[4], people=0), "out_of_range"),  # type: ignore[call-arg]
        (msgspec.structs.replace(COMMANDS[4], occurred_on=date(2026, 3, 3)), "in_the_future"),
    ],
)
def test_what_cannot_be_is_refused(command: PlaceCommand, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        decided(command)
    assert refusal.value.code == code
