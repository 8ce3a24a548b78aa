"""`cydlynu pupils doubts`: the descriptions of pupils that wait until somebody decides whose they are."""

from __future__ import annotations

import click

from coordination.calendars import local_date
from coordination.desk.doubts import WaitingDoubt, all_doubts
from coordination.directory.state import Directory
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.tables import align_columns

HEADINGS = ("doubt", "kind", "decided by", "days")


@click.command("doubts")
@click.pass_obj
def doubts(settings: CommandSettings) -> None:
    """List the doubts about pupils: id, kind, the school (or authority) that decides, and how many days it has waited.

    Never a name. The school's named staff decide on the page Doubts; those between two schools the authority's
    caseworker.
    """
    with open_database(settings) as home, home.service() as service:
        with service.record.desk() as connection:
            waiting = all_doubts(connection)
        directory = service.directory()
    today = home.today
    lines = [
        (str(held.doubt), held.kind, _decided_by(held, directory), (today - local_date(held.raised_at)).days)
        for held in waiting
    ]
    click.echo(align_columns(HEADINGS, lines) if lines else "No doubts are waiting.")


def _decided_by(held: WaitingDoubt, directory: Directory) -> str:
    organisation = directory.organisation(held.authority or held.school)
    return organisation.code if organisation is not None else "-"
