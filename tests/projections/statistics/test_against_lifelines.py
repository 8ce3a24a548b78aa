"""Every number of the survival curves and competing endings, against the library lifelines, to 1e-9."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Sequence

import pytest

from projections.statistics.competing import cumulative_incidence, share_by
from projections.statistics.risk import ObservedWait, risk_table
from projections.statistics.survival import kaplan_meier

EXACT = 1e-9
ENDINGS = (None, "stopped", "withdrawn", "moved_away")

pytestmark = pytest.mark.slow


def generated(seed: int) -> list[ObservedWait]:
    """A data set as reports meet them: few or many waits, many or no ties, many or no censored ones; every third has
    waits that were taken over later."""
    draw = random.Random(seed)
    size, reach = draw.choice((1, 2, 5, 20, 80, 300)), draw.choice((1, 4, 30, 400, 100_000))
    weights = [draw.random() ** 2 + 0.01 for _ending in ENDINGS]
    found = []
    for _ in range(size):
        days = draw.randrange(reach)
        entered = draw.randint(0, days) if seed % 3 == 0 and draw.random() < 0.4 else 0
        [ending] = draw.choices(ENDINGS, weights)
        found.append(ObservedWait(entered, days, ending))
    return found


def assert_equals_kaplan_meier(waits: Sequence[ObservedWait]) -> None:
    """lifelines takes nobody as at risk on the day of entry, except on the first day: half a day before is the same as
    at risk on the day itself."""
    from lifelines import KaplanMeierFitter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        entry = [wait.entered - 0.5 for wait in waits] if any(wait.entered for wait in waits) else None
        fitted = KaplanMeierFitter().fit(
            [wait.days for wait in waits], [wait.ending == "stopped" for wait in waits], entry=entry
        )
    curve = kaplan_meier(risk_table(Counter(waits)))
    theirs = fitted.survival_function_.iloc[:, 0]
    bands = fitted.confidence_interval_
    expected = {
        day: (theirs[day], bands.iloc[row, 0], bands.iloc[row, 1])
        for row, day in enumerate(theirs.index)
        if day == int(day) and day >= 0
    }
    points = {point.day: point for point in curve.points}
    assert set(points) - {0} == set(expected) - {0}
    for day, numbers in expected.items():
        ours = (points[day].survival, points[day].lower, points[day].upper)
        assert ours == pytest.approx(numbers, abs=EXACT, rel=0), (day, waits)
    median = fitted.median_survival_time_
    # on exactly a half, the rounding of lifelines decides
    if (abs(theirs - 0.5) > EXACT).all() and curve.broken_on is None:
        assert curve.median_days == (None if median == float("inf") else median)


def assert_equals_aalen_johansen(waits: Sequence[ObservedWait], ending: str) -> None:
    """Where no two different endings fall on one day: there lifelines does not move any."""
    from lifelines import AalenJohansenFitter

    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Tied event times")  # it would move them
        codes = [ENDINGS.index(wait.ending) for wait in waits]
        days = [wait.days for wait in waits]
        # the first row of lifelines is always 0; half a day before day 0 nobody ends
        entry = [wait.entered - 0.5 for wait in waits]
        fitted = AalenJohansenFitter(calculate_variance=False).fit(
            days, codes, event_of_interest=ENDINGS.index(ending), entry=entry
        )
    found = cumulative_incidence(risk_table(Counter(waits))).get(ending, ())
    for day, share in fitted.cumulative_density_.iloc[:, 0].items():
        assert share_by(found, day) == pytest.approx(share, abs=EXACT, rel=0)


def untied(waits: Sequence[ObservedWait]) -> list[ObservedWait]:
    """The waits, of those that end on one day only the ones that end as the first does."""
    first: dict[int, str] = {}
    return [w for w in waits if w.ending is None or first.setdefault(w.days, w.ending) == w.ending]


@pytest.mark.parametrize("part", range(10))
def test_a_thousand_generated_data_sets(part: int) -> None:
    from lifelines.exceptions import StatError

    compared, seed = 0, part * 1_000
    while compared < 100:
        seed += 1
        waits = generated(seed)
        try:
            assert_equals_kaplan_meier(waits)
            assert_equals_aalen_johansen(untied(waits), ENDINGS[1 + seed % 3])
        except StatError:  # it refuses waits of which the first had all ended before the others entered
            assert any(wait.entered for wait in waits)
            continue
        compared += 1
