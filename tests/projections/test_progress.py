"""How far the read models follow, as the read role sees it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import psycopg
import pytest

from coordination.service import Coordination
from projections.engine import Engine
from projections.progress import ParkedFile, read_model_progress
from projections.reader import Reader
from tests.county import ADMINISTRATOR, PUPIL, register
from tests.projections.casework import viewer


def test_an_administrator_sees_how_far_and_why_not_and_no_stream(
    county: Coordination, engine: Engine, reader: Reader, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(county)
    engine.catch_up()
    who = viewer(ADMINISTRATOR)
    found = read_model_progress(reader, who)
    assert found.position == county.record.last_position()
    assert found.parked == ()
    assert found.recorded_at is not None
    assert found.recorded_at.date() >= date(2025, 1, 6)
    with psycopg.connect(database) as connection:
        row = ("case_file", PUPIL, 7, "pupil.registered", "KeyError at project:12")
        connection.execute("insert into read.parked values (%s, %s, %s, %s, %s)", row)
    parked = read_model_progress(reader, who).parked
    assert parked == (ParkedFile("case_file", 7, "pupil.registered", "KeyError at project:12"),)
    assert not any(
        isinstance(value, UUID) for value in (getattr(parked[0], f) for f in ParkedFile.__struct_fields__)
    )


def test_whether_somebody_follows_is_seen(county: Coordination, engine: Engine, reader: Reader) -> None:
    engine.catch_up()
    assert not read_model_progress(reader, viewer(ADMINISTRATOR)).led
    assert engine.lead()
    assert read_model_progress(reader, viewer(ADMINISTRATOR)).led
