"""Every door of the service, tried by every role and by nobody: with ids that are nobody's, and with other people's.

What opens shows nothing of others; what does not looks as if it were not there; nothing breaks, and nothing is
recorded. A new page is walked as soon as it is registered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from coordination.authority import ROLES_AT
from coordination.desk.tokens import ROLES as TOKEN_ROLES
from coordination.directory.organisation import Organisation
from coordination.permissions import FAMILY_ROLE
from coordination.permissions import ROLES as TABLE_ROLES
from tests.county import (
    ALNCO,
    AUTHORITY,
    BOARD,
    CAMHS,
    EDUCATION,
    MOTHER,
    OTHER_SCHOOL,
    PUPIL,
    SCHOOL,
)
from tests.projections.casework import (
    AGREED_CAMHS,
    FOR_SCHOOL,
    MEETING,
    MINUTE,
    SECOND,
    TO_CAMHS,
)
from tests.webui.api.conftest import ApiClient, program
from tests.webui.conftest import form_token, sign_in
from tests.webui.looking import looking
from tests.webui.referring import settled
from tests.webui.route_list import API, is_program, listed, roles_of, routes
from tests.webui.service import RunningService

# who may open a page that asks nobody to sign in
OPEN = {
    "calendar_feed.feed",
    "digest_stop.stop",
    "account.page",
    "assets.file",
    "health.healthz",
    "health.metrics",
    "health.readyz",
    "languages.choose",
    "provider.come_back",
    "provider.go",
    "provider.sign_out",
    "reset.done",
    "reset.forgotten",
    "reset.page",
    "second_step.code",
    "sign_in.enter",
    "sign_in.gone",
    "sign_in.leave",
    "sign_in.page",
    "welcome.page",
}
# doors of programs and of one-time links have keys of their own, and tests of their own
PROGRAMS = ("api", "links", "referral_by_link", "meeting_by_link", "challenge_by_link")
ROLES = sorted(set(TABLE_ROLES) - {FAMILY_ROLE})
# far from the story: another school, another agency's people, an authority that is not theirs
FAR = UUID(int=0x29)
NOBODYS = UUID(int=0x5EED)
# words of the story that only those concerned may read
PRIVATE = ("Siân", "Gŵyn", "Mair", "B801200005001", "wedi blino", "cysgu", "secretary", "sleep")

# what a page about a case is about
CONCERNING = {"pupil", "meeting", "referral", "consent"}

README = Path(__file__).parents[2] / "README.md"
FORMS: tuple[dict[str, str], ...] = (
    {"command_id": str(NOBODYS), "seen": "1", "answer": "attending", "why": "x", "what": "x"},
    {},
)
REFUSED = {403, 404, 422}
"""What a program is told about another organisation's: it may not at all, there is none, or its body is wrong."""

REAL: dict[str, UUID | str] = {
    "pupil": PUPIL,
    "referral": TO_CAMHS,
    "consent": AGREED_CAMHS,
    "meeting": MEETING,
    "minute": MINUTE,
    "action": FOR_SCHOOL,
    "contact": MOTHER,
    "party": CAMHS,
    "service": CAMHS,
    "organisation": SCHOOL,
    "agency": BOARD,
    "person": ALNCO,
    "standard": "CAMHS-28",
    "table": "need",
    "milestone": "first_contact",
    "code": "en",
}


WRONG = {name: value for name, value in REAL.items() if isinstance(value, str)}
"""As REAL, with ids that are nobody's."""


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, int]]:
    """The story behind the pages, and where the log ends."""
    with looking(postgres, template, tmp_path_factory.mktemp("doors")) as (service, case):
        for role in ROLES:
            service.person(
                role,
                organisation=_far(role),
                username=f"far-{role}",
                person=UUID(int=0xFA0 + ROLES.index(role)),
            )
        settled(service, case.service)
        yield service, case.service.record.last_position()


def _far(role: str) -> UUID:
    """An organisation of the right kind that has nothing to do with the story."""
    if role in ROLES_AT["school"]:
        return OTHER_SCHOOL
    return AUTHORITY if role == "administrator" else FAR


