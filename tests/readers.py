"""Connections of the read role that outlive a test: to plan the queries through their row policies costs more than the
rest of most tests, and plans are the connection's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg_pool import ConnectionPool

from coordination.store.migrate import READ, as_role
from webui.shell.runtime import PREPARED_AFTER, READING, Pool, Runtime

_kept: dict[str, Pool] = {}


def keep_readers(database: str) -> None:
    """From now on those who read this database do so on the same connections, one test after the other."""
    _kept[database] = _pool(database)


def end_readers(database: str) -> None:
    """Closes these connections."""
    if pool := _kept.pop(database, None):
        pool.close()


@contextmanager
def readers(database: str) -> Iterator[Pool]:
    """Connections to read a database on, as the service has them: kept ones, or some for as long as the block lasts."""
    if kept := _kept.get(database):
        yield kept
    else:
        with _pool(database) as pool:
            yield pool


@contextmanager
def kept_readers(runtime: Runtime, database: str) -> Iterator[None]:
    """The service reads on the connections that are kept, if there are any."""
    if not (kept := _kept.get(database)):
        yield
        return
    own, runtime._read = runtime._read, kept
    try:
        yield
    finally:
        runtime._read = own


def _pool(database: str) -> Pool:
    pool: Pool = ConnectionPool(
        as_role(database, READ, **READING),
        min_size=1,
        max_size=10,
        timeout=30,
        reconnect_timeout=1,
        check=ConnectionPool.check_connection,
        open=True,
        name=READ,
        kwargs={"prepare_threshold": PREPARED_AFTER},
    )
    pool.wait()  # who asks while the first connects makes a second, which makes all plans again
    return pool
