"""What an administrator prepares works only when somebody of the organisation has co-signed it; what is made on the
machine works at once and is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.authority import OPERATOR
from coordination.desk.accounts import disable_account
from coordination.desk.co_signing import CO_SIGNERS, confirm_on_the_machine, handles_cases, prepare
from coordination.desk.tokens import create_token
from coordination.permissions import FAMILY_ROLE, ROLES
from tests.county import AUTHORITY, CASEWORKER, OTHER_SCHOOL, PUPIL, SCHOOL
from tests.webui.conftest import sign_in
from tests.webui.looking import looking
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService

CASES = {
    *("alnco", "head", "wellbeing_coordinator", "designated_safeguarding_person", "class_teacher"),
    *("clinician", "service_manager", "declo", "la_caseworker", "la_safeguarding", "adoption_officer"),
}


@pytest.fixture(scope="module")
def site(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The story; SCHOOL has an ALNCo, the authority a caseworker; the OTHER_SCHOOL's ALNCo has left."""
    with looking(postgres, template, tmp_path_factory.mktemp("co-signing")) as (service, case):
        settled(service, case.service)
        yield service


def appointed(site: RunningService, organisation: UUID, role: str, username: str) -> str:
    """The first password of somebody whom the administrator appoints on screen."""
    client = browser(site, "administrator")
    path = f"/administration/organisations/{organisation}/appoint"
    answer = send(
        client, path, form_in(client.get(path).text), name=f"Enw {username}", role=role, username=username
    )
    assert answer.status_code == 200, answer.text
    found = re.search(r'id="password">([^<]+)<', answer.text)
    assert found
    return found[1].replace("&#45;", "-")


def entered(site: RunningService, username: str, password: str) -> FlaskClient:
    client = site.app.test_client()
    assert sign_in(client, username, password).status_code == 303
    return client


def decided(client: FlaskClient, name: str, **typed: Any) -> Any:
    """Opens what is listed under a name, and sends its form."""
    found = re.search(rf'href="(/co-signing/[0-9a-f-]+)">{name}<', client.get("/co-signing").text)
    assert found, name
    return send(client, found[1], form_in(client.get(found[1]).text), **typed)


def is_listed(client: FlaskClient, name: str) -> bool:
    return f">{name}<" in client.get("/co-signing").text


def test_the_roles_that_are_co_signed_are_those_that_open_a_case() -> None:
    assert {role for role in ROLES if handles_cases(role)} - {FAMILY_ROLE} == CASES
    assert set(CO_SIGNERS) == {"alnco", "head", "service_manager", "declo", "la_caseworker"}


def test_a_new_account_waits_for_the_school(site: RunningService) -> None:
    password = appointed(site, SCHOOL, "head", "new-head")
    head = entered(site, "new-head", password)
    for path in ("/today", "/pupils", f"/pupils/{PUPIL}", "/co-signing", "/meetings"):
        assert head.get(path).status_code == 404, path
    assert "has co-signed it" in head.get("/account").text
    # not the administrator, and not another organisation
    assert browser(site, "administrator").get("/co-signing").status_code == 404
    assert not is_listed(browser(site, "other-alnco"), "Enw new-head")
    alnco = browser(site, "alnco")
    assert "1 token or account of your organisation needs" in alnco.get("/today").text
    assert decided(alnco, "Enw new-head", decision="sign").status_code == 303
    assert head.get("/today").status_code == 200
    assert "needs somebody to look" not in alnco.get("/today").text


def test_what_is_declined_never_works(site: RunningService) -> None:
    password = appointed(site, SCHOOL, "alnco", "intruder")
    assert decided(browser(site, "alnco"), "Enw intruder", decision="decline").status_code == 303
    intruder = entered(site, "intruder", password)
    assert intruder.get(f"/pupils/{PUPIL}").status_code == 404
    assert not is_listed(browser(site, "alnco"), "Enw intruder")


def test_an_account_without_cases_is_open_at_once(site: RunningService) -> None:
    password = appointed(site, AUTHORITY, "auditor", "new-auditor")
    assert entered(site, "new-auditor", password).get("/waiting-times").status_code == 200


def test_a_second_appointment_that_is_refused_opens_nothing(site: RunningService) -> None:
    password = appointed(site, SCHOOL, "alnco", "twice")
    client = browser(site, "administrator")
    path = f"/administration/organisations/{SCHOOL}/appoint-known"
    tomorrow = site.clock().date() + timedelta(days=1)
    again = send(
        client,
        path,
        form_in(client.get(path).text),
        username="twice",
        role="alnco",
        effective_from=tomorrow,
    )
    assert again.status_code == 422
    assert entered(site, "twice", password).get("/today").status_code == 404
    decided(browser(site, "alnco"), "Enw twice", decision="decline")


