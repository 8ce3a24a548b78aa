"""The supervisor's children: started, started again after longer and longer pauses, and never left behind."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.service import parent_watch
from scripts.service.heartbeat import silent_too_long
from scripts.service.messages import operator_sentence
from scripts.service.settings import CannotStart


@dataclass(frozen=True)
class Program:
    """Its name in messages and its command; one that `serves` finds the socket's number for `{socket}`; one with a
    `heartbeat` says that it goes on (`scripts.service.heartbeat`), and is killed when it does not."""

    name: str
    command: Sequence[str]
    serves: bool = False
    heartbeat: bool = False


@dataclass(frozen=True)
class SupervisorTimeouts:
    """How long the supervisor waits, in seconds."""

    first_pause: float = 0.2  # before a child is started again; doubled each time ...
    longest_pause: float = 30.0
    steady: float = 10.0  # ... until it has run this long
    stop: float = 10.0  # for a child to end after SIGTERM, before it is killed
    look: float = 1.0  # between two looks at the database
    heartbeat: float = 5.0  # between two looks at the children's signs of life


@dataclass
class ChildProcess:
    """A program, its process if it runs, and the moment (monotonic) from which it may be started again."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    due: float = 0.0
    started: float = 0.0
    pause: float = 0.0

    def heartbeat_file(self, data: Path) -> Path | None:
        """Where the program gives its sign of life, if it gives one."""
        return data / f"{self.program.name}.heartbeat" if self.program.heartbeat else None

    def end_if_hung(self, data: Path, now: float) -> bool:
        """Kill the process when it should have been heard of by `now` (seconds since 1970); whether it was killed."""
        file = self.heartbeat_file(data)
        if self.process is None or file is None or not silent_too_long(file, now):
            return False
        file.unlink(missing_ok=True)
        signal_group(self.process.pid, signal.SIGKILL)
        return True

    def ended(self, now: float, patience: SupervisorTimeouts) -> int | None:
        """The exit status of a process that has just ended, else None; settles when it is started again."""
        if self.process is None or (status := self.process.poll()) is None:
            return None
        signal_group(self.process.pid, signal.SIGTERM)  # what it left behind, if anything
        self.process = None
        again = self.pause and now - self.started < patience.steady
        self.pause = min(2 * self.pause, patience.longest_pause) if again else patience.first_pause
        self.due = now + self.pause
        return status


class ChildProcesses:
    """The children of this run, and of a run before that was killed.

    Every child inherits the lock on `file`: while a run before holds it, some of its children live, and the
    file says which process groups they were.
    """

    def __init__(self, file: Path) -> None:
        self._lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._their_end, self._our_end = os.pipe()

    def gone(self, seconds: float) -> bool:
        """Whether all children of an earlier run have ended, within so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)

    def end(self, seconds: float) -> None:
        """Kill the children of an earlier run; raises `CannotStart` when some still do not end."""
        for line in os.pread(self._lock, 10_000, 0).split():
            signal_group(int(line), signal.SIGKILL)
        if not self.gone(seconds):
            raise CannotStart(operator_sentence("leftover"))

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], passed: Collection[int]
    ) -> subprocess.Popen[bytes]:
        """A child in a process group of its own, which ends when the supervisor does."""
        return subprocess.Popen(
            command,
            env={**environment, parent_watch.VARIABLE: str(self._their_end)},
            stdin=subprocess.DEVNULL,
            pass_fds=[self._lock, self._their_end, *passed],
            start_new_session=True,
            preexec_fn=ending_with(os.getpid()),
        )

    def note(self, children: Sequence[ChildProcess]) -> None:
        """Write down the process groups that live now, for the next run to end if it must."""
        text = "".join(f"{child.process.pid}\n" for child in children if child.process).encode()
        os.pwrite(self._lock, text, 0)
        os.ftruncate(self._lock, len(text))

    def close(self) -> None:
        """Let go of lock and pipe; every child has ended."""
        for opened in (self._lock, self._their_end, self._our_end):
            os.close(opened)


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a process group, if it is there."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def ending_with(supervisor: int) -> Callable[[], None] | None:
    """Runs first in a child on Linux: makes the kernel send SIGTERM when the supervisor dies."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(1, int(signal.SIGTERM), 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != supervisor:  # it died before we asked
            os._exit(1)

    return ask
