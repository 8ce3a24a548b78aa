"""A new password by a one-time link."""

import re
from datetime import timedelta

import psycopg
import pytest

from coordination.desk.account_log import BY_THE_SERVICE
from coordination.desk.reset_links import BY_HAND, make_reset_link
from tests.webui.account.signing_in import NEW, noted, send
from tests.webui.conftest import sign_in
from tests.webui.service import PASSWORD


@pytest.fixture
def link(service):
    """Makes a link for Nia, and gives its address."""
    nia = service.person(username="nia")

    def link(secret: str = "a-random-secret") -> str:
        with psycopg.connect(service.database) as conn:
            make_reset_link(conn, nia.account, secret=secret, by=BY_THE_SERVICE, now=service.clock())
        return f"/reset/{secret}"

    return link


def test_a_link_sets_a_password_once_and_ends_all_sessions(service, client, link):
    address = link()
    before = service.app.test_client()
    sign_in(before, "nia")
    assert send(client, address, new_password="too short").status_code == 422
    second = service.app.test_client()
    shown = second.get(address)
    assert send(client, address, new_password=NEW).location == "/reset-done"
    assert before.get("/account").status_code == 303
    assert sign_in(client, "nia").status_code == 422
    assert sign_in(client, "nia", NEW).status_code == 303
    assert second.get(address).status_code == 404
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)[1]
    again = second.post(address, data={"csrf_token": token, "new_password": "another good one"})
    assert again.status_code == 404, "a link used twice"
    assert sign_in(second, "nia", "another good one").status_code == 422
    assert noted(service) == ["reset_link_made", "password_reset"]


def test_opening_a_link_does_not_use_it_up(client, link):
    address = link()
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert send(client, address, new_password=NEW).status_code == 303


def test_a_link_expires(service, client, link):
    address = link()
    service.clock.at += BY_HAND - timedelta(seconds=1)
    assert client.get(address).status_code == 200
    service.clock.at += timedelta(seconds=1)
    assert client.get(address).status_code == 404


def test_a_second_link_ends_the_first(client, link):
    first, second = link("one"), link("two")
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_a_password_that_is_changed_ends_the_link(service, client, link):
    address = link()
    sign_in(client, "nia")
    send(client, "/account/password", password=PASSWORD, new_password=NEW)
    assert client.get(address).status_code == 404


def test_an_unknown_link_looks_like_a_used_one(client, link):
    address = link()
    send(client, address, new_password=NEW)
    used, unknown = client.get(address), client.get("/reset/never-made")
    assert (used.status_code, unknown.status_code) == (404, 404)
    same = [re.sub(r"/reset/[^\"]+", "", page.text) for page in (used, unknown)]
    assert same[0] == same[1]
    assert used.headers["Referrer-Policy"] == "no-referrer"


def test_the_database_holds_no_link(service, link):
    link("a-secret-to-look-for")
    with psycopg.connect(service.database) as conn:
        rows = conn.execute("select l::text from desk.reset_link l").fetchall()
    assert rows
    assert "a-secret-to-look-for" not in str(rows)


def test_a_person_who_used_a_link_is_known_in_that_browser(service, client, link):
    send(client, link(), new_password=NEW)
    service.clock.advance(seconds=1)
    stranger = service.app.test_client()
    for _ in range(4):
        sign_in(stranger, "nia", "wrong")
    assert sign_in(stranger, "nia", NEW).status_code == 429
    assert sign_in(client, "nia", NEW).status_code == 303


def test_without_mail_there_is_nothing_to_ask_for(client):
    assert client.get("/forgotten").status_code == 404
    assert "Ask your organisation’s administrator" in client.get("/sign-in").text
