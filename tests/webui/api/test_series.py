"""Series of meetings and the capacity of services through the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from coordination.calendars import local_date
from coordination.service import Coordination
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, PSYCHOLOGY, SCHOOL
from tests.webui.api.conftest import ApiClient, problem, program
from tests.webui.api.test_meetings import does
from tests.webui.referring import settled
from tests.webui.service import RunningService


@pytest.fixture
def today(running: RunningService) -> date:
    return local_date(running.clock())


def body(today: date, **changed: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "name": "Hwb",
        "kind": "hwb",
        "every": "fortnight",
        "weekday": 1,
        "starts_at": "09:30",
        "ends_at": "11:00",
        "effective_from": today.isoformat(),
        "quorum": 2,
        "members": [{"service": str(CAMHS)}, {"person": str(ALNCO)}, {"part": "interpreter"}],
    }
    return usual | changed


def test_a_series_is_set_up_changed_and_scheduled(
    running: RunningService, school: ApiClient, other_school: ApiClient, board: ApiClient, today: date
) -> None:
    made = does(school, "/series", **body(today))["series"]
    found = school.get(f"/series/{made}").json
    assert (found["every"], found["starts_at"], found["quorum"]) == ("fortnight", "09:30", 2)
    assert [m["part"] for m in found["members"]] == [None, None, "interpreter"]
    assert found["members"][0]["organisation"] == str(BOARD)
    assert [one["series"] for one in school.get("/series").json["items"]] == [made]
    does(school, f"/series/{made}", **body(today, quorum=3))
    assert school.get(f"/series/{made}").json["quorum"] == 3
    # nobody else's
    assert other_school.get("/series").json["items"] == []
    problem(other_school.get(f"/series/{made}"), 404, "not_found")
    problem(board.get(f"/series/{made}"), 404, "not_found")
    problem(program(running, SCHOOL, "meetings:read").post("/series", body(today)), 403, "scope_missing")
    period = f"from_on={today}&to_on={today + timedelta(days=90)}"
    dates = school.get(f"/series/{made}/dates?{period}").json["items"]
    free = [one["held_on"] for one in dates if one["skipped"] is None]
    assert free
    assert all(date.fromisoformat(on).weekday() == 1 for on in free)
    does(school, f"/series/{made}/schedule", dates=free[:1])
    coordination: Coordination = running.app.extensions["cydlynu"].coordination
    settled(running, coordination)
    after = school.get(f"/series/{made}/dates?{period}").json["items"]
    assert [one["held_on"] for one in after if one["meeting"]] == free[:1]
    other_day = (date.fromisoformat(free[1]) + timedelta(days=1)).isoformat()
    problem(school.post(f"/series/{made}/schedule", {"dates": [other_day]}), 422, "not_a_date_of_the_series")
    problem(school.post(f"/series/{made}/schedule", {"dates": free[:1]}), 422, "already_arranged")


def test_a_substitute_of_another_agency_and_too_long_a_period_are_refused(
    school: ApiClient, today: date
) -> None:
    stranger = {"person": str(ALNCO), "substitutes": [str(CLINICIAN)]}
    problem(school.post("/series", body(today, members=[stranger], quorum=1)), 422, "substitute_elsewhere")
    made = does(school, "/series", **body(today))["series"]
    wide = f"from_on={today}&to_on={today + timedelta(days=401)}"
    problem(school.get(f"/series/{made}/dates?{wide}"), 422, "period_too_long")


def test_an_agency_says_how_many_people_a_service_can_send(
    board: ApiClient, education: ApiClient, today: date
) -> None:
    wanted = {"service": str(CAMHS), "people": 4, "effective_from": today.isoformat()}
    problem(education.post("/capacity", wanted), 404, "not_found")
    does(board, "/capacity", **wanted)
    assert {"service": str(CAMHS), "people": 4} in board.get("/capacity").json["items"]
    assert str(PSYCHOLOGY) not in board.get("/capacity").text
