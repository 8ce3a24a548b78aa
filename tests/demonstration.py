"""The demonstration county, loaded once in a run for all the tests that look at it, whichever worker they are on."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role
from projections.engine import Engine
from scripts.demonstration.load import load, open_accounts

UNTIL = date(2026, 11, 20)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
"""Its last day, and the morning after."""

_NAME, _MAKING = "demonstration", "demonstration_making"


class DemonstrationCounty(msgspec.Struct, frozen=True):
    """The name of the database to copy, the position of its last event, and the file of its keys."""

    database: str
    last: int
    keys: Path

    def give_keys(self, folder: Path) -> None:
        """To a service that works on a copy."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.keys, folder / "keys.json")


def demonstration_county(postgres: str, template: str, run_folder: Path) -> DemonstrationCounty:
    """Loads it, unless another worker has; its read models are up to date, its people have accounts."""
    keys, last = run_folder / "demonstration-keys.json", run_folder / "demonstration-last"
    with (run_folder / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not last.exists():
            with psycopg.connect(postgres, autocommit=True) as link:
                link.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(_MAKING)))
                copy = sql.SQL("create database {} template {}")
                link.execute(copy.format(sql.Identifier(_MAKING), sql.Identifier(template)))
                position = _loaded(make_conninfo(postgres, dbname=_MAKING), keys)
                rename = sql.SQL("alter database {} rename to {}")
                link.execute(rename.format(sql.Identifier(_MAKING), sql.Identifier(_NAME)))
            last.write_text(str(position))
    return DemonstrationCounty(_NAME, int(last.read_text()), keys)


def _loaded(database: str, keys: Path) -> int:
    with closing(Record(as_role(database, "cydlynu_append"), load_or_make(keys))) as record:
        last = load(Coordination(record), UNTIL)
        with closing(Engine(database, record.outer)) as engine:
            engine.catch_up()
    open_accounts(database, NOW)
    return last
