"""The administrator's desk: the directory, who signs in, how the service does; and no case data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.desk.rebuilds import begin_rebuild, finish_rebuild, note_rebuild_progress
from coordination.desk.tokens import use_token
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUTHORITY,
    BOARD,
    CAMHS,
    CLINICIAN,
    OTHER_SCHOOL,
    PUPIL,
    REFERENCE,
    SCHOOL,
    THERAPY,
)
from tests.projections.casework import RecordedCase, told
from tests.webui.conftest import sign_in
from tests.webui.county_site import county_on
from tests.webui.looking import counted
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService

NOBODY = UUID(int=0x999)
PAGES = (
    "/administration",
    "/administration/organisations",
    "/administration/organisations?kind=agency",
    "/administration/organisations?kind=authority",
    f"/administration/organisations/{SCHOOL}",
    f"/administration/organisations/{BOARD}",
    f"/administration/organisations/{AUTHORITY}",
    f"/administration/organisations/{SCHOOL}/appoint",
    f"/administration/organisations/{SCHOOL}/people/{ALNCO}/left",
    f"/administration/services/{CAMHS}",
    f"/administration/services/{CAMHS}/terms",
    f"/administration/services/{CAMHS}/standard",
    f"/administration/organisations/{SCHOOL}/name",
    f"/administration/organisations/{SCHOOL}/close",
    f"/administration/organisations/{BOARD}/close",
    f"/administration/services/{CAMHS}/move",
    f"/administration/services/{CAMHS}/close",
    "/administration/people",
    "/administration/terms",
    "/administration/standards",
    "/administration/codes",
    "/administration/codes/need",
    "/administration/tokens",
    "/administration/tokens/new",
    "/administration/rebuild",
)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with county_on(service) as coordination:
        case = told(coordination)
        settled(service, coordination)
        yield case


def fill(service: RunningService, path: str, status: int = 303, **typed: Any) -> Any:
    client = browser(service, "administrator")
    answer = send(client, path, form_in(client.get(path).text), **typed)
    assert answer.status_code == status, words_of(answer.text)
    return client.get(answer.location) if status == 303 else answer


def test_every_page_opens_and_holds_nothing_of_a_case(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "administrator")
    for path in PAGES:
        page = client.get(path)
        assert page.status_code == 200, path
        for word in ("Siân", "Gŵyn", "Mair", str(PUPIL), "B801200005001", "sleep"):
            assert word not in page.text, (path, word)


def test_how_the_read_models_stand_and_what_was_left_out(service: RunningService, case: RecordedCase) -> None:
    with psycopg.connect(service.database) as link:
        link.execute(
            "insert into read.parked values ('case_file', %s, 7, 'pupil.registered', 'KeyError at project:12')",
            (PUPIL,),
        )
    page = browser(service, "administrator").get("/administration").text
    said = words_of(page)
    position = case.service.record.last_position()
    assert f"Processed up to position {position}" in said
    assert "Still to process Nothing" in said
    assert "KeyError at project:12" in said
    assert "1 file is left out for now" in said
    assert str(PUPIL) not in page


def test_people_are_named_with_roles_and_accounts(service: RunningService, case: RecordedCase) -> None:
    page = words_of(browser(service, "administrator").get(f"/administration/organisations/{SCHOOL}").text)
    assert "Person a1 ALNCo from 1 Sept 2024 alnco Has left" in page
    everybody = words_of(browser(service, "administrator").get("/administration/people").text)
    assert "Person a3 Clinician, Child and adolescent mental health Dyffryn Health Board" in everybody


def test_somebody_is_appointed_and_signs_in(service: RunningService, case: RecordedCase) -> None:
    path = f"/administration/organisations/{BOARD}/appoint"
    typed = {"name": "Gwenllïan Môn", "role": "clinician", "service": str(CAMHS), "username": "gwenllian"}
    client = browser(service, "administrator")
    form = form_in(client.get(path).text)
    opened = send(client, path, form, **typed)
    assert opened.status_code == 200
    found = re.search(r'id="password">([^<]+)<', opened.text)
    assert found
    password = found[1].replace("&#45;", "-")
    # sent twice: one person, one account, and no second password
    again = send(client, path, form, **typed)
    assert "This account was opened before" in again.text
    assert 'id="password"' not in again.text
    assert sign_in(service.app.test_client(), "gwenllian", password).status_code == 303
    people = [
        person for person in case.service.directory().people_of(BOARD, service.app.extensions["cydlynu"].today())
        if person.service == CAMHS
    ]  # fmt: skip
    assert [p.role for p in people] == ["clinician"] * 3
    assert "Gwenllïan Môn" in client.get(f"/administration/organisations/{BOARD}").text


def test_appointing_checks_what_was_typed(service: RunningService, case: RecordedCase) -> None:
    path = f"/administration/organisations/{SCHOOL}/appoint"
    before = case.service.record.last_position()
    wrong = fill(service, path, 422, name="", username="x" * 101)
    for words in ("Enter the name", "Choose the role", "use 100 characters or fewer"):
        assert words in wrong.text, words
    taken = fill(service, path, 422, name="Nia", role="head", username="ALNCO")
    assert "This username is already in use" in taken.text
    role = fill(service, path, 422, name="Nia", role="auditor")
    assert "choose one of the answers offered" in role.text
    assert case.service.record.last_position() == before
    without = fill(service, path, name="Nia", role="head")
    assert "The person has been appointed." in without.text


def test_who_has_left_is_out_at_once(service: RunningService, case: RecordedCase) -> None:
    clinician = browser(service, "clinician")
    assert clinician.get("/meetings").status_code == 200
    path = f"/administration/organisations/{BOARD}/people/{CLINICIAN}/left"
    page = fill(service, path)
    assert "The person’s roles have ended and the account is closed." in page.text
    assert clinician.get("/meetings").status_code == 303
    assert sign_in(service.app.test_client(), "clinician").status_code == 422
    early = fill(service, f"/administration/organisations/{SCHOOL}/people/{ALNCO}/left", 422,
                 effective_to__day="1", effective_to__month="1", effective_to__year="2020")  # fmt: skip
    assert "The end date is before the start date" in early.text


def test_terms_are_the_agencys_word(service: RunningService, case: RecordedCase) -> None:
    path = f"/administration/services/{CAMHS}/terms"
    no = fill(service, path, 422, school=str(SCHOOL), in_writing="no")
    assert "Ask the agency to agree first." in no.text
    page = words_of(fill(service, path, school=str(SCHOOL), in_writing="yes", notice_working_days="15").text)
    assert "Ysgol y Bryn Hwb meeting 15 working days" in page
    today = service.app.extensions["cydlynu"].today()
    (terms,) = case.service.directory().terms_for(SCHOOL, today)
    events = case.service.record.load([BOARD])[BOARD]
    assert events[-1].event.header.on_behalf_of == BOARD
    end = f"/administration/organisations/{BOARD}/terms/{terms.id}/end"
    fill(service, end, effective_to=today)
    assert case.service.directory().terms_for(SCHOOL, today + timedelta(days=1)) == ()
    assert "Ysgol y Bryn" in browser(service, "administrator").get("/administration/terms").text


def test_a_standard_is_set_with_its_source(service: RunningService, case: RecordedCase) -> None:
    path = f"/administration/services/{CAMHS}/standard"
    page = browser(service, "administrator").get(path).text
    like = re.search(r'href="([^"]+\?like=[^"]+)"', page)
    assert like, "CAMHS has published standards to begin with"
    form = form_in(browser(service, "administrator").get(like[1].replace("&amp;", "&")).text)
    assert form["limit"]
    assert form["source"]
    typed = {
        "code": "CAMHS-28",
        "start": "received",
        "stop": "first_contact",
        "limit": "20",
        "bands": "20 40",
        "source": "WHC",
    }
    today = service.app.extensions["cydlynu"].today()
    said = words_of(fill(service, path, effective_from=today, **typed).text)
    assert "CAMHS-28" in said
    assert "20 days" in said
    assert "28 days" in said
    standard = case.service.directory().standard(CAMHS, "CAMHS-28", today)
    assert standard and (standard.limit, standard.bands, standard.source) == (20, (20, 40), "WHC")
    again = fill(service, path, effective_from=today, on_transfer="restarts", **typed).text
    assert "Restarts when the referral is passed on to this service." in again
    for changed, words in (
        ({"stop": "received"}, "A standard cannot start and stop at the same step."),
        ({"bands": "40, 20"}, "Enter bands as whole numbers, each greater than the one before"),
        ({"bands": "a"}, "enter a whole number"),
        ({"limit": "0"}, "enter 1 or more"),
        ({"source": ""}, "Say where the standard is published"),
    ):
        assert words in fill(service, path, 422, **(typed | changed)).text


def test_a_wrong_id_is_not_here(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "administrator")
    for path in (
        f"/administration/organisations/{NOBODY}",
        f"/administration/organisations/{PUPIL}",
        f"/administration/organisations/{REFERENCE}",
        f"/administration/organisations/{NOBODY}/appoint",
        f"/administration/organisations/{SCHOOL}/people/{CLINICIAN}/left",
        f"/administration/organisations/{BOARD}/terms/{NOBODY}/end",
        f"/administration/services/{NOBODY}",
        f"/administration/services/{SCHOOL}/standard",
        "/administration/codes/nothing",
        "/administration/organisations?kind=reference",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/administration/people?page=1000000000").status_code == 200


def test_nobody_else_comes_in(service: RunningService, case: RecordedCase) -> None:
    # of a school: not an administrator of the directory
    service.person("administrator", person=NOBODY, organisation=SCHOOL, username="of-a-school")
    assert browser(service, "of-a-school").get("/administration").status_code == 404
    for username in ("alnco", "head", "clinician", "auditor"):
        client = browser(service, username)
        for path in PAGES:
            assert client.get(path).status_code == 404, (username, path)


def test_the_number_of_statements_does_not_grow(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "administrator")
    paths = (
        f"/administration/organisations/{SCHOOL}",
        "/administration/people",
        f"/administration/services/{THERAPY}",
    )
    for path in paths:
        client.get(path)
    few = {}
    for path in paths:
        with counted() as few[path]:
            client.get(path)
    for number in range(3):
        fill(
            service,
            f"/administration/organisations/{SCHOOL}/appoint",
            name=f"Person {number}",
            role="class_teacher",
        )
    fill(service, f"/administration/services/{THERAPY}/terms", school=str(OTHER_SCHOOL), in_writing="yes")
    for path in paths:
        client.get(path)
        with counted() as many:
            client.get(path)
        assert few[path].statements == many.statements, path


# Tokens


def test_a_token_is_made_out_shown_once_and_revoked(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "administrator")
    assert "There are no tokens yet." in client.get("/administration/tokens").text
    path = "/administration/tokens/new"
    form = form_in(client.get(path).text)
    typed = {
        "organisation": str(BOARD),
        "services": [str(CAMHS)],
        "label": "PARIS",
        "scopes": ["referrals:write", "referrals:read"],
        "days": "30",
    }
    made = send(client, path, form, **typed)
    assert made.status_code == 200
    [shown] = re.findall(r'id="token"[^>]*>([^<]+)<', made.text)
    secret = shown.replace("&#45;", "-")
    now = service.clock.at
    with psycopg.connect(service.database) as link:
        token = use_token(link, secret, now)
        stored = link.execute("select t::text from desk.token t").fetchall()
    assert token is not None and token.services == (CAMHS,)
    assert (token.organisation, token.role, token.scopes) == (
        BOARD,
        "clinician",
        ("referrals:read", "referrals:write"),
    )
    assert token.expires_at == token.created_at + timedelta(days=30)
    assert len(stored) == 1 and secret not in stored[0][0]

    # sent twice: one token, and not shown again
    again = send(client, path, form, **typed)
    assert again.status_code == 200 and secret not in again.text and "shown then" in again.text
    listed = client.get("/administration/tokens").text
    assert "PARIS" in listed and secret not in listed
    assert "Referrals: read; Referrals: send and answer" in words_of(listed)

    where = f"/administration/tokens/{token.token}/revoke"
    asked = client.get(where)
    assert "Revoke the token for PARIS" in words_of(asked.text)
    with psycopg.connect(service.database) as link:
        assert link.execute("select revoked_at from desk.token").fetchone() == (None,), (
            "asking revokes nothing"
        )
    assert client.post(where).status_code == 400, "without the form's token"
    done = send(client, where, form_in(asked.text, "csrf_token", ""))
    assert done.location == "/administration/tokens"
    assert "Revoked" in words_of(client.get("/administration/tokens").text)
    assert "This token no longer works" in words_of(client.get(where).text)
    assert client.get(f"/administration/tokens/{NOBODY}/revoke").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose the organisation"),
        ({"organisation": str(NOBODY)}, "Organisation"),
        ({"organisation": str(BOARD)}, "Enter the system that will use it"),
        ({"organisation": str(BOARD), "label": "x"}, "Choose at least one"),
        ({"organisation": str(BOARD), "label": "x", "scopes": ["everything"]}, "What it can do"),
        (
            {"organisation": str(BOARD), "label": "x" * 101, "scopes": ["reports:read"]},
            "Which system will use it",
        ),
        (
            {"organisation": str(BOARD), "label": "x", "scopes": ["reports:read"], "days": "731"},
            "Valid for how many days",
        ),
        (
            {"organisation": str(BOARD), "label": "x", "scopes": ["reports:read"], "days": "0"},
            "Valid for how many days",
        ),
    ],
)
def test_a_token_is_not_made_out_of_nonsense(
    service: RunningService, case: RecordedCase, typed: dict[str, Any], said: str
) -> None:
    answer = fill(service, "/administration/tokens/new", 422, **typed)
    assert said in words_of(answer.text).split("There is a problem")[1]
    with psycopg.connect(service.database) as link:
        assert link.execute("select count(*) from desk.token").fetchone() == (0,)


# The read models made anew


def test_a_rebuild_is_asked_for_shown_and_remembered(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "administrator")
    path = "/administration/rebuild"
    page = client.get(path)
    assert "What this does" in words_of(page.text)
    form = form_in(page.text)
    for _again in range(2):  # sent twice it is one
        assert send(client, path, form).location == path
    with psycopg.connect(service.database, autocommit=True) as link:
        assert link.execute("select asked_by, state from desk.rebuild").fetchall() == [
            (ADMINISTRATOR, "asked")
        ]
        under_way = client.get(path).text
        assert "0% of the record" in words_of(under_way) and 'value="0"' in under_way
        assert "Rebuild now" not in under_way, "one at a time"
        other = send(client, path, form, command_id=str(NOBODY))
        assert other.status_code == 422 and "already running" in words_of(other.text)
        begun = begin_rebuild(link, service.clock.at, 400)
        assert begun is not None
        note_rebuild_progress(link, begun.rebuild, 100)
        under_way = client.get(path).text
        assert "25% of the record: position 100 of 400" in words_of(under_way)
        assert 'max="100" value="25"' in under_way
        assert "Under way (25%)" in words_of(client.get("/administration").text)
        finish_rebuild(link, begun.rebuild, service.clock.at, 401, ["wait"])
    done = words_of(client.get(path).text)
    assert "Done: tables that differ from before: wait" in done
    assert "What this does" in done
    assert "Done." in words_of(client.get("/administration").text)


def test_nobody_else_asks_for_a_rebuild(service: RunningService, case: RecordedCase) -> None:
    for username in ("alnco", "auditor", "clinician"):
        assert browser(service, username).get("/administration/rebuild").status_code == 404
    administrator = browser(service, "administrator")
    assert administrator.post("/administration/rebuild").status_code == 400, "without the form's token"
    with psycopg.connect(service.database) as link:
        assert link.execute("select count(*) from desk.rebuild").fetchone() == (0,)
