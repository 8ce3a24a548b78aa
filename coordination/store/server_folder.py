"""The folder of the private PostgreSQL: its locks and its log. See coordination.store.server for each file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coordination.store.programs import ServerFailed

_LOG_BYTES = 5_000_000


class ServerFolder:
    """`data/postgres`, which the owner of the data folder can still use after root created it."""

    def __init__(self, data: Path) -> None:
        self.root = Path(data).absolute() / "postgres"
        self.cluster = self.root / "cluster"

    def make(self) -> None:
        """Create the folder if it is missing. Raises ServerFailed when this account may not use it."""
        try:
            self.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                self.root.mkdir(mode=0o700)
                self._give_to_owner(self.root)
            if not os.access(self.root, os.W_OK | os.X_OK):
                raise self.not_ours()
        except OSError as error:
            text = f"The data folder {self.root.parent} cannot be made: {error.strerror}."
            raise ServerFailed(text) from error

    def not_ours(self) -> ServerFailed:
        """The error to raise when the folder belongs to another account."""
        return ServerFailed(f"{self.root} belongs to another account: run as that account, or as root.")

    def open(self, name: str, flags: int = os.O_RDWR) -> int:
        """Open a file of the root folder so that the folder's owner can still use it after root created it."""
        try:
            opened = os.open(self.root / name, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except PermissionError as error:
            raise self.not_ours() from error
        self._give_to_owner(opened)
        return opened

    def _give_to_owner(self, what: int | Path) -> None:
        owner = self.root.parent.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            os.chown(what, owner.st_uid, owner.st_gid)

    @property
    def log(self) -> Path:
        """The path of the server's log."""
        return self.root / "server.log"

    def open_log(self) -> int:
        """Open the log for appending; a large one is renamed first."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_BYTES:
                self.log.rename(self.root / "server.log.1")
        return self.open("server.log", os.O_WRONLY | os.O_APPEND)

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Hold the exclusive lock of this name inside the block."""
        lock = self.open(name)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
