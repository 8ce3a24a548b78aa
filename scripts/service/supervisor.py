"""Keeps the database, the web server and the worker running until told to stop."""

from __future__ import annotations

import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from coordination.store.programs import ServerFailed
from coordination.store.server import PostgresServer
from scripts.service.child_processes import (
    ChildProcess,
    ChildProcesses,
    Program,
    SupervisorTimeouts,
    signal_group,
)
from scripts.service.heartbeat import VARIABLE as HEARTBEAT
from scripts.service.messages import operator_sentence, print_sentence, print_text
from scripts.service.settings import HOST, METRICS_FOLDER, CannotStart, ServiceSettings
from scripts.service.signals import StopRequested, StopSignals

OWNERS_ADDRESS = frozenset({"DATABASE_URL", "DATABASE_URL_FILE"})
"""Not passed on: the children get the address of the database that was prepared."""

Step = tuple[
    str, Callable[[ServiceSettings, str], object]
]  # its name; what to do with the owner's database address

_ATTEMPTS = 5


def supervise(
    settings: ServiceSettings,
    preparation: Sequence[Step],
    programs: Sequence[Program],
    welcome: Callable[[str], Iterable[str]],
    patience: SupervisorTimeouts = SupervisorTimeouts(),  # noqa: B008 - it never changes
) -> int:
    """Run the service until SIGTERM, SIGINT or SIGHUP; 0 after an orderly stop, and when it runs already. `welcome`
    gives the lines to print once it answers, from the owner's database address.

    Raises `CannotStart` and `ServerFailed`, and what a step of the preparation raises.
    """
    with _only_one(settings) as other:
        if other:
            print_sentence("already", address=other)
            return 0
        ears = StopSignals()
        supervisor = Supervisor(settings, programs, welcome, patience, ears)
        with ears.listening():
            try:
                supervisor.prepare(preparation)
                supervisor.run()
            except StopRequested:
                pass
            finally:
                supervisor.stop()
    return 0


