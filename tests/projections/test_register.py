"""The register as of any day: provision, plans and levels, and when each next review is due."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.profile.commands import RecordProvision
from coordination.pupil.support.commands import EndSupport, StartSupport
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.engine import Engine
from projections.reader import Reader
from projections.register.entry import RegisterLine, invited_to, months_after, plan_of
from projections.register.queries.on_a_day import register_on
from tests.county import ALNCO, AUDITOR, OTHER_ALNCO, PUPIL, SCHOOL, register
from tests.projections.casework import DAY0, RecordedCase, day, viewer

SUPPORT = UUID(int=0x5E91)


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 3, 1), 12, date(2026, 3, 1)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
    ],
)
def test_months_after_a_day(on: date, months: int, then: date) -> None:
    assert months_after(on, months) == then


STEPS = [
    (date(2024, 3, 1), "plan_issued", "school", False),
    (date(2025, 2, 20), "plan_reviewed", "authority", False),
    (date(2026, 2, 1), "plan_reviewed", "authority", True),
]


@pytest.mark.parametrize(
    ("as_of", "plan"),
    [
        (date(2024, 2, 29), ("school", None)),
        (date(2024, 3, 1), ("school", date(2024, 3, 1))),
        (date(2025, 2, 19), ("school", date(2024, 3, 1))),
        (date(2025, 2, 20), ("authority", date(2025, 2, 20))),
        (date(2026, 2, 1), ("none", None)),
    ],
)
def test_the_plan_as_of_a_day(as_of: date, plan: tuple[str, date | None]) -> None:
    assert plan_of("idp_school", STEPS, as_of) == plan


def entry(**changed: Any) -> RegisterLine:
    usual: dict[str, Any] = {
        "pupil": PUPIL,
        "school": SCHOOL,
        "year": 3,
        "provision": "",
        "provision_from": None,
        "plan": "none",
        "plan_on": None,
        "level": None,
        "support_review_on": None,
        "services": False,
    }
    return RegisterLine(**{**usual, **changed})


def test_nobody_on_the_register_is_without_a_review() -> None:
    assert entry().review_due_on is None
    assert entry(provision="no_aln", provision_from=DAY0).review_due_on is None
    assert entry(plan="school", plan_on=date(2025, 3, 1)).review_due_on == date(2026, 3, 1)
    # the day of the plan is not on record: from when the provision is
    assert entry(plan="school", provision_from=date(2025, 1, 5)).review_due_on == date(2026, 1, 5)
    assert entry(level=2, support_review_on=day(9)).review_due_on == day(9)
    assert entry(provision="school_action", provision_from=date(2025, 1, 5)).review_due_on == date(2026, 1, 5)


def test_who_is_invited() -> None:
    assert "receiving_school" not in invited_to(entry(year=4), primary=True)
    assert "receiving_school" in invited_to(entry(year=4), primary=True, earlier=True)
    assert "receiving_school" not in invited_to(entry(year=3), primary=True, earlier=True)
    assert "receiving_school" in invited_to(entry(year=5), primary=True)
    assert "receiving_school" not in invited_to(entry(year=9), primary=False)
    assert {"services", "authority"} <= set(invited_to(entry(services=True, plan="authority"), primary=True))


def test_the_register_of_a_school_on_a_day(county: Coordination, engine: Engine, reader: Reader) -> None:
    case = RecordedCase(county)
    register(county)
    case.does(ALNCO, day(3), RecordProvision, pupil=PUPIL, provision="school_action")
    case.does(ALNCO, day(10), RecordProvision, pupil=PUPIL, provision="idp_school")
    case.does(
        ALNCO,
        day(5),
        StartSupport,
        pupil=PUPIL,
        support=SUPPORT,
        level=2,
        ends_by=day(70),
        activity="Paired reading",
        aim="Reads a page",
    )
    case.does(ALNCO, day(20), EndSupport, pupil=PUPIL, support=SUPPORT, reason="aim_met")
    engine.catch_up()

    def on(number: int, who: Viewer) -> list[RegisterLine]:
        return list(register_on(reader, who, day(number)).entries)

    alnco = viewer(ALNCO, day(60))
    seen = {number: on(number, alnco)[0] for number in (3, 9, 10, 20, 21)}
    assert [(n, one.provision, one.plan, one.level) for n, one in seen.items()] == [
        (3, "school_action", "none", None),
        (9, "school_action", "none", 2),
        (10, "idp_school", "school", 2),
        (20, "idp_school", "school", 2),
        (21, "idp_school", "school", None),
    ]
    assert seen[21].identity is not None
    # the authority counts, and opens nobody; another school sees nobody
    counted = on(10, viewer(AUDITOR, day(60)))
    assert [(one.provision, one.level, one.identity) for one in counted] == [("idp_school", 2, None)]
    assert on(10, viewer(OTHER_ALNCO, day(60))) == []
