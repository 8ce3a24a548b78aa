"""Every form of the service that somebody of the story can reach, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tests.webui.referring import browser
from tests.webui.service import RunningService

WHO = ("alnco", "clinician", "psychologist", "auditor", "caseworker", "safeguarding", "administrator")
# leads out (of the session of others too), or is another thing than a page of a person
APART = {
    "sign_in.leave",
    "administration.end_account_sessions",
    "assets.file",
    "health.healthz",
    "health.readyz",
    "health.metrics",
    "languages.choose",
}
# so many pages of one kind are looked at; each step of a referral has a form of its own
ENOUGH = 2
MORE = {"milestones.record": 40}


class Field(msgspec.Struct, frozen=True):
    """A field as it stands on the page: `kind` is the type of an input, or textarea or select."""

    name: str
    kind: str
    value: str
    chosen: bool = True


class Found(msgspec.Struct, frozen=True):
    """A form: who sees it, on which page, where it is sent, as which endpoint, and its fields."""

    who: str
    page: str
    action: str
    endpoint: str
    fields: tuple[Field, ...]

    def __str__(self) -> str:
        return f"{self.who} {self.endpoint}"

    def sent(self) -> MultiDict[str, str]:
        """What it would send as it stands."""
        return MultiDict(
            [(f.name, f.value) for f in self.fields if f.name and f.chosen and f.kind != "submit"]
        )

    def of(self, *kinds: str) -> list[str]:
        """The names of its fields of these kinds, once each."""
        return list(dict.fromkeys(f.name for f in self.fields if f.kind in kinds and f.name))

    @property
    def days(self) -> list[str]:
        """The names of its days, without -day, -month and -year."""
        return [name.removesuffix("-day") for name in self.of("text") if name.endswith("-day")]

    @property
    def words(self) -> list[str]:
        """The boxes to type in that are no parts of a day."""
        parts = tuple(f"{day}-{part}" for day in self.days for part in ("day", "month", "year"))
        return [name for name in self.of("text", "textarea", "search", "password") if name not in parts]


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, list[Field]]] = []
        self.links: list[str] = []
        self._select = self._textarea = ""
        self._text = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        if tag == "form":
            self.forms.append((a.get("action", ""), a.get("method", "get"), []))
            self._inside = True
        if not self._inside:
            return
        fields = self.forms[-1][2]
        if tag == "input":
            kind = a.get("type", "text")
            chosen = kind not in ("checkbox", "radio") or "checked" in a
            fields.append(Field(a.get("name", ""), kind, a.get("value", ""), chosen))
        elif tag == "button":
            fields.append(Field(a.get("name", ""), "submit", a.get("value", "")))
        elif tag == "textarea":
            self._textarea, self._text = a["name"], ""
        elif tag == "select":
            self._select = a["name"]
        elif tag == "option" and self._select:
            fields.append(Field(self._select, "select", a.get("value", ""), "selected" in a))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            self.forms[-1][2].append(Field(self._textarea, "textarea", self._text.removeprefix("\n")))
            self._textarea = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        self._text += data


def endpoint_of(app: Flask, path: str, method: str) -> str:
    """Which view answers an address; empty for none."""
    parts = urlsplit(path)
    try:
        endpoint, _values = app.url_map.bind("localhost").match(parts.path, method=method)
    except HTTPException:
        return ""
    return str(endpoint)


def pages(app: Flask, client: FlaskClient, start: str = "/") -> Iterator[tuple[str, str, Any]]:
    """The pages that somebody reaches from a start by links alone, a few of each kind: address, endpoint, answer."""
    waiting, known, taken = [start], {start}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path, "GET")
        if not endpoint or endpoint in APART or taken.get(endpoint, 0) >= MORE.get(endpoint, ENOUGH):
            continue
        taken[endpoint] = taken.get(endpoint, 0) + 1
        answer = client.get(path, follow_redirects=True)
        yield path, endpoint, answer
        if answer.mimetype != "text/html":
            continue
        for link in _Reader(answer.text).links:
            to = urljoin(answer.request.path, link).partition("#")[0]
            if to.startswith("/") and to not in known:
                known.add(to)
                waiting.append(to)


def forms_of(who: str, app: Flask, path: str, answer: Any) -> list[Found]:
    """The forms of a page that are sent by POST; the page's own address where they name none."""
    if answer.mimetype != "text/html":
        return []
    here = answer.request.full_path.rstrip("?")
    found = []
    for action, method, fields in _Reader(answer.text).forms:
        to = urljoin(here, action) if action else here
        if method == "post" and (endpoint := endpoint_of(app, to, "POST")) not in ("", "sign_in.leave"):
            found.append(Found(who, path, to, endpoint, tuple(fields)))
    return found


def every_form(service: RunningService, *whose: str) -> list[tuple[FlaskClient, Found]]:
    """A form of each kind, for each who sees it."""
    found: dict[tuple[str, str, tuple[str, ...]], tuple[FlaskClient, Found]] = {}
    for who in whose or WHO:
        client = browser(service, who)
        for path, _endpoint, answer in pages(service.app, client):
            for form in forms_of(who, service.app, path, answer):
                found.setdefault(
                    (who, form.endpoint, tuple(sorted({f.name for f in form.fields}))), (client, form)
                )
    return list(found.values())
