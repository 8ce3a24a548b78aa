"""A page's queries are of one moment: what is recorded between two of them is not seen by the second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.engine import Engine
from projections.reader import Reader, SnapshotReader, position
from tests.county import ALNCO, HEAD, SCHOOL, build
from tests.readers import readers

DAY = date(2026, 11, 21)


def looking(person: UUID) -> Viewer:
    return Viewer(person=person, organisation=SCHOOL, role="alnco", today=DAY)


@pytest.fixture
def pool(database: str) -> Iterator[ConnectionPool]:
    with readers(database) as pool:
        yield pool


def test_later_records_are_not_seen_until_it_ends(
    service: Coordination, engine: Engine, pool: ConnectionPool
):
    moment, viewer = SnapshotReader(pool), looking(ALNCO)
    with moment.viewing(viewer) as cursor:
        before = position(cursor)
    build(service)
    engine.catch_up()
    with moment.viewing(viewer) as cursor:
        assert position(cursor) == before
    with Reader(pool).viewing(viewer) as cursor:
        now = position(cursor)
    assert now > before
    moment.close()
    with moment.viewing(viewer) as cursor:
        assert position(cursor) == now
    moment.close()


def test_it_is_one_viewers(pool: ConnectionPool):
    moment = SnapshotReader(pool)
    with moment.viewing(looking(ALNCO)):
        pass
    with pytest.raises(ValueError, match="one viewer"), moment.viewing(looking(HEAD)):
        pass
    moment.close()


def test_it_looks_as_the_viewer_and_nobody_afterwards(pool: ConnectionPool):
    moment, viewer = SnapshotReader(pool), looking(ALNCO)
    asked = "select current_setting('cydlynu.organisation', true) as organisation"
    with moment.viewing(viewer) as cursor:
        assert cursor.execute(asked).fetchone() == {"organisation": str(SCHOOL)}
    moment.close()
    with pool.connection() as connection:
        assert connection.execute(asked).fetchone() in [("",), (None,)]


def test_a_broken_transaction_is_not_gone_on_with(pool: ConnectionPool):
    moment, viewer = SnapshotReader(pool), looking(ALNCO)
    with pytest.raises(psycopg.errors.DivisionByZero), moment.viewing(viewer) as cursor:
        cursor.execute("select 1 / 0")
    with moment.viewing(viewer) as cursor:
        assert cursor.execute("select 1 as one").fetchone() == {"one": 1}
    moment.close()
    with pool.connection() as one, pool.connection() as other:
        assert one is not other
