"""A person's own account: a new password, the browsers in which they are signed in, and what happened to it."""

import pytest

from tests.webui.account.signing_in import NEW, noted, send
from tests.webui.conftest import sign_in
from tests.webui.service import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def nia(service, client):
    """Nia, signed in here and in another browser."""
    service.person(username="nia")
    other = service.app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    for browser in (client, other):
        assert sign_in(browser, "nia").status_code == 303
    return other


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(service, client, nia):
    wrong = send(client, "/account/password", password="not mine", new_password=NEW)
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    assert nia.get("/account").status_code == 200
    answer = send(client, "/account/password", password=PASSWORD, new_password=NEW)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Your password is changed" in client.get("/account").text
    assert nia.get("/account").status_code == 303
    assert sign_in(nia, "nia").status_code == 422
    assert sign_in(nia, "nia", NEW).status_code == 303
    assert noted(service) == ["password_changed"]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short", "12 characters or more"),
        ("password1234", "among the first"),
        ("prydderchnia", "among the first"),
        ("x" * 257, "256 characters or fewer"),
    ],
)
def test_a_weak_password_is_refused_and_nothing_changes(service, client, nia, new, words):
    answer = send(client, "/account/password", password=PASSWORD, new_password=new)
    assert answer.status_code == 422
    assert words in answer.text
    assert new not in answer.text
    assert sign_in(service.app.test_client(), "nia").status_code == 303


def test_the_own_username_is_no_password(service, client):
    service.person(username="prydderch-siân-b")
    sign_in(client, "prydderch-siân-b")
    answer = send(client, "/account/password", password=PASSWORD, new_password="Prydderch-Siân-B")
    assert "The password must not be your username" in answer.text


def test_guessing_the_password_of_an_open_session_is_limited(service, client, nia):
    for _ in range(3):
        send(client, "/account/password", password="not mine", new_password=NEW)
    answer = send(client, "/account/password", password=PASSWORD, new_password=NEW)
    assert "too many attempts" in answer.text
    assert sign_in(service.app.test_client(), "nia").status_code == 303


def test_sessions_are_listed_and_one_can_be_ended(service, client, nia):
    listed = client.get("/account/sessions").text
    assert "Firefox, Linux" in listed
    assert listed.count("This browser") == 1
    [address] = [
        part.split('"')[0] for part in listed.split('action="')[1:] if part.split('"')[0].endswith("/end")
    ]
    assert send(client, address, "/account/sessions").status_code == 303
    assert nia.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    assert send(client, address, "/account/sessions").status_code == 404
    assert noted(service) == ["sessions_ended"]


def test_nobody_ends_the_session_of_another_person(service, client, nia):
    service.person(username="huw")
    listed = client.get("/account/sessions").text
    [address] = [
        part.split('"')[0] for part in listed.split('action="')[1:] if part.split('"')[0].endswith("/end")
    ]
    huw = service.app.test_client()
    sign_in(huw, "huw")
    assert send(huw, address, "/account/sessions").status_code == 404
    assert nia.get("/account").status_code == 200


def test_all_others_can_be_ended_at_once(client, nia):
    assert send(client, "/account/sessions/end-others", "/account/sessions").status_code == 303
    assert nia.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_the_owner_reads_what_happened_in_both_languages(client, nia):
    send(client, "/account/password", password=PASSWORD, new_password=NEW)
    assert "Password changed" in client.get("/account/log").text
    client.get("/language/cy")
    page = client.get("/account/log").text
    assert "Password changed" not in page
    assert "Newidiwyd y cyfrinair" in page
    assert client.get("/account/log?page=" + "9" * 18).status_code == 200


def test_a_browser_that_was_here_before_gets_in_whatever_strangers_do(service, client):
    service.person(username="nia")
    sign_in(client, "nia")
    client.delete_cookie("cydlynu")
    service.clock.advance(seconds=1)
    stranger = service.app.test_client()
    for _ in range(4):
        sign_in(stranger, "nia", "wrong")
    assert sign_in(stranger, "nia").status_code == 429
    assert sign_in(client, "nia").status_code == 303, "the same address, a known browser"


def test_a_forged_device_cookie_is_a_strangers(service, client):
    account = service.person(username="nia")
    client.set_cookie("cydlynu-device", f'[["{account.account}","x"]].forged')
    for _ in range(3):
        sign_in(client, "nia", "wrong")
    assert sign_in(client, "nia").status_code == 429
