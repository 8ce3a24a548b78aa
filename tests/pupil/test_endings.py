"""What a referral says in the clear for the figures: how it ended, whether an episode is new, the child's age."""

from __future__ import annotations

from datetime import date

import pytest

from coordination.pupil.referral.milestones import MILESTONES
from coordination.sensitivity import Sensitivity, classes
from coordination.world import completed_years
from tests.meeting.hwb import AS_CLINICIAN
from tests.pupil.case import PupilCase, agree, reach, refer, register, sent, submit


def received() -> PupilCase:
    return sent().does(reach("received", 1), **AS_CLINICIAN)


@pytest.mark.parametrize("milestone", ["discharged", "withdrawn"])
@pytest.mark.parametrize("reason", ["moved_away", "aged_out"])
def test_the_reason_says_how_it_ended(milestone: str, reason: str) -> None:
    case = received().does(reach(milestone, 5, details={"reason": reason}), **AS_CLINICIAN)
    assert case.referral.steps[-1].ending == reason
    again = {"reason": reason, "ending": reason}
    case = received().does(reach(milestone, 5, details=again), **AS_CLINICIAN)
    assert case.referral.steps[-1].ending == reason


@pytest.mark.parametrize("milestone", ["declined", "discharged", "withdrawn"])
def test_the_ending_is_said_beside_any_other_reason(milestone: str) -> None:
    said = {"reason": "outside_area" if milestone == "declined" else "family_asked"}
    case = received().does(reach(milestone, 5, details={**said, "ending": "moved_away"}), **AS_CLINICIAN)
    assert case.referral.steps[-1].ending == "moved_away"
    case = received().does(reach(milestone, 5, details=said), **AS_CLINICIAN)
    assert case.referral.steps[-1].ending is None


def test_reason_and_ending_do_not_contradict_each_other() -> None:
    said = {"reason": "aged_out", "ending": "moved_away"}
    received().refuses(
        reach("discharged", 5, details=said), "ending_differs_from_reason", "ending", **AS_CLINICIAN
    )
    received().refuses(
        reach("discharged", 5, details={"ending": "died"}), "detail_not_valid", "details", **AS_CLINICIAN
    )


def test_only_a_yes_begins_a_new_episode() -> None:
    for said, new in (({}, False), ({"new_episode": False}, False), ({"new_episode": True}, True)):
        case = received().does(reach("withdrawn", 5), reach("reopened", 6, details=said), **AS_CLINICIAN)
        assert case.referral.steps[-1].new_episode is new


def test_figures_need_no_seal_opened() -> None:
    clear = {"ending", "new_episode", "age_years"}
    for name, field in (("withdrawn", "ending"), ("reopened", "new_episode"), ("received", "age_years")):
        assert classes(MILESTONES[name])[field] is Sensitivity.operational, clear


def test_every_step_says_the_age_on_its_own_day() -> None:
    """The pupil of the tests was born on 20 January 2014; an entry made late has the age of the day it is about."""
    case = PupilCase()
    case.does(register(), agree(), refer(), reach("decided", date(2026, 1, 19)), submit())
    assert [(s.name, s.age_years) for s in case.referral.steps] == [("decided", 11), ("submitted", 12)]
    case.does(reach("received", date(2026, 3, 3)), **AS_CLINICIAN)
    assert case.referral.steps[-1].age_years == 12


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2014, 1, 20), date(2026, 1, 19), 11),
        (date(2014, 1, 20), date(2026, 1, 20), 12),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2024, 2, 28), 11),
        (date(2012, 2, 29), date(2024, 2, 29), 12),
        (date(2014, 1, 20), date(2014, 1, 20), 0),
        (date(2014, 1, 20), date(2014, 1, 19), None),
        (None, date(2014, 1, 19), None),
    ],
)
def test_completed_years(born: date | None, on: date, years: int | None) -> None:
    assert completed_years(born, on) == years
