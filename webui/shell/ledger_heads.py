"""The signed heads of the ledger on reports, letters and files: whoever keeps one is a witness of the record."""

from __future__ import annotations

import time

import msgspec
from flask import current_app

from coordination.store.ledger.heads import SignedHead
from webui.shell.runtime import runtime

FRESH = 60.0
"""Seconds for which the last head that was read is shown without asking again."""


class LastHead(msgspec.Struct, frozen=True):
    """The last head, and when it was read (monotonic seconds)."""

    head: SignedHead | None
    read_at: float


def latest_head() -> SignedHead | None:
    """The last signed head, at most a minute behind."""
    known: LastHead | None = current_app.extensions.get("ledger_head")
    if known is None or time.monotonic() - known.read_at > FRESH:
        known = LastHead(runtime().coordination.record.ledger_head(), time.monotonic())
        current_app.extensions["ledger_head"] = known
    return known.head


def head_before(position: int) -> str | None:
    """For files: the short form of the last head that ends before a position of the log, with its time. The same
    report made again has the same."""
    signed = runtime().coordination.record.ledger_head(position)
    return None if signed is None else signed.head.dated
