"""The figures that Python makes of the rows of the waiting-time statements. The statements themselves are tested on
PostgreSQL (test_waits_recounted and the mutants of the SQL). No database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clocks import METRIC_VERSION
from coordination.directory.commands import SetStandard
from coordination.directory.state import Directory, Standard
from coordination.errors import Refusal
from projections.waiting_times.queries.months import LONGEST, _back, _firsts, _last_of, _standing
from projections.waiting_times.queries.overview import (
    OverviewCriteria,
    SchoolRow,
    _first_standards,
    _number,
    _schools,
    _services,
)
from projections.waiting_times.queries.report import (
    CompletedWaits,
    OpenWaits,
    WaitBand,
    WaitingTimesCriteria,
    WaitingTimesGroup,
    _groups,
    completed_of,
    in_force,
    label,
    percent,
    percentile,
    service_and_standard,
    waiting_of,
)
from projections.waiting_times.queries.versions import is_mixed, metric_version_of
from projections.waiting_times.queries.waits import (
    ClockHistory,
    EntryReview,
    WaitEntry,
    WaitPeriod,
    WaitRow,
    WaitVersion,
    _clock,
    _entries,
    _line,
)
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, CAMHS, FIRST_APPOINTMENT, NURSE, OTHER_SCHOOL, world
from tests.pupil.case import REFERRAL

DAY = date(2026, 3, 2)
CAMHS_CODE = "S-camhs"
CHANGED = date(2026, 2, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def directory(**changed: Any) -> Directory:
    """CAMHS has 28 days to the first appointment; from February 2026, 14."""
    shorter = {
        "occurred_on": DAY, "organisation": BOARD, "service": CAMHS, "code": "first_appointment", "start": "received",
        "stop": "first_contact", "limit": 14, "unit": "calendar_days", "effective_from": CHANGED, "source": "x",
    }  # fmt: skip
    older = {"limit": 28, "effective_from": date(2015, 1, 1), "effective_to": CHANGED - timedelta(1)}
    until = SetStandard(**{**shorter, **older})
    weeks = {
        "service": NURSE,
        "code": "assessment",
        "stop": "assessed",
        "limit": 8,
        "unit": "weeks",
        "bands": (4, 8),
    }
    other = SetStandard(**{**shorter, **weeks})
    return world(FIRST_APPOINTMENT, until, SetStandard(**shorter), other).directory


def standard(**changed: Any) -> Standard:
    usual = {
        "code": "first_appointment", "service": CAMHS, "start": "received", "stop": "first_contact", "limit": 28,
        "unit": "calendar_days", "effective_from": date(2015, 1, 1), "source": "x", "bands": (7, 28),
        "effective_to": None, "legal_route": None, "target_percent": None,
    }  # fmt: skip
    return Standard(**{**usual, **changed})


# Shares and percentiles


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (0, 0, None),
        (0, 3, 0.0),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (3, 3, 100.0),
        (1, 2000, 0.1),
        (1, 2001, 0.0),
        (1, 1, 100.0),
    ],
)
def test_a_share_has_one_decimal_place_and_halves_go_up(part: int, whole: int, share: float | None) -> None:
    assert percent(part, whole) == share


def test_a_percentile_lies_between_the_days_beside_it() -> None:
    assert percentile(Counter(), 0.5) is None
    assert percentile(Counter({3: 1}), 0.95) == 3.0
    assert percentile(Counter({1: 1, 2: 1}), 0.5) == 1.5
    assert percentile(Counter({1: 2, 10: 1}), 0.5) == 1.0
    assert percentile(Counter({10: 1, 1: 1, 4: 1}), 0.5) == 4.0
    assert percentile(Counter({0: 1, 100: 1}), 0.95) == 95.0
    assert percentile(Counter({0: 1, 1: 1}), 0.25) == 0.3, "a half goes away from 0"
    assert percentile(Counter(range(21)), 0.95) == 19.0


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_half_of_the_waits_are_no_longer_than_the_median(days: list[int]) -> None:
    assert percentile(Counter(days), 0.5) == median(days)


def test_completed_waits_are_counted_in_bands_that_touch() -> None:
    assert completed_of(Counter({7: 2, 8: 1, 28: 3, 29: 4}), 6, standard()) == CompletedWaits(
        count=10,
        within_standard=6,
        percent_within_standard=60.0,
        median_days=28.0,
        p95_days=29.0,
        bands=(WaitBand(None, 7, 2), WaitBand(7, 28, 4), WaitBand(28, None, 4)),
    )
    weeks = completed_of(Counter({28: 1, 29: 1, 57: 1}), 2, standard(unit="weeks", bands=(4, 8)))
    assert weeks.bands == (WaitBand(None, 4, 1), WaitBand(4, 8, 1), WaitBand(8, None, 1))
    none = completed_of(Counter(), 0, standard(bands=()))
    assert none == CompletedWaits(0, 0, None, None, None, (WaitBand(None, None, 0),))


def test_open_waits_have_a_median_and_the_longest() -> None:
    assert waiting_of(Counter({4: 1, 9: 2}), 2) == OpenWaits(3, 2, 9.0, 9)
    assert waiting_of(Counter(), 0) == OpenWaits(0, 0, None, None)


# Which standard


def test_the_standard_is_the_version_of_the_day_of_the_report() -> None:
    known = directory()
    for as_of, limit in ((CHANGED - timedelta(1), 28), (CHANGED, 14)):
        ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=as_of)
        service, found = service_and_standard(known, ask)
        assert (service, found.code, found.limit) == (CAMHS, "first_appointment", limit)
    versions = known.standards_of(CAMHS)
    assert in_force(known, versions, "first_appointment", date(2014, 1, 1)).limit == 14, "the last one"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"service": "S-none"}, "unknown_service", "service"),
        ({"standard": "none"}, "unknown_standard", "standard"),
        ({"service": "S-counselling"}, "no_standard", "standard"),
        ({"from_on": day(1), "to_on": day(0)}, "ends_before_it_begins", "to_on"),
    ],
)
def test_what_cannot_be_reported(changed: dict[str, Any], code: str, field: str) -> None:
    known = directory()
    if changed.get("service") == "S-counselling":
        changed = {"service": next(s.code for s in known.services if not known.standards_of(s.id))}
    with pytest.raises(Refusal) as refused:
        service_and_standard(known, WaitingTimesCriteria(**{"service": CAMHS_CODE, "as_of": DAY, **changed}))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_period_of_one_day_can_be_reported() -> None:
    ask = WaitingTimesCriteria(
        service=CAMHS_CODE, as_of=DAY, from_on=DAY, to_on=DAY, standard="first_appointment"
    )
    assert service_and_standard(directory(), ask)[1].code == "first_appointment"


# Groups


def row(key: object, days: int, n: int = 1, **more: Any) -> dict[str, Any]:
    return {"key": str(key), "days": days, "n": n, "within": False, "calendar": None, "over": False, **more}


def test_rows_of_one_group_are_added_and_groups_are_in_order() -> None:
    begun = (DAY - timedelta(10)).toordinal()
    groups = _groups(
        [row(SCHOOL, 5, 2, within=True), row(SCHOOL, 5, 1, within=True), row(SCHOOL, 40, 3)],
        [row(OTHER_SCHOOL, 0, 2, begun=begun, over=True), row(OTHER_SCHOOL, 0, 1, begun=begun + 3)],
        standard(),
        WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, by="school"),
        directory(),
    )
    numbers = sorted(directory().organisation(of).code for of in (SCHOOL, OTHER_SCHOOL))  # type: ignore[union-attr]
    assert [group.key for group in groups] == numbers
    by_key = {group.key: group for group in groups}
    ours = by_key[directory().organisation(SCHOOL).code]  # type: ignore[union-attr]
    theirs = by_key[directory().organisation(OTHER_SCHOOL).code]  # type: ignore[union-attr]
    assert ours.completed == completed_of(Counter({5: 3, 40: 3}), 3, standard())
    assert ours.waiting == OpenWaits(0, 0, None, None)
    assert theirs.waiting == waiting_of(Counter({10: 2, 7: 1}), 2)
    assert theirs.completed.count == 0


def test_a_service_without_a_wait_is_still_a_group() -> None:
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY)
    [only] = _groups([], [], standard(), ask, directory())
    assert only == WaitingTimesGroup(
        CAMHS_CODE, completed_of(Counter(), 0, standard()), waiting_of(Counter(), 0)
    )
    assert (
        _groups(
            [], [], standard(), WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, by="need"), directory()
        )
        == ()
    )


def test_a_group_is_named_by_the_code_that_a_reader_knows() -> None:
    known = directory()
    board = known.organisation(BOARD)
    assert board is not None
    assert label("ASD", "need", known) == "ASD"
    assert label(str(CAMHS), "service", known) == CAMHS_CODE
    assert label(str(BOARD), "agency", known) == board.code
    assert label(str(BOARD), "board", known) == (board.ods_code or board.code)
    unknown = str(UUID(int=0xDEAD))
    assert label(unknown, "service", known) == label(unknown, "school", known) == unknown


# Side by side


def test_services_and_schools_side_by_side() -> None:
    known, span = directory(), OverviewCriteria(as_of=DAY)
    standards = _first_standards(known, DAY, None)
    assert {service: found.limit for service, found in standards.items()} == {CAMHS: 14, NURSE: 8}
    assert list(_first_standards(known, DAY, [NURSE])) == [NURSE]
    completed = [
        {"service": CAMHS, "school": SCHOOL, "days": 5, "within": True, "n": 2},
        {"service": CAMHS, "school": SCHOOL, "days": 30, "within": False, "n": 1},
    ]
    begun = (DAY - timedelta(20)).toordinal()
    waiting = [
        {"service": CAMHS, "school": SCHOOL, "start_on": day(-20), "begun": begun, "over": True, "n": 3},
        {"service": CAMHS, "school": SCHOOL, "start_on": day(-5), "begun": begun + 15, "over": False, "n": 1},
        {"service": CAMHS, "school": SCHOOL, "start_on": day(-6), "begun": begun + 14, "over": False, "n": 1},
    ]
    [service] = _services(completed, waiting, standards, span, known)
    assert (service.service, service.standard) == (CAMHS, standards[CAMHS])
    assert service.completed == completed_of(Counter({5: 2, 30: 1}), 2, standards[CAMHS])
    assert service.waiting == waiting_of(Counter({20: 3, 5: 1, 6: 1}), 3)
    assert _schools(completed, waiting, span, known) == (
        SchoolRow(
            school=SCHOOL,
            completed=3,
            within_standard=2,
            percent_within_standard=66.7,
            waiting=5,
            over_standard=3,
            longest_days=20,
        ),
    )


def test_a_school_or_service_appears_for_either_kind_of_wait() -> None:
    known, span = directory(), OverviewCriteria(as_of=DAY)
    standards = _first_standards(known, DAY, None)
    ended = [{"service": NURSE, "school": OTHER_SCHOOL, "days": 5, "within": True, "n": 1}]
    begun = {"start_on": DAY, "begun": DAY.toordinal(), "over": False, "n": 1}
    running = [{"service": CAMHS, "school": SCHOOL, **begun}]
    found = _services(ended, running, standards, span, known)
    assert [(one.service, one.completed.count, one.waiting.count) for one in found] == [
        (CAMHS, 0, 1),
        (NURSE, 1, 0),
    ]
    schools = _schools(ended, running, span, known)
    assert {one.school: (one.completed, one.waiting, one.longest_days) for one in schools} == {
        SCHOOL: (0, 1, 0),
        OTHER_SCHOOL: (1, 0, None),
    }
    codes = [known.organisation(one.school).code for one in schools]  # type: ignore[union-attr]
    assert codes == sorted(codes)
    assert _number(UUID(int=0xDEAD), known) == str(UUID(int=0xDEAD))


# Months


def test_the_months_of_a_period() -> None:
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=date(2026, 3, 15), from_on=date(2026, 1, 31))
    assert _firsts(ask) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    year = _firsts(WaitingTimesCriteria(service=CAMHS_CODE, as_of=date(2026, 3, 15), to_on=date(2026, 2, 1)))
    assert (len(year), year[0], year[-1]) == (12, date(2025, 3, 1), date(2026, 2, 1))
    long = _firsts(WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, from_on=date(2000, 1, 1)))
    assert (len(long), long[-1]) == (LONGEST, date(2026, 3, 1))
    assert _firsts(WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, from_on=date(2026, 4, 1))) == []
    first_of_all = WaitingTimesCriteria(service=CAMHS_CODE, as_of=date(1, 2, 1), from_on=date.min)
    assert _firsts(first_of_all) == [date(1, 1, 1), date(1, 2, 1)]
    assert _firsts(WaitingTimesCriteria(service=CAMHS_CODE, as_of=date(1, 2, 1))) == [
        date(1, 1, 1),
        date(1, 2, 1),
    ]
    assert (_last_of(date(2024, 2, 1)), _last_of(date(2026, 12, 1))) == (
        date(2024, 2, 29),
        date(2026, 12, 31),
    )
    assert (_back(date(2026, 1, 1), 1), _back(date(2026, 12, 1), 11)) == (date(2025, 12, 1), date(2026, 1, 1))
    assert _back(date(1, 3, 1), 5) == date(1, 1, 1)


def test_a_wait_counts_at_each_end_of_a_month_from_its_beginning_until_it_has_ended() -> None:
    rows = [
        {"begun": 0, "late": 1, "ended": 2, "n": 2},
        {"begun": 1, "late": 5, "ended": 9, "n": 1},
        {"begun": 3, "late": 0, "ended": 3, "n": 7},
    ]
    assert _standing(rows, 3) == ([2, 3, 1], [0, 2, 0])


# One wait


def wait(**changed: Any) -> dict[str, Any]:
    usual = {
        "referral": REFERRAL, "pupil": UUID(int=1), "school": SCHOOL, "service": CAMHS, "standard": "first_appointment",
        "start_on": day(0), "start_ordinal": day(0).toordinal(), "due_on": day(28), "stop_on": None, "ended_on": None,
        "unconfirmed": 1, "stretch_party": ["agency", "family", "agency"],
        "stretch_from": [day(0), day(10), day(20)], "stretch_until": [day(10), day(20), None],
        "known_from": 5, "known_to": None, "known_at": datetime(2026, 3, 2, tzinfo=UTC),
    }  # fmt: skip
    return {**usual, **changed}


def line(as_of: date, *, running: bool, **changed: Any) -> WaitRow:
    return _line(wait(**changed), standard(), directory(), as_of, running=running)


def test_a_running_wait_is_cut_off_at_the_day() -> None:
    found = line(day(28), running=True, stop_on=day(40))
    assert (found.elapsed, found.late, found.stop_on, found.ended_on, found.unconfirmed) == (
        28,
        False,
        None,
        None,
        1,
    )
    assert (found.referral, found.pupil, found.school, found.service) == (
        REFERRAL,
        UUID(int=1),
        SCHOOL,
        CAMHS,
    )
    assert (found.start_on, found.due_on) == (day(0), day(28))
    assert line(day(29), running=True).late
    assert line(day(12), running=True).stretches == (
        WaitPeriod(party="agency", since=day(0), until=day(10)),
        WaitPeriod(party="family", since=day(10), until=None),
    )


def test_a_wait_that_ended_is_cut_off_at_its_end() -> None:
    stopped = line(day(60), running=False, stop_on=day(30))
    assert (stopped.elapsed, stopped.late, stopped.stop_on, stopped.ended_on) == (30, True, day(30), None)
    assert stopped.stretches[-1] == WaitPeriod(party="agency", since=day(20), until=day(30))
    ended = line(day(60), running=False, ended_on=day(20))
    assert (ended.elapsed, ended.stop_on, ended.ended_on) == (20, None, day(20))
    assert [(one.since, one.until) for one in ended.stretches] == [
        (day(0), day(10)), (day(10), day(20)), (day(20), day(20)),
    ]  # fmt: skip
    assert [one.until for one in line(day(5), running=False).stretches] == [None]
    assert line(day(-5), running=False).elapsed == 0
    assert line(day(5), running=False).elapsed == 5


def test_a_clock_shows_the_line_that_was_known_and_every_version() -> None:
    older = wait(known_from=2, known_to=5, due_on=day(27))
    clock = _clock([wait(), older], directory(), day(3), 9)
    assert clock.standard.limit == 14, "that of the day on which it began"
    shown = _line(wait(), clock.standard, directory(), day(3), running=True)
    assert clock == ClockHistory(
        standard=clock.standard,
        line=shown,
        versions=tuple(
            WaitVersion(
                line=_line(one, clock.standard, directory(), day(3), running=False),
                known_from=one["known_from"],
                known_to=one["known_to"],
                known_at=one["known_at"],
            )
            for one in (wait(), older)
        ),
    )
    assert _clock([wait()], directory(), day(0), 9).line is not None
    assert _clock([wait()], directory(), day(-1), 9).line is None, "not begun"
    assert _clock([wait(known_to=9)], directory(), day(3), 9).line is None, "no longer counted"
    assert _clock([wait(known_to=10)], directory(), day(3), 9).line is not None
    for end in ("stop_on", "ended_on"):
        after = _clock([wait(**{end: day(3)})], directory(), day(3), 9).line
        before = _clock([wait(**{end: day(4)})], directory(), day(3), 9).line
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


# Metric versions


def test_versions_are_named_once_and_in_order() -> None:
    assert metric_version_of([]) == METRIC_VERSION
    assert metric_version_of(["1", "1"]) == "1"
    assert metric_version_of(["10", "2, 1", "2"]) == "1, 2, 10"
    assert is_mixed("1, 2") and not is_mixed("12")
