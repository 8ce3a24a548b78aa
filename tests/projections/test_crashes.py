"""An engine that dies, at a page's boundary or inside a page, loses and doubles nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.service import Coordination
from projections.engine import Engine
from projections.page import PageRun
from projections.projection import Change
from tests.projections.replays import contents, fresh_county, listening, replay, same
from tests.store.histories import OPENING, Move, histories, tell

PLACES = ("projecting", "moving", "writing", "committed", "killed")


class Crash(BaseException):
    """The process goes away: nothing that handles ordinary exceptions may handle it."""


class Mortal(Engine):
    """Dies at the next place of its plan: after so many pages (or, while projecting, events)."""

    plan: Iterator[tuple[str, int]] = iter(())

    def __init__(self, address: str, service: Coordination, **how: Any) -> None:
        super().__init__(address, service.record.outer, wanted=listening(self._hears), **how)
        self._killer = psycopg.connect(address, autocommit=True)
        self._next = next(self.plan, None)
        self._ended = False

    def close(self) -> None:
        super().close()
        self._killer.close()

    def _reached(self, place: str) -> None:
        if self._next is None or self._next[0] != place or self._ended:
            return
        place, left = self._next
        self._next = (place, left - 1)
        if left > 0:
            return
        if place != "killed":
            self._next = next(self.plan, None)
            raise Crash
        ended = self._killer.execute(
            "select pg_terminate_backend(%s, 5000)", [self.connection.info.backend_pid]
        )
        assert ended.fetchone() == (True,)

    def _hears(self, change: Change) -> None:
        self._reached("projecting")
        self._reached("killed")

    def _move(self, position: int) -> None:
        super()._move(position)
        self._reached("moving")

    def _settle(self, run: PageRun, position: int) -> None:
        self._reached("committed")
        super()._settle(run, position)


@pytest.fixture(autouse=True)
def _writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a part of a page was written, before the page is committed."""
    write = PageRun.write

    def written(run: PageRun) -> None:
        write(run)
        if isinstance(run.engine, Mortal):
            run.engine._reached("writing")

    monkeypatch.setattr(PageRun, "write", written)


def live_through(plan: Iterable[tuple[str, int]], address: str, service: Coordination, page: int) -> int:
    """Catches up however often it dies; one whose connection was ended is replaced. How often it died."""
    died = 0
    Mortal.plan = iter(plan)
    engine = Mortal(address, service, page_size=page)
    try:
        while True:
            try:
                engine.catch_up()
                return died
            except (Crash, psycopg.OperationalError):
                died += 1
            if engine.connection.broken:
                engine.close()
                engine = Mortal(address, service, page_size=page)
    finally:
        engine.close()


@pytest.mark.parametrize("place", PLACES)
def test_it_dies_where_it_should_and_goes_on(database: str, county: Coordination, place: str) -> None:
    tell(county, OPENING, [20], lambda: None)
    second = 1 if place in ("moving", "writing", "committed") else 12
    assert live_through([(place, 0), (place, second)], database, county, page=9) == 2
    replay(database, county, "again")
    same(contents(database), contents(database, "again"))


@settings(
    max_examples=7,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    moves=histories(40),
    page=st.integers(1, 40),
    plan=st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 30)), min_size=1, max_size=6),
)
def test_a_crash_anywhere_loses_and_doubles_nothing(
    postgres: str, template: str, tmp_path: Path, moves: list[Move], page: int, plan: list[tuple[str, int]]
) -> None:
    with fresh_county(postgres, template, tmp_path / "keys.json") as (address, county):
        tell(county, moves, [20], lambda: None)
        live_through(plan, address, county, page)
        replay(address, county, "again")
        same(contents(address), contents(address, "again"))
