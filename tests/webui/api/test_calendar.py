"""Calendars and terms through the API: feeds that can be revoked, replies of mail programs, terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from coordination.calendars import local_date
from coordination.service import Coordination
from tests.county import CAMHS, OTHER_SCHOOL, PSYCHOLOGY, SCHOOL
from tests.webui.api.conftest import ApiClient, problem, program
from tests.webui.api.test_meetings import does, planned
from tests.webui.referring import settled
from tests.webui.service import RunningService


@pytest.fixture
def today(running: RunningService) -> date:
    return local_date(running.clock())


def coordination_of(running: RunningService) -> Coordination:
    found: Coordination = running.app.extensions["cydlynu"].coordination
    return found


def read(running: RunningService, address: str) -> dict[str, Any]:
    """The events of a feed, by UID. No cookie and no token is sent."""
    answer = running.app.test_client(use_cookies=False).get(address)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Siân" not in answer.text
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.text).walk("VEVENT")}


def answered(path: str, partstat: str, sequence: int, attendee: str = f"urn:uuid:{CAMHS}") -> str:
    meeting = path.removeprefix("/meetings/")
    lines = (
        *("BEGIN:VCALENDAR", "PRODID:-//Mail//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT"),
        *(f"UID:{meeting}@cydlynu", f"SEQUENCE:{sequence}", f"ATTENDEE;PARTSTAT={partstat}:{attendee}"),
        *("COMMENT:<script>alert(1)</script>", "END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines)


def test_a_feed_shows_when_the_meetings_are_until_it_is_revoked(
    running: RunningService, school: ApiClient, board: ApiClient, education: ApiClient, today: date
) -> None:
    path = planned(school, today + timedelta(days=40), name="Siân’s Hwb", ends_at="15:00")
    uid = f"{path.removeprefix('/meetings/')}@cydlynu"
    settled(running, coordination_of(running))
    made = does(board, "/calendar")
    found = read(running, made["address"])[uid]
    assert str(found["summary"]) == "Hwb meeting, Ysgol y Bryn"
    assert (found["dtend"].dt - found["dtstart"].dt) == timedelta(minutes=90)
    assert int(found["sequence"]) == 0
    does(school, f"{path}/move", path, held_on=(today + timedelta(days=41)).isoformat(), starts_at="09:00")
    does(school, f"{path}/cancel", path)
    settled(running, coordination_of(running))
    changed = read(running, made["address"])[uid]
    assert (int(changed["sequence"]), str(changed["status"])) == (2, "CANCELLED")
    assert uid not in read(running, does(education, "/calendar")["address"])
    # its address is never shown again, others cannot end it, and revoked it shows nothing
    assert "address" not in str(board.get("/calendar").json["items"])
    problem(school.ask("DELETE", f"/calendar/{made['feed']}"), 404, "not_found")
    assert board.ask("DELETE", f"/calendar/{made['feed']}").status_code == 204
    assert board.get("/calendar").json["items"][0]["revoked_at"] is not None
    client = running.app.test_client(use_cookies=False)
    assert client.get(made["address"]).status_code == 404
    assert client.get("/calendar/unknown").status_code == 404


def test_a_reply_answers_the_invitation_and_one_to_an_earlier_date_does_not(
    running: RunningService, school: ApiClient, board: ApiClient, education: ApiClient, today: date
) -> None:
    path = planned(school, today + timedelta(days=50))
    settled(running, coordination_of(running))
    problem(
        education.post("/calendar/replies", {"calendar": answered(path, "ACCEPTED", 0)}), 404, "not_found"
    )
    does(board, "/calendar/replies", calendar=answered(path, "ACCEPTED", 0, "mailto:camhs@board.example"))
    (seat,) = board.get(path).json["seats"]
    assert (seat["answer"], seat["own_word"]) == ("attending", True)
    does(school, f"{path}/move", path, held_on=(today + timedelta(days=51)).isoformat(), starts_at="09:00")
    settled(running, coordination_of(running))
    late = board.post("/calendar/replies", {"calendar": answered(path, "DECLINED", 0)})
    problem(late, 422, "calendar_reply_outdated")
    assert board.get(path).json["seats"][0]["answer"] is None
    does(board, "/calendar/replies", calendar=answered(path, "DECLINED", 1))
    assert board.get(path).json["seats"][0]["answer"] == "apologies"


@pytest.mark.parametrize(
    ("raw", "status"), [("<script>" * 1_300_000, 413), ("<script>" * 20_000, 422), ("x", 422)]
)
def test_a_file_that_is_no_reply_is_refused_unread(board: ApiClient, raw: str, status: int) -> None:
    answer = board.post("/calendar/replies", {"calendar": raw})
    assert answer.status_code == status
    assert "<script>" not in answer.text


def test_a_service_that_accepts_two_meetings_at_one_hour_is_expected_at_the_first(
    running: RunningService, school: ApiClient, board: ApiClient, today: date
) -> None:
    """Both answers are recorded; it is expected where it was invited first, and the other says why not."""
    for of in (SCHOOL, OTHER_SCHOOL):
        accepted = {"service": str(CAMHS), "school": str(of), "notice_working_days": 0}
        does(board, "/terms", effective_from="2024-09-01", **accepted)
    day = today + timedelta(days=60)
    first, second = planned(school, day), planned(school, day)
    settled(running, coordination_of(running))
    for path in (first, second):
        does(board, "/calendar/replies", calendar=answered(path, "ACCEPTED", 0))
    settled(running, coordination_of(running))
    seats = [board.get(path).json["seats"][0] for path in (first, second)]
    assert [seat["answer"] for seat in seats] == ["attending", "attending"]
    assert sorted((seat["expected"], seat["because"]) for seat in seats) == [(False, "clash"), (True, None)]


def test_an_agency_accepts_and_ends_its_own_terms_and_nobody_else_s(
    running: RunningService, school: ApiClient, board: ApiClient, education: ApiClient
) -> None:
    body = {"service": str(PSYCHOLOGY), "school": str(SCHOOL), "meetings": "pupil_panel"}
    body |= {"effective_from": "2025-09-01", "notice_working_days": 5}
    for other in (school, board, program(running, SCHOOL)):
        problem(other.post("/terms", body), 404, "not_found")
    made = does(education, "/terms", **body)["terms"]
    settled(running, coordination_of(running))
    (held,) = [t for t in school.get("/terms").json["items"] if t["id"] == made]
    assert (held["meetings"], held["notice_working_days"], held["effective_to"]) == ("pupil_panel", 5, None)
    problem(board.post(f"/terms/{made}/end", {"effective_to": "2025-12-31"}), 404, "not_found")
    does(education, f"/terms/{made}/end", effective_to="2025-12-31")
    (ended,) = [t for t in education.get("/terms").json["items"] if t["id"] == made]
    assert ended["effective_to"] == "2025-12-31"
    unknown = education.post("/terms", {**body, "meetings": "tea"})
    problem(unknown, 422, "unknown_code")
