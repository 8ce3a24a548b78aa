"""`cydlynu user ...`: people who may sign in."""

from __future__ import annotations

import secrets
import sys
import uuid
from datetime import date
from uuid import UUID

import click
import psycopg

from coordination.authority import NATIONAL_ANALYST, OPERATOR, ROLES_AT
from coordination.desk.account_log import AccountChange, ChangedBy, note_account
from coordination.desk.accounts import Account, account_for_sign_in, add_account, disable_account
from coordination.desk.co_signing import confirm_on_the_machine, prepare
from coordination.desk.mail_addresses import mail_address
from coordination.desk.passwords import Passwords, check_new_password
from coordination.directory.commands import AppointPerson, RecordPersonLeft
from coordination.directory.organisation import REFERENCE
from coordination.directory.state import Directory, Organisation
from coordination.errors import Refusal
from coordination.event import Command, CommandContext
from coordination.service import Coordination
from coordination.store.migrate import APPEND, as_role
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.reports import DateOption

BY_OPERATOR = ChangedBy(OPERATOR, OPERATOR)
"""Who changes an account from the command line on the machine itself."""

password_from_option = click.option(
    "--password-from",
    type=click.Choice(["prompt", "stdin", "generate"]),
    default="prompt",
    show_default=True,
    help="Where to read the password from. It is never given on the command line, where others could see it.",
)


@click.group()
def user() -> None:
    """Manage people who can sign in, each with one or more roles at organisations in the directory."""


@user.command("add")
@click.argument("username")
@click.option(
    "--role", required=True, metavar="CODE", help="alnco, head, clinician, auditor, administrator, ..."
)
@click.option("--school", metavar="NUMBER")
@click.option("--agency", metavar="CODE")
@click.option("--authority", metavar="CODE")
@click.option("--service", metavar="CODE", help="The agency's service that the person works in.")
@click.option("--name", required=True, help="Name shown to other people.")
@click.option("--email")
@click.option("--language", type=click.Choice(["en", "cy"]), default="en", show_default=True)
@password_from_option
@click.pass_obj
def add(
    settings: CommandSettings,
    username: str,
    role: str,
    school: str | None,
    agency: str | None,
    authority: str | None,
    service: str | None,
    name: str,
    email: str | None,
    language: str,
    password_from: str,
) -> None:
    """Open an account and appoint the person in the directory from today."""
    with open_database(settings) as home, home.service() as coordination:
        directory = coordination.directory()
        organisation = _organisation(directory, role, school, agency, authority)
        _fitting(role, organisation)
        person = AppointPerson(
            occurred_on=home.today,
            organisation=organisation.id,
            person=uuid.uuid4(),
            role=role,
            effective_from=home.today,
            name=name,
            email=email,
            service=_service(directory, service, organisation),
        )
        account = Account(
            account=uuid.uuid4(),
            person=person.person,
            organisation=organisation.id,
            role=role,
            username=username,
            display_name=name,
            language=language,
        )
        password = read_password(password_from, username=username, name=name)
        store_account(home, coordination, account, person, password)
    click.echo(f"{username} can sign in as {role} of {organisation.kind} {organisation.code}.")
    if password_from == "generate":  # noqa: S105 - a choice, not a password
        click.echo(f"password {password}")


@user.command("place")
@click.argument("username")
@click.option(
    "--role", required=True, metavar="CODE", help="alnco, head, clinician, auditor, administrator, ..."
)
@click.option("--school", metavar="NUMBER")
@click.option("--agency", metavar="CODE")
@click.option("--authority", metavar="CODE")
@click.option("--service", metavar="CODE", help="The agency's service that the person works in.")
@click.pass_obj
def place(
    settings: CommandSettings,
    username: str,
    role: str,
    school: str | None,
    agency: str | None,
    authority: str | None,
    service: str | None,
) -> None:
    """Give a person who signs in already a further role or place, from today, under the same sign-in."""
    with (
        open_database(settings) as home,
        home.service() as coordination,
        psycopg.connect(as_role(home.database, APPEND)) as desk,
    ):
        found = account_for_sign_in(desk, username)
        if found is None:
            raise Refusal("unknown_username", "username")
        directory = coordination.directory()
        organisation = _organisation(directory, role, school, agency, authority)
        _fitting(role, organisation)
        person = AppointPerson(
            occurred_on=home.today,
            organisation=organisation.id,
            person=found[0].person,
            role=role,
            effective_from=home.today,
            name=found[0].display_name,
            email=mail_address(coordination, found[0].person),
            service=_service(directory, service, organisation),
        )
        coordination.perform(person, _order(home, person))
        told_of_role(home, desk, coordination, person.person, person.organisation, person.role)
        note_account(
            desk,
            found[0].account,
            AccountChange.ROLE_GIVEN,
            by=BY_OPERATOR,
            at=home.now,
            role=role,
            organisation=str(organisation.id),
        )
    click.echo(f"{username} also works as {role} of {organisation.kind} {organisation.code}.")


