"""Who sees what of attendance."""

from __future__ import annotations

from uuid import UUID

from coordination.meeting.commands import (
    DeclareConflict,
    FinaliseMeeting,
)
from coordination.meeting.state import MEETING_STREAM
from coordination.pupil.minutes.decide import TakeMinute
from coordination.service import Coordination
from projections.attendance.queries import (
    AttendanceCriteria,
    attendance_evidence,
    meeting,
    meetings,
    report,
    suggestions,
)
from projections.case_file.queries.meeting_records import meeting_records
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    CAMHS,
    CLINICIAN,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
)
from tests.projections.attendance.shared import ITEM, MINUTE, disclosed, everything
from tests.projections.hwb import (
    TODAY,
    does,
    held_on,
    mark,
    meeting_id,
    put_on_agenda,
    schedule,
    viewer,
    viewers,
)

# name: meetings, all seats of meeting 4, its items, seats with a history, sealed words, lines in figures, evidence of
# CAMHS
SEEN = {
    "alnco": (4, 3, 2, 3, 2, 5, 4),
    "head": (4, 3, 2, 3, 2, 5, 4),
    "operator": (4, 3, 2, 3, 2, 5, 4),
    "clinician": (4, 1, 1, 1, 1, 4, 4),
    "other_clinician": (1, 1, 0, 1, 1, 1, 0),
    "auditor": (4, 2, 0, 0, 0, 5, 4),
    "other_alnco": (0, 0, 0, 0, 0, 0, 0),
    "far_auditor": (0, 0, 0, 0, 0, 0, 0),
    "administrator": (0, 0, 0, 0, 0, 0, 0),
}


def test_every_role_sees_its_own_and_no_more(county: Coordination, engine: Engine, reader: Reader) -> None:
    everything(county, reader, engine)
    directory = county.directory()
    seen = {}
    for name, looking in viewers().items():
        shown = meeting(reader, looking, meeting_id(4))
        figures = report(reader, looking, directory, AttendanceCriteria(as_of=TODAY)).total
        seats = shown.seats if shown else ()
        seen[name] = (
            len(meetings(reader, looking)),
            len(seats),
            len(shown.agenda) if shown else 0,
            sum(bool(s.markings) for s in seats),
            sum(m.why is not None for s in seats for m in s.markings),
            figures.invited,
            len(attendance_evidence(reader, looking, SCHOOL, CAMHS, TODAY).marks),
        )
        assert sum(len(e.marks) for e in suggestions(reader, looking, SCHOOL, TODAY)) == figures.invited
    assert seen == SEEN


def test_staff_of_the_school_alone_see_what_is_the_schools(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    everything(county, reader, engine)
    declared = DeclareConflict(occurred_on=held_on(5), meeting=schedule(county, 5, CAMHS), person=ALNCO)
    does(county, ALNCO, declared)
    engine.catch_up()
    told_of = {
        name: bool(shown and any(s.topic == "meeting.conflict_declared" for s in shown.steps))
        for name, looking in viewers().items()
        if (shown := meeting(reader, looking, meeting_id(5))) or True
    }
    assert {name for name, told in told_of.items() if told} == {"alnco", "head", "operator"}


def test_an_agency_that_was_in_the_room_sees_the_item_and_the_minute_once_it_is_final(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """Though nobody had said that the item needed it; and not without its own basis for the pupil."""
    disclosed(county)
    key = schedule(county, 1, CAMHS, PSYCHOLOGY)
    put_on_agenda(county, 1, ITEM, PUPIL)
    mark(county, 1, {CAMHS: "attended", PSYCHOLOGY: "attended"}, finalise=False)
    engine.catch_up()

    def items(person: UUID) -> int:
        shown = meeting(reader, viewer(person), key)
        return len(shown.agenda) if shown else -1

    assert items(CLINICIAN) == 0
    taken = TakeMinute(
        occurred_on=held_on(1),
        meeting=key,
        pupil=PUPIL,
        minute=MINUTE,
        item=ITEM,
        services_present=(CAMHS, PSYCHOLOGY),
        discussion="Mae’n well",
    )
    does(county, ALNCO, taken)
    engine.catch_up()
    assert items(CLINICIAN) == 0, "a draft is the school's alone"
    assert not any(meeting_records(reader, viewer(p), key).minutes for p in (CLINICIAN, PSYCHOLOGIST))
    does(county, ALNCO, FinaliseMeeting(occurred_on=held_on(1), meeting=key))
    engine.catch_up()
    assert items(CLINICIAN) == 1
    assert items(PSYCHOLOGIST) == 0
    [read] = meeting_records(reader, viewer(CLINICIAN), key).minutes
    assert (read.minute, len(read.versions)) == (MINUTE, 1)
    assert meeting_records(reader, viewer(PSYCHOLOGIST), key).minutes == (), "no basis: heard, and no minute"
    assert items(AUDITOR) == 0
    shown = meeting(reader, viewer(ALNCO), key)
    assert shown is not None
    assert (shown.brief.minutes, shown.brief.last_version) == (
        1,
        county.batch().state(MEETING_STREAM, key).version,
    )
