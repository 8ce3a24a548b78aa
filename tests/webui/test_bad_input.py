"""Whatever is sent: a page that says what is wrong, with what was typed; never a crash, never somebody else's thing."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError
from psycopg.conninfo import conninfo_to_dict
from werkzeug.datastructures import MultiDict

import webui.app  # noqa: F401 - so that every form is known
from tests.conftest import _fresh
from tests.county import OTHER_SCHOOL
from tests.projections.casework import RecordedCase
from tests.webui.conftest import form_token, sign_in
from tests.webui.county_site import following
from tests.webui.every_form import Found, every_form, pages
from tests.webui.looking import looking
from tests.webui.referring import browser, case_on
from tests.webui.service import PASSWORD, RunningService, service_on
from webui.forms import FormSchema
from webui.forms.fields import DateField, TextField
from webui.shell.local_paths import local_path

MARKUP = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'"
WELSH = "Ŵyn a Llŷr, Siôn Blaenŷd, ẃ ỳ ẅ Ÿ"
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
OUTSIDE = [
    "//elsewhere.example",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "https://elsewhere.example/pupils",
    "https:elsewhere.example",
    "javascript:alert(1)",
    "%2F%2Felsewhere.example",
    "/%5celsewhere.example/..//",
    " //elsewhere.example",
    "data:text/html,x",
    "@elsewhere.example",
    "/" * 3000,
]

Ways = Callable[[Found], list[MultiDict[str, str]]]


@pytest.fixture(scope="module")
def seen(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[tuple[FlaskClient, Found]]]]:
    """Every form, as it was found once, and the name of the database as it was then."""
    with _fresh(postgres, template) as address:
        with (
            service_on(address, tmp_path_factory.mktemp("seen")) as service,
            case_on(service),
        ):
            found = every_form(service)
        yield str(conninfo_to_dict(address)["dbname"]), found


@pytest.fixture
def forms(
    postgres: str, seen: tuple[str, list[tuple[FlaskClient, Found]]], tmp_path: Path
) -> Iterator[list[tuple[FlaskClient, Found]]]:
    """Every form, with who sees it still signed in, on a database of their own."""
    database, found = seen
    with _fresh(postgres, database) as address, service_on(address, tmp_path) as service:
        coordination = service.app.extensions["cydlynu"].coordination
        with following(address, coordination):
            for client, _form in found:
                client.application = service.app
            yield found


@pytest.fixture(scope="module")
def still(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, RecordedCase]]:
    """For what changes nothing."""
    with looking(postgres, template, tmp_path_factory.mktemp("bad")) as found:
        yield found


def over(form: Found, text: str, *names: str) -> MultiDict[str, str]:
    """The form with this text in these fields."""
    data = form.sent()
    for name in names:
        data[name] = text
    return data


def empty(form: Found) -> list[MultiDict[str, str]]:
    """Nothing chosen and nothing typed; and nothing sent at all but what is hidden."""
    blank = over(form, "", *form.of("text", "textarea", "search", "select", "password"))
    for name in form.of("radio", "checkbox"):
        blank.poplist(name)
    hidden = {n: v for n, v in form.sent().items() if n in form.of("hidden")}
    return [blank, MultiDict(hidden), MultiDict({"csrf_token": form.sent()["csrf_token"]})]


def too_long(form: Found) -> list[MultiDict[str, str]]:
    typed = form.of("text", "textarea", "search", "password")
    return [over(form, "Ŵ" * 20_001, *typed), over(form, "9" * 5000, *typed)] if typed else []


def wrong_types(form: Found) -> list[MultiDict[str, str]]:
    """A text for a number, a number for a choice, several for one, signs that no keyboard has."""
    every = [f.name for f in form.fields if f.name and f.name != "csrf_token" and f.kind != "submit"]
    several = form.sent()
    for name in every:
        several.add(name, "another")
    return [
        over(form, "text", *every),
        over(form, "-1", *every),
        over(form, "\x00\x1b\ufffe\u202e٣", *every),
        several,
        MultiDict([(f"{name}[]", "x") for name in every] + [("csrf_token", form.sent()["csrf_token"])]),
    ]


def markup(form: Found) -> list[MultiDict[str, str]]:
    typed = form.of("text", "textarea", "search", "select", "radio", "checkbox")
    return [over(form, MARKUP, *form.words), over(form, MARKUP, *typed)]


def no_such_day(form: Found) -> list[MultiDict[str, str]]:
    if not form.days:
        return []
    found = []
    for day, month, year in (
        ("30", "2", "2026"),
        ("30", "Chwefror", "2026"),
        ("0", "0", "0000"),
        ("31", "4", "99999"),
        ("²", "1", "2026"),
        ("1", "1", "0001"),
        ("1", "1", "9999"),
    ):
        data = form.sent()
        for name in form.days:
            data[f"{name}-day"], data[f"{name}-month"], data[f"{name}-year"] = day, month, year
        found.append(data)
    return found


def not_theirs(form: Found) -> list[MultiDict[str, str]]:
    """The id of another organisation, and of nothing, in every choice and every hidden field."""
    chosen = [n for n in form.of("select", "radio", "checkbox", "hidden") if n != "csrf_token"]
    ids = (
        str(OTHER_SCHOOL),
        f"person {OTHER_SCHOOL}",
        f"service {OTHER_SCHOOL}",
        "0" * 32,
        f"{OTHER_SCHOOL}." * 3 + "1",
    )
    return [over(form, one, *chosen) for one in ids] if chosen else []


WAYS: list[Ways] = [empty, too_long, wrong_types, markup, no_such_day, not_theirs]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_form_takes_anything(way: Ways, forms: list[tuple[FlaskClient, Found]]) -> None:
    wrong, sent = [], 0
    for client, form in forms:
        for data in way(form):
            answer = client.post(form.action, data=data)
            sent += 1
            if answer.status_code >= 500 or answer.status_code not in (
                200,
                303,
                400,
                404,
                409,
                413,
                422,
                429,
            ):
                wrong.append(f"{form} {form.action}: {answer.status_code}")
            elif "<script>alert" in answer.text or "<img src=x" in answer.text:
                wrong.append(f"{form} {form.action}: markup as it was typed")
            elif answer.status_code == 422 and not told(answer.text):
                wrong.append(f"{form} {form.action}: says nothing")
            elif astray := leads_nowhere(answer.text):
                wrong.append(f"{form} {form.action}: no field for {astray}")
            elif way in (markup, no_such_day) and (lost := not_kept(answer, form, data)):
                wrong.append(f"{form} {form.action}: lost {lost}")
    assert sent > 20
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def told(html: str) -> bool:
    """Whether a page says what is wrong: a summary with words, and a title that begins with it."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    if summary is None:
        return "<h1" in html and "could not be recorded" in html
    return bool(re.sub(r"<[^>]+>|\s", "", summary[1])) and "<title>Error: " in html


