"""The processor time of the web server and of its database, all their processes together."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def postmaster_of(data: Path) -> int:
    """The first process of the private server of a data folder."""
    return int((data / "postgres/cluster/postmaster.pid").read_text().split("\n", 1)[0])


def processor_seconds(*roots: int) -> float:
    """Seconds that these processes and those they started have had so far, those that have ended included."""
    ticks = 0
    for root in roots:
        ticks += sum(_ticks(root))
        ticks += sum(_ticks(child)[0] for child in children_of(root))
    return ticks / TICK


def children_of(process: int) -> list[int]:
    """The processes that a process started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(one) for one in listed.stdout.split()]


def _ticks(process: int) -> tuple[int, int]:
    """Of the process itself, and of its children that have ended (see proc(5), stat)."""
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return 0, 0
