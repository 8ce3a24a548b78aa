"""Lists and reports from a streaming replica: nobody finds less than they saved, and pages say how far behind it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest
from flask import g
from flask.testing import FlaskClient

from coordination.pupil.profile.commands import RecordYear
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role, migrate
from coordination.store.server import PostgresServer
from projections.engine import Engine
from projections.schema import create
from tests.beginnings import keys_in
from tests.county import ALNCO, HEAD, PUPIL, SCHOOL, build, order, register
from tests.projections.casework import SECOND, SECOND_UPN
from tests.replicas import RunningReplica, replica_of
from tests.webui.conftest import sign_in
from tests.webui.service import RunningService, service_on
from webui.shell.replica import HEADER, LISTS_AND_REPORTS, _once_more

ON = date(2025, 3, 3)


class TwoServers(NamedTuple):
    """The primary as a record, its read models' engine, the replica, the service over both, and an ALNCo's browser."""

    record: Coordination
    engine: Engine
    replica: RunningReplica
    service: RunningService
    client: FlaskClient

    def year(self, person: UUID, year: int) -> None:
        said = RecordYear(occurred_on=ON, pupil=PUPIL, year=year)
        self.record.perform(said, order(person, ON))
        self.engine.catch_up()

    def reached(self) -> None:
        """Returns when the replica has replayed all that the primary wrote."""
        with psycopg.connect(self.service.database, autocommit=True) as connection:
            row = connection.execute("select pg_current_wal_insert_lsn()").fetchone()
        assert row is not None
        until(lambda: self.replica.administer(f"select pg_last_wal_replay_lsn() >= '{row[0]}'") is True)


def until(true: Any) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[TwoServers]:
    server = PostgresServer(tmp_path / "data", durable=False)
    try:
        address = server.start()
        migrate(address)
        create(address)
        record = Record(as_role(address, "cydlynu_append"), load_or_make(keys_in(tmp_path)))
        county = build(Coordination(record))
        register(county)
        engine = Engine(address, record.outer)
        engine.catch_up()
        with (
            replica_of(server, address) as replica,
            service_on(address, tmp_path, replica=replica.address) as service,
        ):
            service.person("alnco", person=ALNCO, organisation=SCHOOL)
            client = service.app.test_client()
            sign_in(client, "alnco")
            yield TwoServers(county, engine, replica, service, client)
        engine.close()
        record.close()
    finally:
        server.stop()
        server.release()


@pytest.mark.slow
def test_lists_are_read_from_the_replica_as_far_as_it_may_be_shown(two: TwoServers) -> None:
    _nobody_finds_less_than_they_saved(two)
    _nobody_sees_what_was_just_closed(two)
    _a_lost_replica_is_not_missed(two)


def _nobody_finds_less_than_they_saved(two: TwoServers) -> None:
    two.reached()
    until(lambda: two.client.get("/pupils").headers.get(HEADER) == "0.0")
    assert "copy of the record" not in two.client.get("/pupils").text
    assert HEADER not in two.client.get(f"/pupils/{PUPIL}").headers, "a case file is no list"

    two.replica.administer("select pg_wal_replay_pause()")
    two.year(HEAD, 7)
    until(lambda: float(two.client.get("/pupils").headers.get(HEADER, "0")) > 1)  # as written: to one decimal
    said = two.client.get("/pupils")
    assert "copy of the record that is" in said.text
    assert two.client.get("/api/v1/pupils").status_code == 401, "who may see what is asked first"

    two.year(ALNCO, 8)
    own = two.client.get("/pupils")
    assert own.status_code == 200
    assert HEADER not in own.headers, "the replica lacks what this person saved"

    two.replica.administer("select pg_wal_replay_resume()")
    two.reached()
    until(lambda: two.client.get("/pupils").headers.get(HEADER) == "0.0")


def _nobody_sees_what_was_just_closed(two: TwoServers) -> None:
    head = two.service.app.test_client()
    two.service.person("head", username="head", person=HEAD, organisation=SCHOOL)
    sign_in(head, "head")
    two.reached()
    until(lambda: HEADER in head.get("/pupils").headers)
    two.replica.administer("select pg_wal_replay_pause()")
    register(two.record, SECOND, SECOND_UPN)
    two.engine.catch_up()
    assert HEADER not in head.get("/pupils").headers, "somebody's save changed who may see whom"
    two.replica.administer("select pg_wal_replay_resume()")
    two.reached()
    until(lambda: HEADER in head.get("/pupils").headers)


def _a_lost_replica_is_not_missed(two: TwoServers) -> None:
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cydlynu_read'"
    two.replica.administer(cut)
    until(lambda: HEADER in two.client.get("/pupils").headers)
    two.replica.stop()
    lost = two.client.get("/pupils")
    assert lost.status_code == 200
    assert HEADER not in lost.headers


def test_a_page_is_made_once_more_only_when_the_replica_broke_off(service: RunningService) -> None:
    calls: list[bool] = []

    def view() -> str:
        calls.append("replica_behind" in g)
        if calls == [True]:
            raise psycopg.errors.SerializationFailure("canceling statement due to conflict with recovery")
        return "shown"

    with service.app.test_request_context("/pupils"):
        g.replica_behind, g.moment = 0.0, service.app.extensions["cydlynu"].moment()
        assert _once_more(view)() == "shown"
        assert calls == [True, False]

    def broken() -> str:
        raise psycopg.OperationalError

    with service.app.test_request_context("/pupils"), pytest.raises(psycopg.OperationalError):
        _once_more(broken)()


def test_only_pages_that_are_looked_at_are_read_from_the_replica(service: RunningService) -> None:
    rules = [rule for rule in service.app.url_map.iter_rules() if rule.endpoint in LISTS_AND_REPORTS]
    assert {rule.endpoint for rule in rules} == LISTS_AND_REPORTS
    assert all((rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"} for rule in rules)
