"""The laws of the engine: whatever the pages, the crashes and the races, the tables come to the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.service import Coordination
from projections.page import LostLead
from tests.projections.replays import contents, engine_on, fresh_county, replay, same
from tests.store.histories import OPENING, Move, cuts, histories, tell

few = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(moves=histories(45), every=cuts(), live_page=st.integers(1, 12), page=st.integers(1, 90))
def test_replay_from_nothing_is_the_same_as_live_whatever_the_pages(
    postgres: str,
    template: str,
    tmp_path: Path,
    moves: list[Move],
    every: list[int],
    live_page: int,
    page: int,
) -> None:
    with fresh_county(postgres, template, tmp_path / "keys.json") as (address, county):
        with engine_on(address, county, page_size=live_page) as live:
            tell(county, moves, every, live.catch_up)
        replay(address, county, "again", page_size=page)
        same(contents(address), contents(address, "again"))


def test_an_engine_that_was_overtaken_writes_nothing(database: str, county: Coordination) -> None:
    tell(county, OPENING, [100], lambda: None)
    with (
        engine_on(database, county, page_size=7) as first,
        engine_on(database, county, page_size=7) as second,
    ):
        first.begin()
        second.begin()
        assert first.take_page()
        before = contents(database)
        with pytest.raises(LostLead):
            second.take_page()
        same(before, contents(database))
        assert second.catch_up() == county.record.last_position()
        with pytest.raises(LostLead):
            first.take_page()
    replay(database, county, "again")
    same(contents(database), contents(database, "again"))
