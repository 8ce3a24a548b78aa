"""19_history_pupils, then 19_history_referrals: what happened years ago raises no alarm of today."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from coordination.intake.pupil_sheets import read_pupils
from coordination.intake.recording.directory import record_directory
from coordination.intake.recording.pupils import record_pupils
from coordination.intake.recording.referrals import record_referrals
from coordination.intake.referrals import read_referrals
from coordination.pupil.referral.milestones import MILESTONES, natural_rank
from coordination.pupil.referral.missed import FOLLOW_UP, to_ask_after_child
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.engine import Engine
from projections.reader import Reader
from projections.today.queries import Today, today

CASES = Path(__file__).parent
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
TODAY = NOW.date()
RANKS = {name: natural_rank(name) for name in MILESTONES}
SCHOOL = {
    "number": "6992001",
    "name": "Ysgol Bro Heli",
    "phase": "primary",
    "language": "welsh",
    "authority": "699",
}
COUNTY: dict[str, Any] = {
    "authorities": [{"code": "699", "name": "Dyffryn"}],
    "schools": [SCHOOL],
    "agencies": [{"code": "DYFFRYN", "name": "Dyffryn Health Board", "kind": "local_health_board"}],
    "services": [
        {"code": "CAMHS", "agency": "DYFFRYN", "profession": "camhs", "open_from": "2010-04-01"},
    ],
}
COLUMNS = "referral_ref,upn,school_number,service_code,event,occurred_on,detail"


@pytest.fixture
def county(service: Coordination) -> Coordination:
    """A school whose pupils are taken from 19_history_pupils today."""
    before = NOW - timedelta(days=400)
    assert record_directory(service, json.dumps(COUNTY).encode(), now=before).status == 0
    pupils = (CASES / "pupils/19_history_pupils.csv").read_bytes()
    found = record_pupils(service, read_pupils(pupils, service.directory().code, TODAY), now=NOW)
    assert found.status == 0
    return service


def imports(county: Coordination, content: bytes) -> None:
    assert record_referrals(county, read_referrals(content, RANKS, TODAY), now=NOW).status == 0


def school_s_day(county: Coordination, engine: Engine, reader: Reader) -> Today:
    engine.catch_up()
    school = county.directory().by_code("school", "6992001")
    assert school is not None
    viewer = Viewer(person=UUID(int=1), organisation=school.id, role="alnco", today=TODAY)
    return today(reader, viewer, TODAY - FOLLOW_UP)


def test_19_history_referrals(county: Coordination, engine: Engine, reader: Reader) -> None:
    imports(county, (CASES / "referrals/19_history_referrals.csv").read_bytes())
    found = school_s_day(county, engine, reader)
    assert found.missed.rows == ()
    assert (found.missed.total, found.overdue.total, found.ours.total) == (0, 0, 0)


@pytest.mark.parametrize(
    ("days", "asked"), [(1, True), (14, True), (15, False), (700, False)], ids=lambda given: str(given)
)
def test_an_open_referral_asks_about_the_appointment_of_yesterday_and_not_about_one_of_years_ago(
    days: int, asked: bool, county: Coordination, engine: Engine, reader: Reader
) -> None:
    missed = TODAY - timedelta(days=days)
    rows = [
        ("OPEN-1", "received", missed - timedelta(days=30)),
        ("OPEN-1", "was_not_brought", missed),
    ]
    lines = [f"{ref},V699200120941,6992001,CAMHS,{event},{on}," for ref, event, on in rows]
    imports(county, "\n".join([COLUMNS, *lines]).encode())
    found = school_s_day(county, engine, reader)
    assert [(m.occurred_on, m.check_safety) for m in found.missed.rows] == ([(missed, True)] if asked else [])
    assert to_ask_after_child("was_not_brought", missed, TODAY) is asked


def test_only_a_child_who_was_not_brought_is_asked_after() -> None:
    assert not to_ask_after_child("did_not_attend", date(2026, 11, 29), TODAY)
    assert not to_ask_after_child("was_not_brought", None, TODAY)