def store_account(
    home: OpenedDatabase, coordination: Coordination, account: Account, person: AppointPerson, password: str
) -> None:
    """Stores the account only together with the appointment; a username that is taken refuses both."""
    kept = Passwords().hash(password)
    with psycopg.connect(as_role(home.database, APPEND)) as desk, desk.transaction():
        add_account(desk, account, password_hash=kept, created_at=home.now, by=BY_OPERATOR)
        told_of_role(home, desk, coordination, person.person, person.organisation, person.role)
        coordination.perform(person, _order(home, person))


def told_of_role(
    home: OpenedDatabase,
    desk: psycopg.Connection,
    coordination: Coordination,
    person: UUID,
    at: UUID,
    role: str,
) -> None:
    """A role given on the machine itself works at once; those who could have co-signed it are told."""
    organisation = coordination.directory().organisation(at)
    if organisation is not None:
        prepare(
            desk,
            "role",
            person,
            organisation,
            role,
            by=OPERATOR,
            authority=organisation.authority,
            now=home.now,
            at_once=True,
        )


@user.command("confirm")
@click.argument("username")
@click.pass_obj
def confirm(settings: CommandSettings, username: str) -> None:
    """Let a role work that waits for a co-signature, such as the first of an authority; the organisation is told."""
    with open_database(settings) as home, psycopg.connect(as_role(home.database, APPEND)) as desk:
        found = account_for_sign_in(desk, username)
        if found is None:
            raise Refusal("unknown_username", "username")
        if not confirm_on_the_machine(desk, "role", found[0].person, by=OPERATOR, now=home.now):
            raise Refusal("nothing_to_co_sign", "username")
    click.echo(f"{username} can work in the roles they were given. The organisation is told.")


@user.command("disable")
@click.argument("username")
@click.option(
    "--left",
    "left",
    type=DateOption(),
    help="The person's last day here. Their roles in the directory end too.",
)
@click.pass_obj
def disable(settings: CommandSettings, username: str, left: date | None) -> None:
    """Close an account and end its sessions immediately."""
    with (
        open_database(settings) as home,
        home.service() as coordination,
        psycopg.connect(as_role(home.database, APPEND)) as desk,
    ):
        found = account_for_sign_in(desk, username)
        if found is None:
            raise Refusal("unknown_username", "username")
        account = found[0]
        disable_account(desk, account.account, home.now, by=BY_OPERATOR)
        if left is not None:
            gone = RecordPersonLeft(
                occurred_on=home.today,
                organisation=account.organisation,
                person=account.person,
                effective_to=left,
                role=account.role,
            )
            coordination.perform(gone, _order(home, gone))
    click.echo(f"{username} can no longer sign in.")


def _order(home: OpenedDatabase, command: Command) -> CommandContext:
    return CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="command_line",
        command_id=f"{type(command).__name__}-{uuid.uuid4().hex}",
        recorded_at=home.now,
    )


def _organisation(
    directory: Directory, role: str, school: str | None, agency: str | None, authority: str | None
) -> Organisation:
    """The organisation that is named; a national analyst is of none of them, but of the reference tables."""
    reference = directory.of_kind(REFERENCE)
    if role == NATIONAL_ANALYST and reference and school is agency is authority is None:
        return reference[0]
    named = {"school": school, "agency": agency, "authority": authority}
    asked = [(kind, code) for kind, code in named.items() if code is not None]
    if len(asked) != 1:
        raise Refusal("one_organisation")
    kind, code = asked[0]
    found = directory.by_code(kind, code)
    if found is None:
        raise Refusal(f"unknown_{kind}", kind)
    return found


def _service(directory: Directory, code: str | None, organisation: Organisation) -> UUID | None:
    if code is None:
        return None
    found = directory.service_by_code(code)
    if found is None or found.agency != organisation.id:
        raise Refusal("unknown_service", "service")
    return found.id


def _fitting(role: str, organisation: Organisation) -> None:
    """Refuses a role at the wrong kind of organisation, because access depends on the pair. A role of the table that is
    none of these sees nothing and may be anywhere."""
    kinds = [kind for kind, roles in ROLES_AT.items() if role in roles]
    if kinds and organisation.kind not in kinds:
        raise Refusal("role_elsewhere", "role", kinds=kinds)


def read_password(source: str, *, username: str, name: str) -> str:
    """The password of this person from the prompt, standard input or a generator. Refused by `check_new_password`."""
    if source == "generate":
        return secrets.token_urlsafe(15)
    if source == "stdin":
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    check_new_password(password, username=username, name=name)
    return password
