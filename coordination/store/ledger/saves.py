"""One row per save in log.ledger, with the digest of its events chained to the row before.

A link of the chain stands in the stamp of every report. The rows from before migration 0023 have a digest over the
bytes of all events of the save; those since then one over the digests of its events, which the leaves hold too.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from eventsourcing.persistence import StoredEvent

APPEND = """
insert into log.ledger (position, events, digest, chain)
select currval('log.event_notification_id_seq'), %(events)s, %(digest)s,
       sha256(coalesce((select chain from log.ledger order by position desc limit 1), ''::bytea) || %(digest)s)
returning set_config('cydlynu.save', position::text, true)
"""
"""The setting tells the triggers that store the leaves, at the end of the transaction, which save it is."""


def event_digest(stored: StoredEvent) -> bytes:
    """SHA-256 of the stored bytes of an event: stream, version, topic and state, lengths included."""
    head = f"{stored.originator_id}:{stored.originator_version}:{stored.topic}:{len(stored.state)}:"
    return sha256(head.encode() + stored.state).digest()


def digest(stored_events: Iterable[StoredEvent]) -> bytes:
    """SHA-256 over the digests of a save's events."""
    return sha256(b"".join(event_digest(stored) for stored in stored_events)).digest()
