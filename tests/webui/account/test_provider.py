"""Signing in with an OpenID Connect provider: a real one, over HTTP, in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import psycopg
import pytest
import requests
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from tests.webui.account.local_provider import SUBJECT, LocalProvider, local_provider
from tests.webui.account.signing_in import noted, send
from tests.webui.conftest import sign_in
from tests.webui.service import NOW, PASSWORD, RunningService, service_on
from webui.shell.sign_in_settings import SignInSettings

OURS = "http://localhost"
FAILED = "This sign-in could not be completed"


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    """A running provider."""
    with local_provider(lambda: NOW) as running:
        yield running


@pytest.fixture
def site(database: str, tmp_path: Path, provider: LocalProvider) -> Iterator[RunningService]:
    """The service with that provider, and Nia, whose account is linked there."""
    settings = SignInSettings(provider=provider.settings, public_url=OURS, totp_roles=frozenset({"auditor"}))
    with service_on(database, tmp_path / "data", sign_in=settings) as running:
        nia = running.person(username="nia")
        link(running, nia.account)
        yield running


def link(site: RunningService, account: Any, subject: str = SUBJECT) -> None:
    issuer = site.app.extensions["cydlynu"].settings.sign_in.provider.issuer
    with psycopg.connect(site.database) as conn:
        conn.execute(
            "insert into desk.provider_subject values (%s, %s, %s, now())", (issuer, subject, account)
        )


def over_there(client: FlaskClient, address: str = "/sign-in/provider") -> str:
    """Goes to the provider as a browser would, and gives our address to which it comes back."""
    away = client.get(address).location
    answer = requests.get(away, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == OURS
    return f"{back.path}?{back.query}"


def test_the_owner_of_a_linked_account_signs_in(site: RunningService) -> None:
    client = site.app.test_client()
    assert "Sign in with Hwb" in client.get("/sign-in").text
    answer = client.get(over_there(client, "/sign-in/provider?next=/pupils"))
    assert (answer.status_code, answer.location) == (303, "/pupils")
    assert "Nia Prydderch" in client.get("/account").text


def test_a_code_is_good_once_and_only_in_the_browser_that_began(site: RunningService) -> None:
    client, other = site.app.test_client(), site.app.test_client()
    back = over_there(client)
    assert FAILED in other.get(back).text
    assert client.get(back).status_code == 303
    replayed = client.get(back)
    assert replayed.status_code == 400
    assert FAILED in replayed.text


def test_an_answer_with_a_wrong_state_is_refused(site: RunningService, provider: LocalProvider) -> None:
    provider.state = "another"
    client = site.app.test_client()
    answer = client.get(over_there(client))
    assert answer.status_code == 400
    assert client.get("/account").status_code == 303


WRONG: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"nonce": None},
    {"iss": "https://elsewhere.example"},
    {"iss": None},
    {"aud": "another client"},
    {"aud": ["another client", "cydlynu"], "azp": "another client"},
    {"aud": None},
    {"exp": 1},
    {"exp": None},
    {"sub": None},
    {"sub": ""},
]


def test_an_identity_token_that_fails_a_check_is_refused(
    site: RunningService, provider: LocalProvider, capfd: pytest.CaptureFixture[str]
) -> None:
    client = site.app.test_client()
    for wrong in WRONG:
        provider.wrong = wrong
        answer = client.get(over_there(client))
        assert answer.status_code == 400, wrong
        assert FAILED in answer.text
        assert client.get("/account").status_code == 303, wrong
    assert SUBJECT not in capfd.readouterr().err
    provider.wrong = {}
    assert client.get(over_there(client)).status_code == 303


def test_a_token_signed_by_another_key_is_refused(site: RunningService, provider: LocalProvider) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    client = site.app.test_client()
    assert client.get(over_there(client)).status_code == 400
    assert client.get("/account").status_code == 303


def test_a_provider_that_is_away_is_said(
    database: str, tmp_path: Path, provider: LocalProvider, capfd: pytest.CaptureFixture[str]
) -> None:
    away = msgspec.structs.replace(provider.settings, issuer="http://127.0.0.1:9")
    settings = SignInSettings(provider=away, public_url=OURS)
    with service_on(database, tmp_path / "data", sign_in=settings) as running:
        client = running.app.test_client()
        answers = [client.get("/sign-in/provider") for _ in range(2)]
    said = [json.loads(line)["why"] for line in capfd.readouterr().err.splitlines() if '"why"' in line]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert FAILED in answers[0].text
    assert said == ["the provider cannot be reached", "the provider could not be reached a moment ago"]


def test_an_unknown_subject_is_told_how_to_link(site: RunningService, provider: LocalProvider) -> None:
    provider.wrong = {"sub": "somebody else"}
    client = site.app.test_client()
    answer = client.get(over_there(client))
    assert answer.status_code == 403
    assert "not linked to an account" in answer.text


def test_a_closed_account_stays_closed(site: RunningService) -> None:
    with psycopg.connect(site.database) as conn:
        conn.execute("update desk.account set disabled_at = now()")
    client = site.app.test_client()
    assert client.get(over_there(client)).status_code == 403


def test_linking_asks_for_the_password_and_can_be_undone(
    site: RunningService, provider: LocalProvider
) -> None:
    site.person("head", username="huw")
    provider.wrong = {"sub": "huw there"}
    client = site.app.test_client()
    sign_in(client, "huw")
    assert "This is not your password" in send(client, "/account/provider", password="no").text
    page = send(client, "/account/provider", password=PASSWORD).text
    [away] = [part.split('"')[0] for part in page.split('href="')[1:] if "/authorize" in part.split('"')[0]]
    answer = requests.get(away.replace("&amp;", "&"), allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert client.get(f"{back.path}?{back.query}").location == "/account"
    fresh = site.app.test_client()
    assert fresh.get(over_there(fresh)).status_code == 303
    assert send(client, "/account/provider", password=PASSWORD).location == "/account"
    assert noted(site) == ["provider_linked", "provider_unlinked"]


def test_a_subject_of_another_account_is_not_taken_over(site: RunningService) -> None:
    huw = site.person("head", username="huw")
    client = site.app.test_client()
    sign_in(client, "huw")
    page = send(client, "/account/provider", password=PASSWORD).text
    [away] = [part.split('"')[0] for part in page.split('href="')[1:] if "/authorize" in part.split('"')[0]]
    answer = requests.get(away.replace("&amp;", "&"), allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    client.get(f"{back.path}?{back.query}")
    assert "linked to another account already" in client.get("/account").text
    with psycopg.connect(site.database) as conn:
        held = conn.execute("select account from desk.provider_subject").fetchall()
    assert huw.account not in {row[0] for row in held}


def test_a_role_that_needs_a_second_step_needs_it_here_too(
    site: RunningService, provider: LocalProvider
) -> None:
    ana = site.person("auditor", username="ana")
    link(site, ana.account, "ana there")
    provider.wrong = {"sub": "ana there"}
    client = site.app.test_client()
    client.get(over_there(client))
    assert client.get("/waiting-times").location == "/account/second-step/add"
    provider.amr = ["pwd", "mfa"]
    again = site.app.test_client()
    again.get(over_there(again))
    assert again.get("/waiting-times").status_code == 200


def test_signing_out_at_the_provider_ends_the_session_here(
    site: RunningService, provider: LocalProvider
) -> None:
    client, own = site.app.test_client(), site.app.test_client()
    client.get(over_there(client))
    sign_in(own, "nia")
    answer = own.post("/sign-in/provider/sign-out", data={"logout_token": provider.logout_token()})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/account").status_code == 303
    assert own.get("/account").status_code == 200, "this session began with the password"
    client.get(over_there(client))
    subject_only = provider.logout_token(sid=None)
    assert own.post("/sign-in/provider/sign-out", data={"logout_token": subject_only}).status_code == 200
    assert client.get("/account").status_code == 303


WRONG_SIGN_OUTS: list[dict[str, Any]] = [
    {"events": None},
    {"events": {"another": {}}},
    {"nonce": "x"},
    {"aud": "another client"},
    {"iss": "https://elsewhere.example"},
    {"exp": 1},
    {"jti": None},
    {"sid": None, "sub": None},
]


def test_a_logout_token_that_fails_a_check_ends_nothing(
    site: RunningService, provider: LocalProvider
) -> None:
    client = site.app.test_client()
    client.get(over_there(client))
    for token in (*(provider.logout_token(**claims) for claims in WRONG_SIGN_OUTS), "no token", ""):
        answer = client.post("/sign-in/provider/sign-out", data={"logout_token": token})
        assert answer.status_code == 400, token
    assert client.get("/account").status_code == 200


def test_without_a_provider_there_is_nothing(client: FlaskClient) -> None:
    assert client.get("/sign-in/provider").status_code == 404
    assert client.post("/sign-in/provider/sign-out").status_code == 404
