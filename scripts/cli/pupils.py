"""`cydlynu pupils ...`: what the record must be able to say of every child."""

from __future__ import annotations

import click

from projections.case_file.queries.unplaced import UnplacedReferral, all_unplaced_referrals
from scripts.cli import catching_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.doubts import doubts
from scripts.cli.tables import align_columns

FOUND = 2  # the exit status of a check that found something
HEADER = ("referral", "opened_on", "phase", "why")


@click.group("pupils")
def pupils() -> None:
    """Check what the record holds about pupils. Names are never printed."""


@pupils.command("unplaced")
@click.pass_obj
def unplaced(settings: CommandSettings) -> int:
    """Print the open referrals that no person or desk can see, or that have no next step.

    There must be none: exit status 0. Otherwise exit status 2.
    """
    with open_database(settings) as home:
        catching_up.catch_up(home)
        with home.service() as service, home.owner() as owner:
            known = service.directory()
            closed = [o.id for o in known.organisations.values() if not o.is_open(home.today)]
            found = all_unplaced_referrals(owner, home.today, closed)
    if not found:
        click.echo("Every open referral can be seen by a desk and has a next step.")
        return 0
    click.echo(align_columns(HEADER, [_row(one) for one in found]))
    return FOUND


def _row(one: UnplacedReferral) -> tuple[str, str, str, str]:
    why = "no next step" if one.without_next_step else "nobody can see it"
    return str(one.referral), one.opened_on.isoformat(), one.phase, why


pupils.add_command(doubts)
