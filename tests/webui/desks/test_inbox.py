"""The clinician's inbox: what comes first, and several answered at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from coordination.outbox.message import case_reference
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import StrikeEntry
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, PUPIL, THERAPIST, THERAPY
from tests.projections.casework import SECOND, TO_CAMHS, RecordedCase, day, told
from tests.webui.conftest import sign_in
from tests.webui.county_site import story_on
from tests.webui.looking import counted
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, page_of, send, settled
from tests.webui.service import NOW

TODAY = NOW.date()
NEW = [UUID(int=0xF0 + n) for n in range(4)]


@pytest.fixture
def case(service):
    with case_on(service) as told:
        yield told


def told_and_waiting(coordination):
    """The case, and four more referrals: sent a week ago, received and not, one urgent, one with danger, one to the
    therapists."""
    case = told(coordination)
    sent = TODAY - timedelta(days=7)
    case.agrees(UUID(int=0xE8), BOARD, sent, pupil=SECOND)
    case.agrees(UUID(int=0xEB), BOARD, sent, pupil=SECOND, service=THERAPY)
    risk = {
        "immediate_risk": True,
        "told": ("crisis_team",),
        "told_at": NOW - timedelta(days=8),
    }
    for referral, service_id, more in (
        (NEW[0], CAMHS, {}),
        (NEW[1], CAMHS, {"priority": "urgent"}),
        (NEW[2], CAMHS, risk),
        (NEW[3], THERAPY, {}),
    ):
        case.refers(referral, service_id, sent, pupil=SECOND, **more)
    case.says(CLINICIAN, NEW[1], "received", sent, pupil=SECOND)


@pytest.fixture
def waiting(service):
    with story_on(service, "inbox", told_and_waiting) as coordination:
        yield RecordedCase(coordination)


@pytest.fixture
def clinician(waiting, service):
    """Somebody who works for both services."""
    return browser(service, "therapist")


def rows(html: str) -> list[str]:
    return [text("<" + row) for row in html.split("<tbody")[1].split("</tbody")[0].split("<tr")[1:]]


def boxes(html: str, name: str = "referral") -> list[str]:
    return re.findall(rf'name="{name}"[^>]*value="([^"]+)"', html)


def steps(case, referral, pupil=SECOND):
    return [
        (s.name, s.on) for s in case.service.batch().state(PUPIL_STREAM, pupil).referrals[referral].counting()
    ]


def test_it_is_the_clinicians_home(waiting, service):
    client = service.app.test_client()
    assert sign_in(client, "clinician").location == "/inbox"


def test_danger_then_what_is_new_then_priority_then_the_wait(clinician):
    lines = rows(clinician.get("/inbox?service=CAMHS").text)
    assert len(lines) == 4
    assert "Immediate risk" in lines[0]
    assert "Urgent" in lines[1] and "7 of 28 days" in lines[1] and "21 days left" in lines[1]
    assert "Priority" in lines[3]
    overdue = (TODAY - date(2025, 2, 3)).days
    assert f"{overdue} of 28 days" in lines[3]
    assert f"{overdue - 28} days over" in lines[3], "in words, not in colour only"
    assert "7 days so far Not received yet" in lines[2]


def test_a_service_of_ones_own_or_all_of_them(clinician):
    everything = clinician.get("/inbox?service=all").text
    assert len(rows(everything)) == 5
    assert "All services (5)" in text(everything)
    assert len(rows(clinician.get("/inbox?service=SALT").text)) == 1
    assert clinician.get("/inbox?service=EPS").status_code == 404, "another agency's"
    assert clinician.get("/inbox?service=nothing").status_code == 404


@pytest.mark.parametrize("page", ["1000000000", "0", "-1", "x", "9" * 30])
def test_any_page_number_shows_a_page(clinician, page):
    answer = clinician.get(f"/inbox?page={page}")
    assert answer.status_code == 200
    assert "Gŵyn-Llŷr" in answer.text
    assert clinician.get(f"/inbox/reported?page={page}").status_code == 200


def test_several_are_acknowledged_at_once_and_those_sent_are_received(waiting, clinician):
    page = clinician.get("/inbox?service=CAMHS").text
    ticked = boxes(page)
    assert len(ticked) == 4, "the one of the story too: it was acknowledged long ago, and can be allocated"
    answer = send(
        clinician, "/inbox/acknowledge?service=CAMHS", form_in(page, action="acknowledge"), referral=ticked
    )
    assert answer.status_code == 303
    sent = TODAY - timedelta(days=7)
    for referral in NEW[:3]:
        assert steps(waiting, referral)[-2:] == [("received", sent), ("acknowledged", TODAY)], referral
    after = clinician.get(answer.location).text
    assert "3 entries recorded." in after
    assert "Acknowledge selected" not in after
    assert "7 of 28 days" in text(after), "the clock runs from the day on which it was sent"


def test_sent_twice_it_acts_once(waiting, clinician):
    page = clinician.get("/inbox?service=CAMHS").text
    form = form_in(page, action="acknowledge")
    for _ in range(2):
        answer = send(clinician, "/inbox/acknowledge", form, referral=boxes(page))
        assert answer.status_code == 303
    assert [name for name, _on in steps(waiting, NEW[0])].count("acknowledged") == 1


def test_one_that_moved_on_is_left_and_the_others_are_done(waiting, service, clinician):
    page = clinician.get("/inbox?service=CAMHS").text
    waiting.says(THERAPIST, NEW[0], "received", TODAY, pupil=SECOND)
    settled(service, waiting.service)
    answer = send(clinician, "/inbox/acknowledge", form_in(page, action="acknowledge"), referral=boxes(page))
    assert answer.status_code == 422
    said = text(answer.text)
    assert "2 entries recorded." in said
    assert "This has changed. Check what is new, then send yours again." in said
    assert "1 was not recorded." in said
    assert ("acknowledged", TODAY) not in steps(waiting, NEW[0])
    assert ("acknowledged", TODAY) in steps(waiting, NEW[1])
    # the list is fresh: ticked again, it goes
    form = form_in(answer.text, action="acknowledge")
    assert send(clinician, "/inbox/acknowledge", form, referral=boxes(answer.text)).status_code == 303
    assert ("acknowledged", TODAY) in steps(waiting, NEW[0])


def test_nothing_ticked_says_so(clinician):
    page = clinician.get("/inbox").text
    answer = send(clinician, "/inbox/acknowledge", form_in(page, action="acknowledge"))
    assert answer.status_code == 422
    assert "Select the referrals to acknowledge." in answer.text


@pytest.mark.parametrize("box", ["x", "1.2.3.4", f"{PUPIL}.{TO_CAMHS}.x.0", f"{PUPIL}.{TO_CAMHS}.1", "." * 9])
def test_a_box_that_we_did_not_make(clinician, box):
    form = form_in(clinician.get("/inbox").text, action="acknowledge")
    assert send(clinician, "/inbox/acknowledge", form, referral=[box]).status_code == 404


def test_a_box_of_another_agency_does_nothing(waiting, service):
    client = browser(service, "psychologist")
    form = form_in(client.get("/inbox").text, action="acknowledge")
    forged = f"{SECOND}.{NEW[0]}.99.0"
    answer = send(client, "/inbox/acknowledge", form, referral=[forged])
    assert answer.status_code == 422
    assert "Not found, or you do not have access to it." in answer.text
    assert "acknowledged" not in dict(steps(waiting, NEW[0]))


def test_only_agencies_have_an_inbox(waiting, service):
    for who in ("alnco", "head", "auditor", "administrator"):
        client = browser(service, who)
        assert client.get("/inbox").status_code == 404
        assert client.get("/inbox/reported").status_code == 404


# What schools reported


def test_what_schools_reported_is_confirmed_several_at_once(waiting, service, clinician):
    waiting.reports(TO_CAMHS, "triaged", day(33))
    settled(service, waiting.service)
    page = clinician.get("/inbox/reported").text
    said = rows(page)
    assert len(said) == 2
    assert "Appointment offered 5 Mar 2025" in said[0]
    assert "the secretary By telephone, 5 Mar 2025" in said[0]
    assert "Ysgol y Bryn" in said[0]
    done = send(
        clinician, "/inbox/reported/confirm", form_in(page, action="confirm"), entry=boxes(page, "entry")
    )
    assert done.status_code == 303
    after = clinician.get(done.location).text
    assert "2 entries recorded." in after
    assert "You have no reports to confirm." in after
    assert "Confirmed" in clinician.get(page_of(TO_CAMHS)).text


def test_what_was_struck_out_meanwhile_is_not_confirmed(waiting, service, clinician):
    page = clinician.get("/inbox/reported").text
    (box,) = boxes(page, "entry")
    waiting.does(
        ALNCO,
        TODAY,
        StrikeEntry,
        pupil=PUPIL,
        referral=TO_CAMHS,
        entry=int(box.rpartition(".")[2]),
        why="Camgymeriad",
    )
    answer = send(clinician, "/inbox/reported/confirm", form_in(page, action="confirm"), entry=[box])
    assert answer.status_code == 422
    assert "The school did not report this, so there is nothing to confirm." in answer.text


def test_each_leads_to_contesting_it(clinician):
    page = clinician.get("/inbox/reported").text
    found = re.search(r'href="([^"]+/contest)"', page)
    assert found
    assert clinician.get(found[1]).status_code == 200


def test_an_empty_inbox_says_so(waiting, service):
    page = browser(service, "psychologist").get("/inbox/reported").text
    assert "You have no reports to confirm." in page


def test_the_number_of_statements_does_not_depend_on_the_rows(waiting, service, clinician):
    clinician.get("/inbox?service=all")
    with counted() as few:
        clinician.get("/inbox?service=all")
    for number in range(8):
        waiting.refers(UUID(int=0x1F0 + number), CAMHS, TODAY, pupil=SECOND)
    settled(service, waiting.service)
    with counted() as many:
        clinician.get("/inbox?service=all")
    assert many == few


def test_in_welsh(clinician):
    clinician.get("/language/cy")
    said = text(clinician.get("/inbox?service=CAMHS").text)
    assert "Mewnflwch" in said
    assert "21 diwrnod ar ôl" in said
    assert "Risg uniongyrchol" in said
    assert "Adroddiadau i’w cadarnhau" in text(clinician.get("/inbox/reported").text)


def test_the_filters_stay_in_the_address_and_find_what_they_say(clinician):
    """School, status, new, over, sort: each alone; the choices survive an acknowledgement."""
    found = {
        query: len(rows(page))
        if "<tbody" in (page := clinician.get(f"/inbox?service=CAMHS&{query}").text)
        else 0
        for query in (
            "new=yes",
            "phase=received",
            "over=yes",
            "school=6644050",
            "school=0000000",
            "sort=newest",
        )
    }
    assert found == {
        "new=yes": 3,
        "phase=received": 1,
        "over=yes": 1,
        "school=6644050": 4,
        "school=0000000": 4,
        "sort=newest": 4,
    }
    page = clinician.get("/inbox?service=CAMHS&new=yes&sort=waited")
    assert "3 referrals found." in text(page.text)
    form = form_in(page.text, action="/acknowledge")
    answer = send(
        clinician, "/inbox/acknowledge?service=CAMHS&new=yes&sort=waited", form, referral=boxes(page.text)[:1]
    )
    assert answer.location == "/inbox?service=CAMHS&new=yes&sort=waited"


def test_a_referral_is_found_by_reference_and_by_name_and_the_text_is_in_no_address(clinician):
    page = clinician.get("/inbox?service=all").text
    for typed, expected in (
        (case_reference(NEW[1]), 5),
        ("7777-7777", 0),
        ("gwyn", 5),
        ("nobody", 0),
        ("", 5),
    ):
        answer = send(clinician, "/inbox/find?service=all", form_in(page, "words"), words=typed)
        assert answer.status_code == 303
        assert not typed or typed not in answer.location
        shown = clinician.get(answer.location).text
        assert (len(rows(shown)) if "<tbody" in shown else 0) == expected, typed


def test_the_list_as_a_file_has_references_and_no_names(clinician):
    lines = clinician.get("/inbox/referrals.csv?service=CAMHS&new=yes").text.splitlines()
    assert len(lines) == 4
    assert lines[0].lstrip("\ufeff").startswith("reference,service,school,phase")
    assert lines[0].endswith("as_of,log_position")
    assert {line.split(",")[0] for line in lines[1:]} == {case_reference(one) for one in NEW[:3]}
    assert not any("Gŵyn" in line for line in lines)


def test_all_reports_of_a_school_and_step_are_confirmed_at_once(case, service):
    """One press; a second sends nothing twice; what was answered meanwhile is said."""
    client = browser(service, "clinician")
    page = client.get("/inbox/reported?service=CAMHS&step=appointment_offered").text
    assert len(rows(page)) == 1
    assert client.get("/inbox/reported?service=CAMHS&step=discharged").text.count("<tbody") == 0
    address = "/inbox/reported/confirm?service=CAMHS&step=appointment_offered"
    form = form_in(page, "shown")
    answer = send(client, address, form, all="yes")
    assert answer.location == "/inbox/reported?service=CAMHS&step=appointment_offered"
    assert "1 entry recorded." in text(client.get(answer.location).text)
    assert send(client, address, form, all="yes").location == answer.location, "sent twice"
    again = send(client, address, form, all="yes", command_id=str(NEW[0]))
    assert again.status_code == 422
    assert "answered meanwhile" in again.text
    told = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[TO_CAMHS]
    assert [s.standing for s in told.counting() if s.name == "appointment_offered"] == ["confirmed"] * 2


def test_what_is_reported_after_the_page_was_shown_is_not_confirmed_with_it(case, service):
    client = browser(service, "clinician")
    form = form_in(client.get("/inbox/reported?service=CAMHS").text, "shown")
    earlier = send(
        client, "/inbox/reported/confirm?service=CAMHS", form, all="yes", shown="2025-01-01T00:00:00+00:00"
    )
    assert earlier.status_code == 422
