"""Services and schools side by side, months, and the lines behind a figure; against a real PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.referral.decide import (
    ContestMilestone,
    OpenReferral,
    RecordMilestone,
    ReportSource,
    StrikeEntry,
    SubmitReferral,
)
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.engine import Engine
from projections.reader import Reader
from projections.waiting_times.queries import (
    OverviewCriteria,
    WaitingTimesCriteria,
    WaitsBehind,
    Which,
    months,
    overview,
    report,
    wait_history,
    wait_rows,
)
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PUPIL,
    ROLES,
    SCHOOL,
    THERAPY,
    at,
    looks_for,
    order,
    register,
)

DAY0 = date(2025, 2, 3)
TODAY = date(2025, 6, 1)
SEEN, WAITS, TREATED = (UUID(int=0xD1 + n) for n in range(3))


def viewer(person: UUID) -> Viewer:
    organisation, role = ROLES[person]
    return Viewer(
        person=person, organisation=organisation, role=role, today=TODAY, services=looks_for(person)
    )


def day(number: int) -> date:
    return DAY0 + timedelta(days=number)


def does(service: Coordination, person: UUID, *commands: Command) -> None:
    for command in commands:
        service.perform(command, order(person, command.occurred_on))


def refer(service: Coordination, referral: UUID, to: UUID, on: date, *steps: tuple[str, int]) -> None:
    """A referral received on a day, and what follows so many days later; what is marked `*` the school reports."""
    about = {"occurred_on": on, "pupil": PUPIL, "referral": referral}
    does(
        service,
        ALNCO,
        OpenReferral(service=to, school=SCHOOL, immediate_risk=False, second_referral=True, **about),
    )
    does(service, ALNCO, SubmitReferral(second_referral=True, **about))
    for name, after in (("received", 0), *steps):
        then = {**about, "occurred_on": on + timedelta(days=after), "milestone": name.strip("*")}
        if name.endswith("*"):
            said = ReportSource(by="the secretary", how="telephone", on=then["occurred_on"])
            does(service, ALNCO, RecordMilestone(**then, reported=said))
        else:
            does(service, CLINICIAN, RecordMilestone(**then))


@pytest.fixture
def waits(county: Coordination, engine: Engine) -> Coordination:
    """CAMHS: one seen on day 41, one waiting since day 50; therapy: assessed on day 60, within 14 weeks."""
    register(county)
    agreed = GiveConsent(
        occurred_on=DAY0,
        pupil=PUPIL,
        consent=UUID(int=0xE1),
        agency=BOARD,
        whole_agency=True,
        authority="parental_responsibility",
        contact=MOTHER,
    )
    does(county, ALNCO, agreed)
    refer(county, SEEN, CAMHS, DAY0, ("first_contact*", 41))
    refer(county, WAITS, CAMHS, day(50))
    refer(county, TREATED, THERAPY, DAY0, ("assessed", 60))
    engine.catch_up()
    return county


def test_services_side_by_side_each_against_its_own_standard(waits: Coordination, reader: Reader) -> None:
    found = overview(reader, viewer(AUDITOR), waits.directory(), OverviewCriteria(as_of=TODAY))
    assert [
        (w.standard.code, w.completed.count, w.completed.within_standard, w.completed.median_days)
        for w in found.services
    ] == [
        ("CAMHS-28", 1, 0, 41.0),
        ("not_received", 2, None, 0.0),
        ("SALT-14W", 1, 1, 60.0),
        ("not_received", 1, None, 0.0),
    ]
    assert [(w.waiting.count, w.waiting.over_standard, w.waiting.longest_days) for w in found.services] == [
        (1, 1, (TODAY - day(50)).days),
        (0, None, None),
        (0, 0, None),
        (0, None, None),
    ]
    assert found.unconfirmed == 1
    assert found.parked == 0


def test_a_line_of_the_overview_is_the_report_of_its_service(waits: Coordination, reader: Reader) -> None:
    known = at(day(45), 23)
    span = OverviewCriteria(as_of=day(70), from_on=day(10), to_on=day(65), known_at=known)
    for line in overview(reader, viewer(AUDITOR), waits.directory(), span).services:
        ask = WaitingTimesCriteria(
            service=waits.directory().service(line.service).code,  # type: ignore[union-attr]
            standard=line.standard.code,
            as_of=span.as_of,
            from_on=span.from_on,
            to_on=span.to_on,
            known_at=known,
        )
        [group] = report(reader, viewer(AUDITOR), waits.directory(), ask).groups
        assert (group.completed, group.waiting) == (line.completed, line.waiting)


def test_schools_side_by_side_over_all_services(waits: Coordination, reader: Reader) -> None:
    found = overview(reader, viewer(AUDITOR), waits.directory(), OverviewCriteria(as_of=TODAY))
    [school] = found.schools
    assert (school.school, school.completed, school.within_standard) == (SCHOOL, 2, 1)
    assert school.percent_within_standard == 50.0
    assert (school.waiting, school.over_standard, school.longest_days) == (1, 1, (TODAY - day(50)).days)


def test_only_the_services_asked_for_and_only_what_is_the_viewers(
    waits: Coordination, reader: Reader
) -> None:
    span = OverviewCriteria(as_of=TODAY)
    found = overview(reader, viewer(ALNCO), waits.directory(), span, services={THERAPY})
    assert {w.service for w in found.services} == {THERAPY}
    for person in (OTHER_ALNCO, PSYCHOLOGIST, ADMINISTRATOR):
        nothing = overview(reader, viewer(person), waits.directory(), span)
        assert (nothing.services, nothing.schools, nothing.unconfirmed) == ((), (), 0)
    with pytest.raises(Refusal, match="ends_before_it_begins"):
        overview(
            reader,
            viewer(AUDITOR),
            waits.directory(),
            OverviewCriteria(as_of=TODAY, from_on=day(2), to_on=day(1)),
        )


def test_month_by_month_adds_up_to_the_report(waits: Coordination, reader: Reader) -> None:
    ask = WaitingTimesCriteria(service="CAMHS", as_of=TODAY, from_on=date(2025, 1, 15))
    found = months(reader, viewer(AUDITOR), waits.directory(), ask).rows
    assert [m.first.month for m in found] == [1, 2, 3, 4, 5, 6]
    assert [m.completed.count for m in found] == [0, 0, 1, 0, 0, 0]
    # the first still waited at the end of February, the second from the end of March on, late from the end of April
    assert [(m.waiting, m.over_standard) for m in found] == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1), (1, 1)]
    assert found[-1].until == TODAY
    [group] = report(reader, viewer(AUDITOR), waits.directory(), ask).groups
    assert sum(m.completed.count for m in found) == group.completed.count


def test_who_waited_at_the_end_of_a_month_is_who_the_report_of_that_day_counts(
    waits: Coordination, reader: Reader
) -> None:
    for service in ("CAMHS", "SALT"):
        ask = WaitingTimesCriteria(service=service, as_of=day(100), from_on=day(-40))
        for month in months(reader, viewer(AUDITOR), waits.directory(), ask).rows:
            then = WaitingTimesCriteria(service=service, as_of=month.until)
            [group] = report(reader, viewer(AUDITOR), waits.directory(), then).groups
            assert (month.waiting, month.over_standard) == (group.waiting.count, group.waiting.over_standard)
    nothing = WaitingTimesCriteria(service="CAMHS", as_of=day(1), from_on=day(60))
    assert months(reader, viewer(AUDITOR), waits.directory(), nothing).rows == ()


def test_without_a_first_day_the_last_twelve_months(waits: Coordination, reader: Reader) -> None:
    found = months(
        reader, viewer(AUDITOR), waits.directory(), WaitingTimesCriteria(service="CAMHS", as_of=TODAY)
    ).rows
    assert [found[0].first, found[-1].first, len(found)] == [date(2024, 7, 1), date(2025, 6, 1), 12]
    far = months(
        reader, viewer(AUDITOR), waits.directory(), WaitingTimesCriteria(service="CAMHS", as_of=date.min)
    ).rows
    assert [m.first for m in far] == [date.min]
    long = WaitingTimesCriteria(service="CAMHS", as_of=TODAY, from_on=date.min)
    assert len(months(reader, viewer(AUDITOR), waits.directory(), long).rows) == 60


@pytest.mark.parametrize(
    ("which", "referrals"),
    [("ended", [SEEN]), ("ended_late", [SEEN]), ("waiting", [WAITS]), ("waiting_over", [WAITS])],
)
def test_the_lines_behind_each_figure(
    waits: Coordination, reader: Reader, which: Which, referrals: list[UUID]
) -> None:
    found = wait_rows(
        reader, viewer(AUDITOR), waits.directory(), WaitingTimesCriteria(service="CAMHS", as_of=TODAY), which
    )
    assert [line.referral for line in found.rows] == referrals
    assert found.total == 1
    [line] = found.rows
    assert line.elapsed == (41 if line.referral == SEEN else (TODAY - day(50)).days)
    assert line.late
    assert line.unconfirmed == (1 if line.referral == SEEN else 0)


def test_lines_cut_off_at_the_day_say_nothing_of_what_came_after(waits: Coordination, reader: Reader) -> None:
    ask = WaitingTimesCriteria(service="CAMHS", as_of=day(30))
    [line] = wait_rows(reader, viewer(AUDITOR), waits.directory(), ask, "waiting").rows
    assert (line.elapsed, line.stop_on, line.late) == (30, None, True)
    assert [(s.party, s.since, s.until) for s in line.stretches] == [("agency", DAY0, None)]


def test_pages_of_lines_and_one_school(waits: Coordination, reader: Reader) -> None:
    ask = WaitingTimesCriteria(service="CAMHS", as_of=TODAY)
    for school, count in ((SCHOOL, 1), (UUID(int=0x52), 0)):
        of = WaitsBehind(school=school)
        found = wait_rows(reader, viewer(AUDITOR), waits.directory(), ask, "waiting", behind=of)
        assert found.total == count
    past = wait_rows(reader, viewer(AUDITOR), waits.directory(), ask, "waiting", page=10**9)
    assert past.rows == ()


def test_one_wait_with_how_it_was_known(waits: Coordination, engine: Engine, reader: Reader) -> None:
    last = waits.batch().state(PUPIL_STREAM, PUPIL).referrals[SEEN].steps[-1].version
    strike = StrikeEntry(
        occurred_on=day(70), pupil=PUPIL, referral=SEEN, entry=last, why="Another child was seen"
    )
    does(waits, ALNCO, strike)
    engine.catch_up()
    found = wait_history(reader, viewer(AUDITOR), waits.directory(), SEEN, TODAY)
    [clock] = [clock for clock in found.clocks if clock.standard.version is not None]
    assert [(v.line.stop_on, v.known_to is None) for v in clock.versions] == [
        (None, True),
        (day(41), False),
        (None, False),
    ]
    assert clock.line is not None
    assert clock.line.elapsed == (TODAY - DAY0).days
    assert clock.versions[0].known_at == at(day(70))
    assert clock.standard.code == "CAMHS-28"
    for person in (OTHER_ALNCO, PSYCHOLOGIST, ADMINISTRATOR):
        with pytest.raises(NotFound):
            wait_history(reader, viewer(person), waits.directory(), SEEN, TODAY)


def test_what_a_wait_rests_on_as_of_a_day_and_as_known_then(
    waits: Coordination, engine: Engine, reader: Reader
) -> None:
    steps = {s.name: s.version for s in waits.batch().state(PUPIL_STREAM, PUPIL).referrals[SEEN].steps}
    about = {"pupil": PUPIL, "referral": SEEN}
    does(
        waits,
        CLINICIAN,
        ContestMilestone(occurred_on=day(70), milestone=steps["first_contact"], why="No", **about),
    )
    moved = RecordMilestone(
        occurred_on=day(43),
        milestone="first_contact",
        supersedes=steps["first_contact"],
        why="The day was wrong",
        reported=ReportSource(by="the secretary", how="telephone", on=day(80)),
        **about,
    )
    waits.perform(moved, order(ALNCO, day(80)))
    engine.catch_up()
    directory, looking = waits.directory(), viewer(AUDITOR)
    now = wait_history(reader, looking, directory, SEEN, TODAY)
    assert [(e.kind, e.occurred_on, e.word, e.organisation, e.counts) for e in now.entries] == [
        ("opened", DAY0, None, SCHOOL, True),
        ("submitted", DAY0, "own", SCHOOL, True),
        ("received", DAY0, "own", BOARD, True),
        ("first_contact", day(41), "reported", SCHOOL, False),
        ("first_contact", day(43), "reported", SCHOOL, True),
    ]
    wrong, right = now.entries[-2:]
    assert [(s.what, s.organisation) for s in wrong.said] == [("contested", BOARD), ("corrected", SCHOOL)]
    assert wrong.said[-1].by_version == right.version
    assert right.corrects == wrong.version
    assert right.recorded_at == at(day(80))
    [clock] = [clock for clock in now.clocks if clock.standard.version is not None]
    assert clock.line is not None
    assert (clock.line.stop_on, clock.line.elapsed, clock.line.unconfirmed) == (day(43), 43, 1)

    # as it was known on day 50: contested, and not corrected yet
    then = wait_history(reader, looking, directory, SEEN, TODAY, at(day(75)))
    assert [(e.kind, e.counts, [s.what for s in e.said]) for e in then.entries][-1] == (
        "first_contact",
        True,
        ["contested"],
    )
    assert then.clocks[0].line is not None
    assert then.clocks[0].line.stop_on == day(41)
    assert then.log_position < now.log_position

    # as of day 30: it still runs, and nothing that came after is said
    early = wait_history(reader, looking, directory, SEEN, day(30))
    assert [e.kind for e in early.entries] == ["opened", "submitted", "received"]
    assert early.clocks[0].line is not None
    assert (early.clocks[0].line.stop_on, early.clocks[0].line.elapsed) == (None, 30)
    # as of the day between the two: what is known now of the first says that it counts no longer
    between = wait_history(reader, looking, directory, SEEN, day(42))
    assert [(e.kind, e.counts) for e in between.entries][-1] == ("first_contact", False)
    before = wait_history(reader, looking, directory, SEEN, DAY0 - timedelta(days=1))
    assert (before.entries, before.clocks[0].line) == ((), None)


def test_what_a_wait_rests_on_is_for_the_auditor_of_its_county(
    waits: Coordination, reader: Reader, database: str
) -> None:
    """Row by row, whatever a query asks: who sees the wait reads its entries only at the auditor's desk."""
    far = UUID(int=0x29)
    counts = {}
    for name, looking in {
        "auditor": viewer(AUDITOR),
        "far auditor": Viewer(person=far, organisation=far, role="auditor", today=TODAY),
        "alnco": viewer(ALNCO),
        "other alnco": viewer(OTHER_ALNCO),
        "clinician": viewer(CLINICIAN),
        "psychologist": viewer(PSYCHOLOGIST),
        "administrator": viewer(ADMINISTRATOR),
    }.items():
        with reader.viewing(looking) as cursor:
            found = cursor.execute("select count(*) as n from read.wait_entry").fetchone()
            counts[name] = found["n"] if found else None
    assert counts == {**dict.fromkeys(counts, 0), "auditor": 11}
    with psycopg.connect(database) as connection:
        columns = connection.execute(
            "select column_name from information_schema.columns"
            " where table_schema = 'read' and table_name = 'wait_entry'"
        ).fetchall()
    assert not {name for (name,) in columns} & {"pupil", "person", "sealed", "why", "note", "reason"}
