"""Signed heads of the ledger for tests of what shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psycopg

from coordination.store.ledger.heads import SignedHead
from coordination.store.ledger.making import make_head
from coordination.store.ledger.signing import signing_key

AT = datetime(2025, 12, 1, 6, tzinfo=UTC)


def sign_head(database: str, key_file: Path, at: datetime = AT) -> SignedHead:
    """Signs a head over everything in a database."""
    with psycopg.connect(database, autocommit=True) as connection:
        return make_head(connection, signing_key(key_file, make=True), at)
