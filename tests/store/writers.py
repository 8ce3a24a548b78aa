"""Processes and threads that append at the same time, as fast as they can."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from threading import Thread
from uuid import UUID

from coordination.event import Event, Header, RecordedEvent
from coordination.pupil.profile.events import PupilRegistered, YearRecorded
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role
from tests.county import ALNCO, SCHOOL

HEADER = Header(
    occurred_on=date(2025, 1, 6),
    recorded_at=datetime(2025, 1, 6, 12, tzinfo=UTC),
    person=ALNCO,
    organisation=SCHOOL,
    role="alnco",
    source="api",
    command_id="writer",
)


def first_event(upn: str) -> Event:
    return _event(1, upn)


def _event(version: int, upn: str) -> Event:
    if version > 1:
        return YearRecorded(header=HEADER, year=version % 12)
    return PupilRegistered(
        header=HEADER,
        school=SCHOOL,
        upn=upn,
        surname="S",
        forename="F",
        date_of_birth=date(2012, 1, 1),
        sex=None,
        language=None,
        middle_names=None,
        preferred_surname=None,
        preferred_forename=None,
        former_surname=None,
    )


def write(record: Record, writer: int, saves: int) -> None:
    """Saves of one to eight events to streams of this writer's own; about one in ten is rolled back, so that the
    sequence has gaps."""
    random = Random(writer)
    versions: dict[UUID, int] = {}
    for _ in range(saves):
        save: list[RecordedEvent] = []
        for _ in range(random.randint(1, 8)):
            stream = UUID(int=(writer << 64) + random.randint(1, 40))
            versions[stream] = versions.get(stream, 0) + 1
            save.append(RecordedEvent(stream, versions[stream], _event(versions[stream], str(stream))))
        if random.random() < 0.1:
            _refused(record, writer, save[0])
        record.append(save, [])


def _refused(record: Record, writer: int, example: RecordedEvent) -> None:
    stale = RecordedEvent(UUID(int=(writer << 64) + 1000), 1, _event(1, str(writer)))
    try:
        record.append([stale, RecordedEvent(example.stream, 0, YearRecorded(header=HEADER, year=1))] * 2, [])
    except Exception:
        return
    raise AssertionError("the same version twice in one save")


def main(conninfo: str, keys: str, first: int, threads: int, saves: int) -> None:
    record = Record(as_role(conninfo, "cydlynu_append"), load_or_make(Path(keys)))
    running = [Thread(target=write, args=(record, first + n, saves)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    record.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
