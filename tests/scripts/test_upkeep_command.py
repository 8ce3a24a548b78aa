"""`cydlynu verify`, `rebuild`, `status` and `catch-up` on a real database, as an attacker and a fault leave it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from coordination.service import Coordination
from coordination.store.keys import load_or_make
from coordination.store.server import ADMINISTRATOR
from projections.catalogue import definition
from projections.engine import Engine
from projections.rebuild import REBUILD_LOCK
from tests.county import build, register
from tests.scripts.conftest import Cydlynu, one


@pytest.fixture
def kept(cydlynu: Cydlynu, record: Coordination) -> Cydlynu:
    """A record of three saves."""
    build(record)
    register(record)
    register(record, pupil=UUID(int=0xB2), upn="E670200126001")
    return cydlynu


@contextmanager
def unguarded(database: str) -> Iterator[Connection[Any]]:
    """As a superuser who has turned the log's triggers off."""
    with psycopg.connect(make_conninfo(database, user=ADMINISTRATOR)) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


class TestVerify:
    def test_a_record_as_it_was_written(self, kept: Cydlynu) -> None:
        said = kept("verify")
        events = one(kept.database, "select count(*) from log.event")
        assert said.status == 0
        assert said.out.startswith(f"{events} events in 3 saves are unchanged.\nlast link  {events}:")

    def test_an_empty_record(self, cydlynu: Cydlynu) -> None:
        assert cydlynu("verify").status == 0

    @pytest.mark.parametrize(
        ("change", "found"),
        [
            (
                "update log.event set state = set_byte(state, 20, get_byte(state, 20) # 1)"
                " where notification_id = 200",
                "events_changed",
            ),
            (
                "update log.event set topic = 'organisation.closed' where notification_id = 200",
                "events_changed",
            ),
            ("delete from log.event where notification_id = 200", "events_missing"),
            (
                "insert into log.event select originator_id, 9000, topic, state, 200 from log.event"
                " where notification_id = 200",
                "events_added",
            ),
            (
                "insert into log.event select originator_id, 9000, topic, state, 100000 from log.event"
                " where notification_id = 200",
                "events_added",
            ),
            (
                "update log.ledger set events = events - 1, digest = sha256('x') where position = 283",
                "save_changed",
            ),
            (
                "delete from log.ledger where position = (select min(position) from log.ledger)",
                "save_missing",
            ),
        ],
    )
    def test_what_an_attacker_with_every_right_left(self, kept: Cydlynu, change: str, found: str) -> None:
        first = one(kept.database, "select min(position) from log.ledger")
        with unguarded(kept.database) as connection:
            connection.execute("drop index log.event_notification_id_idx")
            assert connection.execute(change.replace("283", str(first)).encode()).rowcount == 1
        said = kept("verify")
        assert said.status == 2
        assert "The record was CHANGED." in said.out
        assert found in said.out

    def test_an_end_that_was_cut_off_is_shown_by_a_link_noted_before(self, kept: Cydlynu) -> None:
        link = kept("verify").out.split()[-1]
        assert kept("verify", "--noted", link).status == 0
        with unguarded(kept.database) as connection:
            last = "(select max(position) from log.ledger)"
            before = "(select max(position) from log.ledger where position < (select max(position) from log.ledger))"
            connection.execute(f"delete from log.event where notification_id > {before}".encode())
            connection.execute(f"delete from log.ledger where position = {last}".encode())
        said = kept("verify", "--noted", link)
        assert (said.status, "shorter_than_noted" in said.out) == (2, True)

    def test_a_link_that_is_none(self, kept: Cydlynu) -> None:
        assert kept("verify", "--noted", "12:xyz").status == 1


class TestRebuild:
    def test_made_anew_and_the_same(self, kept: Cydlynu) -> None:
        position = one(kept.database, "select max(notification_id) from log.event")
        said = kept("rebuild")
        assert (said.status, said.out) == (
            0,
            f"The log was read up to position {position}. All tables were the same.\n",
        )
        assert one(kept.database, "select definition from read.position") == definition()

    def test_a_table_that_was_changed_by_hand_is_named_and_put_right(self, kept: Cydlynu) -> None:
        kept("catch-up")
        rows = "select count(*) from read.service_pupil"
        with psycopg.connect(kept.database) as connection:
            connection.execute("insert into read.service_pupil values (gen_random_uuid(), gen_random_uuid())")
        said = kept("rebuild", "--compare-only")
        assert (said.status, said.out.endswith("These tables were different: service_pupil.\n")) == (2, True)
        assert one(kept.database, rows) == 1
        assert one(kept.database, "select to_regnamespace('read_next') is null")
        assert kept("rebuild").status == 0
        assert one(kept.database, rows) == 0
        assert kept("rebuild", "--compare-only").status == 0

    def test_not_two_at_once(self, kept: Cydlynu) -> None:
        with psycopg.connect(kept.database, autocommit=True) as connection:
            connection.execute("select pg_advisory_lock(%s)", (REBUILD_LOCK,))
            for how in ([], ["--compare-only"]):
                said = kept("rebuild", *how)
                assert (said.status, said.err.partition(":")[0]) == (1, "rebuild_under_way")


class TestStatus:
    def test_before_and_after_catching_up(self, kept: Cydlynu) -> None:
        events = one(kept.database, "select count(*) from log.event")
        before = kept("status", "--format", "json").json
        assert (before["events"], before["log_position"], before["read_position"], before["lag"]) == (
            events,
            events,
            0,
            events,
        )
        assert (before["led"], before["current"], before["parked"]) == (False, True, [])
        assert kept("catch-up").out == f"The read models are at position {events}.\n"
        after = kept("status")
        assert f"position {events}, 0 events behind; no worker is running" in after.out

    def test_who_leads(self, kept: Cydlynu) -> None:
        engine = Engine(kept.database, load_or_make(kept.keys))
        assert engine.lead()
        assert "the worker is running" in kept("status").out
        engine.close()

    def test_tables_of_another_version(self, kept: Cydlynu) -> None:
        with psycopg.connect(kept.database) as connection:
            connection.execute("update read.position set definition = 'other'")
        assert "built by another version of the program" in kept("status").out
        kept("catch-up")
        assert kept("status", "--format", "json").json["current"] is True

    def test_what_is_parked_and_why(self, kept: Cydlynu) -> None:
        """An event that no program understands parks its stream for every projection."""
        with unguarded(kept.database) as connection:
            connection.execute("update log.event set state = '{}' where topic = 'pupil.registered'")
        kept("catch-up")
        parked = kept("status", "--format", "json").json["parked"]
        assert {(p["projection"], p["topic"]) for p in parked} == {("*", "pupil.registered")}
        table = kept("status").out
        assert "parked       2 streams" in table
        assert "MapperDeserialisationError" in table
        assert "Siân" not in table
