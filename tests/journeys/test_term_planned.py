"""A county plans a term without clashes; a service is invited by mail and answers by its calendar and by link."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from icalendar import Calendar

from coordination.directory.commands import AcceptTerms, SetMailbox, SetSchoolTerm
from coordination.meeting.state import MEETING_STREAM
from coordination.service import Coordination
from scripts.service.outbox import OutboxSettings, send_due
from tests.county import ADMINISTRATOR, AUTHORITY, BOARD, CAMHS, OTHER_SCHOOL, SCHOOL, START, order
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Keyboard, Walk
from tests.scripts.mail_keeping import MAILBOX, MailServerThatKeeps
from tests.webui.api.conftest import program
from tests.webui.county_site import county_on
from tests.webui.referring import settled
from webui.shell.sign_in_settings import MailSettings

pytestmark = pytest.mark.browser


def a_term(coordination: Coordination, today: date) -> None:
    """A term of eight weeks from next Monday; CAMHS comes to the meetings of both schools, and has a mailbox."""
    first = today + timedelta(days=7 - today.weekday())
    told = order(ADMINISTRATOR, START, source="command_line")
    last = first + timedelta(weeks=8)
    coordination.perform(
        SetSchoolTerm(occurred_on=START, organisation=AUTHORITY, first_day=first, last_day=last), told
    )
    for number, school in enumerate((SCHOOL, OTHER_SCHOOL)):
        accepted = AcceptTerms(
            occurred_on=START,
            organisation=BOARD,
            terms=UUID(int=0xE910 + number),
            service=CAMHS,
            school=school,
            effective_from=START,
            notice_working_days=0,
        )
        on_behalf = order(ADMINISTRATOR, START, source="command_line", on_behalf_of=BOARD)
        coordination.perform(accepted, on_behalf)
    box = SetMailbox(occurred_on=START, organisation=BOARD, service=CAMHS, address=MAILBOX)
    coordination.perform(box, order(ADMINISTRATOR, START, source="command_line"))


def reply_to(invitation: str, partstat: str) -> str:
    """What a mail program answers to a calendar part."""
    [event] = Calendar.from_ical(invitation).walk("VEVENT")
    lines = (
        *("BEGIN:VCALENDAR", "PRODID:-//Mail//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT"),
        *(f"UID:{event['uid']}", f"SEQUENCE:{event['sequence']}"),
        *(f"ATTENDEE;PARTSTAT={partstat}:{event['attendee']}", "END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines)


def test_a_term_is_planned_for_a_county_and_a_service_answers(
    site: ServedService,
    new_page: NewPage,
    inbox: tuple[MailServerThatKeeps, MailSettings],
    tmp_path: Path,
) -> None:
    taken, mail = inbox
    with county_on(site) as coordination:
        a_term(coordination, site.clock().date())
        settled(site, coordination)
        page = new_page(locale=LOCALES["en"])
        walk = Walk(site, page, "en", "term-planned", hand=Keyboard(page), also=320)
        walk.signs_in("caseworker")
        walk.goes("Meetings")
        walk.follows("Find dates for a term")
        walk.at("Find dates for a term")
        walk.reads("Every service that agreed to come is free, on a day with the fewest further journeys.")
        walk.presses("Accept, schedule and invite")
        walk.glances("planned")
        with psycopg.connect(site.database) as link:
            link.execute("update desk.account set disabled_at = now() where organisation = %s", (BOARD,))
        send_due(coordination, OutboxSettings(mail, site.url, tmp_path), site.clock())
        invited = [made for to, made in taken.taken if to == [MAILBOX]]
        parts = [p for m in invited for p in m.walk() if p.get_content_type() == "text/calendar"]
        assert len(parts) > 2
        invitations = [part.get_content() for part in parts]
        starts = {str(Calendar.from_ical(one).walk("VEVENT")[0]["dtstart"].dt) for one in invitations}
        assert len(starts) == len(invitations), "nothing at the same time"
        # one by the calendar
        board = program(site, BOARD)
        by_calendar = board.post("/calendar/replies", {"calendar": reply_to(invitations[0], "ACCEPTED")})
        assert by_calendar.status_code == 201, by_calendar.text
        # one by link, in Welsh
        body = invited[1].get_body(("plain",))
        assert body is not None
        found = re.search(rf"({site.url}/link/[\w-]+)", body.get_content())
        assert found is not None
        linked = new_page(locale=LOCALES["cy"])
        service = Walk(site, linked, "cy", "term-planned-link", also=320)
        linked.goto(found[1])
        service.at("Open your link")
        service.presses("Send a code")
        send_due(coordination, OutboxSettings(mail, site.url, tmp_path), site.clock() + timedelta(minutes=1))
        coded = taken.taken[-1][1].get_body(("plain",))
        assert coded is not None
        code = re.search(r"(?:Code|Cod): (\d{6})", coded.get_content())
        assert code is not None
        service.types("one_time_code", code[1])
        service.presses("Open the link")
        service.glances("invitation")
        service.ticks("answer", "apologies")
        service.types("answered_by", "Eleri Huws")
        service.types("answered_as", "Ysgrifennydd")
        linked.locator("main form button[type=submit]").first.click()
        service.glances("answered")
        answers = set()
        for one in invitations[:2]:
            meeting = UUID(str(Calendar.from_ical(one).walk("VEVENT")[0]["uid"]).partition("@")[0])
            answers.add(coordination.batch().state(MEETING_STREAM, meeting).invitations[CAMHS].answer)
        assert answers == {"attending", "apologies"}
