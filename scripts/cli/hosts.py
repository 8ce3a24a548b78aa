"""`cydlynu prepare`, `serve` and `work`: the service on more than one machine, without the supervisor."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

import click

from scripts.service import hosting
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


def _become(program: Program) -> None:
    try:
        command, environment = program(os.environ)
    except CannotStart as refused:
        raise click.ClickException(str(refused)) from None
    hosting.become(command, environment)
