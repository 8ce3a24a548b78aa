"""Who inside the agency has a referral, on the inbox and on the referral; and that nobody outside learns of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import AllocateReferral
from projections.case_file import queries
from projections.inbox.queries import InboxCriteria, inbox
from tests.county import ALNCO, AUDITOR, BOARD, CAMHS, CLINICIAN, PSYCHOLOGIST, PUPIL, THERAPIST, order
from tests.projections.casework import SECOND, TO_CAMHS, RecordedCase, viewer
from tests.webui.desks.test_inbox import boxes, rows
from tests.webui.looking import counted
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, page_of, send, settled
from tests.webui.service import NOW, RunningService

TODAY = NOW.date()
NEW = UUID(int=0xF0)


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    """The story, and one more referral that was sent a week ago."""
    with case_on(service) as told:
        sent = TODAY - timedelta(days=7)
        told.agrees(UUID(int=0xE8), BOARD, sent, pupil=SECOND)
        told.refers(NEW, CAMHS, sent, pupil=SECOND)
        settled(service, told.service)
        yield told


def allocates(case: RecordedCase, pupil: UUID, referral: UUID, person: UUID) -> None:
    command = AllocateReferral(occurred_on=TODAY, pupil=pupil, referral=referral, person=person)
    case.service.perform(command, order(CLINICIAN, TODAY))


def has(case: RecordedCase, referral: UUID = TO_CAMHS, pupil: UUID = PUPIL) -> UUID | None:
    found: UUID | None = case.service.batch().state(PUPIL_STREAM, pupil).referrals[referral].allocated
    return found


def test_one_press_takes_it_and_mine_and_nobodys_are_apart(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "clinician")
    page = client.get("/inbox?service=CAMHS").text
    assert "Mine (0)" in text(page)
    assert "Not allocated (2)" in text(page)
    ticked = boxes(page)
    taken = next(box for box in ticked if str(TO_CAMHS) in box)
    form = form_in(page, action="acknowledge")
    for _ in range(2):  # pressed twice it is taken once
        answer = send(client, "/inbox/allocate?service=CAMHS", form, take=taken)
        assert answer.status_code == 303
    assert has(case) == CLINICIAN
    page = client.get("/inbox?service=CAMHS&who=mine").text
    assert len(rows(page)) == 1
    assert "Mine (1)" in text(page)
    assert "Me" in rows(page)[0]
    assert len(rows(client.get("/inbox?service=CAMHS&who=nobody").text)) == 1
    assert len(rows(client.get("/inbox?service=CAMHS&who=nonsense").text)) == 2
    assert "No referrals here." in browser(service, "therapist").get("/inbox?service=CAMHS&who=mine").text


def test_several_are_allocated_at_once_and_taken_back(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "clinician")
    page = client.get("/inbox?service=CAMHS").text
    form = form_in(page, action="acknowledge")
    done = send(client, "/inbox/allocate", form, referral=boxes(page), person=str(THERAPIST))
    assert done.status_code == 303
    assert (has(case), has(case, NEW, SECOND)) == (THERAPIST, THERAPIST)
    page = client.get("/inbox?service=CAMHS").text
    form = form_in(page, action="acknowledge")
    assert "already have this allocation" in text(
        send(client, "/inbox/allocate", form, referral=boxes(page), person=str(THERAPIST)).text
    )
    assert send(client, "/inbox/allocate", form, referral=boxes(page), person="nobody").status_code == 303
    assert (has(case), has(case, NEW, SECOND)) == (None, None)


def test_bad_input(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "clinician")
    page = client.get("/inbox?service=CAMHS").text
    form = form_in(page, action="acknowledge")
    assert send(client, "/inbox/allocate", form, referral=boxes(page)).status_code == 422
    assert send(client, "/inbox/allocate", form, person=str(CLINICIAN)).status_code == 422
    assert send(client, "/inbox/allocate", form, take="x").status_code == 404
    assert send(client, "/inbox/allocate", form, referral=boxes(page), person="x").status_code == 404
    refused = send(client, "/inbox/allocate", form, referral=boxes(page), person=str(PSYCHOLOGIST))
    assert refused.status_code == 422
    assert "Choose a person who works at your organisation now." in refused.text
    only = [box for box in boxes(page) if str(TO_CAMHS) in box]
    answer = send(client, "/inbox/acknowledge", form, referral=only)
    assert "already acknowledged" in text(answer.text)
    assert has(case) is None


def test_on_the_page_of_the_referral(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "clinician")
    page = client.get(page_of(TO_CAMHS)).text
    assert "Not allocated." in page
    form = form_in(page, "was", action="allocate")
    assert send(client, f"{page_of(TO_CAMHS)}/allocate", form).status_code == 422
    assert send(client, f"{page_of(TO_CAMHS)}/allocate", form, person="x").status_code == 404
    assert send(client, f"{page_of(TO_CAMHS)}/allocate", form, person=str(THERAPIST)).status_code == 303
    stale = send(client, f"{page_of(TO_CAMHS)}/allocate", form, person=str(CLINICIAN), command_id="other")
    assert stale.status_code == 422
    assert "Another person allocated this referral" in stale.text
    assert "allocated the referral on" in text(client.get(page_of(TO_CAMHS)).text)


def test_the_school_sees_that_it_is_allocated_and_never_to_whom(
    case: RecordedCase, service: RunningService
) -> None:
    allocates(case, PUPIL, TO_CAMHS, THERAPIST)
    settled(service, case.service)
    school = browser(service, "alnco")
    page = school.get(page_of(TO_CAMHS)).text
    assert "Allocated within the service since" in text(page)
    name = text(browser(service, "clinician").get(page_of(TO_CAMHS)).text)
    assert "allocated the referral on" in name
    for address in (page_of(TO_CAMHS), f"/pupils/{PUPIL}", f"/pupils/{PUPIL}/timeline"):
        shown = school.get(address).text
        assert str(THERAPIST) not in shown
        assert "allocated the referral on" not in text(shown)
    reader = service.app.extensions["cydlynu"].reader
    for person in (ALNCO, AUDITOR, PSYCHOLOGIST):
        who = viewer(person, TODAY)
        with reader.viewing(who) as cursor:
            assert cursor.execute("select * from read.allocation").fetchall() == []
            told = cursor.execute("select 1 from read.timeline where topic = 'referral.allocated'")
            assert told.fetchall() == []
    assert queries.referral(reader, viewer(ALNCO, TODAY), TO_CAMHS).allocated is None
    assert queries.referral(reader, viewer(CLINICIAN, TODAY), TO_CAMHS).allocated == THERAPIST
    found = inbox(reader, viewer(THERAPIST, TODAY), InboxCriteria(who="mine"))
    assert [line.referral.referral for line in found.rows] == [TO_CAMHS]


def test_the_number_of_statements_does_not_depend_on_who_has_them(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "clinician")
    client.get("/inbox?service=all")
    with counted() as few:
        client.get("/inbox?service=all")
    for number in range(6):
        case.refers(UUID(int=0x1F0 + number), CAMHS, TODAY, pupil=SECOND)
        allocates(case, SECOND, UUID(int=0x1F0 + number), (CLINICIAN, THERAPIST)[number % 2])
    settled(service, case.service)
    with counted() as many:
        client.get("/inbox?service=all")
    assert many == few
