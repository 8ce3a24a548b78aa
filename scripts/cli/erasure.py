"""`cydlynu erase`: erasure of a pupil's record on the machine itself."""

from __future__ import annotations

import sys
import uuid
from typing import get_args
from uuid import UUID

import click

from coordination.authority import OPERATOR, OPERATOR_ROLE
from coordination.desk.accounts import account_for_sign_in
from coordination.erasing import erase_child
from coordination.errors import Refusal
from coordination.event import CommandContext
from coordination.pupil.rights.events import ErasureGround
from coordination.service import Coordination
from scripts.cli import catching_up
from scripts.cli.database import CommandSettings, open_database
from scripts.service.erasing import follow_erasures


@click.command("erase")
@click.option(
    "--pupil", metavar="ID", type=click.UUID, help="The pupil, as the erasure desk names the record."
)
@click.option(
    "--upn-from-stdin", is_flag=True, help="Read the unique pupil number from standard input instead."
)
@click.option(
    "--approved-by",
    "approvers",
    metavar="USERNAME",
    multiple=True,
    help="Twice, with two people: who decided it. Without them the approval recorded at the desk counts.",
)
@click.option("--ground", type=click.Choice(get_args(ErasureGround)), help="Why, with --approved-by.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(
    settings: CommandSettings,
    pupil: UUID | None,
    upn_from_stdin: bool,
    approvers: tuple[str, ...],
    ground: ErasureGround | None,
    yes: bool,
) -> None:
    """Erase a pupil's record: destroy the keys of every file of the child, and what finds the child.

    It cannot be undone. Dates and steps remain, so that no waiting time changes; names, contacts, needs and words can
    never be read again. A number is read from standard input, never given on the command line where others see it.
    """
    with open_database(settings) as home, home.service() as service:
        found = _pupil(service, pupil, upn_from_stdin)
        named = _approvers(service, approvers)
        if not yes:
            click.confirm("This cannot be undone. Erase the record?", abort=True)
        by = CommandContext(
            person=OPERATOR,
            organisation=OPERATOR,
            role=OPERATOR_ROLE,
            source="command_line",
            command_id=f"erase {uuid.uuid4()}",
            recorded_at=home.now,
        )
        files = erase_child(service, found, by, home.today, ground=ground, approvers=named)
        catching_up.catch_up(home)
        follow_erasures(service, home.database, settings.keys, home.now)
    click.echo(f"Erased: {len(files)} {'file' if len(files) == 1 else 'files'} of one child.")


def _pupil(service: Coordination, pupil: UUID | None, from_stdin: bool) -> UUID:
    if (pupil is None) != from_stdin:
        raise click.UsageError("Name the pupil: --pupil ID, or --upn-from-stdin.")
    if pupil is not None:
        return pupil
    upn = sys.stdin.readline().strip()
    found = service.record.pupils_by_upn([upn]).get(upn)
    if found is None:
        raise Refusal("unknown_upn")
    return found


def _approvers(service: Coordination, usernames: tuple[str, ...]) -> tuple[UUID, UUID] | None:
    """The two people. Refuses one person twice, and a username without an open account."""
    if not usernames:
        return None
    if len(usernames) != 2:
        raise click.UsageError("Give --approved-by twice, or not at all.")
    with service.record.desk() as desk:
        held = [account_for_sign_in(desk, username) for username in usernames]
    one, other = (account[0].person if account is not None else None for account in held)
    if one is None or other is None:
        raise Refusal("unknown_approver")
    return one, other
