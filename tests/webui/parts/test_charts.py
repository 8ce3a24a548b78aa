"""The numbers behind the pictures."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.parts.charts import (
    ChartBar,
    ChartMark,
    ChartParty,
    ChartPeriod,
    bars,
    control_picture,
    curve_picture,
    small_bars,
    small_trend,
    strip,
)

STRETCHES = st.lists(st.builds(ChartPeriod, st.sampled_from(ChartParty), st.integers(0, 400)), max_size=12)


@given(STRETCHES, st.lists(st.builds(ChartMark, st.integers(0, 900), st.just("x")), max_size=6))
def test_the_pieces_of_a_strip_lie_side_by_side_and_lose_no_day(stretches, marks):
    drawn = strip(stretches, marks)
    assert drawn.days == sum(s.days for s in stretches) == sum(t["days"] for t in drawn.totals)
    at = 0.0
    for piece in drawn.pieces:
        assert abs(piece["x"] - at) < 0.02
        assert piece["x"] <= piece["middle"] <= piece["x"] + piece["width"] + 0.002
        at = piece["x"] + piece["width"]
    assert at <= 100.02
    assert all(0 <= mark["x"] <= 100 for mark in drawn.marks)
    assert [mark["number"] for mark in drawn.marks] == list(range(1, len(marks) + 1))
    assert [mark["day"] for mark in drawn.marks] == sorted(mark.day for mark in marks)


def test_a_wait_of_no_days_is_an_empty_strip():
    assert strip([]).pieces == []
    assert strip([], [ChartMark(0, "x")]).marks[0]["x"] == 0


def test_a_limit_beyond_the_wait_makes_room_for_itself():
    drawn = strip([ChartPeriod(ChartParty.AGENCY, 14)], [ChartMark(28, "limit", limit=True)])
    assert (drawn.pieces[0]["width"], drawn.marks[0]["x"]) == (50, 100)


def test_whose_days_they_were_is_added_up():
    drawn = strip(
        [
            ChartPeriod(ChartParty.AGENCY, 20),
            ChartPeriod(ChartParty.FAMILY, 13),
            ChartPeriod(ChartParty.AGENCY, 8),
        ]
    )
    assert [(t["party"], t["days"]) for t in drawn.totals] == [("agency", 28), ("family", 13)]


@given(st.lists(st.floats(0, 1e9), max_size=10))
def test_bars_are_in_proportion(values):
    drawn = bars([ChartBar("x", value, str(value)) for value in values])
    assert all((bar["width"] > 0) == (value > 0) for bar, value in zip(drawn, values, strict=True))
    assert all(bar["width"] <= 100 for bar in drawn)
    assert not values or max(values) == 0 or max(bar["width"] for bar in drawn) == 100


def test_a_chart_has_a_name_and_a_description(client):
    page = client.get("/gallery").text
    for chart in ("w", "b"):
        assert f'role="img" aria-labelledby="{chart}-title {chart}-desc"' in page
        assert f'<title id="{chart}-title">' in page
        assert f'<desc id="{chart}-desc">' in page


CURVE = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 100)), max_size=20).map(
    lambda points: [
        (day, share / 100, share / 200, min(1.0, share / 50))
        for day, share in zip(
            sorted({day for day, _ in points}),
            sorted((share for _, share in points), reverse=True),
            strict=False,
        )
    ]
)


def corners(path):
    return [
        tuple(map(float, corner.split())) for corner in path.removeprefix("M").removesuffix("Z").split("L")
    ]


@given(CURVE, st.none() | st.integers(1, 400))
def test_a_curve_falls_by_steps_inside_its_picture(curve, limit):
    drawn = curve_picture(curve, limit, None)
    line = corners(drawn.line)
    assert line[0] == (0, 0)
    for (x, y), (next_x, next_y) in pairwise(line):
        assert (x == next_x) != (y == next_y), "each piece is level or upright"
        assert next_x >= x and next_y >= y
    assert all(0 <= x <= 1000 and 0 <= y <= 200 for x, y in line)
    if curve:
        assert line[-1][1] == pytest.approx(200 - 200 * curve[-1][1], abs=0.06)
    assert [mark.at for mark in drawn.days] == sorted(mark.at for mark in drawn.days)
    assert all(0 <= mark.at <= 100 for mark in drawn.days)
    assert drawn.limit is None if limit is None else 0 < drawn.limit <= 100


def test_a_chart_has_the_month_of_its_first_middle_and_last_dot():
    months = [(date(2025, month, 1), float(month), 0.0, 10.0, month == 3) for month in range(1, 6)]
    drawn = control_picture(months, 3.0)
    assert [dot.on.month for dot in drawn.named] == [1, 3, 5]
    assert [dot.marked for dot in drawn.dots] == [False, False, True, False, False]
    assert (drawn.mean, drawn.limits[0].upper, drawn.limits[0].lower) == (126, 0, 180)
    assert (drawn.limits[0].from_x, drawn.limits[-1].to_x) == (0, 100)
    one = control_picture([(date(2025, 1, 1), 4.0, None, None, False)], 4.0)
    assert (one.limits, [dot.on.month for dot in one.named]) == ((), [1])


def test_a_percentage_is_drawn_on_an_axis_to_100():
    drawn = control_picture([(date(2025, 1, 1), 50.0, 20.0, 80.0, False)], 50.0, 100.0)
    assert [value for _y, value in drawn.marks] == [0, 25, 50, 75, 100]
    assert drawn.dots[0].y == 90


def test_a_month_without_a_value_breaks_the_line_of_a_small_trend():
    drawn = small_trend([4.0, 8.0, None, 8.0, 8.0, 2.0], 16)
    assert len(drawn.pieces) == 2
    assert [y for _x, y in drawn.dots] == [21, 14, 14, 14, 24.5]
    assert drawn.limit == 0
    assert small_trend([None, 3.0, None], None).pieces == ()


def test_the_columns_of_a_small_chart_stand_side_by_side():
    drawn = small_bars([10, 1, 0], [False, True, True])
    assert [(y, height) for _x, _width, y, height in drawn.columns] == [(0, 28), (25.2, 2.8), (28, 0)]
    assert [x for x, *_ in drawn.columns] == [3.333, 36.667, 70]
    assert drawn.late == (False, True, True)
    assert small_bars([], []).columns == ()
