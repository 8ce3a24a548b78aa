"""Whatever stands in an address: a page that says what is wrong, never a crash, and nobody is led off the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from tests.county import OTHER_SCHOOL
from tests.projections.casework import RecordedCase
from tests.webui.conftest import form_token
from tests.webui.every_form import pages
from tests.webui.referring import browser
from tests.webui.service import PASSWORD, RunningService
from tests.webui.test_bad_input import MARKUP
from webui.shell.local_paths import local_path

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

NUMBERS = ["1000000000", "99999999999999999999", "-1", "0", "text", "", "1e3", "٣", "1.5", "\x00", " 2"]
ARGUMENTS = {
    "page": NUMBERS,
    "mine": NUMBERS,
    "term": ["x", "\x00", "2026-02-30"],
    "ended": NUMBERS,
    "meetings": ["x", "\x00", "pupil_panel"],
    "matched": ["x", str(OTHER_SCHOOL)],
    "found": ["x", "\x00", "x" * 3000],
    "service": ["x", str(OTHER_SCHOOL), "\x00"],
    "agency": ["x", str(OTHER_SCHOOL)],
    "school": ["x", str(OTHER_SCHOOL), "-1"],
    "standard": ["x", "\x00"],
    "version": ["x", "2026-02-30", "0001-01-01"],
    "by": ["x"],
    "sort": ["x"],
    "which": ["x"],
    "as": ["x", "first_contact"],
    "with": ["x", str(OTHER_SCHOOL)],
    "key": ["x", "\x00", "x" * 3000],
    "ending": ["x"],
    "band": ["x", "-1", "99"],
    **{name: ["x", "2026-02-30"] for name in ("of_from_on", "of_to_on", "of_as_of")},
    **{name: ["x", "\x00"] for name in ("list_as_of", "list_known_at")},
    "limit": ["x", "-1", "9" * 30],
    "without": ["x"],
    "rule": ["x"],
    "report": ["x", "sign_in.leave"],
    "question": ["x", "\x00", "x" * 3000],
    **{
        name: ["x", "2026-02-30", "0001-01-01"] for name in ("second_from_on", "second_to_on", "second_as_of")
    },
    **{
        f"second_{day}-{part}": ["x", "0"]
        for day in ("from_on", "to_on", "as_of")
        for part in ("day", "month", "year")
    },
    "after": ["x", str(OTHER_SCHOOL)],
    "from": ["x", "//elsewhere.example"],
    "done": ["x", MARKUP],
    "need": ["x"],
    "follows": ["x", str(OTHER_SCHOOL)],
    "occasion": ["x"],
    "year": ["x", "-99"],
    "month": ["x", "2026-13", "0000-00", "9999-12"],
    "from_on": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    "to_on": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    "as_of": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    "known_at": ["2026-02-30", "x", "0001-01-01", "9999-12-31"],
    **{f"{day}-day": ["x", "0", "32", "\x00"] for day in ("from_on", "to_on", "as_of", "known_at")},
    **{f"{day}-month": ["x", "13", "Chwefror"] for day in ("from_on", "to_on", "as_of", "known_at")},
    **{f"{day}-year": ["x", "0", "10000"] for day in ("from_on", "to_on", "as_of", "known_at")},
    "at": ["x", "-1", "9" * 30, "999999999"],
    "stamp": ["x", "cyd1-AAAA", MARKUP, "x" * 9000],
    "second": ["x", "cyd1-AAAA"],
    "next": OUTSIDE[:3],
    "draft": ["resume", "keep", "x"],
    "before": NUMBERS,
    "kind": ["x", "\x00", "pupil_panel"],
    "language": ["x", "\x00"],
    "like": ["x"],
    "matter": ["x"],
    "only": ["x"],
    "provision": ["x", "\x00"],
    "who": ["x", str(OTHER_SCHOOL)],
    "open": ["x", "no"],
    "days": ["x", "-1", "0", "9" * 30],
    "new": ["x"],
    "over": ["x"],
    "phase": ["x", "\x00"],
    "step": ["x", "\x00"],
}


class NotedArguments(ImmutableMultiDict[str, str]):
    """Notes which arguments a page asks for, whether they are in its address or not."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, *more: Any) -> list[Any]:
        self.asked.add(name)
        return super().getlist(name, *more)

    def __iter__(self) -> Iterator[str]:
        self.asked.update(ARGUMENTS)
        return super().__iter__()

    def items(self, *more: Any, **options: Any) -> Any:
        self.asked.update(ARGUMENTS)
        return super().items(*more, **options)

    def lists(self) -> Any:
        self.asked.update(ARGUMENTS)
        return super().lists()


class NotingRequest(Request):
    """A request whose arguments are noted."""

    parameter_storage_class = NotedArguments


def asked_for(client: FlaskClient, path: str) -> set[str]:
    """The arguments that a page looks at: on others nothing it does can depend."""
    NotedArguments.asked = set()
    client.get(path)
    return NotedArguments.asked


@pytest.mark.parametrize("who", ["alnco", "clinician", "auditor", "administrator"])
def test_every_page_takes_any_argument(
    who: str, still: tuple[RunningService, RecordedCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An argument that a page looks at has every value, one after the other; all others have theirs together."""
    service, _case = still
    monkeypatch.setattr(service.app, "request_class", NotingRequest)
    client = browser(service, who)
    wrong, looked = [], set()
    for path, endpoint, answer in list(pages(service.app, client)):
        if endpoint in looked or answer.status_code != 200:
            continue
        looked.add(endpoint)
        bare = path.partition("?")[0]
        asked = asked_for(client, bare) | asked_for(client, path)
        wrong += [
            f"{endpoint} looks at {name}: give it values in ARGUMENTS" for name in asked - set(ARGUMENTS)
        ]
        tried = [("everything", "", ARGUMENTS)] + [
            (name, value, {name: value})
            for name in sorted(asked & set(ARGUMENTS))
            for value in ARGUMENTS[name]
        ]
        for name, value, arguments in tried:
            found = client.get(bare, query_string=arguments)
            allowed = (
                (200, 303) if name in ARGUMENTS and ARGUMENTS[name] is NUMBERS else (200, 303, 400, 404, 422)
            )
            if found.status_code not in allowed:
                wrong.append(f"{endpoint}?{name}={value[:40]!r}: {found.status_code}")
            if b"<script>alert" in found.data:
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
