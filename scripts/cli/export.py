"""`cydlynu export ...`: files that go out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from uuid import UUID

import click

from coordination.directory.single_points import single_points_of_access
from coordination.directory.state import Directory, Organisation
from coordination.errors import Refusal
from coordination.identifiers import check_school_number, check_upn
from coordination.intake.ctf_pupils import pupils_on_roll, transferred_pupils
from coordination.intake.ctf_writing import UNKNOWN_DESTINATION, file_name, write_ctf
from coordination.service import Coordination
from scripts.cli.database import CommandSettings, open_database


@click.group("export")
def export() -> None:
    """Write a file that goes to somebody else. Exit status: 0 written, 1 nothing done."""


@export.command("ctf")
@click.option("--school", "number", metavar="NUMBER", required=True, help="The school that sends the file.")
@click.option("--to", "destination", metavar="NUMBER", help="The receiving school (default: not known).")
@click.option("--upn", "upns", metavar="UPN", multiple=True, help="Only this pupil. Repeat it for several.")
@click.option("--serial", type=click.IntRange(1, 999), default=1, help="The serial number in the file name.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.pass_obj
def ctf(
    settings: CommandSettings,
    number: str,
    destination: str | None,
    upns: Sequence[str],
    serial: int,
    folder: Path,
) -> int:
    """Write a Common Transfer File (XML) of the pupils on a school's roll, or of pupils who left and whose record has
    not been sent, into FOLDER. An existing file is not overwritten."""
    with open_database(settings) as home, home.service() as service:
        directory = service.directory()
        source = _school(directory, number)
        receiver = _school(directory, destination).code if destination else UNKNOWN_DESTINATION
        pupils = _pupils(service, upns) if upns else pupils_on_roll(service, source.id, home.today)
        path = folder / file_name(source, receiver, serial)
        if path.exists():
            raise click.ClickException(f"{path.name} is there already. Choose another --serial.")
        with _whole(path) as file:
            without_code = write_ctf(
                file.write,
                transferred_pupils(service, source.id, pupils),
                source=source,
                destination=receiver,
                now=home.now,
                today=home.today,
            )
    click.echo(f"{path.name}: {len(pupils)} pupils.")
    if without_code:
        click.echo(f"Left out because transfer files have no code for it: {without_code} steps of provision.")
    return 0


@export.command("single-points-of-access")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def single_points(settings: CommandSettings, path: Path) -> int:
    """Write for which services each single point of access sorts referrals, with its dates, as `import directory` takes
    it (JSON). An existing file is not overwritten."""
    if path.exists():
        raise click.ClickException(f"{path.name} is there already.")
    with open_database(settings) as home, home.service() as service:
        found = single_points_of_access(service.directory())
    with _whole(path) as file:
        json.dump({"single_points_of_access": found}, file, ensure_ascii=False, indent=1)
    click.echo(f"{path.name}: {len(found)} lists.")
    return 0


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """The new file, which is there only when all of it was written."""
    part = path.with_suffix(".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            yield file
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def _school(directory: Directory, number: str) -> Organisation:
    found = directory.by_code("school", check_school_number(number).value)
    if found is None:
        raise Refusal("unknown_school", "school_number")
    return found


def _pupils(service: Coordination, upns: Sequence[str]) -> list[UUID]:
    wanted = [check_upn(upn).value for upn in upns]
    known = service.record.pupils_by_upn(wanted)
    if set(wanted) - set(known):
        raise Refusal("unknown_upn", "upn")
    return [known[upn] for upn in wanted]
