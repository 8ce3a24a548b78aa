"""A sign of life: a program says again and again that it goes on, so that one that hangs can be told from a quiet one.

The sign is a file whose time lies ahead: until then silence is no cause for worry. The supervisor reads it and needs no
database, because a database that does not answer is one of the things on which a program hangs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "CYDLYNU_HEARTBEAT"
"""The environment variable with which the supervisor names the file."""
USUAL = 120.0
"""Seconds of silence that are no cause for worry, usually."""
LONG = 3600.0
"""During a step that may take long, such as a rebuild."""


class Heartbeat:
    """The sign of life of one program; without a file nobody watches."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Heartbeat:
        """The file that the supervisor named."""
        named = environment.get(VARIABLE)
        return cls(Path(named) if named else None)

    def beat(self, silence: float = USUAL) -> None:
        """Say that all is well, and for how many seconds nothing more need be heard."""
        if self._file is None:
            return
        self._file.touch(mode=0o600)
        until = time.time() + silence
        os.utime(self._file, (until, until))


def silent_too_long(file: Path, now: float) -> bool:
    """Whether the program should have been heard of by `now` (seconds since 1970). One that never began to say so is
    not judged: it may still be starting."""
    try:
        return file.stat().st_mtime < now
    except FileNotFoundError:
        return False
