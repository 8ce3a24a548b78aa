"""The classes of fields, and what follows from them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.event import Event, PupilEvent
from coordination.sensitivity import (
    ENVELOPE,
    ERASED,
    SEALED,
    Coded,
    Coordinates,
    ErasedValue,
    Operational,
    Personal,
    Sensitivity,
    Special,
    UnclassifiedField,
    classes,
    coded_fields,
    sealed_fields,
)
from coordination.topics import registry


class Example(PupilEvent, frozen=True, kw_only=True):
    """Not in any room: the registry does not know it."""

    topic = "test.example"
    number: Operational[int]
    when: Operational[date | None] = None
    code: Coded[tuple[str, ...]] = SEALED
    name: Personal[str] = SEALED
    words: Special[str | None] = SEALED


def test_each_field_has_its_class_and_the_envelope_none() -> None:
    assert classes(Example) == {
        "number": Sensitivity.operational,
        "when": Sensitivity.operational,
        "code": Sensitivity.coded,
        "name": Sensitivity.personal,
        "words": Sensitivity.special,
    }
    assert ENVELOPE == {"header", "sealed"} == set(Event.__struct_fields__)


def test_all_but_the_operational_are_sealed_in_a_fixed_order_and_only_the_coded_open_to_projectors() -> None:
    assert sealed_fields(Example) == ("code", "name", "words")
    assert coded_fields(Example) == {"code"}


@pytest.mark.parametrize("of", sorted(registry().values(), key=lambda e: e.topic), ids=lambda e: e.topic)
def test_what_is_sealed_has_no_other_default(of: type[Event]) -> None:
    """A sealed field with a real default would come back as that default, and not as what is not held."""
    fields = {f.name: f for f in msgspec.structs.fields(of)}
    assert {name for name in sealed_fields(of) if fields[name].default is not SEALED} == set()


def test_classes_of_a_base_hold_for_its_events() -> None:
    class Base(PupilEvent, frozen=True, kw_only=True):
        matter: Operational[UUID]
        why: Special[str | None] = SEALED

    class Child(Base, frozen=True, kw_only=True):
        topic = "test.child"
        own: Coded[str] = SEALED

    assert classes(Child) == {
        "matter": Sensitivity.operational,
        "why": Sensitivity.special,
        "own": Sensitivity.coded,
    }


def test_a_field_without_a_class_is_named() -> None:
    class Careless(PupilEvent, frozen=True, kw_only=True):
        topic = "test.careless"
        surname: str = ""

    with pytest.raises(UnclassifiedField, match=r"Careless\.surname"):
        classes(Careless)


def test_erased_is_one_thing_and_no_dictionary() -> None:
    assert ErasedValue() == ERASED
    assert not isinstance(ERASED, dict)


def test_coordinates_name_a_place_and_show_no_words() -> None:
    at = Coordinates(UUID(int=1), 2, "pupil.registered", "bm90aGluZw==")
    assert at == Coordinates(UUID(int=1), 2, "pupil.registered", "bm90aGluZw==")
    assert hash(at) == hash(Coordinates(UUID(int=1), 2, "pupil.registered", "bm90aGluZw=="))
