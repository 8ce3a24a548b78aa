"""A database that is lent again is as it was; one that a test has changed in more than its rows is not lent again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coordination.store import server
from coordination.store.migrate import READ, as_role
from tests.conftest import _fresh
from tests.readers import readers
from tests.reused import ReusedDatabase
from tests.webui.county_site import county_on
from tests.webui.service import service_on

COUNT = (
    "select (select count(*) from log.event), (select count(*) from desk.account),"
    " (select position from read.position)"
)


@pytest.fixture
def made() -> list[str]:
    """The databases that were made."""
    return []


@pytest.fixture
def reused(postgres: str, template: str, made: list[str]) -> Iterator[ReusedDatabase]:
    @contextmanager
    def make() -> Iterator[str]:
        with _fresh(postgres, template) as address:
            made.append(address)
            yield address

    reused = ReusedDatabase(make)
    yield reused
    reused.close()


def test_the_county_leaves_nothing(reused: ReusedDatabase, made: list[str], tmp_path: Path) -> None:
    for number in range(2):
        with reused.lent() as database:
            with psycopg.connect(database) as link:
                assert link.execute(COUNT).fetchone() == (0, 0, 0)
            with service_on(database, tmp_path / str(number)) as service, county_on(service):
                pass
    assert len(made) == 1


def test_who_was_left_connected_is_gone(reused: ReusedDatabase, made: list[str]) -> None:
    with reused.lent() as database:
        left = psycopg.connect(database)
        left.execute("insert into desk.demonstration (until, begun_at) values ('2026-01-01', now())")
    with reused.lent() as database, psycopg.connect(database) as link:
        assert link.execute("select count(*) from desk.demonstration").fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        left.execute("select 1")
    assert len(made) == 1


def test_who_reads_stays_and_sees_nothing_of_the_test_before(reused: ReusedDatabase, made: list[str]) -> None:
    with reused.lent() as database:
        with readers(database) as pool, pool.connection() as reader:
            pid = reader.info.backend_pid
            assert reader.execute("select position from read.position").fetchone() == (0,)
        with psycopg.connect(database) as link:
            link.execute("update read.position set position = 7")
        left = psycopg.connect(as_role(database, READ))
        left.execute("select 1")  # in a transaction
    with reused.lent() as database, readers(database) as pool, pool.connection() as reader:
        assert reader.info.backend_pid == pid
        assert reader.execute("select position from read.position").fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        left.execute("select 1")
    assert len(made) == 1


@pytest.mark.parametrize(
    "change",
    [
        "create table log.hat (size int)",
        "create view log.hat as select 1",
        "create function log.hat() returns int language sql as 'select 1'",
        "drop index log.event_notification_id_idx",
        "grant select on log.event to public",
        "alter table log.event disable trigger all",
        "alter table log.event enable row level security",
        "alter table log.event set (autovacuum_enabled = off)",
        "alter table desk.demonstration alter until drop not null",
        "alter database {} set work_mem = '5MB'",
    ],
)
def test_what_was_changed_in_more_than_rows_is_thrown_away(
    change: str, reused: ReusedDatabase, made: list[str]
) -> None:
    with reused.lent() as database:
        address = make_conninfo(database, user=server.ADMINISTRATOR, options="")
        name = sql.Identifier(str(conninfo_to_dict(database)["dbname"]))
        with psycopg.connect(address, autocommit=True) as link:
            link.execute(sql.SQL(change).format(name))
    with reused.lent() as database, psycopg.connect(database) as link:
        assert link.execute(COUNT).fetchone() == (0, 0, 0)
    assert len(made) == 2
