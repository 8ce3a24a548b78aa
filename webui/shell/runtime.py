"""The resources outside a request: the database in its two roles, the clock, random values. Made once at the start.

Pages reach it through `runtime()`, and most of what they do with the record through `casework`.
"""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool

from coordination.desk.passwords import Passwords
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import APPEND, READ, as_role
from projections.reader import Reader, SnapshotReader
from projections.replica import Replica
from webui.shell.settings import WebSettings

LONDON = ZoneInfo("Europe/London")
Pool = ConnectionPool[Connection[Any]]

# Compiling a query costs more than running it; so does planning it through all its policies, and the plan hardly
# depends on the parameters: it is made once for each connection, with the first execution. (By psycopg's own rule it
# was made anew five times: a page of thirty queries took ten times as long meanwhile.)
READING = {"jit": "off", "plan_cache_mode": "force_generic_plan"}
PREPARED_AFTER = 0
REPLICA_PATIENCE = 1.0
"""How a connection of the read role is set, after how many executions a statement is prepared on it, and how many
seconds a page waits for one to the replica."""


class Runtime:
    """The resources that a page needs and that a test may replace."""

    def __init__(self, settings: WebSettings, *, now: Callable[[], datetime] | None = None) -> None:
        self.settings = settings
        self.passwords = Passwords(settings.password_cost)
        self.now = now or (lambda: datetime.now(UTC))
        self._append = self._pool(APPEND)
        self._read = self._pool(READ, PREPARED_AFTER, READING)
        self.replica = Replica(self._replica_pool()) if settings.replica else None
        # A reading does not wait for the disk: one statement, one round trip. PostgreSQL writes it out within a second
        # and before any orderly stop; only a crash of the machine can lose the last readings.
        self._read_log = self._pool(APPEND, 0, {"synchronous_commit": "off"}, autocommit=True, check=False)
        self._opening = threading.Lock()
        self._opened = False
        self._coordination: Coordination | None = None

    def today(self) -> date:
        """Today's date in Wales."""
        return self.now().astimezone(LONDON).date()

    def new_id(self) -> UUID:
        """A random id for something new."""
        return uuid.uuid4()

    def new_token(self) -> str:
        """256 random bits as a browser's token."""
        return secrets.token_urlsafe(32)

    @property
    def append(self) -> Pool:
        """Connections in the role that may append to the log and use the desk tables."""
        self._open()
        return self._append

    @property
    def read(self) -> Pool:
        """Connections in the role that reads the read models, behind row-level security."""
        self._open()
        return self._read

    @property
    def reader(self) -> Reader:
        """The reader for queries."""
        return Reader(self.read)

    def moment(self) -> SnapshotReader:
        """The reader for the queries of one request that records nothing; it must be closed."""
        return SnapshotReader(self.read)

    @property
    def coordination(self) -> Coordination:
        """The service that performs commands; made at first use, after the server has forked."""
        with self._opening:
            if self._coordination is None:
                keys = load_or_make(self.settings.keys or self.settings.data / "keys.json")
                record = Record(
                    as_role(self.settings.pooler or self.settings.database, APPEND),
                    keys,
                    pool_size=self.settings.connections,
                    clock=self.settings.clock,
                    pooled=self.settings.pooler is not None,
                )
                self._coordination = Coordination(record)
            return self._coordination

    @contextmanager
    def desk(self, timeout: float | None = None) -> Iterator[Connection[Any]]:
        """One transaction on the desk (accounts, sessions, the read log). `timeout` in seconds to get it."""
        with self.append.connection(timeout=timeout) as conn:
            yield conn

    @contextmanager
    def read_log(self) -> Iterator[Connection[Any]]:
        """A connection for noting readings, in autocommit mode; what was noted need not be on the disk yet."""
        self._open()
        with self._read_log.connection() as conn:
            yield conn

    def renew_read_log(self) -> None:
        """Replaces those of these connections that the database dropped."""
        self._read_log.check()

    def database_reachable(self, timeout: float = 2.0) -> bool:
        """Whether the database answers within `timeout` seconds."""
        try:
            with self.read.connection(timeout=timeout) as conn:
                conn.execute("select 1")
        except OperationalError:
            return False
        return True

    def close(self) -> None:
        """Close the connections."""
        if self._opened:
            self._append.close()
            self._read.close()
            self._read_log.close()
        if self.replica is not None:
            self.replica.close()
        if self._coordination is not None:
            self._coordination.record.close()

    def _pool(
        self,
        role: str,
        prepare_after: int = 5,
        settings: Mapping[str, str] = MappingProxyType({}),
        *,
        autocommit: bool = False,
        check: bool = True,
    ) -> Pool:
        # check: a connection that the database dropped (a restart) is replaced before a page sees it.
        # reconnect_timeout: the default backs off for minutes; one that is back should be found at once
        # PgBouncer hands the next transaction to another connection of its own: what is prepared on one or set for
        # one session is not there. What must be set is set in each transaction, too.
        pooler = self.settings.pooler
        address = as_role(pooler, role) if pooler else as_role(self.settings.database, role, **settings)
        return ConnectionPool(
            address,
            min_size=1,
            max_size=self.settings.connections,
            timeout=self.settings.patience,
            reconnect_timeout=self.settings.patience,
            check=ConnectionPool.check_connection if check else None,
            open=False,
            name=role,
            kwargs={"prepare_threshold": None if pooler else prepare_after, "autocommit": autocommit},
        )

    def _replica_pool(self) -> Pool:
        # one that does not answer is given up at once: everything can be read from the primary
        return ConnectionPool(
            as_role(str(self.settings.replica), READ, **READING),
            min_size=1,
            max_size=self.settings.connections,
            timeout=REPLICA_PATIENCE,
            reconnect_timeout=self.settings.patience,
            check=ConnectionPool.check_connection,
            open=False,
            name="replica",
            kwargs={"prepare_threshold": PREPARED_AFTER, "connect_timeout": 2},
        )

    def _open(self) -> None:
        # at first use and not at the start: a pool opened before the server forks is dead in its children
        with self._opening:
            if not self._opened:
                self._append.open()
                self._read.open()
                self._read_log.open()
                self._opened = True


def runtime() -> Runtime:
    """The running application's world."""
    found: Runtime = current_app.extensions["cydlynu"]
    return found
