"""A school's Today: what waits, each line one click from doing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.meeting.commands import AddAgendaItem, ScheduleMeeting
from coordination.pupil.actions.decide import AgreeAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.consent.decide import RequestConsent
from projections.attendance.queries import attendance_evidence
from tests.county import ALNCO, BOARD, CAMHS, EDUCATION, HEAD, MOTHER, PSYCHOLOGY, PUPIL, SCHOOL
from tests.projections.casework import AGREED_EDUCATION, SECOND, TO_CAMHS, RecordedCase, told
from tests.projections.hwb import accept_terms, held_on, hold, raise_challenge, viewer
from tests.webui.county_site import county_on
from tests.webui.looking import counted
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService

ACTION = UUID(int=0xAD1)
SOON = UUID(int=0xEE1)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def part(page: str, heading: str) -> str:
    """A section of the page in words, by the id of its heading."""
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}">(.*?)</section>', page, re.DOTALL)
    assert found, heading
    return words_of(found[1])


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    """The story of tests/projections/casework.py, long ago, and what is new this week."""
    with county_on(service) as coordination:
        case = told(coordination)
        today = service.app.extensions["cydlynu"].today()
        case.reports(TO_CAMHS, "did_not_attend", today - timedelta(days=1))
        agree = {
            "pupil": PUPIL,
            "action": ACTION,
            "what": "Ring the mother",
            "due_on": today + timedelta(days=2),
        }
        case.does(
            ALNCO,
            today - timedelta(days=3),
            AgreeAction,
            owner=Owner(organisation=SCHOOL, person=HEAD),
            **agree,
        )
        ask = {"pupil": SECOND, "consent": UUID(int=0xE9), "agency": BOARD, "service": CAMHS}
        ask["purpose"] = "meeting"
        case.does(ALNCO, today - timedelta(days=5), RequestConsent, contact=None, **ask)
        plan = {"meeting": SOON, "school": SCHOOL, "held_on": today + timedelta(days=20)}
        case.does(ALNCO, today, ScheduleMeeting, **plan)
        for number, pupil in enumerate((PUPIL, SECOND)):
            item = UUID(int=0xEE10 + number)
            case.does(
                ALNCO, today, AddAgendaItem, meeting=SOON, item=item, about=pupil, confirmed=number == 0
            )
        settled(service, coordination)
        yield case


def test_everything_that_waits_is_there(service: RunningService, case: RecordedCase) -> None:
    page = browser(service, "alnco").get("/today").text
    assert "Siân Gŵyn-Llŷr" in part(page, "missed")
    assert "Did not attend: Child and adolescent mental health" in part(page, "missed")
    overdue = part(page, "overdue")
    assert re.search(r"Siân Gŵyn-Llŷr \d+ days over Child and adolescent mental health", overdue)
    agreements = part(page, "agreements")
    assert re.search(r"Mair Gŵyn was asked \d+ days ago about sharing with Dyffryn Education", agreements)
    assert "The pupil was asked 5 days ago about sharing with Dyffryn Health Board" in agreements
    actions = part(page, "actions")
    assert "Ring the mother Siân Gŵyn-Llŷr . Owner: Person a2." in actions
    soon = part(page, "next")
    assert soon.index("Siân Gŵyn-Llŷr") < soon.index("proposed")
    assert "Meetings to finalise" in words_of(page)


def test_each_line_leads_to_doing_it(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "alnco")
    page = client.get("/today").text
    for address in (
        f"/pupils/{PUPIL}",
        f"/pupils/{PUPIL}/referrals/{TO_CAMHS}",
        f"/challenges/raise/delay/{CAMHS}/CAMHS-28",
        f"/meetings/{SOON}",
        f"/meetings/{SOON}/agenda",
    ):
        assert f'href="{address}"' in page, address
        assert client.get(address).status_code == 200, address
    asked = re.findall(r'href="(/pupils/[0-9a-f-]+/agreements/[0-9a-f-]+/answer)"', page)
    assert len(asked) == 2
    assert all(client.get(address).status_code == 200 for address in asked)


def test_an_action_is_done_with_one_press(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "alnco")
    page = client.get("/today").text
    done = f"/today/actions/{PUPIL}/{ACTION}/done"
    form = form_in(page, action=str(ACTION))
    answer = send(client, done, form)
    assert answer.status_code == 303
    after = client.get(answer.location).text
    assert "The action is recorded as done." in after
    assert "Ring the mother" not in after
    # pressed twice it is done once; pressed on an old page it says so
    assert send(client, done, form).status_code == 303
    stale = form_in(page, action=str(ACTION))
    stale["command_id"] = "another"
    assert send(client, done, stale).status_code == 409
    assert send(client, f"/today/actions/{PUPIL}/{UUID(int=9)}/done", stale).status_code == 404


def test_a_child_who_was_not_brought_prompts_a_check(service: RunningService, case: RecordedCase) -> None:
    today = service.app.extensions["cydlynu"].today()
    case.reports(TO_CAMHS, "was_not_brought", today)
    settled(service, case.service)
    missed = part(browser(service, "alnco").get("/today").text, "missed")
    assert "Is the child safe?" in missed
    assert "Ask why today" in missed


def test_a_challenge_waits_for_whom_it_is(service: RunningService, case: RecordedCase) -> None:
    coordination = case.service
    accept_terms(coordination)
    for number in range(3):
        hold(coordination, number, {CAMHS: "absent"})
    settled(service, coordination)
    found = attendance_evidence(
        service.app.extensions["cydlynu"].reader, viewer(ALNCO), SCHOOL, CAMHS, held_on(3)
    )
    raise_challenge(coordination, found.marks, held_on(3), send=False)
    settled(service, coordination)
    assert 'aria-labelledby="challenges"' not in browser(service, "alnco").get("/today").text
    assert "The head teacher decides" in part(browser(service, "head").get("/today").text, "challenges")


def test_all_of_one_part(service: RunningService, case: RecordedCase) -> None:
    today = service.app.extensions["cydlynu"].today()
    for number in range(12):
        agree = {"pupil": SECOND, "action": UUID(int=0xADD0 + number), "what": f"Thing {number}"}
        owner = Owner(organisation=EDUCATION, service=PSYCHOLOGY)
        case.does(ALNCO, today, AgreeAction, owner=owner, due_on=today, **agree)
    settled(service, case.service)
    client = browser(service, "alnco")
    page = client.get("/today").text
    assert "The first 8 of 15." in words_of(page)
    everything = client.get("/today?only=actions").text
    assert all(f"Thing {number}" in everything for number in range(12))
    assert 'aria-labelledby="overdue"' not in everything
    assert client.get("/today?only=nonsense").status_code == 200
    with counted() as few:
        client.get("/today")
    with counted() as many:
        client.get("/today?only=actions")
    assert few.statements == many.statements


def test_a_school_where_nothing_waits(service: RunningService, case: RecordedCase) -> None:
    page = browser(service, "other-alnco").get("/today").text
    assert "You have nothing to do today." in page
    assert "No meeting is scheduled." in page
    assert "Gŵyn" not in page


def test_what_was_shown_is_noted(service: RunningService, case: RecordedCase) -> None:
    browser(service, "alnco").get("/today")
    with psycopg.connect(service.database) as link:
        row = link.execute("select person, ids from desk.read_log where kind = 'today'").fetchone()
    assert row is not None
    assert row[0] == ALNCO
    assert set(row[1]) == {PUPIL, SECOND}
    assert MOTHER not in row[1]
    assert AGREED_EDUCATION not in row[1]
