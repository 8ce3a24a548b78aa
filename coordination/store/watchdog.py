"""The watchdog: a small process that stops a private PostgreSQL whose users were all killed.

The file is run by its path, so that it needs no installed package and imports little.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from coordination.store.processes import send_signal, try_lock
from coordination.store.server_folder import ServerFolder


class Watchdog:
    """The one watchdog of a server's folder; it holds the lock `watch`, so that there is never a second."""

    def __init__(self, folder: ServerFolder) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the watchdog unless there is one."""
        lock = self._folder.open("watch")
        try:
            if try_lock(lock, fcntl.LOCK_EX):
                os.ftruncate(lock, 0)
                program = [sys.executable, "-I", str(Path(__file__).resolve())]
                self._process = subprocess.Popen(
                    [*program, str(self._folder.root.parent), str(lock)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    pass_fds=(lock,),
                    cwd="/",
                )
                os.write(lock, str(self._process.pid).encode())
        finally:
            os.close(lock)

    def dismiss(self) -> None:
        """End the watchdog of a stopped server. The process id in its file is valid while the lock is held."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        lock = self._folder.open("watch")
        try:
            number = os.read(lock, 20)
            if not try_lock(lock, fcntl.LOCK_EX) and number:
                send_signal(int(number), signal.SIGKILL)
        finally:
            os.close(lock)


def watch(data: Path, watching: int) -> None:
    """The watchdog's main function: wait until no process uses the server under `data`, stop it, end.

    It inherits the lock `watching` (an open file) from the process that started it.
    """
    from coordination.store.server import PostgresServer

    with suppress(FileNotFoundError):  # the data folder was removed
        users = ServerFolder(data).open("users")
        fcntl.flock(users, fcntl.LOCK_EX)
        PostgresServer(data).stop()
        os.close(watching)  # released before `users`: when the next server starts, this watchdog must be gone
        os.close(users)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))
