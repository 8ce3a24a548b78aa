"""The conditions of a measurement, without which its numbers mean nothing."""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg


class Conditions(msgspec.Struct, frozen=True):
    """The conditions at the beginning of the run; `load` is the load average of the last minute, other programs
    included."""

    on: str
    cores: int
    memory_gb: float
    load: float
    postgresql: str
    python: str
    synchronous_commit: str

    def sentence(self) -> str:
        """The conditions as a sentence for a caption."""
        return (
            f"Measured on {self.on} with `scripts/benchmark`: {self.cores} cores, {self.memory_gb:.0f} GB of memory,"
            f" load average {self.load:.1f} at the beginning, PostgreSQL {self.postgresql} (embedded, default"
            f" durability, synchronous_commit {self.synchronous_commit}), Python {self.python}."
        )


def conditions(database: str) -> Conditions:
    """The current conditions."""
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "select split_part(current_setting('server_version'), ' ', 1), current_setting('synchronous_commit')"
        ).fetchone()
    version, synchronous = row or ("?", "?")
    return Conditions(
        on=datetime.now(UTC).date().isoformat(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        load=os.getloadavg()[0],
        postgresql=version,
        python=platform.python_version(),
        synchronous_commit=synchronous,
    )


def peak_memory_mb() -> float:
    """The largest resident memory of this process so far.

    On Linux VmHWM, which begins anew with the program; ru_maxrss of a child begins with what its parent had.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 1024)
