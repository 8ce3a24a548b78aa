"""A mail server in a process of its own that takes everything, notes the ids, and kills a sender when it is told to.

It speaks as much of SMTP as a sender needs. With a victim set, it answers `250` to a message and kills that process in
the same moment, so that the death falls between sending and marking.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import NamedTuple

FORK = multiprocessing.get_context("fork")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([0-9a-f-]{36})@", re.IGNORECASE | re.MULTILINE)


class Sink(NamedTuple):
    """The address of the server, the file of the ids that it took, and after how many more messages it kills whom."""

    url: str
    taken: Path
    victim: Synchronized[int]
    kill_after: Synchronized[int]

    def ids(self) -> list[str]:
        """The ids of the messages taken, in their order."""
        return self.taken.read_text().split() if self.taken.exists() else []


@contextmanager
def sink(folder: Path) -> Iterator[Sink]:
    """A running server."""
    victim, kill_after = FORK.Value("i", 0), FORK.Value("i", 0)
    taken = folder / "taken"

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # a sender that was killed
                self._talk()

        def _talk(self) -> None:
            self._say("220 sink")
            while line := self.rfile.readline():
                match line.strip().upper().split(b" ")[0]:
                    case b"DATA":
                        self._say("354 go on")
                        self._take()
                    case b"QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 ok")

        def _take(self) -> None:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            found = _MESSAGE_ID.search(b"".join(lines))
            with taken.open("a") as file:
                file.write(f"{found.group(1).decode() if found else 'none'}\n")
            self._say("250 taken")
            kill_after.value -= 1
            if victim.value and kill_after.value == 0:
                with suppress(ProcessLookupError):
                    os.kill(victim.value, signal.SIGKILL)

        def _say(self, text: str) -> None:
            with suppress(OSError):
                self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    process = FORK.Process(target=server.serve_forever, daemon=True)
    process.start()
    try:
        yield Sink(f"smtp://127.0.0.1:{server.server_address[1]}", taken, victim, kill_after)
    finally:
        process.terminate()
        process.join()
        server.server_close()
