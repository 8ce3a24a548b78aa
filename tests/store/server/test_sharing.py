"""One server for all who use a folder, started and stopped."""

from __future__ import annotations

import signal
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from coordination.store.server import PostgresServer, database
from tests.store.server.running import (
    User,
    alive,
    kill,
    needs_proc,
    postmaster,
    remember,
    remembered,
    until,
    watchdogs,
)

pytestmark = pytest.mark.slow


def test_a_given_address_is_used_as_it_is(data: Path) -> None:
    with database(data, "postgresql://elsewhere/cydlynu?sslmode=require") as address:
        assert address == "postgresql://elsewhere/cydlynu?sslmode=require"
    assert not data.exists()


def test_it_starts_in_an_odd_folder_and_stops_at_the_end(data: Path) -> None:
    assert PostgresServer(data).address() is None
    with database(data, None) as address:
        remember(address, 1)
        with psycopg.connect(address) as link:
            query = (
                "select current_user::text, current_database()::text, rolsuper, current_setting('timezone')"
            )
            row = link.execute(query + " from pg_roles where rolname = current_user").fetchone()
        assert row == ("cydlynu", "cydlynu", False, "UTC")
        assert PostgresServer(data).address() == address
        pid = postmaster(data)
        sockets = Path(conninfo_to_dict(address)["host"])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert not alive(pid)
    assert not sockets.exists()
    assert PostgresServer(data).address() is None
    with database(data, None) as address:
        assert remembered(address) == [1]


def test_two_starts_at_once_share_one_server(data: Path, users: Callable[..., User]) -> None:
    first, second = users(data), users(data)
    address = first.address()
    assert second.address() == address
    pid = postmaster(data)
    first.leave()
    remember(address, 1)
    assert postmaster(data) == pid
    second.leave()
    assert not alive(pid)


def test_sigterm_stops_it(data: Path, users: Callable[..., User]) -> None:
    user = users(data)
    user.address()
    pid = postmaster(data)
    user.terminate()
    assert user.wait(30) == 128 + signal.SIGTERM
    assert not alive(pid)


def test_it_does_not_outlive_a_killed_user(data: Path, users: Callable[..., User]) -> None:
    user = users(data)
    remember(user.address(), 1)
    pid = postmaster(data)
    user.kill()
    until(lambda: not alive(pid))
    with database(data, None) as address:
        assert remembered(address) == [1]
    until(lambda: not watchdogs(data))


@needs_proc
def test_a_server_left_running_is_shared_and_stopped(data: Path, users: Callable[..., User]) -> None:
    user = users(data)
    remember(user.address(), 1)
    pid = postmaster(data)
    until(lambda: len(watchdogs(data)) == 1)
    kill(watchdogs(data)[0])
    user.kill()
    user.wait()
    with database(data, None) as address:
        assert postmaster(data) == pid
        assert remembered(address) == [1]
    assert not alive(pid)


def test_a_killed_postmaster_is_replaced_and_nothing_is_lost(data: Path) -> None:
    used = PostgresServer(data)
    address = used.start()
    try:
        for number in range(3):
            remember(address, number)
            kill(postmaster(data))
            assert not used.alive()
            assert used.address() is None
            assert used.start() == address
            assert used.alive()
        assert remembered(address) == [0, 1, 2]
    finally:
        used.release()
    assert not used.alive()
