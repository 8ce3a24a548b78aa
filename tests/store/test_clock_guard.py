"""A clock that runs far ahead of the record writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from coordination.errors import Refusal
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.clock_guard import USUAL, ClockGuard
from coordination.store.keys import load_or_make
from coordination.store.migrate import APPEND, as_role
from tests.county import build, register

LAST = datetime(2026, 3, 2, 9, tzinfo=UTC)
AHEAD = timedelta(days=100)


def refused(guard: ClockGuard, at: datetime, newest: datetime | None = LAST) -> bool:
    try:
        guard.check(at, lambda: newest)
    except Refusal as refusal:
        assert refusal.code == "clock_ahead"
        return True
    return False


def test_the_last_instant_and_the_next() -> None:
    assert not refused(ClockGuard(AHEAD), LAST + AHEAD)
    assert refused(ClockGuard(AHEAD), LAST + AHEAD + timedelta(microseconds=1))


def test_an_empty_record_takes_any_time() -> None:
    assert not refused(ClockGuard(AHEAD), LAST, newest=None)


def test_the_record_is_asked_again_before_refusing() -> None:
    """Another process may have recorded meanwhile; the clock itself never moves the border by being wrong."""
    guard = ClockGuard(AHEAD)
    assert not refused(guard, LAST)
    later = LAST + timedelta(days=150)
    assert not refused(guard, later, newest=LAST + timedelta(days=60))
    wrong = later + timedelta(days=400)
    assert refused(guard, wrong, newest=later)
    assert refused(guard, wrong, newest=later)


@pytest.mark.parametrize(("said", "days"), [(None, USUAL.days), ("7", 7)])
def test_the_setting(said: str | None, days: int) -> None:
    guard = ClockGuard.from_environment({"CYDLYNU_CLOCK_AHEAD": said} if said else {})
    assert guard is not None
    assert not refused(guard, LAST + timedelta(days=days))
    assert refused(guard, LAST + timedelta(days=days, seconds=1))


def test_none_at_all() -> None:
    assert ClockGuard.from_environment({"CYDLYNU_CLOCK_AHEAD": "0"}) is None


@pytest.fixture
def guarded(database: str, tmp_path: Path) -> Iterator[Coordination]:
    record = Record(as_role(database, APPEND), load_or_make(tmp_path / "keys"), clock=ClockGuard(AHEAD))
    yield Coordination(record)
    record.close()


def test_nothing_is_recorded(guarded: Coordination) -> None:
    build(guarded)
    last = guarded.record.last_position()
    newest = guarded.record.newest_entry()
    assert newest is not None
    with pytest.raises(Refusal) as refusal:
        register(guarded, on=newest.date() + timedelta(days=102))
    assert refusal.value.code == "clock_ahead"
    assert guarded.record.last_position() == last
    register(guarded, on=date.fromordinal(newest.date().toordinal() + 99))
    assert guarded.record.last_position() > last
