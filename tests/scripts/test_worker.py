"""The worker as a process of its own, on a real PostgreSQL that comes and goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from coordination.pupil.profile.commands import RecordYear
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role, migrate
from coordination.store.server import PostgresServer
from projections.catalogue import definition
from projections.schema import create
from projections.status import read_model_status
from tests.county import ALNCO, PUPIL, build, order, register
from tests.scripts.conftest import one, start, until

pytestmark = pytest.mark.slow

Starting = Callable[..., subprocess.Popen[str]]
ON = date(2025, 3, 3)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Starting]:
    """Starts workers; those that are left are killed."""
    begun: list[subprocess.Popen[str]] = []

    def begin(database: str, **how: object) -> subprocess.Popen[str]:
        process = start(["scripts.worker"], database, tmp_path, **how)
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def led(database: str) -> bool:
    with psycopg.connect(database, autocommit=True) as connection:
        return read_model_status(connection).led


def caught_up(database: str) -> bool:
    with psycopg.connect(database, autocommit=True) as connection:
        return read_model_status(connection).lag == 0


def write(service: Coordination, year: int) -> int:
    """One more event on the record; its position."""
    said = RecordYear(occurred_on=ON, pupil=PUPIL, year=year)
    return service.perform(said, order(ALNCO, ON)).position


def said(process: subprocess.Popen[str]) -> list[str]:
    """What a worker that has ended had to say."""
    _, err = process.communicate(timeout=60)
    return [json.loads(line)["event"] for line in err.splitlines()]


def test_it_follows_the_log_and_ends_when_told(database: str, county: Coordination, worker: Starting) -> None:
    register(county)
    process = worker(database)
    until(lambda: led(database) and caught_up(database))
    position = write(county, 9)
    until(lambda: one(database, "select position from read.position") == position)
    until(lambda: one(database, "select count(*) from log.head") == 1)
    process.terminate()
    assert process.wait(60) == 0
    first, *work, last = said(process)
    assert (first, sorted(work), last) == ("leading", ["forgotten", "head_signed"], "stopped")
    assert not led(database)


def test_another_stands_by_and_takes_over_from_a_killed_one(
    database: str, county: Coordination, worker: Starting
) -> None:
    register(county)
    first = worker(database)
    until(lambda: led(database))
    second = worker(database)
    until(lambda: one(database, "select count(*) from pg_stat_activity where query like 'select pg_try%%'"))
    write(county, 9)
    until(lambda: caught_up(database))
    first.kill()
    first.wait()
    position = write(county, 10)
    until(lambda: one(database, "select position from read.position") == position)
    second.terminate()
    assert second.wait(60) == 0
    assert said(second)[0] == "leading"


def test_it_goes_on_when_its_connections_were_ended(
    database: str, county: Coordination, worker: Starting
) -> None:
    register(county)
    process = worker(database)
    until(lambda: led(database) and caught_up(database))
    until(lambda: one(database, "select count(caught_up_at) from desk.heartbeat"))
    # of this database only: other tests share the server
    mine = (
        "select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database"
        " where d.datname = current_database() and l.locktype = 'advisory' and l.objid = %s"
    )
    one(database, mine, 0x4359444C)
    position = write(county, 9)
    until(lambda: one(database, "select position from read.position") == position)
    process.terminate()
    assert process.wait(60) == 0
    assert "database_lost" in said(process)


def test_it_outlives_a_killed_database(tmp_path: Path, worker: Starting) -> None:
    server = PostgresServer(tmp_path)
    address = server.start()
    try:
        migrate(address)
        create(address)
        record = Record(as_role(address, "cydlynu_append"), load_or_make(tmp_path / "keys.json"))
        service = build(Coordination(record))
        register(service)
        process = worker(address)
        until(lambda: led(address) and caught_up(address))
        record.close()
        postmaster = int((tmp_path / "postgres/cluster/postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: not server.alive())
        assert server.start() == address
        record = Record(as_role(address, "cydlynu_append"), load_or_make(tmp_path / "keys.json"))
        position = write(Coordination(record), 9)
        until(lambda: one(address, "select position from read.position") == position)
        record.close()
        process.terminate()
        assert process.wait(60) == 0
    finally:
        server.release()


def test_it_ends_with_its_supervisor(database: str, county: Coordination, worker: Starting) -> None:
    theirs, ours = os.pipe()
    process = worker(database, environment={"CYDLYNU_LIFELINE": str(theirs)}, pass_fds=(theirs,))
    os.close(theirs)
    until(lambda: led(database))
    os.close(ours)
    assert process.wait(60) == 0


def test_it_makes_read_models_of_another_version_anew(
    database: str, county: Coordination, worker: Starting
) -> None:
    register(county)
    with psycopg.connect(database) as connection:
        connection.execute("update read.position set definition = 'of another version'")
    process = worker(database)
    until(lambda: one(database, "select definition from read.position") == definition())
    until(lambda: caught_up(database))
    process.terminate()
    assert process.wait(60) == 0


def test_it_forgets_sessions_that_have_ended(database: str, county: Coordination, worker: Starting) -> None:
    account = UUID(int=1)
    with psycopg.connect(database) as connection:
        connection.execute(
            "insert into desk.account values (%s, %s, %s, 'alnco', 'a', 'A', 'x', 'en', now())",
            (account, account, account),
        )
        for token, ends in ((1, "-3 days"), (2, "1 hour")):
            connection.execute(
                "insert into desk.session values (%s, %s, 'c', now(), now(), now() + %s::interval)",
                (token.to_bytes(32), account, ends),
            )
        for attempt, made in ((1, "-3 days"), (2, "-1 hour")):
            connection.execute(
                "insert into desk.sign_in_attempt values (%s, '', '', now() + %s::interval)",
                (UUID(int=attempt), made),
            )
    worker(database)
    until(lambda: one(database, "select count(*) from desk.session") == 1)
    until(lambda: one(database, "select count(*) from desk.sign_in_attempt") == 1)
    assert one(database, "select get_byte(token_hash, 31) from desk.session") == 2


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    process = start(["scripts.worker"], "", tmp_path)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "CYDLYNU_DATABASE" in err
