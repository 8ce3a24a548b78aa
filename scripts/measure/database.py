"""What is measured on: a private PostgreSQL with default durability, and a log made by the real commands."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from math import ceil
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec

from coordination.service import Coordination
from coordination.store import server
from coordination.store.application import Record
from coordination.store.keys import OuterKeys, load_or_make
from coordination.store.migrate import APPEND, as_role, migrate
from scripts.demonstration.load import load

# The last simulated day; fixed, so that every run makes the same log.
UNTIL = date(2026, 11, 20)
# At scale 1 the county comes to about 38,000 events, of which its meetings, which do not grow with it, are 6,000.
MEETINGS, PUPILS = 6_000, 31_000
SMALLEST = 4_000  # before this day there are no waits
LARGEST = 350_000  # beyond it the serial numbers of a UPN run out

P = ParamSpec("P")
T = TypeVar("T")


class BenchmarkDatabase(msgspec.Struct, frozen=True):
    """The owner's address of the database, the file of outer keys, and the log's last position, which with one
    writer and no conflicts is the number of its events."""

    database: str
    key_file: Path
    events: int

    @property
    def outer(self) -> OuterKeys:
        return load_or_make(self.key_file)

    @contextmanager
    def service(self) -> Iterator[Coordination]:
        """The service on this record."""
        record = Record(as_role(self.database, APPEND), self.outer)
        try:
            yield Coordination(record)
        finally:
            record.close()


@contextmanager
def prepare_database(folder: Path, events: int) -> Iterator[BenchmarkDatabase]:
    """A server under a folder, and on it a log of at least so many events (fewer than one simulated day more)."""
    with server.database(folder, None) as address:
        migrate(address)
        keys = folder / "keys.json"
        load_or_make(keys)
        yield BenchmarkDatabase(address, keys, in_fresh_process(fill_record, address, keys, events))


def in_fresh_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls a function in a fresh process, so that its memory and garbage do not affect another part."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(function, *args, **kwargs).result()


class _LogLongEnough(Exception):
    """The log has reached the requested length."""


def fill_record(database: str, keys: Path, events: int) -> int:
    """Loads the demonstration county at a larger scale until the log is long enough; its last position."""
    gc.freeze()
    record = Record(as_role(database, APPEND), load_or_make(keys))

    def watch(_day: int, _days: int) -> None:
        if record.last_position() >= events:
            raise _LogLongEnough

    try:
        with suppress(_LogLongEnough):
            load(Coordination(record), UNTIL, watch, scale=max(1, ceil((events - MEETINGS) / PUPILS)))
        return record.last_position()
    finally:
        record.close()