def leads_nowhere(html: str) -> list[str]:
    """The links of the summary of errors that lead to nothing on the page; a browser follows them without scripts."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    links = re.findall(r'href="#([^"]+)"', summary[1]) if summary else []
    return [link for link in links if f'id="{link}"' not in html]


def not_kept(answer: Any, form: Found, data: MultiDict[str, str]) -> list[str]:
    """What was typed and is not on the page that refuses it. Apart: a file goes in the page as a whole; once minutes
    are final (a form before this one made them so) a register has no boxes any more."""
    if answer.status_code != 422 or form.endpoint in ("pupil_files.page", "meetings.register"):
        return []
    text = unescape(answer.text)
    parts = [f"{day}-{part}" for day in form.days for part in ("day", "month", "year")]
    names = form.words + [name for name in parts if len(data.get(name, "")) < 20]
    return [n for n in names if data.get(n) and data[n] not in text and escape(data[n]) not in answer.text]


def test_a_choice_that_is_not_on_offer_is_told_with_the_rest(
    still: tuple[RunningService, RecordedCase],
) -> None:
    """Not only after everything else was put right."""
    [(client, form)] = [one for one in every_form(still[0], "alnco") if one[1].endpoint == "consents.ask"]
    data = over(form, "", "occurred_on-day", "occurred_on-month", "occurred_on-year")
    data["agency"] = str(OTHER_SCHOOL)
    answer = client.post(form.action, data=data)
    assert answer.status_code == 422
    assert 'href="#agency"' in answer.text
    assert 'href="#occurred_on-day"' in answer.text


# Welsh letters


def schemas(above: type[FormSchema] = FormSchema) -> list[type[FormSchema]]:
    below = [one for one in above.__subclasses__() if not re.search(r"Body\d*$", one.__name__)]
    return below + [deeper for one in below for deeper in schemas(one)]


@pytest.mark.parametrize("schema", schemas(), ids=lambda schema: schema.__name__)
def test_welsh_letters_of_each_normal_form_are_one(schema: type[FormSchema]) -> None:
    """On every field of every form: what is written with two signs for a letter is read as what is written with one."""
    shown = schema()
    texts = [
        n for n, f in shown.fields.items() if type(f).__mro__[1] is not DateField and isinstance(f, TextField)
    ]
    for name in texts:
        read = set()
        for form in FORMS:
            typed = unicodedata.normalize(form, WELSH)
            try:
                loaded = shown.load(MultiDict({name: typed}), partial=True)
                read.add(str(loaded[name]))
            except ValidationError as wrong:
                read.add(str(wrong.messages.get(name)))  # type: ignore[union-attr]
        assert len(read) == 1, (name, read)


def test_a_name_is_found_in_each_normal_form(still: tuple[RunningService, RecordedCase]) -> None:
    client = browser(still[0], "alnco")
    token = form_token(client.get("/pupils").text)
    found = set()
    for form in FORMS:
        typed = unicodedata.normalize(form, "Llŷr Siân")
        page = client.post("/pupils/find", data={"csrf_token": token, "words": typed}, follow_redirects=True)
        found.add(tuple(re.findall(r'href="(/pupils/[0-9a-f-]{36})">', page.text)))
    assert len(found) == 1 and found != {()}


# Addresses


NUMBERS = ["1000000000", "99999999999999999999", "-1", "0", "text", "", "1e3", "٣", "1.5", "\x00", " 2"]
ARGUMENTS = {
    "page": NUMBERS,
    "mine": NUMBERS,
    "ended": NUMBERS,
    "found": ["x", "\x00", "x" * 3000],
    "service": ["x", str(OTHER_SCHOOL), "\x00"],
    "agency": ["x", str(OTHER_SCHOOL)],
    "school": ["x", str(OTHER_SCHOOL), "-1"],
    "standard": ["x", "\x00"],
    "by": ["x"],
    "sort": ["x"],
    "which": ["x"],
    "as": ["x", "first_contact"],
    "with": ["x", str(OTHER_SCHOOL)],
    "after": ["x", str(OTHER_SCHOOL)],
    "from": ["x", "//elsewhere.example"],
    "done": ["x", MARKUP],
    "need": ["x"],
    "year": ["x", "-99"],
    "from_on": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    "to_on": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    "as_of": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    "known_at": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    "next": OUTSIDE[:3],
    "draft": ["resume", "keep", "x"],
}


@pytest.mark.parametrize("who", ["alnco", "clinician", "auditor", "administrator"])
def test_every_page_takes_any_argument(who: str, still: tuple[RunningService, RecordedCase]) -> None:
    service, _case = still
    client = browser(service, who)
    wrong, looked = [], set()
    for path, endpoint, answer in list(pages(service.app, client)):
        if endpoint in looked or answer.status_code != 200:
            continue
        looked.add(endpoint)
        bare = path.partition("?")[0]
        for name, values in ARGUMENTS.items():
            for value in values:
                asked = client.get(bare, query_string={name: value})
                allowed = (200, 303) if values is NUMBERS else (200, 303, 400, 404, 422)
                if asked.status_code not in allowed:
                    wrong.append(f"{endpoint}?{name}={value[:40]!r}: {asked.status_code}")
                if "<script>alert" in asked.text:
                    wrong.append(f"{endpoint}?{name}: markup")
    assert len(looked) > 3
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["xx", "en_US.UTF-8", "cy-", "../../etc", "\x00", "c" * 5000, ""])
def test_an_unknown_language_is_none(language: str, still: tuple[RunningService, RecordedCase]) -> None:
    client = still[0].app.test_client()
    assert client.get(f"/language/{language or '%20'}").status_code in (404, 405)
    client.set_cookie("cydlynu_language", language.replace("\x00", ""))
    page = client.get("/sign-in", headers={"Accept-Language": "xx, *;q=0.1"})
    assert page.status_code == 200
    assert '<html lang="en"' in page.text


# Where a browser is sent


@pytest.mark.parametrize("wanted", OUTSIDE)
def test_nobody_is_led_off_the_site(wanted: str, still: tuple[RunningService, RecordedCase]) -> None:
    service = still[0]
    client = service.app.test_client()
    data = {"username": "alnco", "password": PASSWORD, "next": wanted}
    token = form_token(client.get("/sign-in").text)
    answers = [client.post("/sign-in", data={"csrf_token": token, **data})]
    answers.append(client.get("/sign-in", query_string={"next": wanted}))
    answers.append(client.get("/language/cy", query_string={"to": wanted}))
    for answer in answers:
        assert answer.status_code == 303
        assert re.match(r"/(?![/\\])", answer.location), answer.location
        assert "elsewhere" not in answer.location.partition("?")[0] or answer.location.startswith("/%")
    assert local_path(wanted) is None or local_path(wanted) == wanted


# Sizes


class Endless(io.RawIOBase):
    """Fifty megabytes of nothing, counting what was read of them."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.read_so_far = 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        count = min(len(into), self.left)
        into[:count] = b"x" * count
        self.left -= count
        self.read_so_far += count
        return count


