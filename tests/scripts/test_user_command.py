"""`cydlynu user`: an account opened by it signs in, one closed by it does not."""

from __future__ import annotations

import io
import subprocess
from datetime import date, timedelta

import psycopg
import pytest

from coordination.authority import OPERATOR
from coordination.desk.accounts import Account, account_for_sign_in
from coordination.desk.passwords import Passwords
from coordination.desk.reset_links import account_of_link
from coordination.desk.sessions import SessionLength, open_session, session_of
from coordination.service import Coordination
from coordination.store.migrate import as_role
from tests.county import BOARD, CAMHS, SCHOOL, build
from tests.scripts.conftest import NOW, CommandOutput, Cydlynu, one, start

PASSWORD = "ceffyl-cywir-batri-staplwr"
TODAY = date(2026, 3, 2)


@pytest.fixture
def desk(cydlynu: Cydlynu, record: Coordination, monkeypatch: pytest.MonkeyPatch) -> Cydlynu:
    build(record)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    return cydlynu


def add(desk: Cydlynu, *more: object, username: str = "non") -> CommandOutput:
    return desk("user", "add", username, "--name", "Non Prydderch", "--password-from", "stdin", *more)


def account(desk: Cydlynu, username: str = "non") -> tuple[Account, str] | None:
    with psycopg.connect(as_role(desk.database, "cydlynu_append")) as connection:
        return account_for_sign_in(connection, username)


def test_an_alnco_is_appointed_and_may_sign_in(desk: Cydlynu, record: Coordination) -> None:
    said = add(desk, "--role", "alnco", "--school", "6994001", "--language", "cy")
    assert (said.status, said.out) == (0, "non can sign in as alnco of school 6994001.\n")
    found = account(desk)
    assert found is not None
    opened, kept = found
    assert (opened.role, opened.organisation, opened.display_name, opened.language) == (
        "alnco",
        SCHOOL,
        "Non Prydderch",
        "cy",
    )
    assert Passwords().verify(kept, PASSWORD)
    directory = record.directory()
    assert directory.roles_of(opened.person, SCHOOL, TODAY) == {"alnco"}
    assert directory.roles_of(opened.person, SCHOOL, TODAY - timedelta(days=1)) == frozenset()
    assert PASSWORD not in said.out + said.err


def test_a_clinician_of_one_service(desk: Cydlynu, record: Coordination) -> None:
    assert add(desk, "--role", "clinician", "--agency", "BOARD", "--service", "CAMHS").status == 0
    found = account(desk)
    assert found is not None
    person = record.directory().person(found[0].person)
    assert person is not None
    assert (person.role, person.service) == ("clinician", CAMHS)


def test_a_password_may_be_made(desk: Cydlynu) -> None:
    said = desk(
        "user",
        "add",
        "gwen",
        "--name",
        "Gwen",
        "--role",
        "head",
        "--school",
        "6994001",
        "--password-from",
        "generate",
    )
    password = said.out.splitlines()[1].split()[1]
    found = account(desk, "gwen")
    assert found is not None
    assert Passwords().verify(found[1], password)


def test_a_password_is_asked_for_twice_and_not_shown(desk: Cydlynu) -> None:
    command = [
        "scripts.cli.main",
        "user",
        "add",
        "non",
        "--name",
        "Non",
        "--role",
        "head",
        "--school",
        "6994001",
    ]
    process = start(command, desk.database, desk.data, stdin=subprocess.PIPE)
    out, err = process.communicate(f"{PASSWORD}\n{PASSWORD}\n", timeout=60)
    assert process.returncode == 0, err
    assert PASSWORD not in out + err
    assert account(desk) is not None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--role", "alnco"), "one_organisation"),
        (("--role", "alnco", "--school", "6994001", "--agency", "BOARD"), "one_organisation"),
        (("--role", "alnco", "--school", "1234567"), "unknown_school"),
        (("--role", "alnco", "--agency", "BOARD"), "role_elsewhere"),
        (("--role", "clinician", "--school", "6994001"), "role_elsewhere"),
        (("--role", "administrator", "--school", "6994001"), "role_elsewhere"),
        (("--role", "la_safeguarding", "--school", "6994001"), "role_elsewhere"),
        (("--role", "adoption_officer", "--agency", "BOARD"), "role_elsewhere"),
        (("--role", "wizard", "--school", "6994001"), "unknown_code"),
        (("--role", "clinician", "--agency", "BOARD", "--service", "EPS"), "unknown_service"),
    ],
)
def test_refused_and_nothing_done(desk: Cydlynu, arguments: tuple[str, ...], code: str) -> None:
    before = one(desk.database, "select count(*) from log.event")
    said = add(desk, *arguments)
    assert (said.status, said.err.partition(":")[0]) == (1, code)
    assert account(desk) is None
    assert one(desk.database, "select count(*) from log.event") == before


