"""An agency's own record on the attendance page: what it answered, what the school wrote, and where it is disputed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from coordination.challenge.commands import DisputeMark
from coordination.service import Coordination
from projections.attendance.queries import OwnAttendanceCriteria, attendance_evidence, own_record
from tests.county import ALNCO, AUDITOR, CAMHS, CLINICIAN, HEAD, PSYCHOLOGIST, PSYCHOLOGY, SCHOOL, THERAPY
from tests.projections.hwb import CHALLENGE, correct, hold, meeting_id, raise_challenge, viewer
from tests.webui.looking import counted
from tests.webui.referring import browser, settled
from tests.webui.reports_county import TODAY, does, reports_on, words_of
from tests.webui.service import RunningService

DISPUTE = UUID(int=0xD04)


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    with reports_on(service) as coordination:
        yield coordination


def record_of(page: str) -> list[str]:
    """The rows of the own record, in words."""
    part = page.partition('id="own"')[2]
    assert part, "no own record"
    body = part.split("<tbody")[1].split("</tbody")[0]
    return [words_of("<" + row).strip() for row in body.split("<tr")[1:]]


def test_meeting_by_meeting_the_newest_first(service: RunningService, county: Coordination) -> None:
    rows = record_of(browser(service, "clinician").get("/attendance").text)
    assert len(rows) == 4
    assert "Ysgol y Bryn, 2 Apr 2025" in rows[0]
    assert "Absent" in rows[0]
    assert "apologies as recorded by the school Apologies" in rows[1]
    assert "No: short notice" in rows[2]
    assert "Attended" in rows[3]


def test_only_an_agency_has_one_and_only_its_own(service: RunningService, county: Coordination) -> None:
    hold(county, 4, {PSYCHOLOGY: "absent", CAMHS: "attended"})
    settled(service, county)
    assert len(record_of(browser(service, "psychologist").get("/attendance").text)) == 1
    for who in ("alnco", "head", "auditor"):
        assert 'id="own"' not in browser(service, who).get("/attendance").text
    reader = service.app.extensions["cydlynu"].reader
    for person in (ALNCO, HEAD, AUDITOR):
        assert own_record(reader, viewer(person), OwnAttendanceCriteria(to_on=TODAY)).rows == ()
    assert own_record(reader, viewer(PSYCHOLOGIST), OwnAttendanceCriteria(to_on=TODAY)).total == 1


def test_the_question_of_the_report_holds_for_it(service: RunningService, county: Coordination) -> None:
    client = browser(service, "clinician")
    assert len(record_of(client.get("/attendance?from_on=2025-03-01").text)) == 2
    assert "None of your services was invited" in client.get("/attendance?service=SALT").text
    assert "None of your services was invited" in client.get("/attendance?school=6994002").text
    assert record_of(client.get("/attendance?page=1000000000").text)


def test_a_correction_and_its_reason_are_there(service: RunningService, county: Coordination) -> None:
    correct(county, meeting_id(3), CAMHS, "apologies", date(2025, 11, 3))
    settled(service, county)
    row = record_of(browser(service, "clinician").get("/attendance").text)[0]
    assert "Correction" in row
    assert "Wrong line" in row
    before = record_of(browser(service, "clinician").get("/attendance?known_at=2025-11-02").text)[0]
    assert "Absent" in before


def test_it_is_disputed_from_here_and_then_stands_as_contested(
    service: RunningService, county: Coordination
) -> None:
    client = browser(service, "clinician")
    assert "Dispute this mark" not in client.get("/attendance").text
    reader = service.app.extensions["cydlynu"].reader
    marks = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY).marks
    raise_challenge(county, marks, date(2025, 11, 24))
    settled(service, county)
    page = client.get("/attendance").text
    last = marks[-1]
    address = f"/challenges/{CHALLENGE}/dispute/{last.meeting}"
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    dispute = DisputeMark(
        occurred_on=date(2025, 11, 25),
        challenge=CHALLENGE,
        dispute=DISPUTE,
        of_meeting=last.meeting,
        mark_version=last.version,
        why="We were there",
        claims="attended",
    )
    does(county, CLINICIAN, dispute)
    settled(service, county)
    page = client.get("/attendance").text
    row = record_of(page)[0]
    assert "Disputed" in row
    assert f'href="{address}"' not in page
    assert "Challenge using this mark" in row


def test_the_number_of_statements_does_not_grow(service: RunningService, county: Coordination) -> None:
    client = browser(service, "clinician")
    client.get("/attendance")
    with counted() as few:
        client.get("/attendance")
    for n in range(4, 9):
        hold(county, n, {CAMHS: "absent", THERAPY: "absent"})
    settled(service, county)
    with counted() as many:
        client.get("/attendance")
    assert many == few


def test_in_welsh(service: RunningService, county: Coordination) -> None:
    client = browser(service, "clinician")
    client.get("/language/cy")
    assert "Eich cofnod eich hun, fesul cyfarfod" in words_of(client.get("/attendance").text)
