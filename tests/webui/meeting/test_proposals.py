"""The agenda that proposes itself, its order without a pointer, and adding a pupil to the next meeting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from coordination.pupil.actions.decide import AgreeAction
from coordination.pupil.actions.events import Owner
from coordination.service import Coordination
from tests.county import ALNCO, CAMHS, PUPIL, SCHOOL, START, THERAPY, order
from tests.projections.casework import SECOND
from tests.webui.meeting.conftest import MeetingDesk, items, words_of
from tests.webui.referring import settled
from tests.webui.service import RunningService


def late_action(service: RunningService, county: Coordination, pupil: UUID, number: int) -> None:
    agreed = AgreeAction(
        occurred_on=START,
        pupil=pupil,
        action=UUID(int=0xAC00 + number),
        what="Telephone the family.",
        owner=Owner(organisation=SCHOOL, person=ALNCO),
        due_on=START + timedelta(days=7),
    )
    county.perform(agreed, order(ALNCO, START))
    settled(service, county)


def test_pupils_with_something_late_are_proposed_taken_and_ordered(
    service: RunningService, county: Coordination, desk: MeetingDesk
) -> None:
    late_action(service, county, SECOND, 1)
    meeting = desk.schedules(desk.today + timedelta(days=30), starts_at="13:30", ends_at="15:00")
    desk.does(f"/meetings/{meeting}/invite", parties=[str(CAMHS), str(THERAPY)])
    path = f"/meetings/{meeting}/agenda"
    words = words_of(desk.get(path))
    assert "Proposed for the agenda" in words
    assert "An action is overdue" in words
    desk.does(path, action=f"{path}/proposals", pupils=[str(SECOND)])
    desk.does(path, pupil=str(PUPIL), services=[str(CAMHS)])
    first, second = items(desk, meeting)
    assert "Proposed for the agenda" not in words_of(desk.get(path))
    assert "needed 14:15 to 15:00" in words_of(desk.get(path))
    desk.does(path, action=f"{path}/{second}/earlier")
    assert items(desk, meeting) == [second, first]
    assert "needed 13:30 to 14:15" in words_of(desk.get(path))
    desk.does(path, action=f"{path}/{second}/later")
    assert items(desk, meeting) == [first, second]
    nothing = desk.client.get(path)
    assert f"{path}/{first}/earlier" not in nothing.text, "the first cannot move up"


def test_a_pupil_is_added_to_the_next_meeting_from_the_case_file(
    service: RunningService, county: Coordination, desk: MeetingDesk
) -> None:
    late_action(service, county, PUPIL, 2)
    address = f"/pupils/{PUPIL}/next-meeting"
    assert address in desk.get(f"/pupils/{PUPIL}")
    assert "No meeting is arranged." in words_of(desk.get(address))
    meeting = desk.schedules(desk.today + timedelta(days=10))
    later = desk.schedules(desk.today + timedelta(days=40))
    page = words_of(desk.get(address))
    assert "An action is overdue" in page
    answer = desk.does(address)
    assert answer.location.endswith(f"/meetings/{meeting}")
    assert [desk.state(meeting).items[one].pupil for one in items(desk, meeting)] == [PUPIL]
    assert items(desk, later) == []
    assert desk.client.get(f"/pupils/{UUID(int=0xBAD)}/next-meeting").status_code == 404
