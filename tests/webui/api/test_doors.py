"""Who comes in: the token and nothing else, and what goes wrong at the door."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.desk.tokens import revoke_token
from tests.county import ALNCO, BOARD, PUPIL, SCHOOL
from tests.webui.api.conftest import ApiClient, problem, program
from tests.webui.conftest import sign_in
from tests.webui.service import RunningService


def test_no_token_no_answer(running: RunningService) -> None:
    client = running.app.test_client()
    for header, code in (
        ({}, "token_missing"),
        ({"Authorization": "Basic YTpi"}, "token_missing"),
        ({"Authorization": "Bearer"}, "token_missing"),
        ({"Authorization": "Bearer cyd_" + "x" * 43}, "token_unknown"),
        ({"Authorization": "Bearer ' or 1=1"}, "token_unknown"),
        ({"Authorization": "Bearer ŵ"}, "token_unknown"),
    ):
        answer = client.get("/api/v1/pupils", headers=header)
        problem(answer, 401, code)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_that_is_over(running: RunningService) -> None:
    expired = program(running, SCHOOL, days=1)
    assert expired.get("/pupils").status_code == 200
    running.clock.advance(days=1)
    problem(expired.get("/pupils"), 401, "token_expired")
    running.clock.advance(days=-1)
    with psycopg.connect(running.database) as conn:
        revoke_token(conn, expired.token.token, now=running.clock())
    answer = expired.get("/pupils")
    problem(answer, 401, "token_revoked")
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_a_token_without_the_scope(running: RunningService) -> None:
    narrow = program(running, SCHOOL, "pupils:read")
    assert narrow.get("/pupils").status_code == 200
    answer = narrow.post("/pupils", {})
    found = problem(answer, 403, "scope_missing")
    assert "pupils:write" in found["detail"]
    assert 'scope="pupils:write"' in answer.headers["WWW-Authenticate"]


def test_a_session_opens_nothing_here(running: RunningService) -> None:
    browser: FlaskClient = running.app.test_client()
    assert sign_in(browser, "alnco").status_code == 303
    problem(browser.get(f"/api/v1/pupils/{PUPIL}"), 401, "token_missing")
    assert "Set-Cookie" not in browser.get("/api/v1/pupils").headers
    # and a token opens no page
    answer = running.app.test_client().get(
        "/pupils", headers={"Authorization": f"Bearer {program(running, SCHOOL).held}"}
    )
    assert answer.status_code == 303


def test_too_often(running: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    world = running.app.extensions["cydlynu"]
    often = program(running, SCHOOL)
    monkeypatch.setattr(world, "settings", msgspec.structs.replace(world.settings, api_requests=2))
    assert [often.get("/pupils?per_page=1").status_code for _ in range(3)] == [200, 200, 429]
    answer = often.get("/pupils")
    problem(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Policy"] == '"token";q=2;w=60'
    assert answer.headers["RateLimit"].startswith('"token";r=0;t=')
    # others are not held up by it, and the next window begins anew
    assert program(running, BOARD).get("/pupils").status_code == 200
    running.clock.advance(seconds=60)
    assert often.get("/pupils").status_code == 200


@pytest.mark.parametrize(
    ("data", "headers", "status", "code"),
    [
        (b"{}", {"Content-Type": "text/plain"}, 415, "not_json"),
        (b"upn=x", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "not_json"),
        (b"", {}, 400, "malformed"),
        (b"{", {}, 400, "malformed"),
        (b'{"a": NaN}', {}, 400, "malformed"),
        (b'{"upn": "a", "upn": "b"}', {}, 400, "malformed"),
        (b"\xff", {}, 400, "malformed"),
        (b"[" * 100_000, {}, 400, "malformed"),
        (b"1" * 10_000, {}, 400, "malformed"),
        (b"[]", {}, 422, "not_as_described"),
        (b'"x"', {}, 422, "not_as_described"),
        (b"null", {}, 422, "not_as_described"),
        (b" " * (1024 * 1024 + 1), {}, 413, "too_large"),
        (b"{}", {"Accept": "text/html"}, 406, "not_acceptable"),
        (b"{}", {"Idempotency-Key": ""}, 400, "idempotency_key_missing"),
        (b"{}", {"Idempotency-Key": "x" * 101}, 400, "idempotency_key_wrong"),
        (b"{}", {"Idempotency-Key": "ŵ"}, 400, "idempotency_key_wrong"),
    ],
)
def test_bodies_and_headers(
    school: ApiClient, data: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    given = {"Content-Type": "application/json", "Idempotency-Key": "a key", **headers}
    problem(school.ask("POST", "/pupils", data, **given), status, code)


def test_addresses_and_methods(school: ApiClient, running: RunningService) -> None:
    problem(school.get("/nothing"), 404, "not_found")
    problem(school.get("/pupils/1"), 404, "not_found")
    answer = school.ask("DELETE", f"/pupils/{PUPIL}")
    problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    # elsewhere errors are pages
    page = running.app.test_client().get("/nothing")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    page = running.app.test_client().delete("/account")
    assert (page.status_code, page.mimetype, "GET" in page.headers["Allow"]) == (405, "text/html", True)


def test_a_crash_tells_nothing(
    school: ApiClient,
    running: RunningService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("Siân Gŵyn-Llŷr")

    monkeypatch.setattr("webui.pupil.api.queries.pupil", broken)
    monkeypatch.setattr(running.app, "testing", False)
    answer = school.get(f"/pupils/{PUPIL}")
    found = problem(answer, 500, "broken")
    assert re.fullmatch(r"urn:request:[0-9a-f]{32}", found["instance"])
    said = capsys.readouterr().err
    assert "Siân" not in answer.text + said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    request = next(line for line in lines if line["event"] == "request")
    assert request["token"] == str(school.token.token)
    assert school.held not in said
    assert str(ALNCO) not in said


def test_problems_in_welsh(school: ApiClient) -> None:
    english = problem(school.get("/nothing"), 404, "not_found")
    welsh = problem(school.get("/nothing", Accept_Language="cy"), 404, "not_found")
    assert english["detail"] != welsh["detail"]
    assert school.get("/nothing", Accept_Language="xx-unknown").json == english
