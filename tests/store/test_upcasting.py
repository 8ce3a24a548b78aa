"""A stored old version is read as the newest: shown with an event type that changed twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import psycopg
import pytest
from eventsourcing.persistence import MapperDeserialisationError

from coordination import topics
from coordination.event import Event, RecordedEvent
from coordination.pupil.profile.events import ViewsRecorded
from coordination.sensitivity import SEALED, Coordinates, Operational, Special
from coordination.service import Coordination
from coordination.store.mapper import decode, encode
from tests.county import PUPIL, register
from tests.projections.replays import engine_on, listening
from tests.store.writers import HEADER

TOPIC = "test.lunch_eaten"


class Lunch(ViewsRecorded, frozen=True, kw_only=True):
    """A case file folds this event as it folds the words of a child."""

    whose: Operational[Literal["child", "parent"]] = "child"
    language: Operational[str] = "cy"


class Lunch1(Lunch, frozen=True, kw_only=True):
    topic = TOPIC
    meal: Operational[str]
    words: Special[str] = SEALED


class Lunch2(Lunch, frozen=True, kw_only=True):
    """What was one meal is a list."""

    topic = TOPIC
    class_version = 2
    meals: Operational[tuple[str, ...]]
    words: Special[str] = SEALED

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["meals"] = [state.pop("meal")]


class Lunch3(Lunch, frozen=True, kw_only=True):
    """And how many there were is told."""

    topic = TOPIC
    class_version = 3
    meals: Operational[tuple[str, ...]]
    count: Operational[int]
    words: Special[str] = SEALED

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        Lunch2.upcast_v1_v2(state)

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["count"] = len(state["meals"])


class KnownEventTypes:
    """The event types that the running program knows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.known = dict(topics.registry())
        monkeypatch.setattr(topics, "registry", lambda: self.known)

    def knows(self, of: type[Event]) -> None:
        self.known[of.topic] = of


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[KnownEventTypes]:
    yield KnownEventTypes(monkeypatch)


def test_old_versions_are_read_as_the_newest_and_their_seal_still_opens(
    county: Coordination, database: str, program: KnownEventTypes
) -> None:
    register(county)
    first = len(county.record.load([PUPIL])[PUPIL]) + 1
    lunches: tuple[Event, ...] = (
        Lunch1(header=HEADER, meal="cawl", words="Da iawn"),
        Lunch2(header=HEADER, meals=("cawl", "pice"), words="Gwell"),
        Lunch3(header=HEADER, meals=(), count=0, words="Dim"),
    )
    for version, lunch in enumerate(lunches, first):
        program.knows(type(lunch))
        county.record.append([RecordedEvent(PUPIL, version, lunch)], [])
    read = county.record.load([PUPIL], {PUPIL: first - 1})[PUPIL]
    assert [(type(r.event), r.event.meals, r.event.count) for r in read] == [  # type: ignore[attr-defined]
        (Lunch3, ("cawl",), 1),
        (Lunch3, ("cawl", "pice"), 2),
        (Lunch3, (), 0),
    ]
    opened = county.record.open([Coordinates(PUPIL, r.version, TOPIC, r.event.sealed) for r in read])
    assert opened == [{"words": "Da iawn"}, {"words": "Gwell"}, {"words": "Dim"}]
    # the engine reads them the same way, and the stored bytes are as they were written
    heard: list[Event] = []
    told = listening(lambda change: heard.append(change.event))
    told[-1].topics = frozenset({*told[-1].topics, Lunch3})  # type: ignore[misc]
    with engine_on(database, county, wanted=told) as engine:
        engine.catch_up()
        assert engine.parked == set()
    assert [e for e in heard if isinstance(e, Lunch3)] == [r.event for r in read]
    with psycopg.connect(database) as connection:
        stored = connection.execute(
            "select convert_from(state, 'utf8')::jsonb -> 'class_version' from log.event where topic = %s order by 1",
            [TOPIC],
        ).fetchall()
    assert stored == [(2,), (3,), (None,)]


def test_a_state_of_a_newer_program_is_not_misread(program: KnownEventTypes) -> None:
    state = encode(Lunch3(header=HEADER, meals=(), count=0))
    program.knows(Lunch2)
    with pytest.raises(MapperDeserialisationError) as problem:
        decode(TOPIC, state)
    assert str(problem.value) == f"cannot read a stored {TOPIC}: LookupError"


@pytest.mark.parametrize("state", [b"", b"[]", b"{}", b'{"header": 1}', b"\xff", b'{"meal": "cawl"'])
@pytest.mark.parametrize("of", [Lunch1, Lunch3])
def test_what_does_not_fit_is_named_without_its_values(
    program: KnownEventTypes, of: type[Event], state: bytes
) -> None:
    program.knows(of)
    with pytest.raises(MapperDeserialisationError) as problem:
        decode(TOPIC, state)
    assert "cawl" not in str(problem.value) and problem.value.__cause__ is None


def test_an_upcaster_that_fails_or_is_missing_is_an_unreadable_state(program: KnownEventTypes) -> None:
    class Broken(Lunch2, frozen=True, kw_only=True):
        topic = TOPIC
        class_version = 2

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            raise KeyError(state["meal"])

    class Missing(Lunch3, frozen=True, kw_only=True):
        topic = TOPIC
        class_version = 4

    state = encode(Lunch1(header=HEADER, meal="cawl"))
    for of in (Broken, Missing):
        program.knows(of)
        with pytest.raises(MapperDeserialisationError) as problem:
            decode(TOPIC, state)
        assert "cawl" not in str(problem.value)


def test_a_word_like_the_mark_of_a_version_is_only_a_word(program: KnownEventTypes) -> None:
    program.knows(Lunch1)
    for meal in ("class_version", '"class_version":9', 'x,"class_version":9}'):
        event = Lunch1(header=HEADER, meal=meal)
        assert decode(TOPIC, encode(event)) == event


def test_what_could_not_be_read_again_is_not_stored(county: Coordination) -> None:
    register(county)
    before = county.record.last_position()
    version = len(county.record.load([PUPIL])[PUPIL]) + 1
    said = ViewsRecorded(header=HEADER, whose="neighbour", language="cy", words="Da iawn")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"pupil\.views_recorded that could not be read again") as refused:
        county.record.append([RecordedEvent(PUPIL, version, said)], [])
    assert "neighbour" not in str(refused.value)
    assert county.record.last_position() == before
