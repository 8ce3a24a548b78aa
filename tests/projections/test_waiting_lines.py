"""One wait, its clocks and entries, made of the rows of the waiting-time statements. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.commands import SetSchoolTerm
from projections.waiting_times.queries.history import (
    ClockHistory,
    EntryReview,
    WaitEntry,
    WaitVersion,
    _clock,
    _entries,
)
from projections.waiting_times.queries.waits import WaitPeriod, line_of
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, CAMHS, NURSE, world
from tests.projections.waiting_rows import (
    DAY,
    day,
    directory,
    line,
    wait,
)
from tests.pupil.case import REFERRAL

# One wait


def test_a_running_wait_is_cut_off_at_the_day() -> None:
    found = line(day(28), end_on=day(40), ending="stopped")
    assert (found.elapsed, found.late, found.stop_on, found.ended_on, found.ending, found.unconfirmed) == (
        28, False, None, None, None, 1,
    )  # fmt: skip
    assert (found.referral, found.number, found.pupil, found.school, found.service) == (
        REFERRAL, 1, UUID(int=1), SCHOOL, CAMHS,
    )  # fmt: skip
    assert (found.start_on, found.due_on) == (day(0), day(28))
    assert line(day(29)).late
    assert line(day(12)).stretches == (
        WaitPeriod(party="agency", service=CAMHS, since=day(0), until=day(10)),
        WaitPeriod(party="family", service=None, since=day(10), until=None),
    )


def test_a_wait_that_ended_is_cut_off_at_its_end() -> None:
    stopped = line(day(60), end_on=day(30), ending="stopped")
    assert (stopped.elapsed, stopped.late, stopped.stop_on, stopped.ended_on) == (30, True, day(30), None)
    assert stopped.stretches[-1] == WaitPeriod(party="agency", service=CAMHS, since=day(20), until=day(30))
    ended = line(day(60), end_on=day(20), ending="withdrawn")
    assert (ended.elapsed, ended.stop_on, ended.ended_on, ended.ending) == (20, None, day(20), "withdrawn")
    assert [(one.since, one.until) for one in ended.stretches] == [
        (day(0), day(10)), (day(10), day(20)), (day(20), day(20)),
    ]  # fmt: skip
    assert [one.until for one in line(day(5)).stretches] == [None]
    assert line(day(5)).elapsed == 5


@pytest.mark.parametrize(
    ("on", "ending", "ended_on"),
    [(9, None, None), (10, "withdrawn", 10), (19, "withdrawn", 10), (20, None, None)],
)
def test_between_an_ending_and_a_reopening_nobody_waits(
    on: int, ending: str | None, ended_on: int | None
) -> None:
    found = line(day(on), gap_from=[day(10)], gap_until=[day(20)], gap_ending=["withdrawn"])
    assert (found.ending, found.ended_on) == (ending, None if ended_on is None else day(ended_on))
    assert found.elapsed == (on if ended_on is None else ended_on)


def test_a_wait_says_what_it_inherited_and_from_whom() -> None:
    found = line(day(30), begins_on=day(12), inherited_days=12, inherited_from=NURSE)
    assert (found.begins_on, found.inherited_days, found.inherited_from) == (day(12), 12, NURSE)
    assert found.elapsed == 30, "from the start of the clock"


def test_a_clock_shows_the_line_that_was_known_and_every_version() -> None:
    older = wait(known_from=2, known_to=5, due_on=day(27))
    clock = _clock([wait(), older], directory(), day(3), 9)
    assert clock.standard.limit == 28, "as the row has it"
    assert clock == ClockHistory(
        standard=clock.standard,
        line=line(day(3)),
        versions=tuple(
            WaitVersion(
                line=line_of(one, directory(), day(3)),
                known_from=one["known_from"],
                known_to=one["known_to"],
                known_at=one["known_at"],
            )
            for one in (wait(), older)
        ),
    )
    assert _clock([wait()], directory(), day(0), 9).line is not None
    assert _clock([wait()], directory(), day(-1), 9).line is None, "not begun"
    assert _clock([wait(begins_on=day(4))], directory(), day(3), 9).line is None, "not yet with this holder"
    assert _clock([wait(known_to=9)], directory(), day(3), 9).line is None, "no longer counted"
    assert _clock([wait(known_to=10)], directory(), day(3), 9).line is not None
    for ending, end in (("stopped", "stop_on"), ("declined", "ended_on")):
        after = _clock([wait(end_on=day(3), ending=ending)], directory(), day(3), 9).line
        before = _clock([wait(end_on=day(4), ending=ending)], directory(), day(3), 9).line
        assert after is not None and before is not None
        assert (getattr(after, end), getattr(before, end)) == (day(3), None)


def test_what_was_said_of_an_entry_belongs_to_it() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)

    def entry(version: int, kind: str, about: int | None = None, **more: Any) -> dict[str, Any]:
        usual = {"occurred_on": day(version), "recorded_at": at, "organisation": BOARD, "word": "own"}
        return {
            "version": version,
            "kind": kind,
            "about": about,
            "says_on": None,
            "until": None,
            **usual,
            **more,
        }

    rows = [
        entry(2, "received", word="reported"),
        entry(7, "milestone_contested", 2, says_on=day(1)),
        entry(5, "milestone_confirmed", 2),
        entry(6, "received", 2),
        entry(8, "entry_struck", 6),
        entry(9, "unavailable", says_on=day(1), until=day(4)),
    ]
    found = _entries(rows, day(9))

    def review(what: Any, version: int, says_on: date | None = None) -> EntryReview:
        return EntryReview(
            what=what,
            by_version=version,
            organisation=BOARD,
            occurred_on=day(version),
            recorded_at=at,
            says_on=says_on,
        )

    def shown(version: int, kind: str, *said: EntryReview, **more: Any) -> WaitEntry:
        usual = {"word": "own", "corrects": None, "says_on": None, "until": None}
        return WaitEntry(
            version=version, kind=kind, occurred_on=day(version), recorded_at=at, organisation=BOARD, said=said,
            **{**usual, **more},
        )  # fmt: skip

    assert found == (
        shown(
            2, "received", review("confirmed", 5), review("corrected", 6), review("contested", 7, day(1)),
            word="reported",
        ),
        shown(6, "received", review("struck", 8), corrects=2),
        shown(9, "unavailable", says_on=day(1), until=day(4)),
    )  # fmt: skip
    assert [one.counts for one in found] == [False, False, True]
    assert [one.version for one in _entries(rows, day(6))] == [2, 6]
    assert [one.version for one in _entries(rows, day(5))] == [2]


def test_a_version_of_a_clock_shows_its_end_whatever_the_day() -> None:
    stopped = wait(end_on=day(20), ending="stopped")
    [version] = _clock([stopped], directory(), day(3), 9).versions
    assert (version.line.stop_on, version.line.elapsed) == (day(20), 20)
    assert [one.until for one in version.line.stretches] == [day(10), day(20), day(20)]
    cut = line(day(20), stretch_until=[day(10), day(20), None])
    assert [one.until for one in cut.stretches] == [day(10), day(20), None]


def test_the_parts_of_a_wait_belong_together() -> None:
    with pytest.raises(ValueError, match="zip"):
        line(day(20), stretch_from=[day(0)])


def test_a_clock_of_school_days_asks_for_the_schools_terms() -> None:
    term = SetSchoolTerm(
        occurred_on=DAY, organisation=SCHOOL, first_day=date(2026, 2, 16), last_day=date(2026, 3, 27)
    )
    known = world(term).directory
    one = wait(unit="school_days", end_on=day(2), ending="stopped")
    clock = _clock([one], known, day(1), 9)
    assert clock.line is not None
    assert (clock.line.elapsed, clock.versions[0].line.elapsed) == (1, 2)
    assert line_of(wait(unit="school_days"), known, date(2026, 3, 28)).elapsed is None, "after the last term"
    assert line_of(wait(unit="school_days"), world().directory, day(1)).elapsed is None, "no terms"
