"""The second step of signing in, from adding an app to losing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from flask.testing import FlaskClient

from tests.webui.account.signing_in import noted, send
from tests.webui.conftest import form_token, sign_in
from tests.webui.service import PASSWORD, RunningService, service_on
from webui.shell.sign_in_settings import SignInSettings

ADD = "/account/second-step/add"


@pytest.fixture
def site(database: str, tmp_path: Path) -> Iterator[RunningService]:
    """A service where auditors must have an app."""
    required = SignInSettings(totp_roles=frozenset({"auditor"}))
    with service_on(database, tmp_path / "data", sign_in=required) as running:
        yield running


def added(site: RunningService, client: FlaskClient, password: str = PASSWORD) -> tuple[str, list[str]]:
    """Adds an app as a person does: the secret, and the recovery codes."""
    page = client.get(ADD).text
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    typed = {
        "csrf_token": form_token(page),
        "offer": re.search(r'name="offer" value="([^"]+)"', page)[1],
        "password": password,
        "one_time_code": pyotp.TOTP(secret).at(site.clock()),
    }
    answer = client.post(ADD, data=typed)
    assert answer.status_code == 200, answer.text
    return secret, re.findall(r"<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>", answer.text)


def test_an_app_is_added_and_asked_for_and_no_code_works_twice(site: RunningService) -> None:
    site.person(username="nia")
    client, other = site.app.test_client(), site.app.test_client()
    for browser in (client, other):
        sign_in(browser, "nia")
    secret, codes = added(site, client)
    assert len(codes) == 10
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303, "other sessions showed no code"

    site.clock.advance(seconds=60)
    page = sign_in(other, "nia", next="/pupils")
    assert (page.status_code, other.get("/account").status_code) == (200, 303)
    code = pyotp.TOTP(secret).at(site.clock())
    wrong = send(other, "/sign-in/code", one_time_code="000000")
    assert wrong.status_code == 422
    assert "incorrect or was used before" in wrong.text
    answer = send(other, "/sign-in/code", one_time_code=code, next="/pupils")
    assert (answer.status_code, answer.location) == (303, "/pupils")

    third = site.app.test_client()
    sign_in(third, "nia")
    assert send(third, "/sign-in/code", one_time_code=code).status_code == 422, "a replayed code"
    assert third.get("/account").status_code == 303
    assert send(third, "/sign-in/code", one_time_code=codes[0]).status_code == 303
    assert noted(site) == ["totp_added", "recovery_code_used"]


def test_the_first_step_expires_and_wrong_codes_are_limited(site: RunningService) -> None:
    site.person(username="nia")
    client = site.app.test_client()
    sign_in(client, "nia")
    secret, _codes = added(site, client)
    fresh = site.app.test_client()
    sign_in(fresh, "nia")
    site.clock.advance(minutes=10)
    code = pyotp.TOTP(secret).at(site.clock())
    assert send(fresh, "/sign-in/code", one_time_code=code).location == "/sign-in"
    sign_in(fresh, "nia")
    for _ in range(5):
        send(fresh, "/sign-in/code", one_time_code="000000")
    assert "too many attempts" in send(fresh, "/sign-in/code", one_time_code=code).text
    assert fresh.get("/account").status_code == 303
    assert site.app.test_client().get("/sign-in/code").location == "/sign-in"


def test_a_role_that_requires_an_app_gets_nowhere_without(site: RunningService) -> None:
    site.person("auditor", username="ana")
    client = site.app.test_client()
    sign_in(client, "ana")
    for address in ("/waiting-times", "/attendance", "/account/second-step/remove"):
        assert client.get(address).location == ADD, address
    token = form_token(client.get("/account").text)
    assert client.post("/challenges", data={"csrf_token": token}).status_code in (303, 405)
    assert "Your role requires" in client.get(ADD).text
    added(site, client)
    assert client.get("/waiting-times").status_code == 200
    assert client.get("/account/second-step/remove").status_code == 404


def test_a_secret_that_the_page_did_not_offer_is_not_taken(site: RunningService) -> None:
    site.person(username="nia")
    site.person(username="huw")
    client, other = site.app.test_client(), site.app.test_client()
    sign_in(client, "nia")
    sign_in(other, "huw")
    theirs = other.get(ADD).text
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', theirs)[1].replace(" ", "")
    for offer in (re.search(r'name="offer" value="([^"]+)"', theirs)[1], "forged", ""):
        answer = send(
            client,
            ADD,
            offer=offer,
            password=PASSWORD,
            one_time_code=pyotp.TOTP(secret).at(site.clock()),
        )
        assert "Your recovery codes" not in answer.text
        assert secret not in answer.text.replace(" ", "")
    assert noted(site) == []


def test_the_picture_needs_no_script_and_no_other_site(site: RunningService) -> None:
    site.person(username="nia")
    client = site.app.test_client()
    sign_in(client, "nia")
    answer = client.get(ADD)
    picture = re.search(r"<svg.*?</svg>", answer.text, re.S)[0]
    assert "script" not in picture
    assert "style=" not in picture
    assert "href" not in picture
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_app_is_replaced_codes_made_anew_and_removed(site: RunningService) -> None:
    site.person(username="nia")
    client = site.app.test_client()
    sign_in(client, "nia")
    _first, old = added(site, client)
    secret, _codes = added(site, client)
    site.clock.advance(seconds=60)
    made = send(
        client,
        "/account/second-step/recovery-codes",
        one_time_code=pyotp.TOTP(secret).at(site.clock()),
    )
    assert "Your recovery codes" in made.text
    assert old[0] not in made.text
    assert "10 recovery codes" in client.get("/account/second-step").text
    assert send(client, "/account/second-step/remove", password="no").status_code == 422
    assert send(client, "/account/second-step/remove", password=PASSWORD).status_code == 303
    assert sign_in(site.app.test_client(), "nia").status_code == 303
    assert noted(site) == ["totp_added", "totp_added", "recovery_codes_made", "totp_removed"]
