"""Processes and locks of the operating system that the private PostgreSQL needs."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

INHERITED_CWD = Path("/proc/self/cwd")


def program_name(pid: int) -> str | None:
    """The name of a running program, or None when there is none with this id."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        if INHERITED_CWD.exists():
            return None
    listed = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, check=False)
    return Path(os.fsdecode(listed.stdout.strip())).name or None


def send_signal(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process, if it exists."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def try_lock(lock: int, how: int) -> bool:
    """Try to take a lock (LOCK_SH or LOCK_EX) on an open file without waiting; whether it was taken."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def terminating_normally() -> Iterator[None]:
    """Let SIGTERM unwind the stack (and so stop the server), unless the program has its own handler."""
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
