"""A contested mark at the pages: contested by its service, ruled on by neither party, counted as ruled."""

from __future__ import annotations

from datetime import timedelta

import psycopg

from tests.county import CAMHS, OTHER_SCHOOL, PSYCHOLOGY
from tests.webui.meeting.conftest import MeetingDesk, invited, marks, words_of
from tests.webui.referring import form_in, send, settled
from tests.webui.service import RunningService


def test_a_mark_is_contested_without_a_challenge_and_ruled_on(
    service: RunningService, desk: MeetingDesk
) -> None:
    meeting = invited(desk, CAMHS)
    marks(desk, meeting, _alnco="attended", _camhs="absent")
    settled(service, desk.coordination)
    clinician = MeetingDesk(service, desk.coordination, "clinician")
    assert "Contest the mark" in clinician.get(f"/meetings/{meeting}")
    path = f"/meetings/{meeting}/register/{CAMHS}/contest"
    assert "Say why the mark is wrong" in clinician.does(path, status=422, claims="attended").text
    clinician.does(path, claims="attended", why="She signed the book.")
    settled(service, desk.coordination)
    (contest,) = desk.state(meeting).contests
    ruling = f"/contested-marks/{meeting}/{contest}"
    # both sides read it, and neither may decide
    for party in (desk, clinician):
        page = words_of(party.get("/contested-marks"))
        assert "She signed the book." in page
        assert "An independent person will make one." in page
    assert clinician.client.get(ruling).status_code == 404
    assert desk.client.get(ruling).status_code in (403, 404)
    assert "Disputed" in desk.get(f"/meetings/{meeting}")
    auditor = MeetingDesk(service, desk.coordination, "auditor")
    assert "Rule on the dispute" in auditor.get("/contested-marks")
    auditor.does(ruling, ruling="upheld", reasons="The book has her name.")
    settled(service, desk.coordination)
    assert "The book has her name." in words_of(clinician.get("/contested-marks"))
    assert "ruling: Attended" in words_of(desk.get(f"/meetings/{meeting}"))
    with psycopg.connect(service.database) as conn:
        row = conn.execute(
            "select ruling, reads from read.mark_dispute where meeting = %s and known_to is null", (meeting,)
        ).fetchone()
    assert row == ("upheld", "attended")


def test_an_agency_itself_accepts_and_ends_its_terms(service: RunningService, desk: MeetingDesk) -> None:
    clinician = MeetingDesk(service, desk.coordination, "clinician")
    clinician.does(
        "/terms",
        service=str(CAMHS),
        school=str(OTHER_SCHOOL),
        meetings="hwb",
        notice_working_days="5",
        effective_from=desk.today,
    )
    directory = desk.coordination.directory()
    terms = directory.terms(CAMHS, OTHER_SCHOOL, desk.today)
    assert terms is not None
    assert terms.notice_working_days == 5
    clinician.does(f"/terms/{terms.id}/end", effective_to=desk.today)
    after = desk.coordination.directory().terms(CAMHS, OTHER_SCHOOL, desk.today + timedelta(days=1))
    assert after is None
    # a service for which the person does not act is not offered, and the school has no such page
    form = form_in(clinician.get("/terms"))
    refused = send(clinician.client, "/terms", form, service=str(PSYCHOLOGY), school=str(OTHER_SCHOOL))
    assert refused.status_code == 422
    assert desk.client.get("/terms").status_code in (403, 404)
