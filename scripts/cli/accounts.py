"""`cydlynu user reset|reopen`: a new password for somebody who has lost theirs, and the account of somebody who is
back."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg

from coordination.desk.account_log import AccountChange, note_account
from coordination.desk.accounts import AccountSummary, account_named, reopen_account
from coordination.desk.authenticators import remove_authenticator
from coordination.desk.passwords import Passwords
from coordination.desk.reset_links import make_reset_link
from coordination.errors import Refusal
from coordination.store.migrate import APPEND, as_role
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.people import BY_OPERATOR, password_from_option, read_password


@click.command("reset")
@click.argument("username")
@click.option("--remove-app", is_flag=True, help="Also remove the authenticator app, if it is lost.")
@click.pass_obj
def reset(settings: CommandSettings, username: str, remove_app: bool) -> None:
    """Print a link with which the person sets a new password, once, within 24 hours."""
    with _account(settings, username) as (home, desk, known):
        if known.disabled_at is not None:
            raise Refusal("unknown_username", "username")
        account, secret = known.account.account, secrets.token_urlsafe(32)
        if remove_app and remove_authenticator(desk, account):
            note_account(desk, account, AccountChange.TOTP_REMOVED, by=BY_OPERATOR, at=home.now)
        make_reset_link(desk, account, secret=secret, by=BY_OPERATOR, now=home.now)
    click.echo(f"{os.environ.get('CYDLYNU_PUBLIC_URL', '').rstrip('/')}/reset/{secret}")


@click.command("reopen")
@click.argument("username")
@password_from_option
@click.pass_obj
def reopen(settings: CommandSettings, username: str, password_from: str) -> None:
    """Open the closed account of somebody who is back, with a new password. Give their role with `user place`."""
    with _account(settings, username) as (home, desk, known):
        password = read_password(password_from, username=username, name=known.account.display_name)
        hashed = Passwords().hash(password)
        reopen_account(desk, known.account, password_hash=hashed, at=home.now, by=BY_OPERATOR)
    click.echo(f"{username} can sign in again.")
    if password_from == "generate":  # noqa: S105 - a choice, not a password
        click.echo(f"password {password}")


@contextmanager
def _account(
    settings: CommandSettings, username: str
) -> Iterator[tuple[OpenedDatabase, psycopg.Connection, AccountSummary]]:
    """The account of this name, open or closed, in a transaction. Raises Refusal `unknown_username`."""
    with (
        open_database(settings) as home,
        psycopg.connect(as_role(home.database, APPEND)) as desk,
    ):
        known = account_named(desk, username)
        if known is None:
            raise Refusal("unknown_username", "username")
        yield home, desk, known
