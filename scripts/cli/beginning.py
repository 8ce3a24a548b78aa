"""`cydlynu begin`: the first authority and the first administrator, in a store that has none."""

from __future__ import annotations

import json
import uuid

import click

from coordination.desk.accounts import Account
from coordination.directory.commands import AppointPerson
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.intake.problems import RowProblem
from coordination.intake.recording.directory import record_directory
from coordination.service import Coordination
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.people import password_from_option, read_password, store_account

ADMINISTRATOR = "administrator"


@click.command("begin")
@click.option("--authority", required=True, metavar="CODE", help="The authority's number, for example 660.")
@click.option("--authority-name", required=True, metavar="NAME", help="Its name in English.")
@click.option("--authority-name-cy", metavar="NAME", help="Its name in Welsh.")
@click.option("--username", required=True, help="The administrator signs in with it.")
@click.option("--name", required=True, help="The administrator's own name, shown to other people.")
@click.option("--language", type=click.Choice(["en", "cy"]), default="en", show_default=True)
@password_from_option
@click.pass_obj
def begin(
    settings: CommandSettings,
    authority: str,
    authority_name: str,
    authority_name_cy: str | None,
    username: str,
    name: str,
    language: str,
    password_from: str,
) -> None:
    """Register the first local authority and its first administrator, who then sets up the rest on screen.

    Refused when the directory has an authority already: use `cydlynu user add` instead.
    """
    with open_database(settings) as home, home.service() as coordination:
        if coordination.directory().of_kind("authority"):
            raise Refusal("already_begun")
        password = read_password(password_from, username=username, name=name)
        directory = _register(home, coordination, authority, authority_name, authority_name_cy)
        own = directory.by_code("authority", authority)
        if own is None:
            raise Refusal("unknown_authority", "authority")
        person = AppointPerson(
            occurred_on=home.today,
            organisation=own.id,
            person=uuid.uuid4(),
            role=ADMINISTRATOR,
            effective_from=home.today,
            name=name,
        )
        account = Account(
            account=uuid.uuid4(),
            person=person.person,
            organisation=own.id,
            role=ADMINISTRATOR,
            username=username,
            display_name=name,
            language=language,
        )
        store_account(home, coordination, account, person, password)
    click.echo(f"{username} can sign in as {ADMINISTRATOR} of authority {authority}.")
    if password_from == "generate":  # noqa: S105 - a choice, not a password
        click.echo(f"password {password}")


def _register(
    home: OpenedDatabase, coordination: Coordination, code: str, name: str, name_cy: str | None
) -> Directory:
    """The directory with the authority and the first codes of every table, recorded as a directory file would be.
    Raises Refusal with what a directory file is refused for."""
    file = {"authorities": [{"code": code, "name": name, "name_cy": name_cy}]}
    result = record_directory(coordination, json.dumps(file).encode(), now=home.now)
    if result.status != 0:
        problems = [problem for outcome in result.outcomes for problem in outcome.problems]
        raise _refusal(problems)
    return coordination.directory()


def _refusal(problems: list[RowProblem]) -> Refusal:
    first = next(problem for problem in problems if problem.severity == "error")
    return Refusal(first.code, first.field, **first.facts)
