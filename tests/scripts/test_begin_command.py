"""`cydlynu begin`: from an empty store to an administrator who can sign in."""

from __future__ import annotations

import io

import psycopg
import pytest

from coordination.desk.accounts import account_for_sign_in
from coordination.service import Coordination
from coordination.store.migrate import as_role
from scripts.supervise import welcome
from tests.scripts.conftest import Cydlynu

PASSWORD = "ceffyl-cywir-batri-staplwr"
BEGIN = (
    *(
        "begin",
        "--authority",
        "660",
        "--authority-name",
        "Gwynfa Council",
        "--authority-name-cy",
        "Cyngor Gwynfa",
    ),
    *("--username", "gwen", "--name", "Gwen Môn", "--password-from", "stdin"),
)


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n" * 3))


def test_the_first_administrator_of_an_empty_store(cydlynu: Cydlynu, record: Coordination) -> None:
    [hint] = welcome(cydlynu.database)
    assert "cydlynu begin --authority CODE" in hint
    said = cydlynu(*BEGIN)
    assert (said.status, said.out) == (0, "gwen can sign in as administrator of authority 660.\n")
    with psycopg.connect(as_role(cydlynu.database, "cydlynu_append")) as connection:
        found = account_for_sign_in(connection, "gwen")
    assert found is not None
    directory = record.directory()
    authority = directory.by_code("authority", "660")
    assert authority is not None
    assert (authority.name_cy, found[0].organisation, found[0].role) == (
        "Cyngor Gwynfa",
        authority.id,
        "administrator",
    )
    # the codes that every form offers are there
    assert "primary" in directory.codes("phase", found and cydlynu.now.date())
    assert welcome(cydlynu.database) == []


def test_a_second_beginning_is_refused(cydlynu: Cydlynu, record: Coordination) -> None:
    assert cydlynu(*BEGIN).status == 0
    again = cydlynu(*BEGIN)
    assert again.status == 1
    assert again.err.startswith("already_begun")
    position = record.record.last_position()
    assert cydlynu(*BEGIN).status == 1
    assert record.record.last_position() == position


def test_a_short_password_leaves_the_store_empty(
    cydlynu: Cydlynu, record: Coordination, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert cydlynu(*BEGIN).status == 1
    assert record.record.last_position() == 0


def test_a_wrong_code_is_refused_with_its_reason(cydlynu: Cydlynu, record: Coordination) -> None:
    wrong = [*BEGIN]
    wrong[2] = "6 60!"
    said = cydlynu(*wrong)
    assert said.status == 1
    assert "code_format" in said.err
    assert record.record.last_position() == 0