class Supervisor:
    """One run of the service: `prepare`, then `run` until told to stop, and `stop` in any case."""

    def __init__(
        self,
        settings: ServiceSettings,
        programs: Sequence[Program],
        welcome: Callable[[str], Iterable[str]],
        patience: SupervisorTimeouts,
        ears: StopSignals,
    ) -> None:
        self._settings = settings
        self._welcome = welcome
        self._patience = patience
        self._ears = ears
        self._server = None if settings.url else PostgresServer(settings.data)
        self._database = settings.url or ""
        self._family = ChildProcesses(settings.data / "children")
        self._children = [ChildProcess(program) for program in programs]
        self._socket: socket.socket | None = None
        self._announced = False
        self._next_look = 0.0
        self._pause = patience.first_pause

    def prepare(self, preparation: Sequence[Step]) -> None:
        """Start the database and do the steps; begins again when the database is killed meanwhile."""
        if not self._family.gone(self._patience.stop):
            print_sentence("waiting")
            self._family.end(self._patience.stop)
        open_socket(
            self._settings.port
        ).close()  # fail now if the port is taken, and not after the long steps
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._ears.interrupting():
                    self._prepare_once(preparation)
                return
            except Exception as error:
                lost = isinstance(error, psycopg.OperationalError)
                if not lost and (self._server is None or self._server.alive()):
                    raise
                if self._server is None or attempt == _ATTEMPTS:
                    raise CannotStart(operator_sentence("unreachable", reason=str(error).strip())) from error
                print_sentence("database again")

    def _prepare_once(self, preparation: Sequence[Step]) -> None:
        if self._server is not None:
            print_sentence("database")
            self._database = self._server.start()
        for name, step in preparation:
            try:
                step(self._settings, self._database)
            except Exception as error:
                error.add_note(f"while preparing the {name}")
                raise

    def run(self) -> None:
        """Keep the children and the database running; returns when told to stop."""
        self._socket = open_socket(self._settings.port)
        while not self._ears.to_stop:
            self._mind_children()
            self._mind_database()
            self._announce()
            self._ears.wait(self._until_next())

    def stop(self) -> None:
        """End the children, then the database. A second signal kills the children at once."""
        processes = [child.process for child in self._children if child.process is not None]
        if processes:
            print_sentence("stopping")
        for process in processes:
            signal_group(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + self._patience.stop
        while any(process.poll() is None for process in processes):
            if time.monotonic() > deadline or self._ears.to_stop > 1:
                for process in processes:
                    signal_group(process.pid, signal.SIGKILL)
            self._ears.wait(0.05)
        if self._socket is not None:
            self._socket.close()
        if self._server is not None:
            self._server.release()
        self._family.close()
        if processes:
            print_sentence("stopped")

    def _mind_children(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.end_if_hung(self._settings.data, time.time()):
                print_sentence("hung", name=child.program.name)
            status = child.ended(now, self._patience)
            if status is not None:
                print_sentence("ended", name=child.program.name, status=status, seconds=child.pause)
            if child.process is None and child.due <= now:
                child.process, child.started = self._start(child), now
                self._family.note(self._children)

    def _start(self, child: ChildProcess) -> subprocess.Popen[bytes]:
        program = child.program
        environment = {name: value for name, value in os.environ.items() if name not in OWNERS_ADDRESS}
        environment["CYDLYNU_DATABASE"] = self._database
        environment["CYDLYNU_DATA"] = str(self._settings.data)
        heartbeat = child.heartbeat_file(self._settings.data)
        if heartbeat is not None:
            heartbeat.unlink(missing_ok=True)  # the sign of life of the process before
            environment[HEARTBEAT] = str(heartbeat)
        if program.serves:
            environment[METRICS_FOLDER] = str(_emptied(self._settings.data / "metrics"))
        number = self._socket.fileno() if program.serves and self._socket else None
        command = [part.replace("{socket}", str(number)) for part in program.command]
        return self._family.start(command, environment, [] if number is None else [number])

    def _mind_database(self) -> None:
        now = time.monotonic()
        if self._server is None or now < self._next_look:
            return
        self._next_look = now + self._patience.look
        if self._server.alive():
            self._pause = self._patience.first_pause
            return
        print_sentence("database again")
        try:
            with self._ears.interrupting():
                self._server.start()
        except (ServerFailed, psycopg.OperationalError) as error:
            print_text(str(error))
            self._next_look = now + self._pause
            self._pause = min(2 * self._pause, self._patience.longest_pause)

    def _announce(self) -> None:
        if self._announced or not web_server_answers(self._settings.port):
            return
        try:
            lines = list(self._welcome(self._database))
        except psycopg.OperationalError:  # the database has just been killed: at the next look
            return
        self._announced = True
        print_sentence("ready", address=self._settings.address)
        for line in lines:
            print_text(line)

    def _until_next(self) -> float:
        if not self._announced:
            return 0.1
        moments = [child.due for child in self._children if child.process is None]
        if any(child.program.heartbeat for child in self._children):
            moments.append(time.monotonic() + self._patience.heartbeat)
        if self._server is not None:
            moments.append(self._next_look)
        return max(0.0, min(moments, default=time.monotonic() + 60) - time.monotonic())


def _emptied(folder: Path) -> Path:
    """The folder in which the processes of one web server add up their figures: those of the one before are gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def _only_one(settings: ServiceSettings) -> Iterator[str | None]:
    """Become the only supervisor of the data folder (None), or get the address of the one that runs."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(settings.data / "supervisor", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotStart(operator_sentence("data", folder=settings.data, reason=error.strerror)) from error
    try:
        yield _address_of_other(lock, settings)
    finally:
        os.close(lock)


def _address_of_other(lock: int, settings: ServiceSettings) -> str | None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if other := os.pread(lock, 1000, 0).decode():
                return other
            time.sleep(0.02)  # it has just taken the lock and is about to write
        else:
            os.ftruncate(lock, 0)
            os.pwrite(lock, settings.address.encode(), 0)
            return None


def open_socket(port: int) -> socket.socket:
    """The listening socket of the service; raises `CannotStart` when another program has the port."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise CannotStart(operator_sentence("busy", port=port, reason=error.strerror)) from error
    return listening


def web_server_answers(port: int) -> bool:
    """Whether the web server answers /healthz within a second, other than with an error of its own."""
    link = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        link.request("GET", "/healthz")
        return link.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
