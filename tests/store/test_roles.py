"""What each database role cannot do, whatever the program says."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from coordination.store.migrate import APPEND, READ, as_role
from tests.county import PUPIL, register
from tests.projections.replays import contents, engine_on, fresh_county

CHANGES = (
    "update {} set {} = {}",
    "delete from {}",
    "truncate {}",
)
LOG = {
    "log.event": ("topic", "topic"),
    "log.ledger": ("events", "events + 1"),
    "log.leaf": ("key", "key"),
    "log.head": ("text", "text"),
    "log.batch": ("source", "source"),
}


@pytest.fixture(scope="module")
def written(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One database for all: everything tried here is refused."""
    with fresh_county(postgres, template, tmp_path_factory.mktemp("roles") / "keys.json") as (
        address,
        county,
    ):
        register(county)
        with engine_on(address, county) as engine:
            engine.catch_up()
        yield address


def refused(address: str, statement: str) -> InsufficientPrivilege:
    with psycopg.connect(address) as connection, pytest.raises(InsufficientPrivilege) as refusal:
        connection.execute(statement)
    return refusal.value


@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["the owner", APPEND, READ])
def test_nobody_changes_the_log(written: str, table: str, change: str, role: str) -> None:
    address = written if role == "the owner" else as_role(written, role)
    refused(address, change.format(table, *LOG[table]))


@pytest.mark.parametrize("table", LOG)
def test_the_owner_is_refused_by_the_trigger(written: str, table: str) -> None:
    for change in CHANGES:
        assert "append-only" in str(refused(written, change.format(table, *LOG[table])))


def test_the_append_role_has_the_privilege_for_the_lock_and_is_refused_by_the_trigger(written: str) -> None:
    """LOCK TABLE ... EXCLUSIVE needs UPDATE; the trigger answers for it."""
    with psycopg.connect(as_role(written, APPEND)) as connection:
        held = connection.execute("select has_table_privilege('log.event', 'update')").fetchone()
        assert held == (True,)
        connection.execute("lock table log.event in exclusive mode")
    assert "append-only" in str(refused(as_role(written, APPEND), "update log.event set topic = topic"))


SECRET = (
    "event",
    "stream_key",
    "pupil_upn",
    "pupil_likeness",
    "joined_pupil",
    "withheld_before",
    "referral_ref",
    "command",
    "ledger",
    "leaf",
    "node",
    "head",
    "batch",
    "organisation",
    "service_code",
)


@pytest.mark.parametrize("table", SECRET)
def test_the_reading_role_cannot_read_the_log(written: str, table: str) -> None:
    refused(as_role(written, READ), f"select * from log.{table}")


def test_the_reading_role_writes_nowhere(written: str) -> None:
    reading = as_role(written, READ)
    with psycopg.connect(written) as connection:
        tables = connection.execute(
            "select schemaname || '.' || tablename from pg_tables where schemaname in ('log', 'read', 'desk')"
        ).fetchall()
        assert len(tables) > 20
        for (table,) in tables:
            for what in ("insert", "update", "delete", "truncate"):
                may = connection.execute(
                    "select has_table_privilege(%s, %s, %s)", [READ, table, what]
                ).fetchone()
                assert may == (False,), (table, what)
    refused(reading, "create table read.mine (x int)")


def test_the_append_role_destroys_no_key_and_rebinds_no_natural_key(written: str) -> None:
    appending = as_role(written, APPEND)
    for statement in (
        "delete from log.stream_key",
        "update log.stream_key set wrapped = ''",
        "delete from log.pupil_upn",
        "delete from log.pupil_likeness",
        f"update log.pupil_upn set stream = '{UUID(int=1)}'",
        "delete from log.joined_pupil",
        "delete from log.withheld_before",
        "delete from log.command",
        "delete from log.pupil_access",
        "alter table log.event disable trigger event_append_only",
        "set session_replication_role = replica",
    ):
        refused(appending, statement)


def test_nobody_sees_a_pupils_rows_without_saying_who_looks(written: str) -> None:
    """An empty setting means nobody: every table of the read schema that knows the pupil stays empty."""
    knowing = [name for name, rows in contents(written).items() if str(PUPIL) in str(rows)]
    assert len(knowing) > 3
    with psycopg.connect(as_role(written, READ)) as connection:
        for name in knowing:
            assert str(PUPIL) not in str(connection.execute(f"select * from read.{name}").fetchall()), name
