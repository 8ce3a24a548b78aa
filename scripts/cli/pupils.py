"""`cydlynu pupils ...`: what the record must be able to say of every child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from psycopg import Connection

from coordination.authority import OPERATOR
from coordination.event import CommandContext
from coordination.pupil.no_roll.decide import PlaceChild
from coordination.service import Coordination
from projections.case_file.queries.unplaced import UnplacedReferral, all_unplaced_referrals, days_of_leaving
from scripts.cli import catching_up
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.doubts import doubts
from scripts.cli.tables import align_columns

FOUND = 2  # the exit status of a check that found something
HEADER = ("referral", "opened_on", "phase", "why")


@click.group("pupils")
def pupils() -> None:
    """Check what the record holds about pupils. Names are never printed."""


@pupils.command("unplaced")
@click.option(
    "--place",
    is_flag=True,
    help="First let the authority of the last school hold children of an older record who left the last roll.",
)
@click.pass_obj
def unplaced(settings: CommandSettings, place: bool) -> int:
    """Print the open referrals that no person or desk can see, or that have no next step.

    There must be none: exit status 0. Otherwise exit status 2.
    """
    with open_database(settings) as home:
        catching_up.catch_up(home)
        with home.service() as service, home.owner() as owner:
            known = service.directory()
            closed = [o.id for o in known.organisations.values() if not o.is_open(home.today)]
            found = all_unplaced_referrals(owner, home.today, closed)
            if place and found:
                _place(service, owner, found, home)
                catching_up.catch_up(home)
                found = all_unplaced_referrals(owner, home.today, closed)
    if not found:
        click.echo("Every open referral can be seen by a desk and has a next step.")
        return 0
    click.echo(align_columns(HEADER, [_row(one) for one in found]))
    return FOUND


def _place(
    service: Coordination, owner: Connection[Any], found: Sequence[UnplacedReferral], home: OpenedDatabase
) -> None:
    """The authority holds each of these children from the day after which no school did."""
    left = days_of_leaving(owner, [one.pupil for one in found if not one.erased])
    for pupil, on in left.items():
        by = CommandContext(
            person=OPERATOR,
            organisation=OPERATOR,
            role="operator",
            source="command_line",
            command_id=f"place {pupil} {on}",
            recorded_at=home.now,
        )
        service.perform(PlaceChild(occurred_on=on, pupil=pupil), by)


def _row(one: UnplacedReferral) -> tuple[str, str, str, str]:
    why = "no next step" if one.without_next_step else "nobody can see it"
    if one.erased:
        why = "erased while it was open"
    return str(one.referral), one.opened_on.isoformat(), one.phase, why


pupils.add_command(doubts)
