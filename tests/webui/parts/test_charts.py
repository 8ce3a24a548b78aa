"""The numbers behind the pictures."""

from hypothesis import given
from hypothesis import strategies as st

from webui.parts.charts import ChartBar, ChartMark, ChartParty, ChartPeriod, bars, strip

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
