"""A one-time link: an agency without an account confirms or contests what a school reported in its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.referral.state import Referral
from tests.county import ALNCO, AUDITOR, MOTHER, PUPIL
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS, TO_PSYCHOLOGY, RecordedCase, viewer
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, page_of, send, settled
from tests.webui.service import RunningService

MAKING = f"{page_of(TO_CAMHS)}/link"
DEAD = "This link does not work"
# words of the story that whoever holds a link is not told
PRIVATE = ("Siân", "Gŵyn", "Mair", "B801200005001", "cysgu", "the secretary", "ADHD", "Nid yw")


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def made(service: RunningService) -> str:
    """The path of a fresh link."""
    alnco = browser(service, "alnco")
    answer = send(alnco, MAKING, form_in(alnco.get(MAKING).text))
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="http://localhost(/answer/[\w-]+)"', answer.text)
    assert found
    return found[1]


def held(case: RecordedCase) -> Referral:
    found: Referral = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[TO_CAMHS]
    return found


def reported(case: RecordedCase) -> int:
    """The one report that nobody has answered."""
    (step,) = (s for s in held(case).counting() if s.word == "reported" and s.standing == "said")
    return step.version


def answer(client: FlaskClient, path: str, **typed: Any) -> Any:
    usual = {"answered_by": "Eleri Huws", "answered_as": "Ysgrifennydd"}
    return send(client, path, form_in(client.get(path).text), **(usual | typed))


def test_it_is_shown_once_and_never_again(case: RecordedCase, service: RunningService) -> None:
    alnco = browser(service, "alnco")
    assert f'href="{MAKING}"' in alnco.get(page_of(TO_CAMHS)).text
    form = form_in(alnco.get(MAKING).text)
    first = send(alnco, MAKING, form)
    assert "Copy it now" in first.text
    assert "Nothing was sent" in first.text
    assert "Rydym wedi cofnodi" in first.text, "the words are there in both languages"
    secret = re.search(r"/answer/([\w-]+)", first.text)
    assert secret
    assert len(secret[1]) >= 43
    again = send(alnco, MAKING, form)
    assert again.status_code == 422
    for page in (again.text, alnco.get(MAKING).text, alnco.get(page_of(TO_CAMHS)).text):
        assert secret[1] not in page
    with psycopg.connect(service.database) as link:
        rows = link.execute("select row_to_json(l)::text from desk.answer_link l").fetchall()
        assert len(rows) == 1
        assert secret[1] not in rows[0][0]


def test_the_page_shows_what_is_needed_and_no_child(case: RecordedCase, service: RunningService) -> None:
    client = service.app.test_client()
    page = client.get(made(service))
    assert page.status_code == 200
    said = text(page.text)
    for words in (
        "Child and adolescent mental health",
        "Ysgol y Bryn",
        "3 February 2025",
        "Appointment offered",
    ):
        assert words in said
    assert "5 March 2025: By telephone" in said
    for word in PRIVATE:
        assert word not in page.text, word
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "no-store"
    # not even to somebody who is signed in
    assert "Sign out" not in browser(service, "auditor").get(made(service)).text


def test_it_is_confirmed_once_by_whoever_says_who_they_are(
    case: RecordedCase, service: RunningService
) -> None:
    entry, path = reported(case), made(service)
    client = service.app.test_client()
    assert answer(client, path, **{f"answer_{entry}": "right", "answered_by": ""}).status_code == 422
    form = form_in(client.get(path).text)
    typed = {f"answer_{entry}": "right", "answered_by": "Eleri Huws", "answered_as": "Ysgrifennydd"}
    thanks = send(client, path, form, **typed)
    assert thanks.status_code == 200
    assert "Thank you" in thanks.text
    step = held(case).step(entry)
    assert step is not None
    assert step.standing == "confirmed"
    for dead in (send(client, path, form, **typed), client.get(path)):
        assert dead.status_code == 404
        assert DEAD in dead.text
    settled(service, case.service)
    for who in ("alnco", "clinician"):
        page = text(browser(service, who).get(page_of(TO_CAMHS)).text)
        assert "by a link that Ysgol y Bryn created: Eleri Huws, Ysgrifennydd." in page, (
            "who made the link and who answered"
        )
        assert "the person with the link" in page
    with service.app.extensions["cydlynu"].reader.viewing(viewer(AUDITOR)) as cursor:
        rows = cursor.execute(
            "select source, clear from read.timeline where topic = 'referral.milestone_confirmed' order by version"
        ).fetchall()
        assert rows[-1]["source"] == "link"
        assert "Eleri" not in str(rows)
    assert "Answered on" in browser(service, "alnco").get(MAKING).text


def test_it_is_contested_with_what_was(case: RecordedCase, service: RunningService) -> None:
    entry, path = reported(case), made(service)
    client = service.app.test_client()
    assert answer(client, path, **{f"answer_{entry}": "wrong"}).status_code == 422, "without saying what"
    told = {f"answer_{entry}": "wrong", f"why_{entry}": "Nid ni oedd hynny.", f"says_on_{entry}__day": "4"}
    whole = told | {f"says_on_{entry}__month": "3", f"says_on_{entry}__year": "2025"}
    assert answer(client, path, **told).status_code == 422, "half a date"
    assert answer(client, path, **whole).status_code == 200
    step = held(case).step(entry)
    assert step is not None
    assert step.standing == "contested"
    settled(service, case.service)
    page = text(browser(service, "alnco").get(page_of(TO_CAMHS)).text)
    assert "it says that it was on 4 March" in page
    assert "Nid ni oedd hynny." in page


def test_who_cannot_say_leaves_the_link_as_it_is(case: RecordedCase, service: RunningService) -> None:
    entry, path = reported(case), made(service)
    client = service.app.test_client()
    assert "Answer at least one" in answer(client, path, **{f"answer_{entry}": "leave"}).text
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("why", ["expired", "revoked", "unknown", "answered", "withdrawn", "struck"])
def test_every_link_that_is_not_good_looks_the_same(
    why: str, case: RecordedCase, service: RunningService
) -> None:
    path, alnco = made(service), browser(service, "alnco")
    client = service.app.test_client()
    today = service.app.extensions["cydlynu"].today()
    match why:
        case "expired":
            service.clock.advance(days=14, minutes=1)
        case "revoked":
            page = alnco.get(MAKING).text
            found = re.search(r'action="([^"]+/revoke)"', page)
            assert found
            assert send(alnco, found[1], form_in(page, action="revoke")).status_code == 303
            assert "Cancelled on" in alnco.get(MAKING).text
        case "unknown":
            path = path[:-4] + "AAAA"
        case "answered":
            case.confirms(UUID(int=0xA3), TO_CAMHS, reported(case), today)
        case "withdrawn":
            case.does(ALNCO, today, WithdrawConsent, pupil=PUPIL, consent=AGREED_CAMHS, contact=MOTHER)
        case _:
            path = "/answer/" + "x" * 43
    pages = [client.get(path), client.post(path, data={"answered_by": "X"})]
    unknown = client.get("/answer/" + "y" * 43)
    for page in pages:
        assert page.status_code == 404
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert _bare(page.text, path) == _bare(unknown.text, "/answer/" + "y" * 43)


def _bare(html: str, path: str) -> str:
    """A page without its own address, which the language switch carries."""
    return html.replace(path, "").replace(path.replace("/", "%2F"), "")


def test_too_many_tries_hear_nothing_more(case: RecordedCase, service: RunningService) -> None:
    path, client = made(service), service.app.test_client()
    for number in range(30):
        client.get(f"/answer/{number:043}")
    assert client.get(path).status_code == 404
    service.clock.advance(minutes=16)
    assert client.get(path).status_code == 200


def test_only_the_schools_own_alnco_makes_and_takes_back(case: RecordedCase, service: RunningService) -> None:
    made(service)
    for who in ("head", "other-alnco", "clinician", "psychologist", "auditor", "administrator"):
        assert browser(service, who).get(MAKING).status_code == 404, who
    alnco = browser(service, "alnco")
    form = form_in(alnco.get(MAKING).text)
    assert send(alnco, f"{MAKING}/{UUID(int=7)}/revoke", form).status_code == 404
    nothing = send(alnco, f"{page_of(TO_PSYCHOLOGY)}/link", form)
    assert nothing.status_code == 422
    assert "The agency has no reports of yours to confirm." in nothing.text


def test_the_address_is_in_no_log(
    case: RecordedCase, service: RunningService, capfd: pytest.CaptureFixture[str]
) -> None:
    entry, path = reported(case), made(service)
    client = service.app.test_client()
    answer(client, path, **{f"answer_{entry}": "right"})
    client.get(path)
    logged = "".join(capfd.readouterr())
    assert "/answer/<token>" in logged
    assert path.removeprefix("/answer/") not in logged
    assert "Eleri" not in logged


def test_a_later_report_is_not_asked_about(case: RecordedCase, service: RunningService) -> None:
    path = made(service)
    case.reports(TO_CAMHS, "accepted", viewer(ALNCO).today + timedelta(days=1))
    assert service.app.test_client().get(path).text.count("Is it right?") == 1


def test_in_welsh(case: RecordedCase, service: RunningService) -> None:
    path, client = made(service), service.app.test_client()
    client.get("/language/cy")
    said = text(client.get(path).text)
    assert "A yw’r hyn a adroddwyd yn gywir?" in said
    assert "Nid yw’r ddolen hon yn gweithio" in client.get(path[:-3] + "zzz").text
