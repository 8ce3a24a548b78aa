"""A file of secrets written: mode 0600, complete and on the disk, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from coordination.store.processes import sync_folder


def write_secret(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file and the name of it to the disk. One that is there stays (another process was first), unless it is to
    be replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    opened, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600, a temporary name
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(draft).replace(path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    # the name too: data sealed under keys that a power cut removed would be lost for good
    sync_folder(path.parent)
