"""The demonstration county, loaded once for all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from coordination.directory.codes import standard_templates
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role
from scripts.demonstration import first_start
from scripts.demonstration.load import load
from scripts.demonstration.pupils import birthday
from tests.conftest import _fresh
from tests.demonstration import UNTIL, DemonstrationCounty

CLEAR = """
select md5(string_agg(e.topic || e.originator_id::text || e.originator_version::text
                      || (convert_from(e.state, 'UTF8')::jsonb - 'sealed')::text, ',' order by e.notification_id))
from log.event e
"""

AHEAD = """
select count(*) from log.event
where state::text is null
   or (convert_from(state, 'UTF8')::jsonb -> 'header' ->> 'occurred_on')::date
      > (convert_from(state, 'UTF8')::jsonb -> 'header' ->> 'recorded_at')::date
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
    postgres: str, demonstration: DemonstrationCounty, other_database: str, tmp_path: Path
) -> None:
    """About 40,000 events; the clear part of each is the same in two loadings under different keys."""
    assert 30_000 < demonstration.last < 50_000
    assert loaded(other_database, tmp_path / "two") == demonstration.last
    with _fresh(postgres, demonstration.database) as database:
        assert asked(database, CLEAR) == asked(other_database, CLEAR)
        assert asked(database, AHEAD) == 0
        pupils = "select count(*) from log.event where topic = 'pupil.registered'"
        assert asked(database, pupils) == 600
        days = "select count(*) from log.ledger"
        assert asked(database, days) <= 731
        is_believable(database)


HAPPENS = (
    *("referral.advice_given", "referral.redirected", "referral.opt_in_asked", "referral.opt_in_unanswered"),
    *("referral.s21_answer", "meeting.minutes_approved", "action.completed"),
    *("aln.concern_raised", "aln.decided", "aln.plan_issued", "aln.plan_reviewed"),
    *("pupil.school_moved", "pupil.file_requested", "pupil.move_agreed", "pupil.record_taken_on"),
)


def is_believable(database: str) -> None:
    """What a visitor would doubt: kinds of event that never happen, a service expected in two places at one hour, a
    standard without a published source."""
    for topic in HAPPENS:
        assert asked(database, f"select count(*) from log.event where topic = '{topic}'") >= 10, topic
    assert asked(database, "select count(*) from log.event where topic = 'pupil.registration_ended'") >= 3
    assert asked(database, "select count(*) from log.event where topic = 'organisation.closed'") == 1
    clashes = """
        select count(*) - count(distinct (s ->> 'held_on', s ->> 'starts_at'))
        from (select convert_from(state, 'UTF8')::jsonb as s from log.event where topic = 'meeting.scheduled') m
    """
    assert asked(database, clashes) == 0
    sources = """
        select array_agg(distinct convert_from(state, 'UTF8')::jsonb ->> 'source')
        from log.event where topic = 'standard.set'
    """
    published = {template.source for template in standard_templates()}
    assert set(asked(database, sources)) <= published


def test_pupils_are_of_the_age_of_their_year() -> None:
    """Born from 1 September to 31 August: on the first and the last day of a school year, and the day after."""
    random = Random(7)
    for on, began in ((date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2026, 11, 30), 2026)):
        for year in range(-2, 14):
            found = {birthday(random, year, on) for _ in range(60)}
            assert min(found) >= date(began - 5 - year, 9, 1)
            assert max(found) <= date(began - 4 - year, 8, 31)


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
