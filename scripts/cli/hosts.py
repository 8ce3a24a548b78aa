"""`cydlynu prepare`, `serve` and `work`: the service on more than one machine, without the supervisor."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

import click
from psycopg.conninfo import conninfo_to_dict

from coordination.store.roles import APPEND, READ, password_of
from scripts.cli.database import CommandSettings
from scripts.service import hosting
from scripts.service.messages import operator_sentence
from scripts.service.settings import CannotStart

Program = Callable[[Mapping[str, str]], tuple[Sequence[str], Mapping[str, str]]]


@click.command("prepare")
def prepare_database() -> None:
    """Bring the database at DATABASE_URL up to date, once for each release, before its web servers and workers start.

    Migrates, makes the keys of a record that has none (CYDLYNU_KEYS), and makes the read models.
    """
    _become(hosting.preparing)


@click.command("serve")
def serve() -> None:
    """Run a web server until SIGTERM, on CYDLYNU_BIND.

    Needs DATABASE_URL, the keys (CYDLYNU_KEYS) and CYDLYNU_SECRET_KEY_FILE, the same on every host; and CYDLYNU_DATA,
    a folder for what can be made again.
    """
    _become(hosting.serving)


@click.command("work")
def work() -> None:
    """Run a worker until SIGTERM. Any number may run: one leads, the others take over when it ends.

    Needs DATABASE_URL and the keys (CYDLYNU_KEYS), the same on every host.
    """
    _become(hosting.working)


@click.command("pooler-users")
@click.pass_obj
def print_pooler_users(settings: CommandSettings) -> None:
    """Print PgBouncer's list of users (auth_file): the owner of DATABASE_URL and the two roles, with passwords."""
    if settings.url is None:
        raise click.ClickException(operator_sentence("database needed"))
    for line in pooler_users(settings.url):
        click.echo(line)


def pooler_users(address: str) -> list[str]:
    """The lines for the owner's address. The roles' passwords are worked out from the owner's."""
    owner = conninfo_to_dict(address)
    users = {str(owner.get("user")): str(owner.get("password") or "")}
    users |= {role: password_of(address, role) or "" for role in (APPEND, READ)}
    return [f"{_quoted(user)} {_quoted(password)}" for user, password in users.items()]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _become(program: Program) -> None:
    try:
        command, environment = program(os.environ)
    except CannotStart as refused:
        raise click.ClickException(str(refused)) from None
    hosting.become(command, environment)
