"""What a meeting left on its pupils' streams, as each of those who may look sees it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.pupil.actions.decide import AgreeActionAtMeeting
from coordination.pupil.actions.events import Owner
from coordination.pupil.minutes.decide import CorrectMinute
from coordination.service import Coordination
from projections.case_file.queries.meeting_records import MeetingRecords, meeting_records
from projections.engine import Engine
from projections.reader import Reader
from tests.county import ALNCO, CAMHS, CLINICIAN, PSYCHOLOGIST, PUPIL, SCHOOL
from tests.projections.casework import MEETING, MINUTE, SECOND, RecordedCase, told, viewer, viewers

ACTION = UUID(int=0xAC9)
HELD = date(2025, 3, 12)


def story(county: Coordination) -> RecordedCase:
    """The minute of the story, corrected; an action without an owner or a day."""
    case = told(county)
    noted = {"meeting": MEETING, "pupil": PUPIL, "action": ACTION, "what": "Ring the nurse", "minute": MINUTE}
    case.does(ALNCO, HELD, AgreeActionAtMeeting, **noted)
    said = {"meeting": MEETING, "pupil": PUPIL, "minute": MINUTE, "services_present": (CAMHS,)}
    case.does(ALNCO, HELD, CorrectMinute, discussion="Sleep, and food.", why="Food was left out.", **said)
    return case


def shape(found: MeetingRecords) -> tuple[int, int, int]:
    return len(found.minutes), len(found.actions), len(found.identities)


def test_the_school_reads_every_version_with_its_words(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    story(county)
    engine.catch_up()
    found = meeting_records(reader, viewer(ALNCO), MEETING, [SECOND])
    assert shape(found) == (1, 1, 2)
    minute = found.minutes[0]
    assert (minute.minute, minute.pupil, minute.last_version) == (MINUTE, PUPIL, minute.current.version)
    assert minute.services_present == minute.current.services_present == (CAMHS,)
    first, second = county.record.open([version.at for version in minute.versions])
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (second["discussion"], second["why"]) == ("Sleep, and food.", "Food was left out.")
    assert first["discussion"] != second["discussion"]
    action = found.actions[0]
    assert (action.action, action.phase, action.owner_organisation) == (ACTION, "incomplete", None)
    assert county.record.open([action.at]) == [{"what": "Ring the nurse"}]
    assert found.position == engine.position


def test_others_see_what_is_theirs(county: Coordination, engine: Engine, reader: Reader) -> None:
    case = story(county)
    engine.catch_up()
    seen = {
        name: shape(meeting_records(reader, who, MEETING, [PUPIL, SECOND])) for name, who in viewers().items()
    }
    present = shape(meeting_records(reader, viewer(CLINICIAN), MEETING, [PUPIL, SECOND]))
    assert present == (0, 0, 1), "a draft is the school's alone, whoever was there"
    for nobody in (
        "teacher",
        "other_alnco",
        "auditor",
        "administrator",
        "school_administrator",
        "far_auditor",
        "operator",
    ):
        assert seen[nobody] == (0, 0, 0), nobody
    assert shape(meeting_records(reader, viewer(PSYCHOLOGIST), MEETING, [SECOND])) == (0, 0, 0)
    assert seen["alnco"] == seen["head"] == (1, 1, 2)

    owner = Owner(organisation=SCHOOL, person=ALNCO)
    more = {"meeting": MEETING, "pupil": PUPIL, "what": "Write", "owner": owner, "due_on": date(2025, 4, 1)}
    case.does(ALNCO, HELD, AgreeActionAtMeeting, action=UUID(int=0xACA), **more)
    engine.catch_up()
    assert shape(meeting_records(reader, viewer(ALNCO), MEETING)) == (1, 2, 1)
    assert meeting_records(reader, viewer(ALNCO), UUID(int=0x999)).minutes == ()
