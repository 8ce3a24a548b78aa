"""The second proof of a one-time link: what is shown before it, the code, and the browsers that it opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from tests.projections.casework import TO_CAMHS, TO_PSYCHOLOGY, RecordedCase
from tests.webui.links.opening import DEAD, MAKING, answer, code_for, made_link, prove
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, page_of, send
from tests.webui.service import RunningService

# words of the story that whoever holds a link is not told
PRIVATE = ("Siân", "Gŵyn", "Mair", "B801200005001", "cysgu", "the secretary", "ADHD")


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def state_of(database: str) -> list[object]:
    """How many rows everything has that an opening could change."""
    tables = ("log.event", "desk.read_log", "desk.link_code", "desk.link_session", "desk.outbox")
    with psycopg.connect(database) as link:
        counts = [link.execute(f"select count(*) from {table}").fetchone() for table in tables]
        links = link.execute("select row_to_json(l)::text from desk.one_time_link l order by 1").fetchall()
    return [*counts, links]


def test_it_is_shown_once_and_a_scanner_that_opens_it_changes_nothing(
    case: RecordedCase, service: RunningService
) -> None:
    alnco = browser(service, "alnco")
    assert f'href="{MAKING}"' in alnco.get(page_of(TO_CAMHS)).text
    form = form_in(alnco.get(MAKING).text)
    first = send(alnco, MAKING, form)
    assert "Copy it now" in first.text
    assert "Mae Ysgol y Bryn yn gofyn am ateb" in first.text, "the words are there in both languages"
    found = re.search(r"(/link/([\w-]{43,}))", first.text)
    assert found
    again = send(alnco, MAKING, form)
    assert again.status_code == 422
    for page in (again.text, alnco.get(MAKING).text, alnco.get(page_of(TO_CAMHS)).text):
        assert found[2] not in page
    before = state_of(service.database)
    assert found[2] not in str(before)
    scanner = service.app.test_client()
    steps = f"{found[1]}/referral/steps/acknowledged"
    for path in (found[1], f"{found[1]}/referral", steps, f"{found[1]}/proof", f"{found[1]}/code"):
        for page in (scanner.get(path), scanner.head(path)):
            assert page.status_code in (200, 404, 405), path
            assert not [word for word in PRIVATE if word in page.text], path
    assert state_of(service.database) == before
    page = scanner.get(found[1])
    assert "Child and adolescent mental health" in page.text, "for whom it is, so that the code can be found"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "no-store"
    # not even to somebody who is signed in
    assert "Sign out" not in alnco.get(found[1]).text


def test_a_code_works_once_in_time_and_for_few_tries(case: RecordedCase, service: RunningService) -> None:
    path, client = made_link(service), service.app.test_client()
    code_for(service, path, "111111")
    for _ in range(5):
        assert client.post(f"{path}/proof", data={"one_time_code": "000000"}).status_code == 422
    late = client.post(f"{path}/proof", data={"one_time_code": "111111"})
    assert late.status_code == 422
    assert "The code is not right" in late.text
    code_for(service, path, "222222")
    service.clock.advance(minutes=21)
    assert client.post(f"{path}/proof", data={"one_time_code": "222222"}).status_code == 422
    code_for(service, path, "333333")
    assert client.post(f"{path}/proof", data={"one_time_code": "33 33 33"}).status_code == 303
    other = service.app.test_client()
    assert other.post(f"{path}/proof", data={"one_time_code": "333333"}).status_code == 422, "only once"
    assert "Siân" in client.get(f"{path}/referral").text
    # and only for so many from one address
    service.clock.advance(seconds=1)
    for _ in range(12):
        last = other.post(f"{path}/proof", data={"one_time_code": "000000"})
    assert last.status_code == 429


def test_one_code_opens_the_links_of_the_service_in_one_browser_for_twelve_hours(
    case: RecordedCase, service: RunningService
) -> None:
    first, second = made_link(service), made_link(service)
    of_psychology = made_link(service, f"{page_of(TO_PSYCHOLOGY)}/link")
    client = prove(service, first)
    assert client.get(second).status_code == 303, "another link of the service"
    assert "Siân" in client.get(f"{second}/referral").text
    assert "asks for a code" in client.get(of_psychology).text, "another service's"
    assert "asks for a code" in service.app.test_client().get(first).text, "another computer"
    assert client.get(f"{first}/referral").text.count("Siân")
    steps = f"{first}/referral/steps/acknowledged"
    form = form_in(client.get(steps).text)
    service.clock.advance(hours=12)
    own = {"Sec-Fetch-Site": "same-origin"}
    data = form.copy()
    for name, typed in {"note": "Typed for long", "answered_by": "Eleri Huws", "answered_as": "Nyrs"}.items():
        data[name] = typed
    over = client.post(steps, data=data, headers=own)
    assert over.status_code == 401
    assert "What you typed is kept" in over.text
    assert "Typed for long" not in over.text, "it is sealed until the proof"
    kept = form_in(over.text, "one_time_code")
    kept["one_time_code"] = code_for(service, first)
    again = client.post(f"{first}/proof", data=kept)
    assert again.status_code == 200
    assert "Typed for long" in again.text
    assert client.post(steps, data=form_in(again.text)).status_code == 303, "and is sent with one press"
    assert "closed" in client.post("/links/finish").text
    assert "asks for a code" in client.get(first).text


def test_every_opening_after_the_proof_is_a_disclosure_in_the_read_log(
    case: RecordedCase, service: RunningService
) -> None:
    path = made_link(service)
    client = prove(service, path)
    client.get(f"{path}/referral")
    with psycopg.connect(service.database) as link:
        row = link.execute(
            "select r.kind, r.purpose, r.role, cardinality(r.cited_versions), l.kind from desk.read_log r"
            " join desk.one_time_link l on l.link = r.person"
        ).fetchall()
    assert row == [("referral", "disclosed", "clinician", 1, "referral")]


def test_a_code_by_telephone_opens_only_links_of_the_school_that_said_it(
    case: RecordedCase, service: RunningService
) -> None:
    path, other = made_link(service), made_link(service)
    alnco = browser(service, "alnco")
    page = alnco.get(MAKING).text
    found = re.search(rf'action="({re.escape(MAKING)}/[^"]+/code)"', page[page.index("Created on") :])
    assert found
    form = form_in(page, action="/code")
    shown = send(alnco, found[1], form)
    digits = re.search(r"Code for the telephone: (\d{6})", shown.text)
    assert digits
    assert send(alnco, found[1], form).status_code == 422, "shown once"
    client = service.app.test_client()
    works = [
        one
        for one in (path, other)
        if client.post(f"{one}/proof", data={"one_time_code": digits[1]}).status_code == 303
    ]
    assert len(works) == 1, "it is the code of one link"
    assert client.get(f"{path}/referral").status_code == client.get(f"{other}/referral").status_code == 200
    with psycopg.connect(service.database) as link:
        link.execute(
            "update desk.one_time_link set school = gen_random_uuid() where link <> %s", (UUID(int=0),)
        )
    assert "asks for a code" in client.get(path).text, "a link of another school's"


@pytest.mark.parametrize("why", ["expired", "revoked", "unknown", "used"])
def test_every_link_that_is_not_good_looks_the_same(
    why: str, case: RecordedCase, service: RunningService
) -> None:
    path, alnco = made_link(service), browser(service, "alnco")
    client = service.app.test_client()
    match why:
        case "expired":
            prove(service, path, client)
            service.clock.advance(days=28, minutes=1)
        case "revoked":
            prove(service, path, client)
            page = alnco.get(MAKING).text
            found = re.search(r'action="([^"]+/revoke)"', page)
            assert found
            assert send(alnco, found[1], form_in(page, action="revoke")).status_code == 303
            assert "Cancelled on" in alnco.get(MAKING).text
        case "unknown":
            path = path[:-4] + "AAAA"
        case _:
            first = prove(service, path)
            steps = f"{path}/referral/steps/discharged"
            assert answer(first, steps).status_code == 303
            assert first.get(f"{path}/referral").status_code == 200, "who answered still sees it"
            assert "Answered on" in alnco.get(MAKING).text
    unknown = client.get("/link/" + "y" * 43)
    for page in (client.get(path), client.get(f"{path}/referral"), client.post(f"{path}/proof")):
        assert page.status_code == 404
        assert DEAD in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert _bare(page.text, path) == _bare(unknown.text, "/link/" + "y" * 43)


def _bare(html: str, path: str) -> str:
    """A page without its own address, which the language switch carries."""
    for own in (f"{path}/referral", f"{path}/proof", path):
        html = html.replace(own, "").replace(own.replace("/", "%2F"), "")
    return html


def test_an_administrator_sees_every_link_and_revokes_one_that_is_open_in_a_browser(
    case: RecordedCase, service: RunningService
) -> None:
    path = made_link(service)
    client = prove(service, path)
    administrator = browser(service, "administrator")
    assert 'href="/administration/links"' in administrator.get("/administration/messages").text
    page = administrator.get("/administration/links").text
    assert "Child and adolescent mental health" in page
    assert "Siân" not in page
    found = re.search(r'action="(/administration/links/[^"]+/revoke)"', page)
    assert found
    form = form_in(page, "csrf_token", "/administration/links/")
    assert administrator.post(found[1], data=form).status_code == 303
    assert administrator.post(found[1], data=form).status_code == 404
    assert client.get(f"{path}/referral").status_code == 404, "at once, also where the code was given"
    assert browser(service, "alnco").get("/administration/links").status_code == 404


def test_too_many_wrong_links_hear_nothing_more(case: RecordedCase, service: RunningService) -> None:
    path, client = made_link(service), service.app.test_client()
    for number in range(30):
        client.get(f"/link/{number:043}")
    assert client.get(path).status_code == 404
    service.clock.advance(minutes=16)
    assert client.get(path).status_code == 200


def test_only_the_schools_own_alnco_makes_and_takes_back(case: RecordedCase, service: RunningService) -> None:
    made_link(service)
    for who in ("head", "other-alnco", "clinician", "psychologist", "auditor", "administrator"):
        assert browser(service, who).get(MAKING).status_code == 404, who
    alnco = browser(service, "alnco")
    form = form_in(alnco.get(MAKING).text)
    for what in ("revoke", "code"):
        assert send(alnco, f"{MAKING}/{UUID(int=7)}/{what}", form).status_code == 404


def test_neither_address_nor_code_is_in_a_log(
    case: RecordedCase, service: RunningService, capfd: pytest.CaptureFixture[str]
) -> None:
    path = made_link(service)
    client = prove(service, path)
    answer(client, f"{path}/referral/steps/acknowledged")
    logged = "".join(capfd.readouterr())
    assert "/link/<token>" in logged
    for secret in (path.removeprefix("/link/"), "042137", "Eleri"):
        assert secret not in logged


def test_in_welsh(case: RecordedCase, service: RunningService) -> None:
    path, client = made_link(service), service.app.test_client()
    client.get("/language/cy")
    assert "Agor eich dolen" in text(client.get(path).text)
    assert "Nid yw’r ddolen hon yn gweithio" in client.get(path[:-3] + "zzz").text


def test_the_clock_of_the_proof_is_not_that_of_the_machine(
    case: RecordedCase, service: RunningService
) -> None:
    path = made_link(service)
    prove(service, path)
    with psycopg.connect(service.database) as link:
        until = link.execute("select expires_at from desk.link_session").fetchone()
    assert until == (service.clock() + timedelta(hours=12),)
    assert datetime.now(UTC) != service.clock()
