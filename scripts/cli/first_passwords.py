"""First passwords of the people of a directory file who sign in, written once to a file of the operator's."""

from __future__ import annotations

import csv
import io
import os
import secrets
import uuid
from functools import partial
from pathlib import Path

import click
import psycopg

from coordination.desk.accounts import Account, accounts_of, add_account
from coordination.desk.passwords import Passwords
from coordination.errors import Refusal
from coordination.intake.directory import read_directory
from coordination.intake.directory_items import ImportedPerson
from coordination.intake.recording.arrangements import home_of, person_id
from coordination.intake.recording.identity import new_id
from coordination.service import Coordination
from coordination.store.migrate import APPEND, as_role
from scripts.cli.database import OpenedDatabase
from scripts.cli.people import told_of_role
from scripts.cli.sentences import sentence

HEADER = ("username", "password", "role", "organisation")


def open_passwords_file(into: Path) -> io.TextIOWrapper:
    """A new file that only its owner can read. Raises click.ClickException when it exists or cannot be made: passwords
    that were written once are not written over."""
    try:
        descriptor = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise click.ClickException(
            f"The file for the passwords cannot be made: {problem.strerror}."
        ) from problem
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def open_first_accounts(
    home: OpenedDatabase, coordination: Coordination, data: bytes, file: io.TextIOWrapper
) -> int:
    """Opens an account for each person of the file who has a username, was appointed and has no account yet; how many
    usernames were refused. Each password stands in `file` before its account is opened."""
    directory = coordination.directory()
    people = read_directory(data, directory.code, home.today).people
    lines = csv.writer(file)
    lines.writerow(HEADER)
    refused = 0
    with psycopg.connect(as_role(home.database, APPEND)) as desk:
        for item in people:
            if item.username is None:
                continue
            try:
                account = _account(item, home, coordination)
            except Refusal:
                continue  # the import has said why this person was not appointed
            if account is None or accounts_of(desk, [account.person]):
                continue
            password = secrets.token_urlsafe(15)
            try:
                with desk.transaction():
                    add_account(desk, account, password_hash=Passwords().hash(password), created_at=home.now)
                    told_of_role(home, desk, coordination, account.person, account.organisation, account.role)
                    lines.writerow((account.username, password, account.role, _code(item)))
                    file.flush()
            except Refusal as taken:
                refused += 1
                click.echo(f"{account.username}  {taken.code}  {sentence(taken.code, taken.facts)}")
    return refused


def _account(item: ImportedPerson, home: OpenedDatabase, coordination: Coordination) -> Account | None:
    """The account to open; None for a person who was not appointed."""
    organisation = home_of(item, coordination.directory())
    person = person_id(item, organisation, partial(new_id, home.keys))
    if person not in organisation.people:
        return None
    return Account(
        account=uuid.uuid4(),
        person=person,
        organisation=organisation.id,
        role=item.role,
        username=item.username or "",
        display_name=item.name,
        language=item.language or ("cy" if organisation.language == "welsh" else "en"),
    )


def _code(item: ImportedPerson) -> str:
    return item.school or item.agency or item.authority or ""
