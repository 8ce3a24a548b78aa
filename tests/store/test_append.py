"""Appending: what loses a race leaves nothing behind, on the record or in the program."""

from __future__ import annotations

from uuid import UUID

import pytest

from coordination.event import Recorded
from coordination.pupil.profile.events import YearRecorded
from coordination.service import Coordination
from coordination.store.application import Conflict
from tests.county import SCHOOL
from tests.store.writers import HEADER, first_event

COMMAND = (SCHOOL, "the same", b"digest", UUID(int=1), 1)


def begun(stream: int) -> Recorded:
    return Recorded(UUID(int=stream), 1, first_event(str(stream)))


def again(stream: int, version: int) -> Recorded:
    return Recorded(UUID(int=stream), version, YearRecorded(header=HEADER, year=7))


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("lost", ["the stream", "the command"])
def test_a_lost_race_does_not_spoil_the_connection(service: Coordination, before: int, lost: str) -> None:
    """The statement that would have been prepared by itself in the refused save is not believed to be there."""
    record = service.record
    record.append([begun(1), again(1, 2)], [COMMAND])
    for number in range(before):
        record.append([again(1, number + 3)], [(SCHOOL, f"{number}", b"", UUID(int=1), 1)])
    for _ in range(2):
        with pytest.raises(Conflict) as conflict:
            if lost == "the stream":
                record.append([again(1, 2)], [(SCHOOL, "new", b"", UUID(int=1), 1)])
            else:
                record.append([again(1, before + 3)], [COMMAND])
        expected = {"the stream": "event_pkey", "the command": "command_pkey"}
        assert conflict.value.constraint == expected[lost]
    assert record.append([again(1, before + 3)], [(SCHOOL, "after", b"", UUID(int=1), 1)]) > 0
