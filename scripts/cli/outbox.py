"""`cydlynu outbox`: what waits to be sent, what went and what could not; and sending it now."""

from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import UUID

import click
import msgspec

from coordination.desk.outbox import count_by_state, newest, try_again
from coordination.errors import NotFound
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.tables import align_columns
from scripts.service.bounces import mails_in, take_in
from scripts.service.outbox import OutboxSettings, send_due

COLUMNS = ("message", "state", "rule", "recipient_kind", "recipient", "created_at", "attempts", "problem")


@click.group("outbox", invoke_without_command=True)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--all", "everything", is_flag=True, help="Those that were sent too, not only those that were not."
)
@click.pass_context
def outbox(context: click.Context, form: str, everything: bool) -> None:
    """Show the messages that wait to be sent or could not be, the newest first; ids only, no address and no text."""
    if context.invoked_subcommand is not None:
        return
    settings: CommandSettings = context.obj
    with open_database(settings) as home, home.owner() as connection:
        counts = count_by_state(connection)
        rows = newest(connection, only_open=not everything)
    if form == "json":
        listed = [{**msgspec.to_builtins(row), "state": row.state} for row in rows]
        click.echo(json.dumps({**counts, "messages": listed}, indent=1))
        return
    click.echo("  ".join(f"{name.replace('_', ' ')} {number}" for name, number in counts.items()))
    if rows:
        lines = [tuple(str(getattr(row, name) or "") for name in COLUMNS) for row in rows]
        click.echo(align_columns(COLUMNS, lines))


@outbox.command("send")
@click.pass_obj
def send(settings: CommandSettings) -> None:
    """Send now what is due, as the worker does every few seconds."""
    with open_database(settings) as home, home.service() as service:
        run = send_due(service, OutboxSettings.from_environment(os.environ, settings.data), home.now)
    click.echo(f"sent {run.sent}  not sent {run.failed}")


@outbox.command("bounced")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def bounced(settings: CommandSettings, paths: tuple[Path, ...]) -> None:
    """Take in notices that mail did not arrive (RFC 3464): .eml files, folders of them, or a Maildir."""
    with open_database(settings) as home, home.service() as service:
        done = take_in(service, (file for path in paths for file in mails_in(path)), home.now)
    click.echo(f"bounced {done.bounced}  other files {done.others}")


@outbox.command("retry")
@click.argument("message", type=click.UUID)
@click.pass_obj
def retry(settings: CommandSettings, message: UUID) -> None:
    """Put a message that was given up back in the queue: its mailbox was mended, say."""
    with open_database(settings) as home, home.owner() as connection:
        if not try_again(connection, message, home.now):
            raise NotFound
    click.echo("It will be sent again.")
