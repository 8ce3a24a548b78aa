"""Webhooks over the API and on the administrator's pages: secrets shown once, addresses checked, own ones only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from coordination.desk.webhooks import MOST, secrets_of
from coordination.outbox.webhook_signing import secret_text
from tests.county import BOARD, CAMHS, SCHOOL
from tests.webui.api.conftest import ApiClient, problem, program
from tests.webui.conftest import form_token
from tests.webui.referring import browser, case_on
from tests.webui.service import RunningService, service_on


@pytest.fixture
def running(database: str, tmp_path: Path) -> Iterator[RunningService]:
    with (
        service_on(
            database, tmp_path / "data", webhook_hosts=("hooks.internal.example", "127.0.0.1")
        ) as found,
        case_on(found),
    ):
        yield found


def signed_with(running: RunningService, webhook: str) -> list[str]:
    runtime = running.app.extensions["cydlynu"]
    with runtime.desk() as desk:
        found = secrets_of(desk, runtime.coordination.record.outer, UUID(webhook), running.clock())
    return [secret_text(one) for one in found]


def test_it_is_registered_shown_tested_and_removed(running: RunningService) -> None:
    board = program(running, BOARD)
    url = "http://127.0.0.1:9/hook"
    first = board.post("/webhooks", {"url": url, "services": [str(CAMHS)]}, key="once")
    assert first.status_code == 201
    webhook, secret = first.json["webhook"], first.json["secret"]
    assert signed_with(running, webhook) == [secret]
    again = board.post("/webhooks", {"url": url, "services": [str(CAMHS)]}, key="once")
    assert again.json == {"webhook": webhook}, "the secret is shown once"
    problem(board.post("/webhooks", {"url": url}), 422, "webhook_known")

    (listed,) = board.get("/webhooks").json["items"]
    assert (listed["url"], listed["state"], listed["services"]) == (url, "new", [str(CAMHS)])
    assert secret not in board.get(f"/webhooks/{webhook}").text
    delivery = board.post(f"/webhooks/{webhook}/test", {}).json["delivery"]
    (waiting,) = board.get(f"/webhooks/{webhook}").json["deliveries"]
    assert (waiting["delivery"], waiting["state"], waiting["message"]) == (delivery, "waiting", None)

    fresh = board.post(f"/webhooks/{webhook}/secret", {}).json["secret"]
    assert signed_with(running, webhook) == [fresh, secret]
    running.clock.advance(hours=24)
    assert signed_with(running, webhook) == [fresh]

    for _ in range(2):
        assert board.ask("DELETE", f"/webhooks/{webhook}").status_code == 204
    assert board.get(f"/webhooks/{webhook}").json["state"] == "ended"
    assert board.get(f"/webhooks/{webhook}").json["deliveries"] == []
    problem(board.post(f"/webhooks/{webhook}/test", {}), 404, "not_found")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.2/hook", "webhook_address_not_public"),
        ("https://[::1]/hook", "webhook_address_not_public"),
        ("https://169.254.169.254/latest", "webhook_address_not_public"),
        ("https://10.0.0.1/", "webhook_address_not_public"),
        ("http://93.184.216.34/", "webhook_address_wrong"),
        ("https://someone:secret@93.184.216.34/", "webhook_address_wrong"),
    ],
)
def test_a_private_address_is_refused(running: RunningService, url: str, code: str) -> None:
    problem(program(running, BOARD).post("/webhooks", {"url": url}), 422, code)


def test_others_webhooks_and_services_are_not_there(running: RunningService) -> None:
    board, school = program(running, BOARD), program(running, SCHOOL)
    webhook = board.post("/webhooks", {"url": "http://127.0.0.1:9/"}).json["webhook"]
    assert school.get("/webhooks").json["items"] == []
    for answer in (
        school.get(f"/webhooks/{webhook}"),
        school.ask("DELETE", f"/webhooks/{webhook}"),
        school.post(f"/webhooks/{webhook}/secret", {}),
    ):
        problem(answer, 404, "not_found")
    body = {"url": "http://127.0.0.1:9/x", "services": [str(CAMHS)]}
    problem(school.post("/webhooks", body), 422, "service_not_of_agency")
    narrow = program(running, BOARD, services=[CAMHS])
    assert narrow.get("/webhooks").json["items"] == [], "one for the whole agency tells of other services too"
    own = narrow.post("/webhooks", {"url": "http://127.0.0.1:9/y"}).json["webhook"]
    assert narrow.get(f"/webhooks/{own}").json["services"] == [str(CAMHS)]
    problem(program(running, BOARD, "webhooks:read").post("/webhooks", body), 403, "scope_missing")


def test_there_is_a_limit(running: RunningService) -> None:
    school: ApiClient = program(running, SCHOOL)
    for number in range(MOST):
        assert school.post("/webhooks", {"url": f"http://127.0.0.1:9/{number}"}).status_code == 201
    problem(school.post("/webhooks", {"url": "http://127.0.0.1:9/more"}), 422, "too_many_webhooks")


def test_the_administrator_registers_one_and_sees_the_secret_once(running: RunningService) -> None:
    client = browser(running, "administrator")
    new = client.get("/administration/webhooks/new").text
    fields = {"organisation": str(BOARD), "url": "http://127.0.0.1:9/page", "command_id": "a-form"}
    token = form_token(new)
    wrong = client.post(
        "/administration/webhooks/new", data={**fields, "url": "https://10.0.0.1/", "csrf_token": token}
    )
    assert wrong.status_code == 422
    assert "not on the public internet" in wrong.text
    made = client.post("/administration/webhooks/new", data={**fields, "csrf_token": token})
    (secret,) = re.findall(r"whsec_[\w+/=]+", made.text)
    webhook = re.findall(r"/administration/webhooks/([0-9a-f-]{36})", made.text)[0]
    assert signed_with(running, webhook) == [secret]
    one = f"/administration/webhooks/{webhook}"
    assert "whsec_" not in client.get(one).text
    assert client.post(f"{one}/test", data={"csrf_token": token, "command_id": "x"}).status_code == 303
    assert "Waiting" in client.get(one).text
    assert secret not in client.post(f"{one}/secret", data={"csrf_token": token}).text
    assert len(signed_with(running, webhook)) == 2
    assert client.post(f"{one}/remove", data={"csrf_token": token}).status_code == 303
    assert "Removed" in client.get("/administration/webhooks").text
    assert client.post(f"{one}/test", data={"csrf_token": token}).status_code == 404
