"""A save of any size goes through: an import or a rehearsal writes thousands of events at once."""

from __future__ import annotations

from datetime import date
from threading import Thread

from coordination.pupil.profile.commands import RecordViews
from coordination.service import Coordination
from tests.county import ALNCO, PUPIL, order, register

DAY = date(2025, 1, 6)
EVENTS = 6000


def test_a_save_larger_than_the_sockets_buffer_does_not_wait_for_ever(county: Coordination) -> None:
    register(county)
    before = county.record.last_position()
    batch = county.batch()
    for _ in range(EVENTS):
        by = order(ALNCO, DAY)
        batch.fresh(by.organisation, by.command_id)
        batch.perform(
            RecordViews(
                occurred_on=DAY, pupil=PUPIL, whose="child", words="A long view. " * 20, language="en"
            ),
            by,
        )
    # in a thread of its own, so that a save that hangs fails this test and does not hang the run
    saving = Thread(target=batch.commit, daemon=True)
    saving.start()
    saving.join(60)
    assert not saving.is_alive()
    assert county.record.last_position() == before + EVENTS