def test_a_name_that_is_taken_appoints_nobody(desk: Cydlynu, monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk, "--role", "alnco", "--school", "6994001")
    before = one(desk.database, "select count(*) from log.event")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    said = add(desk, "--role", "head", "--school", "6994001", username="NON ")
    assert (said.status, said.err.partition(":")[0]) == (1, "username_taken")
    assert one(desk.database, "select count(*) from log.event") == before


def test_a_short_password(desk: Cydlynu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("byr\n"))
    said = add(desk, "--role", "alnco", "--school", "6994001")
    assert said.err == "password_too_short: The password must have 12 characters or more.\n"
    assert account(desk) is None


class TestDisable:
    @pytest.fixture
    def non(self, desk: Cydlynu) -> Account:
        add(desk, "--role", "alnco", "--school", "6994001")
        found = account(desk)
        assert found is not None
        return found[0]

    def test_the_account_is_closed_and_its_sessions_end(self, desk: Cydlynu, non: Account) -> None:
        with psycopg.connect(as_role(desk.database, "cydlynu_append")) as connection:
            open_session(connection, non, token="t", csrf="c", now=NOW, length=SessionLength())
        said = desk("user", "disable", "non")
        assert (said.status, said.out) == (0, "non can no longer sign in.\n")
        assert account(desk) is None
        with psycopg.connect(as_role(desk.database, "cydlynu_append")) as connection:
            assert session_of(connection, "t", now=NOW, length=SessionLength()) is None

    def test_who_left_has_no_role_any_more(self, desk: Cydlynu, non: Account, record: Coordination) -> None:
        desk.now += timedelta(days=30)
        assert desk("user", "disable", "non", "--left", "2026-03-31").status == 0
        directory = record.directory()
        assert directory.roles_of(non.person, SCHOOL, date(2026, 3, 31)) == {"alnco"}
        assert directory.roles_of(non.person, SCHOOL, date(2026, 4, 1)) == frozenset()

    def test_a_day_before_the_first_closes_nothing(self, desk: Cydlynu, non: Account) -> None:
        said = desk("user", "disable", "non", "--left", "2026-03-01")
        assert (said.status, said.err.partition(":")[0]) == (1, "end_before_start")
        assert account(desk) is not None

    def test_nobody_of_that_name(self, desk: Cydlynu) -> None:
        said = desk("user", "disable", "nobody")
        assert (said.status, said.err.partition(":")[0]) == (1, "unknown_username")


def test_a_person_gets_a_further_place_under_the_same_sign_in(desk: Cydlynu, record: Coordination) -> None:
    add(desk, "--role", "alnco", "--school", "6994001")
    said = desk("user", "place", "non", "--role", "clinician", "--agency", "BOARD", "--service", "CAMHS")
    assert (said.status, said.out) == (0, "non also works as clinician of agency BOARD.\n")
    found = account(desk)
    assert found is not None
    person = record.directory().person(found[0].person)
    assert person is not None
    assert {(a.organisation, a.role, a.service) for a in person.appointments} == {
        (SCHOOL, "alnco", None),
        (BOARD, "clinician", CAMHS),
    }
    assert desk("user", "place", "nobody", "--role", "head", "--school", "6994001").status == 1


def test_a_link_for_a_new_password_is_printed_once(desk: Cydlynu, monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk, "--role", "alnco", "--school", "6994001")
    monkeypatch.setenv("CYDLYNU_PUBLIC_URL", "https://cydlynu.sir.example/")
    said = desk("user", "reset", "non", "--remove-app")
    address = said.out.strip()
    assert address.startswith("https://cydlynu.sir.example/reset/")
    secret = address.rsplit("/", 1)[1]
    with psycopg.connect(as_role(desk.database, "cydlynu_append")) as connection:
        owner = account_of_link(connection, secret, NOW)
        noted = connection.execute("select what, by_person from desk.account_log order by entry").fetchall()
    assert owner is not None
    assert owner.username == "non"
    assert noted == [("opened", OPERATOR), ("reset_link_made", OPERATOR)]
    assert desk("user", "reset", "nobody").status == 1


def test_a_closed_account_is_opened_again(desk: Cydlynu, monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk, "--role", "alnco", "--school", "6994001")
    desk("user", "disable", "non")
    assert desk("user", "reset", "non").status == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("tair afal werdd\n"))
    said = desk("user", "reopen", "non", "--password-from", "stdin")
    assert (said.status, said.out) == (0, "non can sign in again.\n")
    found = account(desk)
    assert found is not None
    assert Passwords().verify(found[1], "tair afal werdd")
    monkeypatch.setattr("sys.stdin", io.StringIO("tair afal werdd\n"))
    assert desk("user", "reopen", "non", "--password-from", "stdin").status == 1, "it is open"


def test_a_common_password_is_refused(desk: Cydlynu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("password1234\n"))
    assert add(desk, "--role", "alnco", "--school", "6994001").status == 1
    assert account(desk) is None
