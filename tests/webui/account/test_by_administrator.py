"""What an administrator does for an account: a link, signing out, a lost app, opening a closed one; and reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from flask.testing import FlaskClient

from coordination.desk.accounts import Account
from tests.county import ALNCO, AUTHORITY, OTHER_SCHOOL, SCHOOL, build
from tests.webui.account.signing_in import NEW, co_signed, noted, send
from tests.webui.account.test_second_step import added
from tests.webui.conftest import sign_in
from tests.webui.service import RunningService

LOG = f"/administration/organisations/{SCHOOL}/account-log"


@pytest.fixture
def nia(service: RunningService, client: FlaskClient) -> Iterator[Account]:
    """Nia, an ALNCo; the client is the authority's administrator."""
    build(service.app.extensions["cydlynu"].coordination)
    service.person("administrator", username="ada", organisation=AUTHORITY, display_name="Ada")
    nia = service.person(username="nia", person=ALNCO, organisation=SCHOOL)
    sign_in(client, "ada")
    return nia


def of(account: Account, what: str = "") -> str:
    return f"/administration/accounts/{account.account}{what}"


def test_a_link_is_shown_once_and_works_once(
    service: RunningService, client: FlaskClient, nia: Account
) -> None:
    made = send(client, of(nia, "/link"))
    [link] = re.findall(r'id="link" tabindex="0">http://localhost(/reset/[\w-]+)<', made.text)
    assert link not in client.get(of(nia)).text
    own = service.app.test_client()
    assert send(own, link, new_password=NEW).status_code == 303
    assert own.get(link).status_code == 404
    assert sign_in(own, "nia", NEW).status_code == 303
    assert own.get("/today").status_code == 404, "the administrator could have used the link"
    assert "has co-signed it" in own.get("/account").text
    assert co_signed(service, nia) == 0, "nobody signs for themselves"
    head = service.person("head", username="huw", organisation=SCHOOL)
    assert co_signed(service, head) == 1
    assert own.get("/today").status_code == 200
    assert noted(service) == ["reset_link_made", "password_reset"]
    page = client.get(LOG).text
    assert "One-time link for a new password made" in page
    assert "The person themselves" in page
    assert "One-time link for a new password made" in own.get("/account/log").text


def test_sessions_end_and_a_lost_app_is_removed(
    service: RunningService, client: FlaskClient, nia: Account
) -> None:
    own = service.app.test_client()
    sign_in(own, "nia")
    secret, _codes = added(service, own)
    assert send(client, of(nia, "/end-sessions")).status_code == 303
    assert own.get("/account").status_code == 303
    service.clock.advance(seconds=60)
    sign_in(own, "nia")
    assert send(own, "/sign-in/code", one_time_code=pyotp.TOTP(secret).at(service.clock())).status_code == 303
    assert send(client, of(nia, "/remove-app")).status_code == 303
    assert own.get("/account").status_code == 303
    assert sign_in(own, "nia").status_code == 303
    assert noted(service) == ["totp_added", "sessions_ended", "totp_removed"]


def test_a_closed_username_is_its_owners_alone(
    service: RunningService, client: FlaskClient, nia: Account
) -> None:
    day = {"effective_to-day": "29", "effective_to-month": "11", "effective_to-year": "2026"}
    left = f"/administration/organisations/{SCHOOL}/people/{ALNCO}/left"
    assert send(client, left, **day).status_code == 303
    assert sign_in(service.app.test_client(), "nia").status_code == 422
    assert client.get(of(nia, "/link")).status_code == 404
    start = {"effective_from-day": "30", "effective_from-month": "11", "effective_from-year": "2026"}
    new = f"/administration/organisations/{OTHER_SCHOOL}/appoint"
    other = send(client, new, name="Nia Arall", role="head", language="cy", username="NIA", **start)
    assert other.status_code == 422
    assert "This username is that of a closed account" in other.text
    back = f"/administration/organisations/{OTHER_SCHOOL}/appoint-known"
    opened = send(client, back, role="head", username="nia", **start)
    assert opened.status_code == 200
    password = re.search(r'id="password">([^<]+)<', opened.text)[1]
    own = service.app.test_client()
    assert sign_in(own, "nia", password).status_code == 303
    assert co_signed(service, service.person(username="there", organisation=OTHER_SCHOOL)) == 1
    assert "Head" in own.get("/account").text
    assert noted(service) == ["closed", "reopened"]
    assert sign_in(service.app.test_client(), "nia").status_code == 422, "not with the earlier password"


def test_a_further_role_is_in_the_log(service: RunningService, client: FlaskClient, nia: Account) -> None:
    start = {"effective_from-day": "30", "effective_from-month": "11", "effective_from-year": "2026"}
    known = f"/administration/organisations/{OTHER_SCHOOL}/appoint-known"
    assert send(client, known, role="head", username="nia", **start).status_code == 303
    assert noted(service) == ["role_given"]
    assert "Further role given" in client.get(LOG).text


def test_nobody_else_does_any_of_it(service: RunningService, client: FlaskClient, nia: Account) -> None:
    service.person("administrator", username="school-admin", organisation=SCHOOL)
    for username in ("nia", "school-admin"):
        own = service.app.test_client()
        sign_in(own, username)
        for address in (of(nia), of(nia, "/link"), of(nia, "/end-sessions"), of(nia, "/remove-app"), LOG):
            assert own.get(address).status_code == 404, (username, address)