FIFTY = 50 * 1024 * 1024


def upload(client: FlaskClient, path: str, token: str) -> tuple[Any, Endless]:
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'.encode()
    head += b'Content-Disposition: form-data; name="file"; filename="pupils.csv"\r\n\r\n'
    body = Endless(FIFTY)
    sent = {"wsgi.input": io.BufferedReader(_Joined(head, body)), "CONTENT_LENGTH": str(FIFTY + len(head))}
    answer = client.post(path, environ_overrides=sent, content_type="multipart/form-data; boundary=b")
    return answer, body


class _Joined(io.RawIOBase):
    def __init__(self, head: bytes, rest: Endless) -> None:
        self.head, self.rest = io.BytesIO(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        return self.head.readinto(into) or self.rest.readinto(into) or 0


@pytest.mark.parametrize("language", ["en", "cy"])
def test_fifty_megabytes_are_refused_before_they_are_read(
    language: str, still: tuple[RunningService, RecordedCase]
) -> None:
    service = still[0]
    client = browser(service, "alnco")
    client.set_cookie("cydlynu_language", language)
    token = form_token(client.get("/pupils").text)
    heading = {"en": "What you sent was too large", "cy": "Roedd yr hyn a anfonwyd yn rhy fawr"}[language]
    for path in ("/pupils/import", "/pupils/register", "/pupils/find"):
        began = time.monotonic()
        answer, body = upload(client, path, token)
        assert answer.status_code == 413, path
        assert "<h1" in answer.text
        assert language == "cy" or heading in answer.text
        assert body.read_so_far < 1024 * 1024
        assert time.monotonic() - began < 5
    # somebody who is not signed in is not even asked how large it may be
    stranger = service.app.test_client()
    assert upload(stranger, "/pupils/import", "x")[0].status_code in (400, 401, 413)
    assert sign_in(stranger, "alnco").status_code == 303
