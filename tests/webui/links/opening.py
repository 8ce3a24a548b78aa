"""Opening one-time links in tests: making one on the school's page, and giving the second proof."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import psycopg
from flask.testing import FlaskClient

from coordination.desk.link_proofs import ask_code, send_code
from coordination.desk.one_time_links import (
    OneTimeLink,
    good_until,
    link_of_secret,
    make_link,
    secret_of_message,
)
from tests.county import BOARD, CAMHS, SCHOOL
from tests.projections.casework import TO_CAMHS
from tests.webui.conftest import form_token
from tests.webui.referring import browser, form_in, page_of, send
from tests.webui.service import RunningService

MAKING = f"{page_of(TO_CAMHS)}/link"
DEAD = "This link does not work"
WORD = {"answered_by": "Eleri Huws", "answered_as": "Ysgrifennydd"}


def made_link(service: RunningService, making: str = MAKING) -> str:
    """The path of a fresh link, as the ALNCo makes it."""
    alnco = browser(service, "alnco")
    answer = send(alnco, making, form_in(alnco.get(making).text))
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="http://localhost(/link/[\w-]+)"', answer.text)
    assert found
    return found[1]


def code_for(service: RunningService, path: str, digits: str = "042137") -> str:
    """A code as the message has it that was asked for on the page of the link."""
    here = service.app.extensions["cydlynu"]
    with here.desk() as conn:
        link = link_of_secret(conn, path.removeprefix("/link/"))
        assert link is not None
        code = uuid4()
        assert ask_code(conn, code, link, here.now())
        assert send_code(conn, code, here.coordination.record.outer.lookup, digits, here.now())
    return digits


def prove(service: RunningService, path: str, client: FlaskClient | None = None) -> FlaskClient:
    """A browser in which the code of the link was given."""
    client = client or service.app.test_client()
    answer = client.post(f"{path}/proof", data={"one_time_code": code_for(service, path)})
    assert answer.status_code == 303, answer.text
    return client


def link_to(service: RunningService, kind: str, thing: UUID) -> str:
    """The path of a link for CAMHS, as its message has it."""
    here = service.app.extensions["cydlynu"]
    message, key = uuid4(), here.coordination.record.outer.lookup
    link = OneTimeLink(
        link=uuid4(),
        kind=kind,
        thing=thing,
        audience_kind="service",
        audience=CAMHS,
        organisation=BOARD,
        school=SCHOOL,
        message=message,
        made_at=here.now(),
        expires_at=good_until(here.now()),
    )
    secret = secret_of_message(key, message)
    with here.desk() as conn:
        assert make_link(conn, link, secret)
    return f"/link/{secret}"


def answer(client: FlaskClient, path: str, **typed: Any) -> Any:
    """Fills in a form behind a link and sends it, with name and job."""
    return send(client, path, form_in(client.get(path).text), **(WORD | typed))


def reminds(service: RunningService, page: str) -> None:
    """The school sees on the page of messages who has not answered, and reminds them, once a day; nobody else does."""
    client = browser(service, "alnco")
    shown = client.get(page)
    assert "Not answered yet: " in shown.text
    for command in ("first", "second"):
        pressed = {"csrf_token": form_token(shown.text), "command_id": command}
        assert client.post(f"{page}/remind", data=pressed).status_code == 303
    with psycopg.connect(service.database) as link:
        by_hand = link.execute("select count(*) from desk.outbox where version > 700000").fetchone()
    assert by_hand == (1,)
    assert browser(service, "clinician").get(page).status_code == 404
