"""What was typed outlives the session that it was typed in, and a database that is away for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from coordination.store.migrate import migrate
from coordination.store.server import PostgresServer
from tests.conftest import make_read_schema
from tests.county import ALNCO, PUPIL, ROLES, build
from tests.projections.casework import RecordedCase, told
from tests.webui.conftest import form_token
from tests.webui.county_site import following
from tests.webui.every_form import Found, every_form
from tests.webui.looking import looking
from tests.webui.referring import Forms, browser, form_in
from tests.webui.service import PASSWORD, RunningService, service_on

OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS = 'Dw i wedi blino.\r\n\r\n  Ŵyr neb pam; <b>neb</b> & "neb".'


def typed(form: Found) -> MultiDict[str, str]:
    """Something in every field, of several lines where there may be, and every box ticked."""
    data = form.sent()
    for name in form.of("text", "search"):
        data[name] = "30"
    for name in form.of("textarea"):
        data[name] = WORDS
    for name in form.of("checkbox"):
        data.setlist(name, [f.value for f in form.fields if f.name == name])
    for name in form.of("select", "radio"):
        data[name] = [f.value for f in form.fields if f.name == name][-1]
    return data


def plain(data: MultiDict[str, str]) -> list[tuple[str, str]]:
    """As a browser sends it: without the token, lines ended by both signs. What opens an account is never kept."""
    dropped = ("csrf_token", "password", "new_password", "one_time_code")
    kept = [(n, v) for n, v in data.items(multi=True) if n not in dropped]
    return sorted((n, v.replace("\r\n", "\n")) for n, v in kept)


def again(page: str, action: str) -> MultiDict[str, str]:
    """The form that offers to send what was kept."""
    [found] = [fields for to, fields in Forms(page).found if to == action]
    return found


@pytest.fixture
def site(postgres: str, template: str, tmp_path: Path) -> Iterator[tuple[RunningService, RecordedCase]]:
    with looking(postgres, template, tmp_path) as found:
        yield found


@pytest.mark.parametrize("who", ["alnco", "clinician"])
def test_every_form_comes_back_after_the_session(who: str, site: tuple[RunningService, RecordedCase]) -> None:
    """Each kind of field, several of a name, and the pages of a form in several steps; the way leads to the form."""
    service, _case = site
    forms = [form for _client, form in every_form(service, who) if not form.of("file")]
    client = browser(service, who)
    seen = set()
    for form in forms:
        data = typed(form)
        data["csrf_token"] = form_token(client.get("/account").text)
        service.clock.advance(hours=2)
        over = client.post(form.action, data=data, headers=OURS)
        assert over.status_code == 401, form
        assert "Your session has ended." in over.text
        sign_in = form_in(over.text, "username")
        sign_in["username"], sign_in["password"] = who, PASSWORD
        back = client.post("/sign-in", data=sign_in)
        assert back.status_code == 200, form
        kept = again(back.text, form.action)
        assert plain(kept) == plain(data), form
        seen |= {f.kind for f in form.fields}
        if form.endpoint in ("profile.views", "consents.ask", "milestones.unavailable"):
            assert client.post(form.action, data=kept).status_code in (303, 422)
    assert seen >= {"text", "textarea", "radio", "hidden"}


# The database


@contextmanager
def on_a_server_of_its_own(folder: Path) -> Iterator[tuple[RunningService, PostgresServer]]:
    """The county on a PostgreSQL that a test may stop."""
    server = PostgresServer(folder / "pg", durable=False)
    address = server.start()
    try:
        migrate(address)
        make_read_schema(address)
        with service_on(address, folder / "data") as service:
            coordination = service.app.extensions["cydlynu"].coordination
            build(coordination)
            told(coordination)
            organisation, role = ROLES[ALNCO]
            service.person(role, person=ALNCO, organisation=organisation, username="alnco")
            with following(address, coordination):
                pass
            yield service, server
    finally:
        server.stop()
        server.release()


def sent(client: FlaskClient, path: str, data: MultiDict[str, str]) -> Any:
    return client.post(path, data=data, headers=OURS)


def found_again(client: FlaskClient) -> None:
    """Asks for a page until the pools have found the database; each try waits for it itself."""
    deadline = time.monotonic() + 30
    while client.get("/account").status_code != 200:
        assert time.monotonic() < deadline


def test_what_is_sent_while_the_database_is_stopped_is_kept_and_taken_later(tmp_path: Path) -> None:
    with on_a_server_of_its_own(tmp_path) as (service, server):
        client = browser(service, "alnco")
        views = f"/pupils/{PUPIL}/views"
        form = form_in(client.get(views).text)
        for name, value in {"whose": "child", "language": "cy", "words": WORDS}.items():
            form[name] = value
        refer = f"/pupils/{PUPIL}/refer"
        step = form_in(client.get(refer).text, "told_on-day")
        for name, value in {"immediate_risk": "no", "stage": "service", "concern": WORDS}.items():
            step[name] = value
        before = service.app.extensions["cydlynu"].coordination.record.last_position()

        server.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(service.database, connect_timeout=1).close()
        away, step_away = sent(client, views, form), sent(client, refer, step)
        for answer in (away, step_away):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "10"
            assert "What you typed is kept on this page." in answer.text
        assert plain(again(away.text, views)) == plain(form)
        assert plain(again(step_away.text, refer)) == plain(step)
        # once more, too early: it is kept again
        still = sent(client, views, again(away.text, views))
        assert still.status_code == 503
        assert plain(again(still.text, views)) == plain(form)

        assert server.start() == service.database
        coordination = service.app.extensions["cydlynu"].coordination
        found_again(client)
        with following(service.database, coordination):
            taken = sent(client, views, again(still.text, views))
            assert taken.status_code == 303, taken.text
            assert coordination.record.last_position() == before + 1
            # the button of the page before, pressed as well: it is there once
            assert sent(client, views, again(away.text, views)).status_code == 303
            assert coordination.record.last_position() == before + 1
            assert sent(client, refer, again(step_away.text, refer)).status_code in (200, 422)
            assert "Ŵyr neb pam" in client.get(f"/pupils/{PUPIL}").text
