"""The figures that Python makes of the rows of the waiting-time statements. The statements themselves are tested on
PostgreSQL (test_waits_recounted and the mutants of the SQL). No database."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clocks import METRIC_VERSION
from coordination.directory.commands import SetStandard
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
    _line,
)
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, CAMHS, FIRST_APPOINTMENT, NURSE, OTHER_SCHOOL, world
from tests.projections.waiting_rows import (
    CAMHS_CODE,
    CHANGED,
    DAY,
    IN_TERM,
    NEW_SCHOOL,
    day,
    directory,
    in_term,
    row,
    standard,
    wait,
)

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


def test_without_a_name_it_is_the_first_standard_of_the_service() -> None:
    later = SetStandard(
        occurred_on=DAY,
        organisation=BOARD,
        service=CAMHS,
        code="assessment",
        start="received",
        stop="assessed",
        limit=9,
        unit="weeks",
        effective_from=day(100),
        source="x",
    )
    known = world(FIRST_APPOINTMENT, later).directory
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY)
    assert service_and_standard(known, ask)[1].code == "first_appointment"
    for on in (DAY, day(100)):
        assert in_force(known, known.standards_of(CAMHS), "assessment", on).limit == 9


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


# School days, several schools, a health board's code


def test_school_days_are_counted_by_the_terms_of_each_school() -> None:
    known, of_school_days = in_term(), standard(unit="school_days", limit=5, bands=())
    began = date(2026, 2, 20)
    ordinals = {}
    for school in (SCHOOL, OTHER_SCHOOL):
        days = known.school_days(school)
        assert days is not None
        ordinals[school] = days.ordinal(began)
        one = wait(school=school, start_on=began, start_ordinal=ordinals[school])
        found = _line(one, of_school_days, known, IN_TERM, running=True)
        assert found.elapsed == (5 if school == SCHOOL else 6), "one day of the school's own was closed"
    assert ordinals[SCHOOL] != ordinals[OTHER_SCHOOL]
    waiting = [
        row(school, 0, begun=ordinals[school], calendar=school) for school in (SCHOOL, OTHER_SCHOOL, SCHOOL)
    ]
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=IN_TERM, by="school")
    groups = _groups([], waiting, of_school_days, ask, known)
    assert [(one.key, one.waiting) for one in groups] == [
        ("6614001", waiting_of(Counter({5: 2}), 0)),
        ("6614002", waiting_of(Counter({6: 1}), 0)),
    ]
    rows = [
        {
            "service": CAMHS,
            "school": school,
            "start_on": began,
            "begun": ordinals[school],
            "over": False,
            "n": 1,
        }
        for school in (SCHOOL, OTHER_SCHOOL, SCHOOL)
    ]
    [service] = _services([], rows, {CAMHS: of_school_days}, OverviewCriteria(as_of=IN_TERM), known)
    assert service.waiting == waiting_of(Counter({5: 2, 6: 1}), 0)


def test_rows_of_one_length_are_added() -> None:
    ended = {"service": CAMHS, "school": SCHOOL, "days": 5, "within": True, "n": 1}
    begun = {"start_on": DAY, "begun": DAY.toordinal(), "over": True, "n": 2}
    running = {"service": CAMHS, "school": SCHOOL, **begun}
    span = OverviewCriteria(as_of=DAY)
    [service] = _services([ended, ended], [running, running], {CAMHS: standard()}, span, directory())
    assert (service.completed.count, service.completed.within_standard) == (2, 2)
    assert (service.waiting.count, service.waiting.over_standard) == (4, 4)
    twice = [row(SCHOOL, 0, 2, begun=DAY.toordinal(), over=True)] * 2
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, by="school")
    [group] = _groups([], twice, standard(), ask, directory())
    assert group.waiting == waiting_of(Counter({0: 4}), 4)
    assert _standing([{"begun": 0, "late": 0, "ended": 1, "n": 2}] * 2, 1) == ([4], [4])


def test_schools_are_in_the_order_of_their_numbers() -> None:
    rows = [
        {"service": CAMHS, "school": school, "days": 5, "within": True, "n": 1}
        for school in (NEW_SCHOOL, OTHER_SCHOOL, SCHOOL)
    ]
    found = _schools(rows, [], OverviewCriteria(as_of=DAY), in_term())
    assert [one.school for one in found] == [SCHOOL, OTHER_SCHOOL, NEW_SCHOOL]
    assert [_number(one.school, in_term()) for one in found] == ["6614001", "6614002", "6614009"]


def test_a_board_is_named_by_its_ods_code_and_a_group_by_what_is_compared() -> None:
    known = in_term()
    assert (label(str(BOARD), "board", known), label(str(BOARD), "agency", known)) == ("7A1", "BCU")
    ended, waiting = [row(BOARD, 5)], [row(BOARD, 0, begun=DAY.toordinal())]
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, by="board")
    assert [one.key for one in _groups(ended, [], standard(), ask, known)] == ["7A1"]
    assert [one.key for one in _groups([], waiting, standard(), ask, known)] == ["7A1"]


# Metric versions


def test_versions_are_named_once_and_in_order() -> None:
    assert metric_version_of([]) == METRIC_VERSION
    assert metric_version_of(["1", "1"]) == "1"
    assert metric_version_of(["10", "2, 1", "2"]) == "1, 2, 10"
    assert is_mixed("1, 2") and not is_mixed("12")
