"""A forecast: on few waits there is none; its bounds hold as often as they say; earlier ones are scored."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from statistics import median

from projections.statistics.forecast import FEWEST, LEVEL, Forecast, forecast, median_of, outcome_of
from projections.statistics.queries.forecasts import cohort, years_before
from projections.statistics.risk import ObservedWait


def seen(*days: int) -> Counter[ObservedWait]:
    return Counter(ObservedWait(0, day, "stopped") for day in days)


def test_a_forecast_on_few_waits_is_refused() -> None:
    assert forecast(seen(70, 80, 90, 100)) is None
    assert forecast(seen(*range(70, 70 + FEWEST - 1))) is None
    assert forecast(seen(*range(70, 70 + FEWEST))) is not None
    # enough wait, but nearly nobody was seen
    assert forecast(seen(7, 8) + Counter({ObservedWait(0, 90, None): 40})) is None


def test_where_everybody_waits_as_long_there_is_no_doubt() -> None:
    made = forecast(Counter({ObservedWait(0, 70, "stopped"): 30}))
    assert made == Forecast(low=70, high=70, waits=30)
    assert made.weeks == (10, 10)
    assert Forecast(low=71, high=78, waits=30).weeks == (10, 12)


def test_the_same_waits_give_the_same_forecast() -> None:
    waits = seen(*range(20, 90))
    assert forecast(waits) == forecast(Counter(dict(reversed(list(waits.items())))))


def test_the_median_without_anybody_still_waiting_is_that_of_the_days() -> None:
    draws = Random(5)
    for _ in range(20):
        days = [draws.randint(1, 300) for _ in range(41)]
        assert median_of(seen(*days)) == median(days)


def test_the_bounds_hold_about_as_often_as_they_say() -> None:
    """Of 120 services with waits around a known median, some still running."""
    draws, held = Random(11), 0
    for _ in range(120):
        waits: Counter[ObservedWait] = Counter()
        for _ in range(60):
            days, observed = round(draws.expovariate(0.01)) + 1, draws.randint(100, 400)
            waits[ObservedWait(0, min(days, observed), "stopped" if days <= observed else None)] += 1
        made = forecast(waits)
        assert made is not None
        true = 69.3 + 1  # ln 2 / 0.01, and the day that is added
        held += made.low <= true <= (made.high or 10**6)
    assert LEVEL - 0.12 <= held / 120 <= LEVEL + 0.12


def test_an_earlier_forecast_is_scored() -> None:
    made = Forecast(low=50, high=80, waits=40)
    assert outcome_of(made, seen(*[60] * 12)) == "within"
    assert outcome_of(made, seen(*[49] * 12)) == "sooner"
    assert outcome_of(made, seen(*[81] * 12)) == "later"
    assert outcome_of(made, Counter({ObservedWait(0, 100, None): 12})) == "later"
    assert outcome_of(made, seen(*[60] * 9)) == "too_few"


def test_a_cohort_is_as_it_was_known_to_stand_on_the_day() -> None:
    start = date(2025, 1, 10)
    row = {
        "begins_on": start,
        "start_on": start,
        "end_on": start + timedelta(days=40),
        "ending": "stopped",
        "n": 2,
    }
    before, after = start - timedelta(days=1), start + timedelta(days=39)
    assert cohort([row], before, start, after) == {ObservedWait(0, 39, None): 2}
    assert cohort([row], before, start, start + timedelta(days=40)) == {ObservedWait(0, 40, "stopped"): 2}
    assert cohort([row], start, start, after) == {}
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
