"""`cydlynu token ...`: the tokens with which an organisation's own systems use the API."""

from __future__ import annotations

import secrets
import uuid
from uuid import UUID

import click
import psycopg

from coordination.authority import OPERATOR
from coordination.desk.co_signing import confirm_on_the_machine, prepare
from coordination.desk.tokens import LONGEST, SCOPES, USUAL, Token, create_token, revoke_token, tokens_of
from coordination.directory.organisation import Organisation, Service
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.store.migrate import APPEND, as_role
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database

KINDS = ("school", "agency", "authority")


@click.group()
def token() -> None:
    """Manage API tokens of organisations, each with its scopes and expiry date."""


@token.command("create")
@click.option(
    "--organisation",
    required=True,
    metavar="CODE",
    help="A school's number, or the code of an agency or authority.",
)
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(SCOPES))
@click.option(
    "--label",
    default="API",
    show_default=True,
    help="The system that will use it. Do not include personal data.",
)
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="CODE",
    help="Of an agency: the service that it acts for (may be given several times). Default: each that is open now.",
)
@click.option("--whole-agency", is_flag=True, help="Of an agency: for every service, later ones too.")
@click.option("--days", default=USUAL, show_default=True, type=click.IntRange(1, LONGEST))
@click.pass_obj
def create(
    settings: CommandSettings,
    organisation: str,
    scopes: tuple[str, ...],
    label: str,
    services: tuple[str, ...],
    whole_agency: bool,
    days: int,
) -> None:
    """Create a token and print it. It cannot be shown again."""
    with open_database(settings) as home, home.service() as coordination:
        directory = coordination.directory()
        found = _organisation(directory, organisation)
        bound = [_service(directory, code) for code in services]
        if found.kind == "agency" and not bound and not whole_agency:
            bound = [s for s in directory.services_of(found.id) if s.is_open(home.today)]
        with psycopg.connect(as_role(home.database, APPEND)) as desk:
            made, held = create_token(
                desk,
                token=uuid.uuid4(),
                secret=secrets.token_urlsafe(32),
                organisation=found,
                scopes=scopes,
                label=label,
                created_by=OPERATOR,
                now=home.now,
                days=days,
                services=[service.id for service in bound],
                whole_agency=whole_agency,
            )
            prepare(
                desk,
                "token",
                made.token,
                found,
                made.role,
                by=OPERATOR,
                authority=found.authority,
                now=home.now,
                at_once=True,
            )
    click.echo(held)
    click.echo(f"id {made.token}, {made.role} of {found.kind} {found.code}, until {_day(made)}.", err=True)
    if found.kind == "agency":
        named = "the whole agency" if whole_agency else ", ".join(service.code for service in bound)
        click.echo(f"It acts for {named}.", err=True)


@token.command("list")
@click.option("--organisation", metavar="CODE")
@click.pass_obj
def listed(settings: CommandSettings, organisation: str | None) -> None:
    """List every token, without its secret."""
    with open_database(settings) as home, home.service() as coordination:
        directory = coordination.directory()
        only = _organisation(directory, organisation).id if organisation else None
        with psycopg.connect(as_role(home.database, APPEND)) as desk:
            for one in tokens_of(desk, only):
                click.echo(_line(home, directory, one))


@token.command("confirm")
@click.argument("token", type=click.UUID)
@click.pass_obj
def confirm(settings: CommandSettings, token: UUID) -> None:
    """Let a token work that waits for a co-signature; the organisation is told. TOKEN is its id."""
    with open_database(settings) as home, psycopg.connect(as_role(home.database, APPEND)) as desk:
        if not confirm_on_the_machine(desk, "token", token, by=OPERATOR, now=home.now):
            raise Refusal("nothing_to_co_sign", "token")
    click.echo(f"{token} works from now on. The organisation is told.")


@token.command("revoke")
@click.argument("token", type=click.UUID)
@click.pass_obj
def revoke(settings: CommandSettings, token: UUID) -> None:
    """Revoke a token immediately; TOKEN is its id."""
    with open_database(settings) as home, psycopg.connect(as_role(home.database, APPEND)) as desk:
        revoke_token(desk, token, now=home.now)
    click.echo(f"{token} is revoked and no longer works.")


def _organisation(directory: Directory, code: str) -> Organisation:
    found = [one for kind in KINDS if (one := directory.by_code(kind, code)) is not None]
    if len(found) != 1:
        raise Refusal("unknown_organisation", "organisation")
    return found[0]


def _service(directory: Directory, code: str) -> Service:
    found = directory.service_by_code(code)
    if found is None:
        raise Refusal("unknown_service", "service")
    return found


def _line(home: OpenedDatabase, directory: Directory, one: Token) -> str:
    organisation = directory.organisation(one.organisation)
    code = organisation.code if organisation else str(one.organisation)
    standing = "revoked" if one.revoked_at else "expired" if one.expires_at <= home.now else "valid"
    standing = "not co-signed" if standing == "valid" and one.waiting else standing
    used = one.last_used_at.date().isoformat() if one.last_used_at else "never"
    scopes = " ".join(one.scopes)
    return (
        f"{one.token}  {code}  {one.role}  {standing} until {_day(one)}  used {used}  {one.label}  {scopes}"
    )


def _day(one: Token) -> str:
    return one.expires_at.date().isoformat()
