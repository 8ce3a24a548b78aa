"""The figures that Python makes of the rows of the waiting-time statements. The statements themselves are tested on
PostgreSQL (test_waits_recounted and the mutants of the SQL). No database."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.clocks import ENDINGS, METRIC_VERSION
from coordination.errors import Refusal
from projections.waiting_times.figures import (
    completed_of,
    waiting_of,
)
from projections.waiting_times.queries.months import (
    LONGEST,
    Months,
    _add_standing,
    _back,
    _firsts,
    _last_of,
    _MonthTally,
)
from projections.waiting_times.queries.overview import (
    OverviewCriteria,
    SchoolRow,
    _number,
    _schools,
    _services,
)
from projections.waiting_times.queries.report import (
    WaitingTimesCriteria,
    _tallies,
    group_of,
    label,
    service_and_standard,
)
from projections.waiting_times.queries.standards import version_in_force
from projections.waiting_times.queries.versions import metric_version_of
from projections.waiting_times.queries.waits import line_of
from projections.waiting_times.tally import total_of
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, CAMHS, GWYNEDD, NURSE, OTHER_SCHOOL
from tests.projections.waiting_rows import (
    CAMHS_CODE,
    CHANGED,
    DAY,
    IN_TERM,
    NEW_SCHOOL,
    VERSION,
    day,
    directory,
    in_term,
    lengths,
    row,
    side,
    standard,
    wait,
)

# Which standard


def test_the_standard_is_the_version_of_the_day_of_the_report() -> None:
    known = directory()
    for as_of, limit in ((CHANGED - timedelta(1), 28), (CHANGED, 14)):
        assert version_in_force(known, CAMHS, "first_appointment", as_of).limit == limit
    assert version_in_force(known, CAMHS, "first_appointment", date(2014, 1, 1)).limit == 14, "the last one"


def test_without_a_name_it_is_the_first_standard_of_the_service() -> None:
    known = directory()
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY)
    assert service_and_standard(known, ask) == (CAMHS, "first_appointment")
    without = next(s for s in known.services if not known.standards_of(s.id))
    ask = WaitingTimesCriteria(service=without.code, as_of=DAY)
    assert service_and_standard(known, ask) == (without.id, "none"), "no standard set"


@pytest.mark.parametrize("code", ["none", "not_received", "not_sent"])
def test_every_service_has_the_clocks_that_are_built_in(code: str) -> None:
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, standard=code)
    assert service_and_standard(directory(), ask) == (CAMHS, code)
    found = version_in_force(directory(), CAMHS, code, DAY)
    assert (found.code, found.version, found.limit, found.bands, found.unit) == (
        code, None, None, (), "calendar_days",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"service": "S-none"}, "unknown_service", "service"),
        ({"standard": "assessment"}, "unknown_standard", "standard"),
        ({"from_on": day(1), "to_on": day(0)}, "ends_before_it_begins", "to_on"),
    ],
)
def test_what_cannot_be_reported(changed: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        service_and_standard(
            directory(), WaitingTimesCriteria(**{"service": CAMHS_CODE, "as_of": DAY, **changed})
        )
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_period_of_one_day_can_be_reported() -> None:
    ask = WaitingTimesCriteria(
        service=CAMHS_CODE, as_of=DAY, from_on=DAY, to_on=DAY, standard="first_appointment"
    )
    assert service_and_standard(directory(), ask)[1] == "first_appointment"


# Groups

BY_SCHOOL = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, by="school")
VERSIONS = {VERSION: standard()}


def test_rows_of_one_group_are_added_and_groups_are_in_order() -> None:
    known = directory()
    numbers = {of: known.organisation(of).code for of in (SCHOOL, OTHER_SCHOOL)}  # type: ignore[union-attr]
    tallies = _tallies(
        [
            row(SCHOOL, "stopped", 2, days=5, began=2),
            row(SCHOOL, "stopped", 1, days=5),
            row(SCHOOL, "stopped", 3, days=40, late=True, began=1),
            row(SCHOOL, "withdrawn", 4, began=4),
            row(SCHOOL, "outside", 9, began=1),
            row(OTHER_SCHOOL, "running", 2, since=day(-10), late=True),
            row(OTHER_SCHOOL, "running", 1, since=day(-7)),
            row(OTHER_SCHOOL, "uncountable", 5),
        ],
        VERSIONS,
        BY_SCHOOL,
        known,
        None,
    )
    assert [key for key, _ in tallies] == sorted(numbers.values())
    ours = group_of("x", tallies[numbers[SCHOOL], VERSION], standard(), 10)
    theirs = group_of("x", tallies[numbers[OTHER_SCHOOL], VERSION], standard(), 10)
    assert ours.completed == completed_of(lengths({5: 3, 40: 3}, 3), standard())
    assert (ours.waiting.count, ours.started, ours.uncountable) == (0, 8, 0)
    assert ours.ended_otherwise == dict.fromkeys(ENDINGS, 0) | {"withdrawn": 4}
    assert theirs.waiting == waiting_of(lengths({10: 2, 7: 1}, 2), standard())
    assert (theirs.completed.count, theirs.uncountable) == (0, 5)
    whole = total_of(tallies.values())
    assert (whole.started, whole.ended_otherwise["withdrawn"], whole.uncountable) == (8, 4, 5)


def test_nothing_is_added_over_versions() -> None:
    weeks = standard(version=CHANGED, unit="weeks", limit=4, bands=(4,))
    rows = [row(SCHOOL, "stopped", days=20), row(SCHOOL, "stopped", days=30, version=CHANGED)]
    tallies = _tallies(rows, {**VERSIONS, CHANGED: weeks}, BY_SCHOOL, directory(), None)
    assert [version for _, version in tallies] == [VERSION, CHANGED]
    assert [tally.stopped.days for tally in tallies.values()] == [{20: 1}, {30: 1}]


def test_a_group_is_named_by_the_code_that_a_reader_knows() -> None:
    known = directory()
    board = known.organisation(BOARD)
    authority = known.organisation(GWYNEDD)
    assert board is not None and authority is not None
    for by in ("need", "age", "language", "priority", "start_month", "end_month"):
        assert label("ASD", by, known) == "ASD"
    assert label(str(CAMHS), "service", known) == label(str(CAMHS), "holder", known) == CAMHS_CODE
    assert label(str(GWYNEDD), "holder", known) == authority.code
    assert label(str(BOARD), "agency", known) == board.code
    assert label(str(BOARD), "board", known) == (board.ods_code or board.code)
    unknown = str(UUID(int=0xDEAD))
    assert label(unknown, "service", known) == label(unknown, "school", known) == unknown


# Side by side

SPAN = OverviewCriteria(as_of=DAY)
LINE = (CAMHS, "first_appointment", VERSION)


def test_services_and_schools_side_by_side() -> None:
    rows = [
        side(CAMHS, SCHOOL, "stopped", 2, days=5),
        side(CAMHS, SCHOOL, "stopped", 1, days=30, late=True),
        side(CAMHS, SCHOOL, "running", 3, since=day(-20), late=True),
        side(CAMHS, SCHOOL, "running", 1, since=day(-5)),
        side(CAMHS, SCHOOL, "running", 1, since=day(-6)),
        side(CAMHS, SCHOOL, "declined", 2, began=2),
    ]
    [service] = _services(rows, {LINE: standard()}, SPAN, directory())
    assert (service.service, service.standard, service.started) == (CAMHS, standard(), 2)
    assert service.completed == completed_of(lengths({5: 2, 30: 1}, 1), standard())
    assert service.waiting == waiting_of(lengths({20: 3, 5: 1, 6: 1}, 3), standard())
    assert service.ended_otherwise["declined"] == 2
    assert _schools(rows, SPAN, directory()) == (
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


def test_every_standard_of_a_service_has_its_line_and_schools_count_the_first() -> None:
    rows = [
        side(NURSE, OTHER_SCHOOL, "stopped", days=5, standard="assessment"),
        side(CAMHS, SCHOOL, "running", since=DAY),
        side(CAMHS, SCHOOL, "running", since=day(-3), standard="not_received", version=None),
        side(CAMHS, SCHOOL, "outside", standard="none", version=None),
    ]
    built_in = standard(code="not_received", version=None, limit=None, bands=())
    versions = {
        LINE: standard(),
        (NURSE, "assessment", VERSION): standard(code="assessment"),
        (CAMHS, "not_received", None): built_in,
        (CAMHS, "none", None): built_in,
    }
    found = _services(rows, versions, SPAN, directory())
    assert [(one.service, one.standard.code, one.completed.count, one.waiting.count) for one in found] == [
        (CAMHS, "first_appointment", 0, 1),
        (CAMHS, "not_received", 0, 1),
        (NURSE, "assessment", 1, 0),
    ]
    schools = _schools(rows, SPAN, directory())
    assert {one.school: (one.completed, one.waiting, one.longest_days) for one in schools} == {
        SCHOOL: (0, 1, 0),
        OTHER_SCHOOL: (1, 0, None),
    }
    codes = [directory().organisation(one.school).code for one in schools]  # type: ignore[union-attr]
    assert codes == sorted(codes)
    assert _number(UUID(int=0xDEAD), directory()) == str(UUID(int=0xDEAD))


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


def test_a_period_ends_by_the_day_of_the_report() -> None:
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, to_on=day(90), from_on=day(-30))
    assert _firsts(ask)[-1] == date(2026, 3, 1)


def test_a_wait_counts_at_each_end_of_a_month_from_its_beginning_until_it_has_ended() -> None:
    usual = {
        "version": VERSION, "sign": 1, "uncountable": False, "calendar": None, "since": None, "first": None, "n": 1,
    }  # fmt: skip
    rows = [
        {**usual, "begun": 0, "late": 1, "ended": 2, "n": 2},
        {**usual, "begun": 1, "late": 5, "ended": 9, "first": date(2026, 2, 1)},
        {**usual, "begun": 3, "late": 0, "ended": 3, "n": 7},
        {**usual, "begun": 1, "late": 5, "ended": 2, "sign": -1},  # ended and reopened
        {**usual, "begun": 0, "late": None, "ended": 9, "uncountable": True, "n": 4},
    ]
    found: Months = defaultdict(_MonthTally)
    firsts = [date(2026, month, 1) for month in (1, 2, 3)]
    _add_standing(found, rows, firsts, [_last_of(first) for first in firsts], directory())
    months = [found[index, VERSION] for index in range(3)]
    assert [month.waiting for month in months] == [2, 2, 1]
    assert [month.over for month in months] == [0, 2, 0]
    assert [month.started for month in months] == [0, 1, 0]
    assert [month.uncountable for month in months] == [4, 4, 4]


# School days, several schools, a health board's code


def test_school_days_are_counted_by_the_terms_of_each_school() -> None:
    known, of_school_days = in_term(), standard(unit="school_days", limit=5, bands=())
    began = date(2026, 2, 20)
    for school in (SCHOOL, OTHER_SCHOOL):
        found = line_of(wait(school=school, unit="school_days", start_on=began), known, IN_TERM)
        assert found.elapsed == (5 if school == SCHOOL else 6), "one day of the school's own was closed"
    waiting = [
        row(school, "running", since=began, calendar=school) for school in (SCHOOL, OTHER_SCHOOL, SCHOOL)
    ]
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=IN_TERM, by="school")
    tallies = _tallies(waiting, {VERSION: of_school_days}, ask, known, None)
    assert {key: tally.running.days for (key, _), tally in tallies.items()} == {
        "6614001": {5: 2},
        "6614002": {6: 1},
    }
    after = msgspec.structs.replace(ask, as_of=date(2026, 3, 28))
    tallies = _tallies(waiting, {VERSION: of_school_days}, after, known, None)
    assert [(tally.running.count, tally.uncountable) for tally in tallies.values()] == [(0, 2), (0, 1)]
    rows = [side(CAMHS, school, "running", since=began) for school in (SCHOOL, OTHER_SCHOOL, SCHOOL)]
    [service] = _services(rows, {LINE: of_school_days}, OverviewCriteria(as_of=IN_TERM), known)
    assert service.waiting == waiting_of(lengths({5: 2, 6: 1}), of_school_days)


def test_schools_are_in_the_order_of_their_numbers() -> None:
    rows = [side(CAMHS, school, "stopped", days=5) for school in (NEW_SCHOOL, OTHER_SCHOOL, SCHOOL)]
    found = _schools(rows, SPAN, in_term())
    assert [one.school for one in found] == [SCHOOL, OTHER_SCHOOL, NEW_SCHOOL]
    assert [_number(one.school, in_term()) for one in found] == ["6614001", "6614002", "6614009"]


def test_a_board_is_named_by_its_ods_code_and_a_group_by_what_is_compared() -> None:
    known = in_term()
    assert (label(str(BOARD), "board", known), label(str(BOARD), "agency", known)) == ("7A1", "BCU")
    ask = WaitingTimesCriteria(service=CAMHS_CODE, as_of=DAY, by="board")
    assert [key for key, _ in _tallies([row(BOARD, "running", since=DAY)], VERSIONS, ask, known, None)] == [
        "7A1"
    ]


# Metric versions


def test_the_metric_version_is_that_of_the_rows() -> None:
    assert metric_version_of([]) == METRIC_VERSION
    assert metric_version_of(["1", "1"]) == "1"
