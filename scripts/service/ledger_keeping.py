"""What the worker does for the ledger: the logs are chained every few minutes, and a head is signed every day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import structlog
from psycopg.errors import LockNotAvailable

from coordination.store.ledger.batches import chain_logs
from coordination.store.ledger.making import LedgerChanged, is_empty, latest_head, make_head
from coordination.store.ledger.signing import SigningKeyBroken, SigningKeyMissing, signing_key

log = structlog.get_logger("cydlynu.ledger")


def keep_ledger(database: str, key_file: Path, now: datetime) -> bool:
    """Chains the logs, and signs the first head of a day (UTC); whether a head was signed.

    `database` is the owner's address. What prevents a head is logged, and tried again: a missing key is never replaced
    by another, and nothing is signed over a ledger that no longer contains its last head.
    """
    with psycopg.connect(database, autocommit=True) as connection:
        if is_empty(connection):
            return False
        try:
            last = latest_head(connection)
            if last is not None and last.head.made_at.astimezone(UTC).date() >= now.astimezone(UTC).date():
                chain_logs(connection)
                return False
            made = make_head(connection, signing_key(key_file, make=last is None), now)
        except LockNotAvailable:
            log.warning("ledger_put_off")
            return False
        except (LedgerChanged, SigningKeyMissing, SigningKeyBroken) as problem:
            log.error("no_head_signed", kind=type(problem).__name__)
            return False
    log.info("head_signed", head=made.head.short)
    return True
