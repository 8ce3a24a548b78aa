"""A county's dates: school days only, one a month, round what is arranged already."""

from __future__ import annotations

import time as clocks
from datetime import date, time
from itertools import combinations
from typing import Any

import pytest

from coordination.calendars import wales
from coordination.errors import Refusal
from coordination.service import Coordination
from projections.attendance.planning import MeetingPlan, PlanCriteria, plan_meetings
from projections.engine import Engine
from projections.reader import Reader
from tests.county import AUDITOR, CAMHS, OTHER_SCHOOL, THERAPY
from tests.projections.hwb import accept_terms, held_on, schedule, viewer

FROM, TO = date(2025, 1, 1), date(2025, 2, 28)


def planned(reader: Reader, county: Coordination, **asked: Any) -> MeetingPlan:
    ask = PlanCriteria(**({"authority": "699", "from_on": FROM, "to_on": TO} | asked))
    return plan_meetings(reader, viewer(AUDITOR), county.directory(), ask, clocks.monotonic, seconds=5)


def test_two_schools_and_what_is_arranged(county: Coordination, engine: Engine, reader: Reader) -> None:
    for service in (CAMHS, THERAPY):
        accept_terms(county, of=service)
        accept_terms(county, of=service, school=OTHER_SCHOOL)
    schedule(county, 0, CAMHS, starts_at=time(9, 15))
    engine.catch_up()
    found = planned(reader, county)
    assert [(u.school, u.month, u.because) for u in found.unplanned] == [
        ("6994001", held_on(0).strftime("%Y-%m"), "already_arranged")
    ]
    assert (found.clashes, found.bound) == (0, 0)
    assert sorted((d.school, d.held_on.month) for d in found.dates) == [
        ("6994001", 2),
        ("6994002", 1),
        ("6994002", 2),
    ]
    assert all(wales().is_working_day(d.held_on) for d in found.dates)
    assert all(d.services == ("CAMHS", "SALT") and d.reason for d in found.dates)
    taken = (held_on(0), time(9, 15), time(10, 15))
    spans = [taken, *((d.held_on, d.starts_at, d.ends_at) for d in found.dates)]
    assert not any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a, b in combinations(spans, 2))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"authority": "999"}, "unknown_authority"),
        ({"school": "1"}, "unknown_school"),
        ({"kind": "tea"}, "unknown_code"),
        ({"to_on": date(2024, 12, 31)}, "ends_before_it_begins"),
        ({"to_on": date(2026, 12, 31)}, "period_too_long"),
    ],
)
def test_what_cannot_be_planned(
    county: Coordination, reader: Reader, asked: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        planned(reader, county, **asked)
