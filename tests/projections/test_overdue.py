"""Late is the day after the last permitted day, and not that day itself: for every query that uses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.clocks import days_left, overdue
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.service import Coordination
from projections import overdue as in_sql
from projections.case_file.queries import (
    ActionCriteria,
    ActionRow,
    PupilCriteria,
    ReferralCriteria,
    action,
    actions,
    pupil,
    pupils,
    referral,
    referrals,
)
from projections.challenges.queries import delays
from projections.inbox.queries import InboxCriteria, inbox
from projections.reader import Reader
from projections.today.queries import today
from projections.waiting_times.queries import (
    OverviewCriteria,
    WaitingTimesCriteria,
    months,
    overview,
    report,
    wait_history,
    wait_rows,
)
from tests.county import ALNCO, AUDITOR, BOARD, CAMHS, CLINICIAN, PUPIL, SCHOOL, register
from tests.projections.casework import (
    FOR_CAMHS,
    SECOND,
    SECOND_UPN,
    TO_CAMHS,
    RecordedCase,
    day,
    known_story,
    viewer,
)
from tests.projections.replays import engine_on, fresh_county
from tests.readers import readers

LAST = day(28)
"""The last permitted day of the referral to CAMHS: received on day 0, 28 days."""
ACTION_LAST = day(40)
"""The day by which FOR_CAMHS is to be done."""
ON_THE_DAY, A_DAY_LATE = UUID(int=0xD11), UUID(int=0xD12)
"""Two more referrals to CAMHS, which stopped on their last permitted day and on the day after."""

each = pytest.mark.parametrize(("after", "late"), [(0, False), (1, True)])
"""The last permitted day, and the day after."""


@pytest.fixture(scope="module")
def known(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RecordedCase, Reader]]:
    with known_story(postgres, template, tmp_path_factory.mktemp("keys") / "keys.json") as story:
        yield story


@pytest.fixture(scope="module")
def reader(known: tuple[RecordedCase, Reader]) -> Reader:
    return known[1]


@pytest.fixture(scope="module")
def service(known: tuple[RecordedCase, Reader]) -> Coordination:
    return known[0].service


def of(on: date, **more: Any) -> WaitingTimesCriteria:
    return WaitingTimesCriteria(service="CAMHS", as_of=on, **more)


class TestTheDefinition:
    @pytest.mark.parametrize(("after", "late", "left"), [(-1, False, 1), (0, False, 0), (1, True, -1)])
    def test_in_python(self, after: int, late: bool, left: int) -> None:
        on = LAST + timedelta(days=after)
        assert (overdue(LAST, on), days_left(LAST, on)) == (late, left)

    def test_without_a_last_day_nothing_is_late(self) -> None:
        assert not overdue(None, date.max)

    def test_in_sql_it_is_the_same(self, database: str) -> None:
        days = [LAST + timedelta(days=n) for n in range(-3, 4)]
        condition = in_sql.overdue("%(due)s::date", "%(on)s::date")
        soon = in_sql.due_between("%(due)s::date", "%(on)s::date", "%(last)s::date")
        first = in_sql.first_overdue("%(due)s::date", "%(days)s::date[]")
        with psycopg.connect(database) as connection:
            for due in days:
                late = [overdue(due, on) for on in days]
                for on, expected in zip(days, late, strict=True):
                    given = {"due": due, "on": on, "last": days[-2], "days": days}
                    row = connection.execute(
                        f"select {condition}, {soon}, {first}".encode(), given
                    ).fetchone()
                    assert row == (expected, not expected and due <= days[-2], [*late, True].index(True))
            given = {"due": None, "on": LAST}
            assert connection.execute(f"select {condition}".encode(), given).fetchone() == (None,)


class TestWaitsThatRun:
    @each
    def test_in_the_report(self, service: Coordination, reader: Reader, after: int, late: bool) -> None:
        ask = of(LAST + timedelta(days=after))
        [group] = report(reader, viewer(AUDITOR), service.directory(), ask).groups
        assert (group.waiting.count, group.waiting.over_standard) == (1, int(late))

    @each
    def test_in_the_overview(self, service: Coordination, reader: Reader, after: int, late: bool) -> None:
        found = overview(
            reader, viewer(AUDITOR), service.directory(), OverviewCriteria(as_of=LAST + timedelta(days=after))
        )
        over = {line.standard.code: line.waiting.over_standard for line in found.services}
        assert (over["CAMHS-28"], over["not_received"]) == (int(late), None), (
            "without a limit nothing is late"
        )
        assert [line.over_standard for line in found.schools] == [int(late)]

    @each
    def test_at_the_end_of_a_month(
        self, service: Coordination, reader: Reader, after: int, late: bool
    ) -> None:
        ask = of(LAST + timedelta(days=after))
        last = months(reader, viewer(AUDITOR), service.directory(), ask).rows[-1]
        assert (last.until, last.waiting, last.over_standard) == (ask.as_of, 1, int(late))

    @each
    def test_in_the_lines(self, service: Coordination, reader: Reader, after: int, late: bool) -> None:
        ask, who, directory = of(LAST + timedelta(days=after)), viewer(AUDITOR), service.directory()
        [line] = wait_rows(reader, who, directory, ask, "waiting").rows
        assert (line.due_on, line.late) == (LAST, late)
        over = wait_rows(reader, who, directory, ask, "waiting_over").rows
        assert [line.referral for line in over] == ([TO_CAMHS] if late else [])

    @each
    def test_in_the_history_of_one(
        self, service: Coordination, reader: Reader, after: int, late: bool
    ) -> None:
        on = LAST + timedelta(days=after)
        found = wait_history(reader, viewer(AUDITOR), service.directory(), TO_CAMHS, on)
        [clock] = [one for one in found.clocks if one.standard.code == "CAMHS-28"]
        assert clock.line is not None
        assert clock.line.late == late

    @each
    def test_in_the_delays_of_a_school(self, reader: Reader, after: int, late: bool) -> None:
        found = delays(reader, viewer(ALNCO), SCHOOL, LAST + timedelta(days=after))
        assert [wait.referral for one in found for wait in one.waits] == ([TO_CAMHS] if late else [])


class TestReferralsOfADay:
    @each
    def test_in_the_inbox(self, reader: Reader, after: int, late: bool) -> None:
        found = inbox(reader, viewer(CLINICIAN, LAST + timedelta(days=after)), InboxCriteria())
        [counts] = found.services
        assert (counts.overdue, counts.due_this_week) == (int(late), int(not late))
        assert [line.referral.due for line in found.rows] == ["overdue" if late else "due_this_week"]

    @each
    def test_on_the_schools_day(self, reader: Reader, after: int, late: bool) -> None:
        found = today(reader, viewer(ALNCO, LAST + timedelta(days=after)), day(0))
        assert [line.referral.referral for line in found.overdue.rows] == ([TO_CAMHS] if late else [])
        assert [line.referral.referral for line in found.due.rows] == ([] if late else [TO_CAMHS])

    @each
    def test_in_the_list_of_referrals(self, reader: Reader, after: int, late: bool) -> None:
        who = viewer(ALNCO, LAST + timedelta(days=after))
        found = {
            due: referrals(reader, who, ReferralCriteria(due=due)) for due in ("overdue", "due_this_week")
        }
        assert (found["overdue"].total, found["due_this_week"].total) == (int(late), int(not late))

    @pytest.mark.parametrize(("before", "soon"), [(6, True), (7, False)])
    def test_due_this_week_begins_six_days_before(self, reader: Reader, before: int, soon: bool) -> None:
        on = LAST - timedelta(days=before)
        listed = referrals(reader, viewer(ALNCO, on), ReferralCriteria(due="due_this_week"))
        assert listed.total == today(reader, viewer(ALNCO, on), day(0)).due.total == int(soon)
        [counts] = inbox(reader, viewer(CLINICIAN, on), InboxCriteria()).services
        assert counts.due_this_week == int(soon)

    @each
    def test_on_its_own_page(self, reader: Reader, after: int, late: bool) -> None:
        found = referral(reader, viewer(ALNCO, LAST + timedelta(days=after)), TO_CAMHS).referral
        assert (found.due, found.days_left) == ("overdue" if late else "due_this_week", -after)

    @each
    def test_in_the_list_of_pupils_and_in_the_case_file(self, reader: Reader, after: int, late: bool) -> None:
        who = viewer(ALNCO, LAST + timedelta(days=after))
        listed = {line.pupil: line.overdue for line in pupils(reader, who, PupilCriteria()).rows}
        assert listed[PUPIL] == int(late)
        found = pupil(reader, who, PUPIL)
        assert found.pupil.overdue == int(late)
        assert [r.due for r in found.referrals if r.referral == TO_CAMHS] == [
            "overdue" if late else "due_this_week"
        ]


class TestActions:
    @each
    def test_in_every_list(self, reader: Reader, after: int, late: bool) -> None:
        who, phase = viewer(ALNCO, ACTION_LAST + timedelta(days=after)), "overdue" if late else "open"
        assert phase_of(actions(reader, who, ActionCriteria()).rows) == phase
        assert phase_of(today(reader, who, day(0)).actions.rows) == phase
        line, _ = action(reader, who, FOR_CAMHS)
        assert line.action.phase == phase
        [found] = [a for a in pupil(reader, who, PUPIL).actions if a.action == FOR_CAMHS]
        assert found.phase == phase

    @each
    def test_in_the_state(self, service: Coordination, after: int, late: bool) -> None:
        held = service.batch().state(PUPIL_STREAM, PUPIL).actions.actions[FOR_CAMHS]
        on = ACTION_LAST + timedelta(days=after)
        assert (held.phase(on), held.overdue(on)) == ("overdue" if late else "open", late)


def phase_of(rows: Iterable[ActionRow]) -> str:
    """The phase of FOR_CAMHS in a list of actions."""
    [found] = [line.action.phase for line in rows if line.action.action == FOR_CAMHS]
    return found


@pytest.fixture(scope="module")
def stopped(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Coordination, Reader]]:
    """One wait that stopped on its last permitted day, and one that stopped on the day after."""
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    with fresh_county(postgres, template, keys) as (address, county):
        case = RecordedCase(county)
        for pupil_, upn, referral_, on in (
            (PUPIL, None, ON_THE_DAY, LAST),
            (SECOND, SECOND_UPN, A_DAY_LATE, LAST + timedelta(days=1)),
        ):
            register(county, pupil_, *([upn] if upn else []))
            case.agrees(UUID(int=0xE000 + pupil_.int), BOARD, day(0), pupil=pupil_)
            case.refers(referral_, CAMHS, day(0), pupil=pupil_)
            case.says(CLINICIAN, referral_, "received", day(0), pupil=pupil_)
            case.says(CLINICIAN, referral_, "first_contact", on, pupil=pupil_)
        with engine_on(address, county) as engine:
            engine.catch_up()
        with readers(address) as pool:
            yield county, Reader(pool)


class TestWaitsThatStopped:
    def test_in_the_report(self, stopped: tuple[Coordination, Reader]) -> None:
        county, reader = stopped
        [group] = report(reader, viewer(AUDITOR), county.directory(), of(day(60))).groups
        assert (group.completed.count, group.completed.within_standard) == (2, 1)
        assert group.completed.percent_within_standard == 50.0

    def test_in_the_overview(self, stopped: tuple[Coordination, Reader]) -> None:
        county, reader = stopped
        found = overview(reader, viewer(AUDITOR), county.directory(), OverviewCriteria(as_of=day(60)))
        within = {line.standard.code: line.completed.within_standard for line in found.services}
        assert (within["CAMHS-28"], within["not_received"]) == (1, None)
        assert [line.within_standard for line in found.schools] == [1]

    def test_in_the_months(self, stopped: tuple[Coordination, Reader]) -> None:
        county, reader = stopped
        found = months(reader, viewer(AUDITOR), county.directory(), of(day(60))).rows
        assert [m.completed.within_standard for m in found if m.completed.count] == [1]

    def test_in_the_lines(self, stopped: tuple[Coordination, Reader]) -> None:
        county, reader = stopped
        found = wait_rows(reader, viewer(AUDITOR), county.directory(), of(day(60)), "ended").rows
        assert {line.referral: line.late for line in found} == {ON_THE_DAY: False, A_DAY_LATE: True}
        late = wait_rows(reader, viewer(AUDITOR), county.directory(), of(day(60)), "ended_late").rows
        assert [line.referral for line in late] == [A_DAY_LATE]
