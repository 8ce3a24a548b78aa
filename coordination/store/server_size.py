"""The private PostgreSQL sized to the machine, and what the operator says instead (CYDLYNU_POSTGRES)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from coordination.store.programs import ServerFailed

VARIABLE = "CYDLYNU_POSTGRES"
MB = 2**20
_GIVEN = re.compile(r"([a-z][a-z0-9_.]*)=(\S+)")
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory_of_machine() -> int:
    """Bytes of memory that this process may use: of the machine, or fewer in a container with a limit."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in _LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(limit.read_text()))
    return min(found)


def size_settings(memory: int, disk: int) -> Iterator[str]:
    """The settings for so many bytes of memory, which the web server and the worker share, and free bytes of disk.

    A quarter of the memory for PostgreSQL's own buffers is what its manual recommends. Random reads cost about as much
    as others on a solid-state disk. A checkpoint every few minutes, and not every gigabyte written, wants room for the
    write-ahead log: at most a tenth of what is free.
    """
    yield f"shared_buffers={_between(128, memory // 4, 8192)}MB"
    yield f"effective_cache_size={_between(256, memory // 2, 65536)}MB"
    yield f"maintenance_work_mem={_between(64, memory // 32, 512)}MB"
    yield f"max_wal_size={_between(1024, disk // 10, 4096)}MB"
    yield "random_page_cost=1.1"


def given_settings(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The settings that the operator gives, separated by blanks: `shared_buffers=2GB work_mem=16MB`. Raises
    ServerFailed for what is no setting."""
    for one in environment.get(VARIABLE, "").split():
        if not _GIVEN.fullmatch(one):
            raise ServerFailed(f"{VARIABLE}: {one!r} is no setting. Write name=value, separated by blanks.")
        yield one


def _between(least: int, amount: int, most: int) -> int:
    """An amount of bytes in megabytes, within limits in megabytes."""
    return min(max(least, amount // MB), most)