def doors(app: Flask, method: str) -> list[Rule]:
    """The pages."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
        and not is_program(rule)
        and not rule.endpoint.split(".")[0].startswith(PROGRAMS)
        and not rule.endpoint.split(".")[0].endswith("_by_link")
    ]


def programs(app: Flask, method: str) -> list[Rule]:
    """The routes of the API that ask for a token."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
        and is_program(rule)
        and hasattr(app.view_functions[rule.endpoint], "scope")
    ]


def plain(text: str) -> str:
    """A page or document without what differs each time it is asked for: ids, and the form's own token."""
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", text)
    return re.sub(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}", "ID", text)


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """The path of a rule with these values, and something for what they do not name."""
    given = {name: _value(rule._converters[name], values.get(name)) for name in rule.arguments}
    with app.test_request_context():
        built: str = app.url_for(rule.endpoint, **given)
    return built


def _value(converter: Any, wanted: Any) -> Any:
    match type(converter).__name__:
        case "UUIDConverter":
            return wanted if isinstance(wanted, UUID) else NOBODYS
        case "IntegerConverter":
            return 1
        case "AnyConverter":
            return min(converter.items)
        case _:
            return wanted if isinstance(wanted, str) else "x"


def client_of(service: RunningService, role: str | None) -> FlaskClient:
    client = service.app.test_client()
    if role is not None:
        assert sign_in(client, f"far-{role}").status_code == 303
    return client


def test_every_page_says_whom_it_is_for(site: tuple[RunningService, int]) -> None:
    app = site[0].app
    unsaid = {r.endpoint for m in ("GET", "POST") for r in doors(app, m) if roles_of(app, r) is None}
    assert unsaid - OPEN == set()
    known = set(ROLES)
    for method in ("GET", "POST"):
        for rule in doors(app, method):
            assert (roles_of(app, rule) or frozenset()) <= known | {"operator"}, rule.endpoint


@pytest.mark.parametrize("ids", ["nobodys", "real"])
def test_nobody_is_asked_to_sign_in(ids: str, site: tuple[RunningService, int]) -> None:
    service, position = site
    app, client = service.app, service.app.test_client()
    for rule in doors(app, "GET"):
        if roles_of(app, rule) is None:
            continue
        answer = client.get(address(app, rule, REAL if ids == "real" else {}))
        assert answer.status_code == 303, rule
        assert "/sign-in" in answer.location, rule
    for rule in doors(app, "POST"):
        if roles_of(app, rule) is None:
            continue
        answer = client.post(address(app, rule, REAL if ids == "real" else {}), data={"x": "y"})
        assert answer.status_code in (400, 401), (rule, answer.status_code)
        assert not any(word in answer.text for word in PRIVATE), rule
    assert _position(service) == position


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_what_is_not_theirs(role: str, site: tuple[RunningService, int]) -> None:
    """Somebody of each role at an organisation that the story does not concern: another's id is answered as one that
    does not exist, in the same words."""
    service, _ = site
    app, client = service.app, client_of(service, role)
    for rule in doors(app, "GET"):
        mine = roles_of(app, rule)
        if mine is None:
            continue
        wrong, foreign = (client.get(address(app, rule, values)) for values in (WRONG, REAL))
        if (mine and role not in mine) or CONCERNING & rule.arguments:
            assert (wrong.status_code, foreign.status_code) == (404, 404), rule
            assert plain(wrong.text) == plain(foreign.text), rule
        if _of_ids(rule):
            assert wrong.status_code == 404, (rule, wrong.status_code)
        for answer in (wrong, foreign):
            assert answer.status_code < 500, (rule, answer.status_code)
            said = answer.get_data().decode(errors="replace")  # a file too
            for word in PRIVATE:
                assert word not in said, (rule, word)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_does_what_is_not_theirs(role: str, site: tuple[RunningService, int]) -> None:
    """Every form sent, well-formed or empty, by somebody whom it does not concern: nothing is recorded of the story."""
    service, _ = site
    app, client = service.app, client_of(service, role)
    token = form_token(client.get("/account").text)
    before = _streams(service)
    for rule in doors(app, "POST"):
        mine = roles_of(app, rule)
        if mine is None:
            continue
        closed = bool(mine) and role not in mine
        for data in FORMS[:1] if closed else FORMS:
            answers = [
                client.post(address(app, rule, values), data={"csrf_token": token, **data})
                for values in (WRONG, REAL)
            ]
            for answer in answers:
                assert answer.status_code < 500, (rule, answer.status_code)
                assert not any(word in answer.text for word in PRIVATE), rule
            if closed or CONCERNING & rule.arguments:
                assert [answer.status_code for answer in answers] == [404, 404], rule
                assert plain(answers[0].text) == plain(answers[1].text), rule
    assert _streams(service) == before