def test_a_further_role_of_somebody_who_signs_in_waits_too(site: RunningService) -> None:
    client = browser(site, "administrator")
    path = f"/administration/organisations/{SCHOOL}/appoint-known"
    sent = send(client, path, form_in(client.get(path).text), username="administrator", role="head")
    assert sent.status_code == 303
    choice = form_in(client.get("/desk").text)
    for place in ("0", "1"):
        send(client, "/desk", choice, place=place)
        assert client.get("/today").status_code == 404
        assert client.get(f"/pupils/{PUPIL}").status_code == 404


def test_the_first_of_an_organisation_is_confirmed_by_telephone(site: RunningService) -> None:
    with psycopg.connect(site.database) as link:
        row = link.execute("select account from desk.account where username = 'other-alnco'").fetchone()
        assert row is not None
        disable_account(link, row[0], site.clock())
    password = appointed(site, OTHER_SCHOOL, "alnco", "first")
    caseworker = browser(site, "caseworker")
    refused = decided(caseworker, "Enw first", decision="sign")
    assert refused.status_code == 422
    assert "Enter the day on which you telephoned the organisation." in refused.text
    today = site.clock().date()
    assert (
        decided(caseworker, "Enw first", decision="sign", telephoned_on=today + timedelta(1)).status_code
        == 422
    )
    assert entered(site, "first", password).get("/today").status_code == 404
    assert decided(caseworker, "Enw first", decision="sign", telephoned_on=today).status_code == 303
    assert entered(site, "first", password).get("/today").status_code == 200
    with psycopg.connect(site.database) as link:
        signed = link.execute(
            "select signed_by, signed_at_organisation from desk.co_signature where telephoned_on = %s",
            (today,),
        ).fetchall()
        noted = link.execute(
            "select by_person, detail ->> 'role' from desk.account_log where what = 'co_signed' and by_person = %s",
            (CASEWORKER,),
        ).fetchall()
    assert signed == [(CASEWORKER, AUTHORITY)]
    assert noted == [(CASEWORKER, "alnco")]
    # from now on the school co-signs for itself
    appointed(site, OTHER_SCHOOL, "head", "second")
    assert not is_listed(caseworker, "Enw second")
    assert is_listed(entered(site, "first", password), "Enw second")


def token_of(site: RunningService, organisation: UUID, label: str) -> str:
    client = browser(site, "administrator")
    path = "/administration/tokens/new"
    made = send(
        client,
        path,
        form_in(client.get(path).text),
        organisation=str(organisation),
        label=label,
        scopes=["pupils:read"],
        days="30",
    )
    found = re.search(r'id="token"[^>]*>([^<]+)<', made.text)
    assert found
    return found[1].replace("&#45;", "-")


def asks(site: RunningService, held: str, path: str = "/pupils") -> Any:
    client = site.app.test_client(use_cookies=False)
    return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {held}"})


def test_a_token_does_not_work_before_it_is_co_signed(site: RunningService) -> None:
    held = token_of(site, SCHOOL, "SIMS")
    before = asks(site, held)
    assert (before.status_code, before.get_json(force=True)["code"]) == (401, "token_not_co_signed")
    assert "Not co-signed" in browser(site, "administrator").get("/administration/tokens").text
    assert decided(browser(site, "alnco"), "SIMS", decision="sign").status_code == 303
    assert asks(site, held).status_code == 200
    declined = token_of(site, SCHOOL, "Other")
    assert decided(browser(site, "alnco"), "Other", decision="decline").status_code == 303
    assert asks(site, declined).status_code == 401


def test_what_is_made_on_the_machine_works_at_once_and_is_told(site: RunningService) -> None:
    known = site.app.extensions["cydlynu"].coordination.directory()
    school = known.organisation(SCHOOL)
    with psycopg.connect(site.database) as link:
        made, held = create_token(
            link,
            token=uuid4(),
            secret=uuid4().hex * 2,
            organisation=school,
            scopes=["pupils:read"],
            label="Machine",
            created_by=OPERATOR,
            now=site.clock(),
        )
        prepare(
            link, "token", made.token, school, made.role,
            by=OPERATOR, authority=AUTHORITY, now=site.clock(), at_once=True,
        )  # fmt: skip
    assert asks(site, held).status_code == 200
    alnco = browser(site, "alnco")
    assert "of your organisation need" in alnco.get("/today").text
    assert decided(alnco, "Machine").status_code == 303
    assert not is_listed(alnco, "Machine")
    assert asks(site, held).status_code == 200


def test_the_operator_lets_the_first_caseworker_work(site: RunningService) -> None:
    password = appointed(site, AUTHORITY, "la_safeguarding", "guard")
    guard = entered(site, "guard", password)
    assert guard.get("/children").status_code == 404
    with psycopg.connect(site.database) as link:
        row = link.execute("select person from desk.account where username = 'guard'").fetchone()
        assert row is not None
        assert confirm_on_the_machine(link, "role", row[0], by=OPERATOR, now=site.clock()) == 1
        assert confirm_on_the_machine(link, "role", row[0], by=OPERATOR, now=site.clock()) == 0
    assert guard.get("/account").status_code == 200
    assert "has co-signed it" not in guard.get("/account").text
    assert is_listed(browser(site, "caseworker"), "Enw guard")
