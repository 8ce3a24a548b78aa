"""In and out, by the front door only."""

import re

import pytest
from flask import Blueprint

from tests.webui.conftest import form_token, sign_in
from webui.shell.authentication import signed_in, viewer

COOKIE = "cydlynu"


@pytest.fixture
def desk(service):
    """Two guarded pages: one for auditors, one for everybody, which says who looks."""
    pages = Blueprint("guarded", __name__)

    @pages.route("/guarded/audit")
    @signed_in("auditor")
    def audit():
        return "in place of auditors"

    @pages.route("/guarded/any", methods=["GET", "POST"])
    @signed_in()
    def anybody():
        who = viewer()
        return f"{who.person} {who.organisation} {who.role} {who.today.isoformat()} {who.operator}"

    service.app.register_blueprint(pages)
    return service


def test_the_right_password_leads_to_ones_own_page(service, client):
    service.person(username="nia")
    answer = sign_in(client, "nia")
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "Nia Prydderch" in client.get("/account").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(service, client):
    service.person(username="nia")
    cookie = next(
        c for c in sign_in(client, "nia").headers.getlist("Set-Cookie") if c.startswith(COOKIE + "=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie, "plain http on this very machine"


@pytest.mark.parametrize(
    ("scheme", "host"), [("https", "localhost"), ("http", "desk.example"), ("http", "192.0.2.4")]
)
def test_anywhere_else_every_cookie_is_secure(service, client, scheme, host):
    service.person(username="nia")
    base = f"{scheme}://{host}"
    first = client.get("/sign-in", base_url=base)
    jar = "; ".join(c.split(";")[0] for c in first.headers.getlist("Set-Cookie"))
    typed = {"csrf_token": form_token(first.text), "username": "nia", "password": "correct horse"}
    bare = service.app.test_client(use_cookies=False)
    headers = {"Cookie": jar, "Referer": base + "/sign-in"}
    answer = bare.post("/sign-in", data=typed, base_url=base, headers=headers)
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(c.startswith("__Host-cydlynu=") for c in cookies)
    assert all("Secure" in c for c in [*cookies, *first.headers.getlist("Set-Cookie")])


@pytest.mark.parametrize(("username", "password"), [("nia", "wrong"), ("nobody", "correct horse")])
def test_wrong_is_wrong_whatever_was_wrong(service, client, username, password):
    service.person(username="nia")
    answer = sign_in(client, username, password)
    assert answer.status_code == 422
    assert "The username or password is incorrect" in answer.text
    assert "<title>Error: Sign in – Cydlynu</title>" in answer.text
    assert password not in answer.text


def test_empty_boxes_are_named(client):
    answer = sign_in(client, "", "")
    assert answer.status_code == 422
    assert 'href="#username"' in answer.text
    assert 'href="#password"' in answer.text
    assert "Enter your password" in answer.text


def test_too_many_tries_say_when_to_try_again(service, client):
    service.person(username="nia")
    for _ in range(3):
        sign_in(client, "nia", "wrong")
    answer = sign_in(client, "nia")
    assert answer.status_code == 429
    assert re.search(r"Try again at \d\d:\d\d\.", answer.text)
    service.clock.advance(minutes=16)
    assert sign_in(client, "nia").status_code == 303


def test_a_session_planted_before_the_sign_in_is_worth_nothing(service, client):
    service.person(username="nia")
    client.set_cookie(COOKIE, "planted")
    sign_in(client, "nia")
    assert client.get_cookie(COOKIE).value != "planted"
    planted = service.app.test_client()
    planted.set_cookie(COOKIE, "planted")
    assert planted.get("/account").status_code == 303


def test_the_token_of_forms_changes_with_the_sign_in(service, client):
    service.person(username="nia")
    before = form_token(client.get("/sign-in").text)
    sign_in(client, "nia")
    answer = client.post("/sign-out", data={"csrf_token": before})
    assert answer.status_code == 400


def test_signing_out_ends_the_session_everywhere(service, client):
    service.person(username="nia")
    sign_in(client, "nia")
    token = client.get_cookie(COOKIE).value
    answer = client.post("/sign-out", data={"csrf_token": form_token(client.get("/account").text)})
    assert (answer.status_code, answer.location) == (303, "/signed-out")
    assert client.get_cookie(COOKIE) is None
    thief = service.app.test_client()
    thief.set_cookie(COOKIE, token)
    assert thief.get("/account").status_code == 303


def test_signing_out_needs_the_form(service, client):
    service.person(username="nia")
    sign_in(client, "nia")
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert client.get("/account").status_code == 200


def test_a_guarded_page_asks_and_then_leads_back(desk, client):
    desk.person("auditor", username="ana")
    answer = client.get("/guarded/any?page=2")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/guarded/any?page%3D2")
    answer = sign_in(client, "ana", next="/guarded/any?page=2")
    assert answer.location == "/guarded/any?page=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\telsewhere",
        "/\n/elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "/" + "x" * 3000,
    ],
)
def test_nobody_is_sent_off_the_site(service, client, target):
    service.person(username="nia")
    assert sign_in(client, "nia", next=target).location == "/today"
    assert client.get("/sign-in", query_string={"next": target}).location == "/today"
    assert client.get("/language/cy", query_string={"to": target}).location == "/"


