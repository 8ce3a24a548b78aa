"""A meeting behind a one-time link: the invited service answers on somebody's word, and reads its own minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.meeting.commands import FinaliseMeeting, Invite, ScheduleMeeting
from coordination.meeting.events import Party
from coordination.meeting.state import MEETING_STREAM, Meeting
from tests.county import ALNCO, BOARD, CAMHS, SCHOOL
from tests.projections.casework import MEETING, MINUTE, RecordedCase
from tests.webui.links.opening import WORD, answer, link_to, made_link, prove, reminds
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, send, settled
from tests.webui.service import NOW, RunningService

TO_COME = UUID(int=0xED9)


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        today = NOW.date()
        on = {"school": SCHOOL, "held_on": today + timedelta(days=7)}
        told.does(ALNCO, today, ScheduleMeeting, meeting=TO_COME, **on)
        told.does(ALNCO, today, Invite, meeting=TO_COME, party=Party(organisation=BOARD, service=CAMHS))
        settled(service, told.service)
        yield told


def meeting(case: RecordedCase) -> Meeting:
    found: Meeting = case.service.batch().state(MEETING_STREAM, TO_COME)
    return found


def test_an_invitation_is_answered_and_the_second_of_two_is_told(
    case: RecordedCase, service: RunningService
) -> None:
    messages = f"/meetings/{TO_COME}/messages"
    reminds(service, messages)
    path = made_link(service, f"/meetings/{TO_COME}/link")
    one, two = prove(service, path), prove(service, path)
    page = f"{path}/meeting"
    form = form_in(two.get(page).text)
    assert answer(one, page, answer="apologies", answered_as="").status_code == 422
    assert answer(one, page, answer="written_contribution").status_code == 303
    assert "Your answer is recorded." in one.get(page).text
    assert "Not answered yet" not in browser(service, "alnco").get(messages).text
    late = send(two, page, form, answer="attending", **WORD)
    assert late.status_code == 422
    assert "Will contribute in writing" in text(late.text), "what the first said"
    given = meeting(case).invitations[CAMHS]
    assert (given.answer, given.own_word) == ("written_contribution", True)
    service.clock.advance(days=8)
    closed = send(prove(service, path), page, form, answer="attending", **WORD)
    assert closed.status_code == 422
    assert "takes no answers any more" in closed.text


def test_a_service_reads_its_own_minutes_and_nobody_elses(
    case: RecordedCase, service: RunningService
) -> None:
    case.does(ALNCO, NOW.date(), FinaliseMeeting, meeting=MEETING)
    settled(service, case.service)
    path = link_to(service, "meeting", MEETING)
    client = prove(service, path)
    page = client.get(f"{path}/meeting")
    own = f"{path}/meeting/minutes/{MINUTE}"
    assert f'href="{own}"' in page.text
    minute = client.get(own)
    assert minute.status_code == 200
    assert "Siân" in minute.text
    with psycopg.connect(service.database) as link:
        rows = link.execute(
            "select r.kind, purpose from desk.read_log r join desk.one_time_link l on l.link = r.person order by at"
        ).fetchall()
    assert ("minute", "disclosed") in rows
    assert client.get(f"{path}/meeting/minutes/{UUID(int=9)}").status_code == 404
    assert client.get(f"{path}/challenge").status_code == 404, "a link opens what it was made for"
