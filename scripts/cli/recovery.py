"""`cydlynu backup` and `cydlynu restore`: the whole store as a folder of files, and back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
import psycopg

from coordination.erasing import forget_drafts_of
from coordination.errors import Refusal
from coordination.store.backup.manifest import Manifest, read_manifest
from coordination.store.backup.outer_keys import (
    ERASED,
    ErasedStream,
    beside,
    erased_streams,
    fingerprint,
    keep_keys,
    keys_of_backup,
)
from coordination.store.backup.restoring import require_empty, restore_backup
from coordination.store.backup.writing import write_backup
from coordination.store.erasures import erase_again
from coordination.store.server import database
from projections.schema import create
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database

FOLDER = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("folder", type=FOLDER)
@click.option("--keys", "place", type=FILE, help="Where to write the keys (default: FOLDER.keys).")
@click.pass_obj
def backup(settings: CommandSettings, folder: Path, place: Path | None) -> None:
    """Write the whole store to FOLDER, while the service goes on, and its keys to FOLDER.keys beside it.

    Nothing personal can be read from FOLDER without the keys: keep the two in different places. The read models are
    not in it; a restore makes them again.
    """
    folder = folder.absolute()
    keys = place.absolute() if place else beside(folder)
    if folder in keys.parents:
        raise Refusal("keys_inside_the_backup", place=str(keys))
    if folder.exists():
        raise Refusal("folder_exists", place=str(folder))
    with open_database(settings) as home:
        keep_keys(settings.keys, keys)
        made = write_backup(home.database, folder, keys=fingerprint(home.keys), now=home.now)
    click.echo(_said(made))
    click.echo(f"backup  {folder}")
    click.echo(f"keys    {keys}  (keep them in another place)")


def _said(made: Manifest) -> str:
    return f"{made.events} events up to position {made.position}, {len(made.tables)} tables."


@click.command("restore")
@click.argument("folder", type=FOLDER)
@click.option("--keys", "place", type=FILE, help="The keys of the backup (default: FOLDER.keys).")
@click.option("--erased", type=FILE, multiple=True, help="A further list of erasures to apply again.")
@click.pass_obj
def restore(settings: CommandSettings, folder: Path, place: Path | None, erased: tuple[Path, ...]) -> None:
    """Restore the backup in FOLDER into an empty store: a new data folder, or an empty database at DATABASE_URL.

    Makes the database roles, puts the keys where the service looks for them, applies again the erasures that were
    carried out after the backup (listed beside the keys, and in each --erased), and makes the read models.
    """
    folder = folder.absolute()
    place = place.absolute() if place else beside(folder)
    manifest = read_manifest(folder)
    keys = keys_of_backup(place, manifest.keys)
    if settings.keys.exists() and settings.keys.read_bytes() != place.read_bytes():
        raise Refusal("other_keys_there", place=str(settings.keys))
    lists = (
        place.with_name(place.name + ERASED),
        settings.keys.with_name(settings.keys.name + ERASED),
        *erased,
    )
    gone = erased_streams(lists)
    with database(settings.data, settings.url) as address:
        with psycopg.connect(address) as connection:
            require_empty(connection)
        restored = restore_backup(address, folder)
        repeat_erasures(OpenedDatabase(address, keys, settings.now()), gone.values())
        keep_keys(place, settings.keys)  # last: a store that was restored in part opens nothing
        create(address)
        position = catch_up(OpenedDatabase(address, keys, settings.now()))
    click.echo(_said(restored))
    click.echo(f"The read models are at position {position}. People sign in again: no session was restored.")


def repeat_erasures(restored: OpenedDatabase, listed: Iterable[ErasedStream]) -> None:
    """Erase again what was erased after the backup was made, drafts included."""
    erased = list(listed)
    with restored.service() as service:
        if erase_again(service.record, erased, restored.now):
            forget_drafts_of(service, [one.stream for one in erased])
