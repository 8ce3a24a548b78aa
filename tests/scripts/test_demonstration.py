"""The demonstration county, loaded once for all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role
from scripts.demonstration import first_start
from scripts.demonstration.load import load

UNTIL = date(2026, 11, 20)

CLEAR = """
select md5(string_agg(e.topic || e.originator_id::text || e.originator_version::text
                      || (convert_from(e.state, 'UTF8')::jsonb - 'sealed')::text, ',' order by e.notification_id))
from log.event e
"""


def loaded(database: str, folder: Path) -> int:
    record = Record(as_role(database, "cydlynu_append"), load_or_make(folder / "keys.json"))
    try:
        return load(Coordination(record), UNTIL)
    finally:
        record.close()


def asked(database: str, query: str) -> Any:
    with psycopg.connect(database) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


@pytest.mark.slow
def test_two_years_are_the_same_every_time_and_never_ahead_of_their_day(
    database: str, other_database: str, tmp_path: Path
) -> None:
    """About 40,000 events; the clear part of each is the same in two loadings under different keys."""
    last = loaded(database, tmp_path / "one")
    assert 30_000 < last < 50_000
    assert loaded(other_database, tmp_path / "two") == last
    assert asked(database, CLEAR) == asked(other_database, CLEAR)
    ahead = "select count(*) from log.event where state::text is null or (convert_from(state, 'UTF8')::jsonb"
    ahead += "->'header'->>'occurred_on')::date > (convert_from(state, 'UTF8')::jsonb->'header'->>'recorded_at')::date"
    assert asked(database, ahead) == 0
    pupils = "select count(*) from log.event where topic = 'pupil.registered'"
    assert asked(database, pupils) == 600
    days = "select count(*) from log.ledger"
    assert asked(database, days) <= 731


@pytest.fixture
def other_database(empty_database: str) -> Iterator[str]:
    """A second fresh database, with the migrations."""
    from coordination.store.migrate import migrate

    migrate(empty_database)
    yield empty_database


def test_a_loading_that_was_cut_short_is_cleared_away(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an unfinished loading left is gone; a store with anything else in it is never touched."""
    keys = tmp_path / "keys.json"
    filled: list[int] = []

    def fill(database: str, *_: object) -> None:
        filled.append(asked(database, "select count(*) from log.organisation"))

    monkeypatch.setattr(first_start, "_fill", fill)
    with psycopg.connect(database) as connection:
        connection.execute("insert into desk.demonstration (until, begun_at) values ('2026-01-01', now())")
        connection.execute(
            "insert into log.organisation (stream, kind, code, version) values (gen_random_uuid(), 'school', '1', 1)"
        )
    first_start.prepare(database, keys)
    assert filled == [0]
    assert asked(database, "select finished_at is not null from desk.demonstration")
    first_start.prepare(database, keys)
    assert filled == [0]


def test_a_store_with_anything_in_it_is_left_alone(
    county: Coordination, database: str, tmp_path: Path
) -> None:
    before = county.record.last_position()
    first_start.prepare(database, tmp_path / "keys.json")
    assert county.record.last_position() == before
    assert asked(database, "select count(*) from desk.demonstration") == 0
