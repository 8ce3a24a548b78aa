"""The ledger: one row per save, with the hash of its stored bytes chained to the row before, so that a change of the
log can be detected.

The chain shows every change but one: a person with full write access can remove the end, or rewrite the whole ledger. A
copy of the last link kept elsewhere (on paper, in a letter) shows that too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow, tuple_row

APPEND = """
insert into log.ledger (position, events, digest, chain)
select currval('log.event_notification_id_seq'), %(events)s, %(digest)s,
       sha256(coalesce((select chain from log.ledger order by position desc limit 1), ''::bytea) || %(digest)s)
"""

SAVES = "select position, events, digest, chain from log.ledger order by position"
EVENTS = """
select notification_id, originator_id, originator_version, topic, state from log.event order by notification_id
"""
PAGE = 2000


def digest(stored_events: Iterable[StoredEvent]) -> bytes:
    """SHA-256 of the stored bytes of a save: stream, version, topic and state of each event, lengths included."""
    running = hashlib.sha256()
    for stored in stored_events:
        head = f"{stored.originator_id}:{stored.originator_version}:{stored.topic}:{len(stored.state)}:"
        running.update(head.encode())
        running.update(stored.state)
    return running.digest()


class LedgerCheckpoint(msgspec.Struct, frozen=True):
    """A link of the chain that was written down earlier: the position of a save and its chain in hexadecimal."""

    position: int
    chain: str


class LedgerVerification(msgspec.Struct, frozen=True):
    """What a verification found. `saves` and `events` were counted up to where it stopped; `position` and `chain` (in
    hexadecimal) are those of the last intact save: keep a copy elsewhere.

    `problem` is None when all is as it was written, else, of the first save that is not (at position `at`):
    `events_changed`, `events_missing`, `events_added`, `chain_broken`, `not_as_noted`; `not_in_the_ledger` for an event
    after the last save, `shorter_than_noted` for a log that ends before the noted link.
    """

    saves: int
    events: int
    position: int
    chain: str
    problem: str | None = None
    at: int | None = None

    @property
    def sound(self) -> bool:
        return self.problem is None


class _LedgerRow(NamedTuple):
    position: int
    events: int
    digest: bytes
    chain: bytes


_Placed = tuple[int, StoredEvent]


def verify(connection: Connection, noted: LedgerCheckpoint | None = None) -> LedgerVerification:
    """Reads the whole log and recomputes the ledger, in one transaction on one snapshot, in constant memory.

    `connection` has no transaction open and may read log.event and log.ledger (the append role can). `noted` is a link
    that was written down earlier.
    """
    before = connection.isolation_level
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction():
            return _walk(connection, noted)
    finally:
        connection.isolation_level = before


def _walk(connection: Connection, noted: LedgerCheckpoint | None) -> LedgerVerification:
    events = _events(connection)
    ahead = next(events, None)
    found = LedgerVerification(0, 0, 0, "")
    chain = b""
    for save in _saves(connection):
        held: list[StoredEvent] = []
        while ahead is not None and ahead[0] <= save.position:
            held.append(ahead[1])
            ahead = next(events, None)
        problem = _problem(save, held, chain) or _against(save, noted)
        if problem is not None:
            return msgspec.structs.replace(found, problem=problem, at=save.position)
        chain = save.chain
        found = LedgerVerification(found.saves + 1, found.events + len(held), save.position, chain.hex())
    if ahead is not None:
        return msgspec.structs.replace(found, problem="not_in_the_ledger", at=ahead[0])
    if noted is not None and found.position < noted.position:
        return msgspec.structs.replace(found, problem="shorter_than_noted", at=noted.position)
    return found


def _problem(save: _LedgerRow, held: list[StoredEvent], chain: bytes) -> str | None:
    if len(held) != save.events:
        return "events_missing" if len(held) < save.events else "events_added"
    if digest(held) != save.digest:
        return "events_changed"
    return None if hashlib.sha256(chain + save.digest).digest() == save.chain else "chain_broken"


def _against(save: _LedgerRow, noted: LedgerCheckpoint | None) -> str | None:
    same = noted is None or noted.position != save.position or noted.chain == save.chain.hex()
    return None if same else "not_as_noted"


def _saves(connection: Connection) -> Iterator[_LedgerRow]:
    for position, events, said, chain in _rows(connection, "ledger_saves", SAVES):
        yield _LedgerRow(position, events, bytes(said), bytes(chain))


def _events(connection: Connection) -> Iterator[_Placed]:
    for position, stream, version, topic, state in _rows(connection, "ledger_events", EVENTS):
        yield position, StoredEvent(UUID(str(stream)), version, topic, bytes(state))


def _rows(connection: Connection, name: str, query: str) -> Iterator[TupleRow]:
    with connection.cursor(name, row_factory=tuple_row) as cursor:
        cursor.itersize = PAGE
        cursor.execute(query)
        yield from cursor
