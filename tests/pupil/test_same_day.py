"""Steps of one day, recorded in any order."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from coordination.pupil.referral.phase import DatedMilestone, ImpossibleOrder, check_order, in_order, phase

DAY = date(2025, 3, 3)
NEXT = date(2025, 3, 4)


def names(recorded: list[tuple[str, date]]) -> list[str]:
    steps = [DatedMilestone(name, on, version) for version, (name, on) in enumerate(recorded, 1)]
    ordered = in_order(steps)
    check_order(ordered)
    return [step.name for step in ordered]


@pytest.mark.parametrize(
    "recorded", list(permutations(["received", "first_contact", "assessed", "discharged"]))
)
def test_a_day_entered_late_is_read_as_it_can_have_happened(recorded: tuple[str, ...]) -> None:
    found = names([(name, DAY) for name in recorded])
    assert found.index("received") == 0
    assert found.index("first_contact") < found.index("assessed") < found.index("discharged")


def test_a_day_that_can_have_happened_as_recorded_stays_as_recorded() -> None:
    recorded = ["received", "appointment_offered", "was_not_brought", "appointment_offered", "acknowledged"]
    assert names([(name, DAY) for name in recorded]) == recorded


def test_an_order_of_days_that_cannot_be_is_still_refused() -> None:
    with pytest.raises(ImpossibleOrder):
        names([("assessed", DAY), ("first_contact", NEXT)])


def test_ended_and_reopened_on_one_day_is_open() -> None:
    steps = [
        DatedMilestone("received", DAY, 1),
        DatedMilestone("declined", NEXT, 2),
        DatedMilestone("reopened", NEXT, 3),
    ]
    assert not phase(steps).ended