def test_another_role_learns_nothing(desk, client):
    desk.person("alnco", username="nia")
    sign_in(client, "nia")
    refused, missing = client.get("/guarded/audit"), client.get("/guarded/nothing-here")
    assert (refused.status_code, missing.status_code) == (404, 404)

    without_address = [
        re.sub(r"/guarded/[a-z-]+|value=\"[^\"]+\"", "", page.text) for page in (refused, missing)
    ]
    assert without_address[0] == without_address[1]


def test_the_viewer_is_who_signed_in_on_a_day_in_wales(desk, client):
    account = desk.person("auditor", username="ana")
    sign_in(client, "ana")
    person, organisation, role, today, operator = client.get("/guarded/any").text.split()
    assert (person, organisation, role) == (str(account.person), str(account.organisation), "auditor")
    assert today == desk.app.extensions["cydlynu"].today().isoformat()
    assert operator == "False"


def test_a_session_over_is_said_and_leads_back(desk, client):
    desk.person(username="nia")
    sign_in(client, "nia")
    desk.clock.advance(minutes=61)
    answer = client.get("/guarded/any", follow_redirects=True)
    assert "Your session has ended." in answer.text
    assert 'name="next" value="/guarded/any"' in answer.text


def test_a_form_sent_after_the_session_is_kept_through_a_new_sign_in(desk, client):
    desk.person(username="nia")
    sign_in(client, "nia")
    token = form_token(client.get("/account").text)
    desk.clock.advance(minutes=61)
    typed = {"csrf_token": token, "notes": "two lines\nof a long talk", "needs": ["ASD", "HI"]}
    ours = {"Sec-Fetch-Site": "same-origin"}
    over = client.post("/guarded/any?x=1", data=typed, headers=ours)
    assert over.status_code == 401
    assert "What you typed is saved" in over.text
    kept = re.search(r'name="kept" value="([^"]+)"', over.text)[1]
    again = sign_in(client, "nia", kept=kept)
    assert again.status_code == 200
    assert 'action="/guarded/any?x=1"' in again.text
    assert "two lines\nof a long talk" in again.text
    assert again.text.count('name="needs"') == 2
    sent = client.post("/guarded/any?x=1", data={"csrf_token": form_token(again.text)})
    assert sent.status_code == 200, "the token on that page is of the new session"


def test_what_was_kept_is_given_to_nobody_else(desk, client):
    desk.person(username="nia")
    desk.person("head", username="huw")
    sign_in(client, "nia")
    token = form_token(client.get("/account").text)
    desk.clock.advance(minutes=61)
    ours = {"Sec-Fetch-Site": "same-origin"}
    over = client.post("/guarded/any", data={"csrf_token": token, "notes": "a secret"}, headers=ours)
    kept = re.search(r'name="kept" value="([^"]+)"', over.text)[1]
    answer = sign_in(client, "huw", kept=kept)
    assert answer.status_code == 303
    assert "a secret" not in client.get(answer.location).text


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_words_of_another_site_are_never_kept(desk, client, headers):
    desk.person(username="nia")
    sign_in(client, "nia")
    desk.clock.advance(minutes=61)
    answer = client.post("/guarded/any", data={"notes": "planted"}, headers=headers)
    assert "planted" not in answer.text
    assert 'name="kept"' not in answer.text


def test_a_stale_form_offers_to_send_again(desk, client):
    desk.person(username="nia")
    sign_in(client, "nia")
    ours = {"Origin": "http://localhost"}
    answer = client.post("/guarded/any", data={"csrf_token": "stale", "notes": "typed"}, headers=ours)
    assert answer.status_code == 400
    assert 'name="notes" value="typed"' in answer.text
    assert "stale" not in re.findall(r'name="csrf_token" value="([^"]+)"', answer.text)


def test_a_page_of_somebody_signed_in_is_not_kept_by_the_browser(service, client):
    service.person(username="nia")
    sign_in(client, "nia")
    assert client.get("/account").headers["Cache-Control"] == "no-store"


def test_the_front_page_leads_somebody_signed_in_to_their_desk(service, client):
    service.person(username="nia")
    sign_in(client, "nia")
    assert client.get("/").location == "/today"
