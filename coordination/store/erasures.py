"""The erasures on the record, and the list of them that is kept with the outer keys.

A backup from before an erasure holds the destroyed key. The list (`<keys file>.erased`, one JSON line for each stream)
lets a restore destroy it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from psycopg.rows import tuple_row

from coordination.advice.events import AdviceErased
from coordination.authority import OPERATOR, OPERATOR_ROLE
from coordination.calendars import local_date
from coordination.event import Event, Header, RecordedEvent
from coordination.pupil.rights.events import PupilErased
from coordination.store.application import Record
from coordination.store.backup.outer_keys import ERASED, ErasedKind, ErasedStream, erased_streams
from coordination.store.mapper import decode


def recorded_erasures(record: Record, since: datetime | None = None) -> list[ErasedStream]:
    """The streams on which an erasure is recorded, in the order of the log; those recorded from an instant on."""
    with record.desk() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            "select originator_id, topic, state from log.event where topic in ('pupil.erased', 'advice.erased')"
            " order by notification_id"
        ).fetchall()
    found = [_line(stream, decode(topic, bytes(state))) for stream, topic, state in rows]
    return [one for one in found if since is None or one.at >= since]


def _line(stream: UUID, event: Event) -> ErasedStream:
    assert isinstance(event, PupilErased | AdviceErased)
    at, proposed_by, approved_by = event.header.recorded_at, event.proposed_by, event.approved_by
    kind: ErasedKind = "advice" if isinstance(event, AdviceErased) else "pupil"
    return ErasedStream(stream, at, event.ground, proposed_by, approved_by, kind)


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


def _append(path: Path, erased: Sequence[ErasedStream]) -> None:
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in erased)
    opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, lines)
        os.fsync(opened)
    finally:
        os.close(opened)


def erase_again(record: Record, listed: Iterable[ErasedStream], now: datetime) -> int:
    """Records on a restored record the erasures that were carried out after the backup was made, as they were decided
    then, and so destroys the keys again; how many. Nothing is asked anew: what was erased does not come back."""
    wanted = {one.stream: one for one in listed}
    ring = record.keyring(wanted)
    held = [stream for stream in wanted if stream in ring]
    versions = {stream: len(events) for stream, events in record.load(held).items()}
    for stream in held:
        of = PupilErased if wanted[stream].kind == "pupil" else AdviceErased
        event = of(
            header=_repeated(wanted[stream], now),
            ground=wanted[stream].ground,
            proposed_by=wanted[stream].proposed_by,
            approved_by=wanted[stream].approved_by,
        )
        record.append([RecordedEvent(stream, versions[stream] + 1, event)], [])
    return len(held)


def _repeated(erased: ErasedStream, now: datetime) -> Header:
    return Header(
        occurred_on=local_date(erased.at),
        recorded_at=now,
        person=OPERATOR,
        organisation=OPERATOR,
        role=OPERATOR_ROLE,
        source="command_line",
        command_id=f"restore {erased.stream} {now.isoformat()}",
    )
