"""Who sees a concern about additional learning needs and its waits, and what is due when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.directory.codes import first_statutory_standards
from coordination.directory.commands import SetSchoolTerm, SetStatutoryStandard
from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.aln.commands import (
    AskReconsideration,
    CorrectAlnEntry,
    DecideAln,
    IssuePlan,
    PassOnConcern,
    RaiseConcern,
)
from coordination.pupil.profile.commands import RecordLookedAfter
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.aln.queries.concerns import concern, concerns_of_pupil, concerns_to_decide
from projections.aln.queries.report import StatutoryCriteria, statutory_report
from projections.case_file.queries import TimelineCriteria, timeline
from projections.engine import Engine
from projections.reader import Reader
from projections.waiting_times.queries import WaitingTimesReport
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    AUTHORITY,
    CASEWORKER,
    CLINICIAN,
    HEAD,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PUPIL,
    REFERENCE,
    SCHOOL,
    order,
    register,
)
from tests.projections.casework import RecordedCase, viewer

CONCERN = UUID(int=0xC0)
TOLD = date(2025, 2, 3)
TODAY = date(2025, 6, 2)
TABLES = ("aln_concern", "statutory_wait", "timeline", "seal", "identity", "pupil")


@pytest.fixture
def does(county: Coordination, engine: Engine) -> Any:
    case = RecordedCase(county)
    register(county)
    batch = county.batch()
    for command in first_statutory_standards(REFERENCE, TOLD, batch.directory()):
        batch.perform(command, order(ADMINISTRATOR, TOLD, source="command_line"))
    term = SetSchoolTerm(
        occurred_on=TOLD,
        organisation=AUTHORITY,
        first_day=date(2025, 1, 6),
        last_day=date(2025, 7, 18),
    )
    batch.perform(term, order(ADMINISTRATOR, TOLD, source="command_line"))
    batch.commit()

    def do(person: UUID, on: date, command: type[Command], **fields: Any) -> None:
        case.does(person, on, command, **{"pupil": PUPIL, "concern": CONCERN, **fields})
        engine.catch_up()

    engine.catch_up()
    return do


def raised(does: Any, **more: Any) -> None:
    does(ALNCO, TOLD, RaiseConcern, raised_by="parent", words="Mae darllen yn anodd.", **more)


def seen(reader: Reader, who: Viewer) -> set[str]:
    found = set()
    with reader.viewing(who) as cursor:
        for table in TABLES:
            topic = " and matter = 'aln'" if table == "timeline" else ""
            topic = (
                " and version in (select version from read.timeline where matter = 'aln')"
                if table == "seal"
                else topic
            )
            query = f"select exists (select from read.{table} where pupil = %s{topic}) as there"
            row = cursor.execute(query.encode(), (PUPIL,)).fetchone()
            if row is not None and row["there"]:
                found.add(table)
    return found


def test_the_school_sees_it_and_what_is_due_when(does: Any, reader: Reader) -> None:
    raised(does)
    [found] = concerns_of_pupil(reader, viewer(ALNCO, TODAY), PUPIL).concerns
    assert (found.phase, found.decides, found.school, found.authority) == (
        "with_school",
        "school",
        SCHOOL,
        None,
    )
    assert [(c.standard, c.holder, c.limit, c.unit) for c in found.running] == [
        ("school_decision", SCHOOL, 35, "school_days"),
        ("school_plan", SCHOOL, 35, "school_days"),
    ]
    [clock, _] = found.running
    assert clock.due_on is not None
    assert not clock.late(clock.due_on) and clock.late(clock.due_on + timedelta(1))
    does(ALNCO, date(2025, 3, 3), DecideAln, outcome="has_aln")
    does(ALNCO, date(2025, 3, 4), IssuePlan)
    [found] = concerns_of_pupil(reader, viewer(ALNCO, TODAY), PUPIL).concerns
    assert found.phase == "plan_in_force"
    assert [(c.standard, c.due_on) for c in found.running] == [("school_review", date(2026, 3, 3))]
    assert {(c.standard, c.ending) for c in found.clocks if not c.runs} == {
        ("school_decision", "stopped"),
        ("school_plan", "stopped"),
    }


def test_agencies_and_other_schools_find_no_trace(does: Any, reader: Reader) -> None:
    raised(does)
    for person in (CLINICIAN, OTHER_ALNCO, ADMINISTRATOR):
        assert not seen(reader, viewer(person, TODAY)) & {"aln_concern", "statutory_wait", "timeline", "seal"}
        with pytest.raises(NotFound):
            concern(reader, viewer(person, TODAY), CONCERN)
    teacher = viewer(ALNCO, TODAY, role="class_teacher")
    assert not seen(reader, teacher) & {"aln_concern", "timeline", "seal"}
    assert {"aln_concern", "timeline", "seal"} <= seen(reader, viewer(HEAD, TODAY))


def test_the_authority_sees_the_wait_and_the_case_once_it_has_part_in_it(does: Any, reader: Reader) -> None:
    raised(does)
    assert seen(reader, viewer(AUDITOR, TODAY)) == {"statutory_wait"}
    assert seen(reader, viewer(CASEWORKER, TODAY)) == {"statutory_wait"}
    does(ALNCO, TOLD + timedelta(9), PassOnConcern, ground="extent_unknown")
    caseworker = viewer(CASEWORKER, TODAY)
    assert seen(reader, caseworker) == {"aln_concern", "statutory_wait", "timeline", "seal", "identity"}
    assert seen(reader, viewer(AUDITOR, TODAY)) == {"statutory_wait"}
    found, identity = concern(reader, caseworker, CONCERN)
    assert (found.phase, found.authority, identity is not None) == ("with_authority", AUTHORITY, True)
    entries = timeline(reader, caseworker, TimelineCriteria(pupil=PUPIL, thing=CONCERN)).entries
    assert [e.topic for e in entries] == ["aln.passed_to_authority", "aln.concern_raised"]
    listed = concerns_to_decide(reader, caseworker, 10)
    assert (listed.total, [one.concern.concern for one in listed.rows]) == (1, [CONCERN])
    assert listed.rows[0].concern.due_on(AUTHORITY) == TOLD + timedelta(9 + 84)
    does(CASEWORKER, TOLD + timedelta(20), DecideAln, outcome="no_aln")
    assert concerns_to_decide(reader, caseworker, 10).total == 0
    does(ALNCO, TOLD + timedelta(30), AskReconsideration, asked_by="parent")
    assert concerns_to_decide(reader, caseworker, 10).rows[0].concern.phase == "reconsidering"


def test_the_status_of_a_looked_after_child_is_read_when_the_concern_is_recorded(
    does: Any, reader: Reader, county: Coordination
) -> None:
    RecordedCase(county).does(ALNCO, TOLD, RecordLookedAfter, pupil=PUPIL, looked_after=True)
    raised(does)
    [found] = concerns_of_pupil(reader, viewer(ALNCO, TODAY), PUPIL).concerns
    assert (found.decides, found.phase) == ("authority", "to_pass_on")
    assert [(c.standard, c.due_on) for c in found.running] == [("not_passed_on", None)]


def standing(database: str, at: int | None = None) -> list[tuple[Any, ...]]:
    """The waits known at a position (None: now)."""
    known = (
        "known_to is null" if at is None else f"known_from <= {at} and (known_to is null or known_to > {at})"
    )
    query = (
        "select standard, holder_kind, school, authority, due_on, end_on, ending, inherited_days, stretch_party"
        f" from read.statutory_wait where {known} order by standard, number"
    )
    with psycopg.connect(database) as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_wait_stays_known_as_it_was(does: Any, database: str, county: Coordination) -> None:
    raised(does)
    before, position = standing(database), county.record.last_position()
    does(ALNCO, date(2025, 3, 3), DecideAln, outcome="no_aln")
    assert standing(database, position) == before
    now = {row[0]: row[5:7] for row in standing(database)}
    assert now == {
        "school_decision": (date(2025, 3, 3), "stopped"),
        "school_plan": (date(2025, 3, 3), "declined"),
    }
    version = RecordedCase(county).version()
    does(ALNCO, date(2025, 3, 4), CorrectAlnEntry, entry=version, why="Another pupil's", happened_on=None)
    assert standing(database) == before


def test_the_next_school_and_a_changed_limit_make_new_rows(
    does: Any, database: str, county: Coordination, engine: Engine
) -> None:
    raised(does)
    moved = date(2025, 2, 10)
    RecordedCase(county).moves(moved)
    engine.catch_up()
    rows = [row for row in standing(database) if row[0] == "school_decision"]
    assert [(row[2], row[5], row[6], row[7], row[8]) for row in rows] == [
        (SCHOOL, moved, "moved_away", 0, ["school"]),
        (OTHER_SCHOOL, None, None, 7, ["school", "school"]),
    ]
    [limit] = [s for s in county.directory().statutory_standards() if s.code == "school_decision"]
    shorter = SetStatutoryStandard(
        occurred_on=TOLD,
        organisation=REFERENCE,
        code=limit.code,
        body=limit.body,
        start=limit.start,
        stop=limit.stop,
        limit=5,
        unit="weeks",
        effective_from=date(2025, 1, 1),
        source="test",
    )
    county.perform(shorter, order(ADMINISTRATOR, TODAY, source="command_line"))
    engine.catch_up()
    assert {row[4] for row in standing(database) if row[0] == "school_decision"} == {TOLD + timedelta(35)}


def test_the_report_of_a_statutory_limit_by_holder(does: Any, reader: Reader, county: Coordination) -> None:
    """Two of the school's: one decided on the last day, one still undecided the day after it; counted here by hand."""
    raised(does)
    last = date(2025, 3, 24)  # 35 Mondays to Fridays after 3 February, in one term without a holiday
    does(ALNCO, last, DecideAln, outcome="no_aln")
    second = {"concern": UUID(int=0xC1), "raised_by": "school_staff"}
    does(ALNCO, TOLD, RaiseConcern, **second)
    directory = county.directory()

    def asked(as_of: date, by: Any = "holder", standard: str = "school_decision") -> WaitingTimesReport:
        ask = StatutoryCriteria(standard=standard, as_of=as_of, by=by)
        return statutory_report(reader, viewer(AUDITOR, TODAY), directory, ask)

    found = asked(last)
    [group] = found.groups
    assert (group.key, group.version, found.started) == ("6994001", date(2021, 9, 1), 2)
    assert (group.completed.count, group.completed.within_standard, group.completed.median_days) == (
        1,
        1,
        35.0,
    )
    assert (group.waiting.count, group.waiting.over_standard, group.waiting.longest_days) == (1, 0, 35)
    [group] = asked(last + timedelta(1)).groups
    assert (group.waiting.count, group.waiting.over_standard, group.waiting.longest_days) == (1, 1, 36)
    assert asked(last - timedelta(1)).groups[0].waiting.count == 2
    [plans] = asked(last, standard="school_plan").groups
    assert plans.ended_otherwise["declined"] == 1
    assert asked(last, by="start_month").groups[0].key == "2025-02"
    with pytest.raises(Refusal, match="unknown_standard"):
        asked(last, standard="camhs-first")
    mine = StatutoryCriteria(standard="school_decision", as_of=last)
    assert statutory_report(reader, viewer(CLINICIAN, TODAY), directory, mine).groups == ()
    assert statutory_report(reader, viewer(OTHER_ALNCO, TODAY), directory, mine).groups == ()
