"""`cydlynu report register-tables`: tables 1a, 1b and 2 of Estyn 2020 from a register in a CSV file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import click
import msgspec

from projections.register.national_tables import NationalTables, national_tables
from scripts.cli.reports import report
from scripts.cli.tables import align_columns

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@report.command("register-tables")
@click.argument("register", type=FILE)
@click.option("--classes", type=FILE, help="A CSV file of specialist classes: year,school,class,pupils.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def register_tables(register: Path, classes: Path | None, form: str) -> None:
    """Print tables 1a, 1b and 2 of Estyn 2020 from REGISTER, a CSV file with the columns year, setting (mainstream,
    special, eotas), status (none, sen, statement) and perhaps pupils. Nothing of it is kept."""
    found = national_tables(_lines(register), _lines(classes) if classes is not None else ())
    if form == "json":
        click.echo(json.dumps(msgspec.to_builtins(found), indent=1))
        return
    click.echo("\n\n".join(_printed(found)))


def _lines(path: Path) -> list[dict[str, str | None]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _printed(found: NationalTables) -> list[str]:
    tables: list[str] = []
    for name, rows in (("1a", found.table_1a), ("1b", found.table_1b), ("2", found.table_2)):
        if rows:
            header = rows[0].__struct_fields__
            lines = [[getattr(row, column) for column in header] for row in rows]
            tables.append(f"Table {name}\n{align_columns(header, lines)}")
    return tables