@pytest.mark.parametrize("kind", sorted(TOKEN_ROLES))
def test_no_program_reaches_what_is_not_its_organisation_s(
    kind: str, site: tuple[RunningService, int]
) -> None:
    """Every route of the API, with a token of an organisation that the story does not concern."""
    service, _ = site
    before = _streams(service)
    client = program(service, UUID(int=0x29), organisation_of=Organisation(id=UUID(int=0x29), kind=kind))
    for method in ("GET", "POST"):
        for rule in programs(service.app, method):
            for body in (None,) if method == "GET" else ({}, {"occurred_on": "2025-03-03", "why": "x"}):
                answers = [
                    _asked(client, method, service.app, rule, values, body) for values in (WRONG, REAL)
                ]
                said = [(answer.status_code, plain(answer.text)) for answer in answers]
                assert all(status < 500 for status, _text in said), (rule, said)
                assert not any(word in text for _status, text in said for word in PRIVATE), rule
                if CONCERNING & rule.arguments:
                    assert said[0] == said[1], rule
                    assert said[0][0] in REFUSED, (rule, said[0])
    assert _streams(service) == before


def _asked(
    client: ApiClient, method: str, app: Flask, rule: Rule, values: dict[str, Any], body: Any
) -> TestResponse:
    path = address(app, rule, values).removeprefix(API)
    return client.get(path) if method == "GET" else client.post(path, body, match='"1"')


def test_every_route_is_listed(
    site: tuple[RunningService, int], record_property: Callable[[str, object], None]
) -> None:
    """A new route, and one that opens itself to others than before, is first listed (tests/webui/route_list.py)."""
    app = site[0].app
    assert routes(app) == listed()
    record_property("combinations", combinations(app))
    said = re.search(r"([0-9,]+) combinations of role, route and id", README.read_text())
    assert said is not None
    assert combinations(app) >= int(said[1].replace(",", "")), "the README says more than is tried"


def combinations(app: Flask) -> int:
    """How many combinations of a role (or kind of token, or nobody), a route and an id (wrong or another's) the tests
    of this module try."""
    pages = [r for m in ("GET", "POST") for r in doors(app, m) if roles_of(app, r) is not None]
    asked = [r for m in ("GET", "POST") for r in programs(app, m)]
    return 2 * ((len(ROLES) + 1) * len(pages) + len(TOKEN_ROLES) * len(asked))


def test_an_administrator_opens_no_page_of_a_case(site: tuple[RunningService, int]) -> None:
    service, _ = site
    app = service.app
    opened = {
        rule.endpoint
        for method in ("GET", "POST")
        for rule in doors(app, method)
        if "administrator" in (roles_of(app, rule) or ())
    }
    # what two people decided is carried out without a name; the rules on keeping records hold no case
    nameless = {"rights.page", "rights.retention", "rights.change_rule", "rights_records.erase"}
    nameless |= {"registers.page", "registers.notice"}
    # programmes of support are an authority's dated data
    nameless |= {"programmes.page", "programmes.new", "programmes.change"}
    # the places of a base are the authority's own arrangement: an administrator sees how many, and nobody who has one
    assert {endpoint.split(".")[0] for endpoint in opened - nameless} <= {"administration", "places"}


def _of_ids(rule: Rule) -> bool:
    return any("UUID" in type(rule._converters[name]).__name__ for name in rule.arguments)


def _position(service: RunningService) -> int:
    position: int = service.app.extensions["cydlynu"].coordination.record.last_position()
    return position


def _streams(service: RunningService) -> dict[UUID, int]:
    """How long the streams of the story are."""
    record = service.app.extensions["cydlynu"].coordination.record
    story = [PUPIL, SECOND, MEETING, SCHOOL, BOARD, EDUCATION]
    return {stream: len(events) for stream, events in record.load(story).items()}
