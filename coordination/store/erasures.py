"""The erasures on the record, and the list of them that is kept with the outer keys.

A backup from before an erasure holds the destroyed key. The list (`<keys file>.erased`, one JSON line for each stream)
lets a restore destroy it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from coordination.store.application import Record
from coordination.store.backup.outer_keys import ERASED, erased_streams
from coordination.store.mapper import decode


class RecordedErasure(msgspec.Struct, frozen=True):
    """A stream whose key was destroyed, and when."""

    stream: UUID
    at: datetime


def recorded_erasures(record: Record, since: datetime | None = None) -> list[RecordedErasure]:
    """The streams on which an erasure is recorded, in the order of the log; those recorded from an instant on."""
    with record.desk() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            "select originator_id, topic, state from log.event where topic = 'pupil.erased'"
            " order by notification_id"
        ).fetchall()
    found = [RecordedErasure(row[0], decode(row[1], bytes(row[2])).header.recorded_at) for row in rows]
    return [one for one in found if since is None or one.at >= since]


def erased_list(keys: Path) -> Path:
    """The file of the list, beside the file of outer keys."""
    return keys.with_name(keys.name + ERASED)


def note_erasures(record: Record, keys: Path) -> int:
    """Adds to the list the erasures of the record that it lacks, and returns how many. The file is on the disk when
    this returns; two processes that write at once leave a line twice, which does no harm."""
    path = erased_list(keys)
    known = erased_streams([path])
    missing = [one for one in recorded_erasures(record) if one.stream not in known]
    if missing:
        _append(path, missing)
    return len(missing)


def _append(path: Path, erased: Sequence[RecordedErasure]) -> None:
    lines = [json.dumps({"stream": str(one.stream), "at": one.at.isoformat()}) + "\n" for one in erased]
    opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, "".join(lines).encode())
        os.fsync(opened)
    finally:
        os.close(opened)
