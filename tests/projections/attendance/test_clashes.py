"""A service that was invited elsewhere first is not expected, for every reader, and gets the hour back."""

from __future__ import annotations

from datetime import time, timedelta

from coordination.challenge.rule import assess
from coordination.directory.commands import SetServiceCapacity
from coordination.meeting.commands import CancelMeeting
from coordination.service import Coordination
from projections.attendance.queries import (
    AttendanceCriteria,
    OwnAttendanceCriteria,
    attendance_evidence,
    meeting,
    own_record,
    report,
    suggestions,
)
from projections.attendance.queries.places import MeetingPlaceCriteria, places
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    SCHOOL,
)
from tests.county import order as ordered
from tests.projections.hwb import TODAY, accept_terms, does, held_on, mark, schedule, viewer


def expectation_of(reader: Reader, service: Coordination, **asked: object) -> tuple[int, int]:
    """For the auditor: how often CAMHS was expected, and how often it was not because of a clash."""
    ask = AttendanceCriteria(as_of=TODAY, service="CAMHS", **asked)  # type: ignore[arg-type]
    total = report(reader, viewer(AUDITOR), service.directory(), ask).total
    return total.expected, total.not_expected.clash


def at_two_schools(county: Coordination, engine: Engine) -> None:
    """Both schools meet at ten on one day. The other school invited CAMHS a day earlier; CAMHS missed ours."""
    accept_terms(county)
    accept_terms(county, school=OTHER_SCHOOL)
    schedule(county, 0, CAMHS, starts_at=time(10))
    schedule(county, 0, CAMHS, school=OTHER_SCHOOL, notice_days=22, starts_at=time(10, 30), ends_at=time(12))
    mark(county, 0, {CAMHS: "absent"})
    engine.catch_up()


def test_every_reader_finds_the_clash_and_nobody_the_other_school(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    at_two_schools(county, engine)
    assert expectation_of(reader, county) == (1, 1)
    assert expectation_of(reader, county, school="6994001") == (0, 1)
    ours = report(reader, viewer(ALNCO), county.directory(), AttendanceCriteria(as_of=TODAY))
    assert (ours.total.expected, ours.total.not_expected.clash, ours.total.not_expected.missed) == (0, 1, 1)
    theirs = report(reader, viewer(OTHER_ALNCO), county.directory(), AttendanceCriteria(as_of=TODAY))
    assert (theirs.total.expected, theirs.total.not_expected.clash) == (1, 0)
    lines = own_record(reader, viewer(CLINICIAN), OwnAttendanceCriteria(to_on=TODAY)).rows
    assert {(line.school, line.expected, line.because) for line in lines} == {
        (SCHOOL, False, "clash"),
        (OTHER_SCHOOL, True, None),
    }
    seats = places(reader, viewer(CLINICIAN), MeetingPlaceCriteria()).rows
    assert {(seat.school, seat.because) for seat in seats} == {(SCHOOL, "clash"), (OTHER_SCHOOL, None)}
    page = meeting(reader, viewer(ALNCO), lines[0].meeting if lines[0].school == SCHOOL else lines[1].meeting)
    assert page is not None
    assert [(seat.expected, seat.because) for seat in page.seats if seat.service == CAMHS] == [
        (False, "clash")
    ]


def test_it_is_the_first_rebuttal_and_no_ground_for_a_challenge(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    at_two_schools(county, engine)
    found = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY)
    assert [(m.expected, m.because, m.owed) for m in found.marks] == [(False, "clash", False)]
    assert assess(found.marks).considered == ()
    assert [r.ground for r in found.rebuttals][:1] == ["clash"]
    assert suggestions(reader, viewer(ALNCO), SCHOOL, TODAY)[0].marks == found.marks


def test_a_cancelled_meeting_gives_the_time_back_and_an_earlier_reading_stays(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    at_two_schools(county, engine)
    before = report(reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY)).log_position
    (theirs,) = [
        line.meeting
        for line in own_record(reader, viewer(CLINICIAN), OwnAttendanceCriteria(to_on=TODAY)).rows
        if line.school == OTHER_SCHOOL
    ]
    does(county, OTHER_ALNCO, CancelMeeting(occurred_on=held_on(0) - timedelta(days=1), meeting=theirs))
    engine.catch_up()
    assert expectation_of(reader, county) == (1, 0)
    assert expectation_of(reader, county, at=before) == (1, 1)


def test_who_said_that_it_can_send_two_is_expected_at_both_from_that_day(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    at_two_schools(county, engine)
    for people, since in ((2, held_on(0)), (1, held_on(0) + timedelta(days=1))):
        said = SetServiceCapacity(
            occurred_on=TODAY, organisation=BOARD, service=CAMHS, people=people, effective_from=since
        )
        county.perform(said, ordered(ADMINISTRATOR, TODAY, on_behalf_of=BOARD))
    engine.catch_up()
    assert expectation_of(reader, county) == (2, 0)


def test_kinds_of_meeting_are_never_in_one_figure(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    schedule(county, 0, CAMHS)
    schedule(county, 1, CAMHS, kind="pupil_panel")
    mark(county, 0, {CAMHS: "attended"})
    mark(county, 1, {CAMHS: "absent"})
    engine.catch_up()
    found = report(reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY))
    assert [(g.key, g.kind, g.expected, g.percent_attended) for g in found.groups] == [
        ("CAMHS", "hwb", 1, 100.0),
        ("CAMHS", "pupil_panel", 0, None),
    ]
    assert (found.total.kind, found.total.meetings, found.total.percent_attended) == ("all", 2, None)
    only = AttendanceCriteria(as_of=TODAY, kind="pupil_panel")
    assert report(reader, viewer(AUDITOR), county.directory(), only).total.not_expected.no_terms == 1
    evidence = suggestions(reader, viewer(ALNCO), SCHOOL, TODAY)
    assert {(e.meetings, len(e.marks)) for e in evidence} == {("hwb", 1), ("pupil_panel", 1)}
