"""The directory through the API: ids and codes for any token."""

from __future__ import annotations

from tests.county import BOARD, CAMHS, SCHOOL
from tests.webui.api.conftest import problem, program
from tests.webui.service import RunningService


def test_any_token_reads_it(running: RunningService) -> None:
    narrow = program(running, SCHOOL, "changes:read")
    schools = narrow.get("/organisations?kind=school").json
    assert schools["total"] == 2
    assert {"organisation": str(SCHOOL), "code": "6994001", "kind": "school"}.items() <= schools["items"][
        0
    ].items()
    assert narrow.get("/organisations?per_page=1&page=2").json["items"][0]["kind"] == "school"
    (camhs,) = [s for s in narrow.get(f"/services?agency={BOARD}").json["items"] if s["code"] == "CAMHS"]
    assert (camhs["service"], camhs["open"]) == (str(CAMHS), True)
    assert camhs["asks_for"] == ["parents_view", "childs_view", "school_observation"]
    assert [(s["standard"], s["limit"]) for s in camhs["standards"]] == [("CAMHS-28", 28)]
    needs = narrow.get("/codes/need").json["items"]
    assert {"ASD", "SLCD"} <= {need["code"] for need in needs}
    assert all(need["cy"] for need in needs)


def test_what_is_not_there(running: RunningService) -> None:
    system = program(running, SCHOOL)
    problem(system.get("/codes/nothing"), 404, "not_found")
    problem(system.get("/organisations?kind=reference"), 422, "not_as_described")
    problem(running.app.test_client().get("/api/v1/services"), 401, "token_missing")
