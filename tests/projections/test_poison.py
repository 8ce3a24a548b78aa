"""What one projection cannot take parks that stream for that projection, and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg
import pytest
from msgspec.structs import replace as changed

from coordination.directory.commands import SetStandard
from coordination.event import Event
from coordination.service import Coordination
from coordination.store.keys import WrongKeys, load_or_make
from coordination.topics import registry
from projections.catalogue import projections
from projections.engine import Engine
from projections.page import ALL
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Table
from projections.waiting_times.project import PROJECTION as WAITING_TIMES
from tests.county import ADMINISTRATOR, BOARD, CAMHS, order
from tests.projections.replays import contents, engine_on, listening, make_schema, replay, same
from tests.store.histories import FIRST_DAY, OPENING, Move, RandomHistory, pupil_id, tell

POISONED = pupil_id(1)
PAGES = (1, 7)
# a history in which every pupil's stream goes on for a while
MOVES = [
    *OPENING,
    *(Move("milestone", n % 3, 0, 0, 1, 0) for n in range(9)),
    *(Move("views", n, 0, 0, 0, 0) for n in range(3)),
]

Problem = Callable[[Change, RowJournal], None]


class KeptRow(msgspec.Struct, frozen=True):
    stream: UUID
    version: int
    said: str


class WiderKeptRow(KeptRow, frozen=True):
    one_more: int


KEPT = Table("kept", KeptRow)


class Picky:
    """Keeps a row for each event, and does `problem` at the third event of the poisoned stream."""

    name = "picky"
    tables = (KEPT,)
    topics = frozenset(registry().values())
    wide: frozenset[type[Event]] = frozenset()

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def project(self, change: Change, rows: RowJournal) -> None:
        rows.add(KEPT, KeptRow(change.stream, change.version, "kept"))
        if change.stream == POISONED and change.version == 3:
            self.problem(change, rows)


def make_kept(address: str, schema: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(
            f"create table {schema}.kept (stream uuid, version int, said text check (said <> 'never')) "
        )


def it_raises(change: Change, rows: RowJournal) -> None:
    raise KeyError("Siân Gŵyn, born 2011-05-20")


def it_breaks_a_constraint(change: Change, rows: RowJournal) -> None:
    rows.add(KEPT, KeptRow(change.stream, change.version, "never"))


def it_gives_what_no_column_holds(change: Change, rows: RowJournal) -> None:
    rows.add(KEPT, KeptRow(change.stream, "Siân", "kept"))  # type: ignore[arg-type]


def it_gives_what_postgresql_cannot_hold(change: Change, rows: RowJournal) -> None:
    rows.add(KEPT, KeptRow(change.stream, change.version, "a nought byte: \x00"))


def it_gives_what_psycopg_cannot_say(change: Change, rows: RowJournal) -> None:
    rows.add(KEPT, KeptRow(change.stream, change.version, object()))  # type: ignore[arg-type]


def it_gives_a_column_too_many(change: Change, rows: RowJournal) -> None:
    rows.add(KEPT, WiderKeptRow(change.stream, change.version, "kept", 1))


PROBLEMS = (
    it_raises,
    it_breaks_a_constraint,
    it_gives_what_no_column_holds,
    it_gives_what_postgresql_cannot_hold,
    it_gives_what_psycopg_cannot_say,
    it_gives_a_column_too_many,
)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_projection_that_fails_on_a_stream_goes_on_without_it(
    database: str, county: Coordination, problem: Problem
) -> None:
    tell(county, MOVES, [100], lambda: None)
    expected = None
    for page in PAGES:
        schema = f"page_{page}"
        make_schema(database, schema)
        make_kept(database, schema)
        wanted = (*projections(), Picky(problem))
        with engine_on(database, county, schema=schema, page_size=page, wanted=wanted) as engine:
            assert engine.catch_up() == county.record.last_position()
            assert engine.parked == {("picky", POISONED)}
        found = contents(database, schema)
        assert [row[:2] for row in found["kept"] if row[0] == POISONED] == [(POISONED, 1), (POISONED, 2)]
        assert len({row[0] for row in found["kept"]}) > 3
        ((name, stream, _, _, reason),) = found["parked"]
        assert (name, stream) == ("picky", POISONED)
        assert "Siân" not in reason and "2011" not in reason
        same(expected or found, found)
        expected = found
    replay(database, county, "without")
    for table, rows in contents(database, "without").items():
        if table != "parked":
            assert rows == (expected or {})[table]


def put(address: str, stream: UUID, topic: str, state: bytes) -> int:
    """An event that no decision made, at the end of a stream."""
    with psycopg.connect(address) as connection:
        row = connection.execute(
            "insert into log.event (originator_id, originator_version, topic, state)"
            " select %(s)s, coalesce(max(originator_version), 0) + 1, %(t)s, %(b)s from log.event"
            " where originator_id = %(s)s returning notification_id",
            {"s": stream, "t": topic, "b": state},
        ).fetchone()
        connection.execute("update log.organisation set version = version + 1 where stream = %s", [stream])
        assert row is not None
        return int(row[0])


def state(**fields: object) -> bytes:
    """A stored state with an ordinary header."""
    header = {
        "occurred_on": "2025-01-06",
        "recorded_at": "2025-01-06T12:00:00Z",
        "person": str(ADMINISTRATOR),
        "organisation": str(BOARD),
        "role": "alnco",
        "source": "screen",
        "command_id": "x",
    }
    return json.dumps({"header": header, **fields}).encode()


UNREADABLE = (
    ("pupil.abducted", state()),
    ("pupil.year_recorded", b"{"),
    ("pupil.year_recorded", state(year="Siân")),
    ("pupil.year_recorded", state(year=9, class_version=7)),
)


@pytest.mark.parametrize(("topic", "stored"), UNREADABLE)
def test_an_unreadable_event_parks_its_stream_and_the_rest_goes_on(
    database: str, county: Coordination, topic: str, stored: bytes
) -> None:
    tell(county, OPENING, [100], lambda: None)
    place = put(database, POISONED, topic, stored)
    put(database, POISONED, "pupil.year_recorded", state(year=9))
    others = [m for m in MOVES[len(OPENING) :] if m.one % 3 != 1]
    tell_more(county, others)
    heard: list[tuple[UUID, int]] = []
    expected = None
    for page in PAGES:
        heard.clear()
        schema = f"page_{page}"
        make_schema(database, schema)
        told = listening(lambda change: heard.append((change.stream, change.position)))
        with engine_on(database, county, schema=schema, page_size=page, wanted=told) as engine:
            assert engine.catch_up() == county.record.last_position()
            assert engine.parked == {(ALL, POISONED)}
        assert max(p for s, p in heard if s == POISONED) < place
        assert any(p > place for s, p in heard if s != POISONED)
        found = contents(database, schema)
        ((name, stream, position, parked_topic, reason),) = found["parked"]
        assert (name, stream, position, parked_topic) == (ALL, POISONED, place, topic)
        assert "Siân" not in reason
        same(expected or found, found)
        expected = found


def tell_more(county: Coordination, moves: list[Move]) -> None:
    """On top of the opening, by a batch of its own."""
    story = RandomHistory(county.batch(), prefix="more")
    story.day = FIRST_DAY
    assert story.play(moves).taken > 2
    story.batch.commit()


def test_an_organisation_that_cannot_be_folded_stays_stopped_after_a_restart(
    database: str, county: Coordination
) -> None:
    """Its later events are left out whether the engine went on or begins again: the directory is the same."""
    tell(county, OPENING, [100], lambda: None)
    since = {"effective_from": "2025-01-06"}
    place = put(database, BOARD, "service.changed", state(service=str(UUID(int=0xFF)), **since))
    put(database, BOARD, "service.changed", state(service=str(CAMHS), open_to="2025-01-07", **since))
    with engine_on(database, county, page_size=3) as engine:
        engine.catch_up()
        assert engine.parked == {(ALL, BOARD)}
        service = engine.folds.directory.service(CAMHS)
        assert service is not None and service.open_to is None
        kept = engine.folds.directory
    with engine_on(database, county) as engine:
        engine.begin()
        assert engine.parked == {(ALL, BOARD)}
        assert engine.folds.directory.organisations == kept.organisations
        assert engine.catch_up() >= place


def test_a_parked_stream_is_not_touched_by_what_changes_others(
    database: str, county: Coordination, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A standard set afterwards recomputes the waits of the others; the parked one's rows stay as they were."""
    tell(county, MOVES, [100], lambda: None)
    project = type(WAITING_TIMES).project
    last = max(
        r.position for r in county.record.load([POISONED])[POISONED] if r.event.topic.startswith("referral.")
    )

    def poisoned(self: object, change: Change, rows: RowJournal) -> None:
        if change.stream == POISONED and change.position == last:
            raise ValueError
        project(WAITING_TIMES, change, rows)

    monkeypatch.setattr(type(WAITING_TIMES), "project", poisoned)
    with engine_on(database, county, page_size=3) as engine:
        engine.catch_up()
        assert engine.parked == {("waiting_times", POISONED)}
        before = [row for row in contents(database)["wait"] if row[4] == POISONED]
        services = {row[5] for row in contents(database)["wait"]}
        for service in services | {CAMHS}:
            held = county.directory().service(service)
            assert held is not None
            standard = SetStandard(
                occurred_on=FIRST_DAY,
                organisation=held.agency,
                service=service,
                code="NEW",
                start="received",
                stop="assessed",
                limit=1,
                unit="weeks",
                effective_from=FIRST_DAY,
                source="test",
            )
            county.perform(standard, order(ADMINISTRATOR, FIRST_DAY))
        engine.catch_up()
    assert [row for row in contents(database)["wait"] if row[4] == POISONED] == before
    replay(database, county, "again", page_size=7)
    same(contents(database), contents(database, "again"))


def test_a_broken_definition_stops_the_engine_and_parks_nobody(database: str, county: Coordination) -> None:
    tell(county, OPENING, [100], lambda: None)
    with engine_on(database, county, wanted=(Picky(it_raises),)) as engine:
        with pytest.raises(psycopg.errors.UndefinedTable):
            engine.catch_up()
        assert contents(database)["parked"] == []
        make_kept(database, "read")
        assert engine.catch_up() == county.record.last_position()


def test_wrong_keys_stop_the_engine_and_park_nobody(
    database: str, county: Coordination, tmp_path: Path
) -> None:
    tell(county, OPENING, [100], lambda: None)
    right = county.record.outer
    other = load_or_make(tmp_path / "other.json")
    for wrong in (other, changed(right, wrapping={"2": right.wrapping["1"]}, current="2")):
        engine = Engine(database, wrong)
        with pytest.raises(WrongKeys):
            engine.catch_up()
        engine.close()
        assert contents(database)["parked"] == []
