"""What the tests of referrals have in common: the case of tests/projections/casework.py behind the web pages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import psycopg
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from coordination.service import Coordination
from tests.county import PUPIL
from tests.projections.casework import RecordedCase, told
from tests.webui.conftest import sign_in
from tests.webui.county_site import story_on
from tests.webui.service import RunningService


@contextmanager
def case_on(service: RunningService) -> Iterator[RecordedCase]:
    """The county and the case of tests/projections/casework.py, readable, behind the pages of this service."""
    with story_on(service, "case", told) as coordination:
        yield RecordedCase(coordination)


def settled(service: RunningService, coordination: Coordination) -> None:
    """Waits until everything on the record can be read."""
    wanted = coordination.record.last_position()
    deadline = time.monotonic() + 60
    with psycopg.connect(service.database, autocommit=True) as link:
        while time.monotonic() < deadline:
            row = link.execute("select position from read.position").fetchone()
            if row and row[0] >= wanted:
                return
            time.sleep(0.005)
    raise AssertionError("the read models do not follow")


def browser(service: RunningService, username: str) -> FlaskClient:
    """A browser in which somebody is signed in."""
    client = service.app.test_client()
    assert sign_in(client, username).status_code == 303
    return client


class Forms(HTMLParser):
    """The forms of a page: their addresses, and what each would send if it were sent as it stands."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, MultiDict[str, str]]] = []
        self._select: str | None = None
        self._textarea: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = dict(attributes)
        if tag == "form":
            self.found.append((a.get("action") or "", MultiDict()))
        if not self.found:
            return
        fields, name = self.found[-1][1], a.get("name") or ""
        if tag == "input":
            ticked = a.get("type") not in ("checkbox", "radio") or "checked" in a
            if name and ticked and a.get("type") != "submit":
                fields.add(name, a.get("value") or "")
        elif tag == "textarea":
            self._textarea = name
            fields[name] = ""
        elif tag == "select":
            self._select = name
            fields[name] = ""
        elif tag == "option" and self._select and "selected" in a:
            fields[self._select] = a.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._textarea and self.found:
            self.found[-1][1][self._textarea] += data.removeprefix("\n")


def form_in(html: str, containing: str = "command_id", action: str = "") -> MultiDict[str, str]:
    """The first form of a page that has a field and an address like this, as it would be sent."""
    for address, fields in Forms(html).found:
        if containing in fields and action in address:
            return fields
    raise AssertionError(f"no form with {containing} for {action}")


def send(client: FlaskClient, path: str, form: MultiDict[str, str], **typed: Any) -> Any:
    """Sends a form with some of it typed over; "_" in a name stands for "-" before day, month and year."""
    data = form.copy()
    for name, value in typed.items():
        name = re.sub(r"__(day|month|year)$", r"-\1", name)
        if isinstance(value, date):
            for part in ("day", "month", "year"):
                data[f"{name}-{part}"] = str(getattr(value, part))
        elif isinstance(value, list):
            data.setlist(name, value)
        elif value is None:
            data.poplist(name)
        else:
            data[name] = value
    return client.post(path, data=data)


def page_of(referral: UUID, pupil: UUID = PUPIL) -> str:
    return f"/pupils/{pupil}/referrals/{referral}"
