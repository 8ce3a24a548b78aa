"""Every save notes up to where a copy of the database must have come before its person may be shown it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import psycopg

from coordination.pupil.profile.commands import RecordYear
from coordination.service import Coordination
from coordination.store.last_save import SIGHT, wanted_by
from tests.county import ALNCO, HEAD, PUPIL, order, register


def test_a_save_notes_who_saved_and_whether_sight_changed(county: Coordination, database: str) -> None:
    first = register(county).position
    on = date(2025, 3, 3)
    second = county.perform(RecordYear(occurred_on=on, pupil=PUPIL, year=7), order(HEAD, on)).position
    with psycopg.connect(database) as connection:
        assert wanted_by(connection, HEAD)[0] == second
        assert wanted_by(connection, ALNCO)[0] == first
        assert wanted_by(connection, SIGHT)[0] == first
        assert wanted_by(connection, UUID(int=0xFFFF))[0] == first, "what changed sight concerns everybody"
