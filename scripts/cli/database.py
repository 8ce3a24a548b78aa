"""The data folder, database, keys and service that the command line uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.errors import Refusal
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.clock_guard import ClockGuard
from coordination.store.earlier import mark_former_numbers
from coordination.store.keys import OuterKeys, WrongKeys, keyring, load_or_make, put_given
from coordination.store.ledger.signing import signing_file
from coordination.store.likeness import fill_likenesses
from coordination.store.migrate import APPEND, READ, as_role, migrate
from coordination.store.secret_settings import secret_setting
from coordination.store.server import database
from coordination.viewer import Viewer
from projections.publishing.rule import DEFAULT_RULE, PublishingRule, rule_of
from projections.reader import Reader
from projections.schema import create
from projections.waiting_times.figures import FEW_WAITS


@dataclass(frozen=True)
class CommandSettings:
    """The operator's settings, and the clock.

    `data` is the data folder; `url` the owner's address of an externally run database, None for the private one under
    `data`; `keys` the file of outer keys, `given_keys` the text of such a file where that was given; figures on
    fewer than `few_waits` waits say so; `publishing` is the rule for published figures.
    """

    data: Path
    url: str | None
    keys: Path
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    few_waits: int = FEW_WAITS
    publishing: PublishingRule = DEFAULT_RULE
    given_keys: str | None = None
    clock: ClockGuard | None = None
    signing: Path | None = None

    @property
    def ledger_key(self) -> Path:
        """The file of the key that signs heads of the ledger: beside the outer keys unless it was set."""
        return self.signing or signing_file(self.keys)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> CommandSettings:
        """CYDLYNU_DATA (default ./data); DATABASE_URL, DATABASE_URL_FILE or CYDLYNU_DATABASE; CYDLYNU_KEYS (default
        keys.json in the data folder), CYDLYNU_KEYS_VALUE or CYDLYNU_KEYS_VALUE_FILE, CYDLYNU_LEDGER_KEY,
        CYDLYNU_FEW_WAITS, CYDLYNU_PUBLISHING, CYDLYNU_CLOCK_AHEAD: as `scripts/run` has them. Raises SecretRefused."""
        data = Path(environment.get("CYDLYNU_DATA") or "data").absolute()
        url = secret_setting(environment, "DATABASE_URL") or environment.get("CYDLYNU_DATABASE") or None
        few = int(environment.get("CYDLYNU_FEW_WAITS") or FEW_WAITS)
        keys = Path(environment.get("CYDLYNU_KEYS") or data / "keys.json")
        signing = environment.get("CYDLYNU_LEDGER_KEY")
        return cls(
            data,
            url,
            keys,
            few_waits=few,
            publishing=rule_of(environment.get("CYDLYNU_PUBLISHING", "")),
            given_keys=secret_setting(environment, "CYDLYNU_KEYS_VALUE"),
            clock=ClockGuard.from_environment(environment),
            signing=Path(signing) if signing else None,
        )


@dataclass(frozen=True)
class OpenedDatabase:
    """An open database, up to date, with its keys; `now` is the instant of this command, `today` its day in Wales."""

    database: str
    keys: OuterKeys
    now: datetime
    clock: ClockGuard | None = None

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def viewer(self) -> Viewer:
        """The operator, who sees exact counts and every organisation's figures."""
        return Viewer(
            person=OPERATOR, organisation=OPERATOR, role="operator", today=self.today, operator=True
        )

    @contextmanager
    def service(self) -> Iterator[Coordination]:
        """The service, until the end of the block."""
        record = Record(as_role(self.database, APPEND), self.keys, pool_size=2, clock=self.clock)
        try:
            fill_likenesses(record)
            mark_former_numbers(record)
            yield Coordination(record)
        finally:
            record.close()

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """The reader for the queries."""
        with ConnectionPool(as_role(self.database, READ, jit="off"), min_size=1, max_size=1) as pool:
            yield Reader(pool)

    @contextmanager
    def owner(self) -> Iterator[Connection]:
        """A connection as the owner, in autocommit mode."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            yield connection


@contextmanager
def open_database(settings: CommandSettings) -> Iterator[OpenedDatabase]:
    """Open the database (the private one is started, or shared where it runs) and bring it up to date.

    Raises ServerFailed, MigrationRefused, psycopg.OperationalError, and Refusal `keys_missing` or
    `keys_of_another_database`.
    """
    with database(settings.data, settings.url) as address:
        migrate(address)
        create(address)
        yield OpenedDatabase(address, _keys(address, settings), settings.now(), settings.clock)


def _keys(address: str, settings: CommandSettings) -> OuterKeys:
    """The outer keys, made with the first database and never for one that has others: what they look up would not be
    found, and every pupil would be registered twice."""
    place = settings.keys
    try:
        put_given(place, settings.given_keys)
    except WrongKeys:
        raise Refusal("keys_of_another_database", place=str(place)) from None
    with psycopg.connect(address) as connection:
        sealed = connection.execute(
            "select stream, wrapped, wrapping_key from log.stream_key limit 1"
        ).fetchall()
    if sealed and not place.exists():
        raise Refusal("keys_missing", place=str(place))
    keys = load_or_make(place)
    try:
        keyring(keys, sealed)
    except Exception:  # whichever way a wrong key fails
        raise Refusal("keys_of_another_database", place=str(place)) from None
    return keys
