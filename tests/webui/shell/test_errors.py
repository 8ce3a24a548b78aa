"""When something goes wrong: a page in the person's language that tells nothing."""

import json
import re
from contextlib import contextmanager

import psycopg
import pytest
from flask import Blueprint, abort
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.store import server
from tests.webui.conftest import form_token, sign_in
from tests.webui.service import service_on
from webui.shell.authentication import needs_no_database, signed_in
from webui.shell.errors import WORDS
from webui.shell.runtime import runtime

NOWHERE = "host=/nowhere/at/all dbname=none user=nobody"
SECRET = "Llŷr Prydderch B801200005001"


@pytest.fixture
def broken(service):
    """Pages that fail in every way."""
    pages = Blueprint("broken", __name__)

    @pages.route("/fails/<int:status>", methods=["GET", "POST"])
    def fails(status):
        abort(status, description=SECRET)

    @pages.get("/crashes")
    def crashes():
        name = SECRET
        raise RuntimeError(f"no such pupil: {name}")

    @pages.get("/refuses/<code>")
    def refuses(code):
        raise {"not_found": NotFound(), "overtaken": StaleVersion(1, 2)}.get(code) or Refusal(
            code, secret=SECRET
        )

    @pages.route("/writes", methods=["GET", "POST"])
    @signed_in()
    def writes():
        with runtime().desk() as conn:
            return str(conn.execute("select 1").fetchone()[0])

    service.app.register_blueprint(pages)
    service.app.testing = False
    return service


@contextmanager
def database_away(address):
    """No new connections and no old ones, as when the server restarts."""
    name = conninfo_to_dict(address)["dbname"]
    administrator = make_conninfo(address, dbname="postgres", user=server.ADMINISTRATOR)
    allow = sql.SQL("alter database {} with allow_connections {}")
    with psycopg.connect(administrator, autocommit=True) as conn:
        conn.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        try:
            yield
        finally:
            conn.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


@pytest.mark.parametrize("status", sorted(WORDS))
@pytest.mark.parametrize("language", ["en", "cy"])
def test_an_error_has_a_page_in_both_languages(broken, client, status, language):
    client.set_cookie("cydlynu_language", language)
    answer = client.get(f"/fails/{status}")
    assert answer.status_code == status
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert "Prydderch" not in answer.text


def test_an_error_of_a_status_without_words_is_still_a_page(broken, client):
    assert "We could not read that" in client.get("/fails/418").text
    assert "Something went wrong" in client.get("/fails/502").text


def test_a_page_that_is_not_here(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_a_way_that_is_not_allowed_says_which_are(client):
    answer = client.get("/sign-out")
    assert answer.status_code == 405
    assert (
        answer.headers["Allow"].replace(" ", "").split(",") == ["OPTIONS", "POST"]
        or "POST" in answer.headers["Allow"]
    )


def test_a_crash_tells_a_reference_and_nothing_else(broken, client, capfd):
    answer = client.get("/crashes")
    assert answer.status_code == 500
    reference = answer.headers["X-Request-ID"]
    assert reference in answer.text
    assert "Prydderch" not in answer.text
    assert "RuntimeError" not in answer.text
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    assert "Prydderch" not in json.dumps(lines)
    crash = next(line for line in lines if line["event"] == "crash")
    assert (crash["kind"], crash["request_id"], crash["route"]) == ("RuntimeError", reference, "/crashes")
    assert any("crashes" in frame for frame in crash["frames"])


def test_the_log_has_patterns_and_ids_only(broken, client, capfd):
    nia = broken.person(username="nia")
    sign_in(client, "nia", "wrong-password")
    sign_in(client, "nia")
    client.get("/fails/404?search=Prydderch")
    text = capfd.readouterr().err
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert {"method", "route", "status", "milliseconds", "person", "request_id"} <= lines[-1].keys()
    assert (lines[-1]["route"], lines[-1]["person"]) == ("/fails/<int:status>", str(nia.person))
    for private in ("Prydderch", "wrong-password", "nia", "search="):
        assert private not in text


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("not_found", 404, "Page not found"),
        ("overtaken", 409, "This page has changed"),
        ("record_erased", 422, "This could not be recorded"),
    ],
)
def test_a_refusal_that_no_form_took(broken, client, code, status, words):
    answer = client.get(f"/refuses/{code}")
    assert answer.status_code == status
    assert words in answer.text
    assert "Prydderch" not in answer.text


def test_something_too_large_is_refused(client):
    token = form_token(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"csrf_token": token, "username": "x" * 2_000_000})
    assert answer.status_code == 413
    assert "What you sent was too large" in answer.text


def test_a_form_without_its_token_is_refused(client):
    answer = client.post("/sign-in", data={"username": "nia", "password": "x"})
    assert answer.status_code == 400
    assert "This page has expired" in answer.text


def test_a_host_that_is_not_ours_is_refused(database, tmp_path):
    with service_on(database, tmp_path, hosts=("desk.example",)) as running:
        client = running.app.test_client()
        assert client.get("/", base_url="https://desk.example").status_code == 200
        assert client.get("/", base_url="https://elsewhere.example").status_code == 400


def test_the_front_page_needs_no_database(tmp_path):
    with service_on(NOWHERE, tmp_path, patience=0.2) as running:
        client = running.app.test_client()
        assert client.get("/").status_code == 200
        assert client.get("/language/cy").status_code == 303
        assert "Mewngofnodi" in client.get("/sign-in").text
        health = client.get("/healthz")
        assert (health.status_code, health.text) == (503, "database unreachable\n")
        client.set_cookie("cydlynu", "a token that nobody can look up")
        assert client.get("/").status_code == 200
        assert client.get("/nowhere").status_code == 404
        away = client.get("/account")
        assert away.status_code == 503
        assert away.headers["Retry-After"] == "10"
        assert "Nid yw Cydlynu ar gael" in away.text


def test_the_service_is_healthy_with_its_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert client.get("/healthz", base_url="https://desk.example").status_code == 200


def test_a_database_away_for_a_while_keeps_what_was_typed_and_comes_back(broken, client):
    broken.person(username="nia")
    sign_in(client, "nia")
    token = form_token(client.get("/account").text)
    data, ours = {"csrf_token": token, "notes": "a long talk"}, {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/writes", data=data, headers=ours).text == "1"
    with database_away(broken.database):
        away = client.post("/writes", data=data, headers=ours)
        assert away.status_code == 503
        assert 'action="/writes"' in away.text
        assert 'name="notes" value="a long talk"' in away.text
        assert client.get("/healthz").status_code == 503
    again = client.post("/writes", data={"csrf_token": form_token(away.text)}, headers=ours)
    assert (again.status_code, again.text) == (200, "1")


def test_marking_a_page_for_no_database_does_not_hide_its_own_failure(service, client):
    pages = Blueprint("own", __name__)

    @pages.get("/own")
    @needs_no_database
    def own():
        raise psycopg.OperationalError("password=secret")

    service.app.register_blueprint(pages)
    service.app.testing = False
    answer = client.get("/own")
    assert answer.status_code == 503
    assert "secret" not in answer.text


def test_nothing_of_a_request_stays_for_the_next(broken, client, capfd):
    broken.person(username="nia")
    sign_in(client, "nia")
    client.get("/account")
    broken.app.test_client().get("/sign-in")
    lines = [json.loads(x) for x in capfd.readouterr().err.splitlines() if x.startswith("{")]
    assert lines[-2]["person"] is not None
    assert lines[-1]["person"] is None
    assert len({line["request_id"] for line in lines}) == len(lines)
    assert re.fullmatch(r"[0-9a-f]{32}", lines[-1]["request_id"])
