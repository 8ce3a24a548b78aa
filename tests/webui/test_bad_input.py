"""Whatever is sent: a page that says what is wrong, with what was typed; never a crash, never somebody else's thing."""

from __future__ import annotations

import re
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
from tests.webui.conftest import form_token
from tests.webui.county_site import following
from tests.webui.every_form import Found, every_form
from tests.webui.referring import browser, case_on
from tests.webui.service import RunningService, service_on
from webui.forms import FormSchema
from webui.forms.fields import DateField, TextField

MARKUP = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'"
WELSH = "Ŵyn a Llŷr, Siôn Blaenŷd, ẃ ỳ ẅ Ÿ"
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
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
