"""Databases for the tests: one private PostgreSQL for the whole run, and for each test a database like the template.

    def test_something(database: str): ...          # the owner's address of a migrated, empty database
    def test_from_nothing(empty_database: str): ... # the same without any migration

Workers of pytest-xdist share server and template. What a fresh database must hold is in `TEMPLATE_STEPS`.
"""

from __future__ import annotations

import fcntl
import importlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from coordination.service import Coordination
from coordination.store import server
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role, migrate
from tests.beginnings import begin_with, keys_in
from tests.county import build
from tests.demonstration import DemonstrationCounty, demonstration_county
from tests.reused import ReusedDatabase

_numbers = count(1)

# on a busy machine an example can take any time; what is slow is seen in the durations
# The same examples in every run, so that a run fails only for what was changed. New ones are looked for with
# `pytest --hypothesis-profile=search`.
settings.register_profile("cydlynu", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, derandomize=False)
settings.load_profile("cydlynu")


def make_read_schema(conninfo: str) -> None:
    """The tables of the projections, once there are any: `projections.schema.create(conninfo)`."""
    if importlib.util.find_spec("projections.schema") is None:
        return
    create = getattr(importlib.import_module("projections.schema"), "create", None)
    if create is not None:
        create(conninfo)


# Each step gets the owner's address of the template; add to the list what every fresh database must hold.
TEMPLATE_STEPS: list[Callable[[str], object]] = [migrate, make_read_schema]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database, so that the quick tests can run first: `-m "not database"`.

    What takes longest comes first, so that the workers of a run finish together: a worker without tests takes some
    from the end of another's list (--dist worksteal).
    """
    for item in items:
        if {"database", "empty_database", "postgres"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in ("browser", "slow")))


# Every test makes and drops a database of some four hundred files, and a disk's file system is slow to give out again
# what was just given back: the server of the run keeps them in memory, where there is room for it.
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
IN_MEMORY = "CYDLYNU_TESTS_IN_MEMORY"


def pytest_configure(config: pytest.Config) -> None:
    """A folder for the server's files, told to the workers of pytest-xdist as they are started."""
    if hasattr(config, "workerinput") or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return
    os.environ[IN_MEMORY] = tempfile.mkdtemp(prefix="cydlynu-tests-", dir=MEMORY)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Gives the memory back."""
    if not hasattr(config, "workerinput") and (folder := os.environ.pop(IN_MEMORY, None)):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the whole run, whichever worker asks."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> Iterator[str]:
    """The owner's address on this run's server. Nothing is forced to disk: crash tests start their own."""
    folder = Path(os.environ.get(IN_MEMORY, run_folder))
    with server.database(folder / "data", None, durable=False) as address:
        yield address
        while _spare:
            _spare.pop().close()


@pytest.fixture(scope="session")
def template(postgres: str, run_folder: Path) -> str:
    """The name of the database that fresh ones are copied from, made once by the steps above."""
    with (run_folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(postgres, autocommit=True) as link:
            if link.execute("select 1 from pg_database where datname = 'template'").fetchone():
                return "template"
            link.execute("drop database if exists template_making")
            link.execute("create database template_making")
            for step in TEMPLATE_STEPS:
                step(make_conninfo(postgres, dbname="template_making"))
            link.execute("alter database template_making rename to template")
    return "template"


@pytest.fixture(scope="session")
def demonstration(postgres: str, template: str, run_folder: Path) -> DemonstrationCounty:
    """The demonstration county, to be copied: `_fresh(postgres, demonstration.database)`."""
    return demonstration_county(postgres, template, run_folder)


@pytest.fixture(scope="session")
def reused_database(postgres: str, template: str) -> Iterator[ReusedDatabase]:
    """What `database` lends from; one for each worker."""
    reused = ReusedDatabase(lambda: _fresh(postgres, template))
    yield reused
    reused.close()


@pytest.fixture
def database(reused_database: ReusedDatabase) -> Iterator[str]:
    """The owner's address of a database as it was made: migrated, with the read schema, otherwise empty."""
    with reused_database.lent() as address:
        yield address


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The owner's address of a database in which nothing was ever done."""
    with _fresh(postgres, "template0") as address:
        yield address


_spare: list[ReusedDatabase] = []


@contextmanager
def database_of_a_module(postgres: str, template: str) -> Iterator[str]:
    """The owner's address of a database as it was made, for as long as the block lasts; beside it each test may have
    its own. Later modules of the worker use it again, with the plans of its readers."""
    reused = _spare.pop() if _spare else ReusedDatabase(lambda: _fresh(postgres, template))
    with reused.lent() as address:
        yield address
    _spare.append(reused)


@contextmanager
def _fresh(postgres: str, template: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"  # several processes share the server
    with psycopg.connect(postgres, autocommit=True) as link:
        copy = sql.SQL("create database {} template {} strategy file_copy")
        link.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield make_conninfo(postgres, dbname=name)
        finally:
            _drop(postgres, name)


def _drop(postgres: str, name: str) -> None:
    # As the administrator: the owner may not end other logins' connections or an autovacuum worker.
    with psycopg.connect(make_conninfo(postgres, user=server.ADMINISTRATOR), autocommit=True) as link:
        link.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def service(database: str, tmp_path: Path) -> Iterator[Coordination]:
    """The service on a fresh database, under the keys of this worker."""
    record = Record(as_role(database, "cydlynu_append"), load_or_make(keys_in(tmp_path)))
    yield Coordination(record)
    record.close()


@pytest.fixture
def county(service: Coordination, database: str) -> Coordination:
    """The service with the small county of tests/county.py on its record."""
    begin_with("directory", database, lambda: build(service))
    return service
