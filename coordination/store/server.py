"""A private PostgreSQL under the data folder: its first user starts it, its last user stops it.

With a `DATABASE_URL` none of this is used. Without one, every process that uses a data folder (the service,
the command line, a test) holds a shared lock on `postgres/users` while it runs; the server runs as long as
any such process does:

    data/postgres/users     shared lock: one holder for each process that uses the server
    data/postgres/lock      exclusive lock: taken around starting, so that two starts make one server
    data/postgres/server    shared lock, inherited by postmaster and backends: free means that all are gone
    data/postgres/watch     exclusive lock: the one watchdog, which stops a server whose users were all killed
    data/postgres/cluster   the database files
    data/postgres/server.log

Locks are the kernel's (flock), so `kill -9` of a process releases them. A process id is trusted only
together with its working directory. Nothing here goes through a shell, so a path may hold any character.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from coordination.store.processes import (
    INHERITED_CWD,
    program_name,
    send_signal,
    sync_folder,
    terminating_normally,
    try_lock,
)
from coordination.store.programs import (
    ENVIRONMENT,
    ServerFailed,
    SystemAccount,
    account_for,
    binaries,
    place_of,
    reachable_binaries,
    run,
    started_as,
)
from coordination.store.server_folder import ServerFolder
from coordination.store.server_size import given_settings, memory_of_machine, size_settings
from coordination.store.watchdog import Watchdog

OWNER = "cydlynu"
DATABASE = "cydlynu"

ADMINISTRATOR = "app"
_PORT = 5432
_START_SECONDS = 600  # recovery after a crash can take long; a fixed ten seconds would break it
_STOPS = ((60.0, signal.SIGINT), (90.0, signal.SIGQUIT), (float("inf"), signal.SIGKILL))
_ORPHAN_SECONDS = 5
_SHORT = Path("/tmp")  # noqa: S108 - the folder made in it is checked to be ours

_SETTINGS = (
    "listen_addresses=",
    f"port={_PORT}",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    # A refused statement may quote what a user typed: such messages go to the client and never into a file.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_checkpoints=off",
    f"cluster_name={DATABASE}",
)
_DISPOSABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_INITDB = (
    *("-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8", "--no-instructions"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)


@contextmanager
def database(data: Path, url: str | None, *, durable: bool = True) -> Iterator[str]:
    """Give the address of the owner's database: `url` unchanged, or that of the private server under `data`.

    The private server is started if it does not run and shared if it does; at the end it is stopped unless
    another process still uses it. While inside, SIGTERM unwinds the process, unless the program handles it.
    `durable=False` is for tests: nothing is forced to the disk. Raises `ServerFailed`.
    """
    if url:
        yield url
        return
    server = PostgresServer(data, durable=durable)
    with terminating_normally():
        try:
            yield server.start()
        finally:
            server.release()


class PostgresServer:
    """The private PostgreSQL of one data folder, as one process uses it: `start`, `alive`, `release`."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self._folder = ServerFolder(data)
        self.root = self._folder.root
        self.cluster = self._folder.cluster
        self.durable = durable
        self._users: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog = Watchdog(self._folder)

    def start(self) -> str:
        """Use the server, starting it if need be; returns its address. May be called again after a crash."""
        self._folder.make()
        if self._users is None:
            self._users = self._folder.open("users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
        with self._folder.held("lock"):
            if not self._serving():
                self._launch()
            self._make_database()
        address = self.address()
        if address is None:
            raise ServerFailed(f"The database under {self.root} stopped as soon as it had started.")
        return address

    def alive(self) -> bool:
        """Whether the postmaster of this folder runs (it may still be recovering)."""
        return self._postmaster() is not None

    def address(self) -> str | None:
        """The owner's address while the server runs, otherwise None."""
        if self._postmaster() is None:
            return None
        folder = self._socket_folder_in_use()
        return folder and f"postgresql://{OWNER}@/{DATABASE}?host={quote(folder)}&port={_PORT}"

    def release(self) -> None:
        """Stop using the server; its last user stops it. Returns when it is stopped or known to be in use."""
        if self._users is None:
            return
        try:
            if try_lock(self._users, fcntl.LOCK_EX):
                self.stop()
                self._watchdog.dismiss()
            else:
                fcntl.flock(self._users, fcntl.LOCK_SH)  # waits while the watchdog, say, is stopping it
        finally:
            os.close(self._users)
            self._users = None

    def stop(self) -> None:
        """Stop the server even if it is in use: a fast shutdown, after a minute an immediate one (its log is then
        replayed)."""
        if not self.cluster.exists():
            return
        begun = time.monotonic()
        sockets = self._socket_folder_in_use()
        sent: dict[int, signal.Signals] = {}
        while True:
            pid = self._postmaster()
            if pid is None and not self._inhabited():
                break
            waited = time.monotonic() - begun
            wanted = next(number for limit, number in _STOPS if waited < limit)
            if pid is not None and sent.get(pid) != wanted:
                send_signal(pid, wanted)
                sent[pid] = wanted
            if pid is None and waited > _ORPHAN_SECONDS:
                self._end_orphans()
            time.sleep(0.02)
        if self._process is not None:
            self._process.wait()
            self._process = None
        if sockets:
            with suppress(OSError):
                Path(sockets).rmdir()

    def _serving(self) -> bool:
        """True when the server answers, False when none runs; waits while it starts, recovers or stops."""
        begun = time.monotonic()
        while time.monotonic() - begun < _START_SECONDS:
            if self._postmaster() is not None:
                if self._ready(self._socket_folder_in_use()):
                    return True
            elif not self._inhabited():
                return False
            elif time.monotonic() - begun > _ORPHAN_SECONDS:
                self._end_orphans()
            time.sleep(0.02)
        raise ServerFailed(
            f"The database under {self.root} runs but does not answer; see {self._folder.log}."
        )

    def _postmaster(self) -> int | None:
        """The process id in `postmaster.pid`, if it is alive and is this folder's postmaster."""
        if self._process is not None:
            self._process.poll()  # a child of this process that has ended must not look alive
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        except PermissionError as error:
            raise self._folder.not_ours() from error
        return pid if self._lives_here(pid) else None

    def _lives_here(self, pid: int) -> bool:
        if program_name(pid) != "postgres":
            return False
        if not INHERITED_CWD.exists():
            return True
        try:
            return Path(f"/proc/{pid}/cwd").samefile(self.cluster)
        except PermissionError:  # root in a container may not look at other accounts' processes
            return self._inhabited()
        except OSError:
            return False

    def _inhabited(self) -> bool:
        """Whether any process of the server is alive, including a backend whose postmaster was killed."""
        try:
            lock = self._folder.open("server")
        except FileNotFoundError:
            return False
        try:
            return not try_lock(lock, fcntl.LOCK_EX)
        finally:
            os.close(lock)

    def _end_orphans(self) -> None:
        """Kill backends that continue without their postmaster: they would prevent a new one from starting."""
        for entry in Path("/proc").glob("[0-9]*"):
            pid = int(entry.name)
            with suppress(OSError):
                if program_name(pid) == "postgres" and (entry / "cwd").samefile(self.cluster):
                    send_signal(pid, signal.SIGKILL)

    def _ready(self, folder: str | None) -> bool:
        command = [
            str(binaries() / "pg_isready"),
            "-q",
            "-t",
            "3",
            "-h",
            folder or "",
            "-U",
            ADMINISTRATOR,
            "-d",
            "postgres",
        ]
        return bool(folder) and subprocess.run(command, env=ENVIRONMENT, check=False).returncode == 0

    def _socket_folder_in_use(self) -> str | None:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return lines[4] if len(lines) > 4 and lines[4] else None

    def _launch(self) -> None:
        account = account_for(self.root, self.cluster)
        programs = reachable_binaries(self.root, account)
        if not self.cluster.exists():
            self._initialise(programs, account)
        folder = self._socket_folder(account)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for stale in folder.glob(f".s.PGSQL.{_PORT}*"):
            stale.unlink(missing_ok=True)
        self._watchdog.start()
        settings = (*self._sized(), *_SETTINGS, f"unix_socket_directories={folder}")
        lock = self._folder.open("server")
        log = self._folder.open_log()
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            self._process = subprocess.Popen(
                [
                    str(programs / "postgres"),
                    "-D",
                    place_of(account, self.cluster),
                    *(f"-c{one}" for one in settings),
                ],
                **started_as(account),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(lock,),
                cwd=self.cluster,
            )
        finally:
            os.close(lock)
            os.close(log)
        self._await(self._process, folder)

    def _sized(self) -> tuple[str, ...]:
        """The settings that come before ours, so that ours hold."""
        if not self.durable:  # many of a test's at once
            return _DISPOSABLE
        free = shutil.disk_usage(self.root).free
        return (*size_settings(memory_of_machine(), free), *given_settings())

    def _await(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready(str(folder)):
            if process.poll() is not None or time.monotonic() > deadline:
                with suppress(OSError):
                    folder.rmdir()
                tail = "\n".join(self._folder.log.read_text(errors="replace").splitlines()[-8:])
                raise ServerFailed(f"The database under {self.root} did not start:\n{tail}")
            time.sleep(0.02)

    def _initialise(self, programs: Path, account: SystemAccount | None) -> None:
        """Create the database files in a temporary folder, then rename it into place, so that no half-made cluster
        exists."""
        self._remove_unfinished()
        fresh = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.root))
        if account:
            os.chown(fresh, account.user, account.group)
        place = place_of(account, fresh)
        command = [str(programs / "initdb"), "-D", place, *_INITDB, *([] if self.durable else ["--no-sync"])]
        result = run(command, account, fresh)
        if result.returncode:
            raise ServerFailed(f"The database could not be made: {result.stderr.decode(errors='replace')}")
        fresh.rename(self.cluster)
        self._remove_unfinished()  # what a program whose parent was killed has written since
        if self.durable:
            sync_folder(self.root)

    def _remove_unfinished(self) -> None:
        for leftover in self.root.glob("initdb-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _make_database(self) -> None:
        """Create the owner (may create roles and databases, but is no superuser) and its database where missing."""
        import psycopg
        from psycopg import sql

        owner = sql.Identifier(OWNER)
        where = f"host={self._socket_folder_in_use()} port={_PORT} user={ADMINISTRATOR} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as link:
            if not link.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
                link.execute(sql.SQL("create role {} login createrole createdb").format(owner))
            if not link.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                name = sql.Identifier(DATABASE)
                link.execute(sql.SQL("create database {} owner {}").format(name, owner))

    def _socket_folder(self, account: SystemAccount | None) -> Path:
        """A folder that only the server's account can enter, with a short path: a socket's path is limited to about 100
        bytes."""
        owner = account.user if account else os.geteuid()
        digest = hashlib.sha256(os.fsencode(self.cluster.resolve())).hexdigest()[:12]
        parent = _SHORT if os.access(_SHORT, os.W_OK) else Path(tempfile.gettempdir())
        folder = parent / f"cydlynu-{owner}-{digest}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if account:
                os.chown(folder, account.user, account.group)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
            folder = Path(tempfile.mkdtemp(prefix="cydlynu-"))  # the name was taken by another account
            if account:
                os.chown(folder, account.user, account.group)
        return folder
