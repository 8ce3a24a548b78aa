"""Where the command line works: its database, its keys, and what it says when they are not there."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from coordination.store.server import PostgresServer
from scripts.cli.database import CommandSettings
from tests.intake.samples import FILES
from tests.scripts.conftest import ROOT, Cydlynu, one

DIRECTORY = FILES / "directory.json"


def test_the_environment_says_where() -> None:
    settings = CommandSettings.from_environment({})
    assert (settings.data, settings.url, settings.keys) == (
        Path.cwd() / "data",
        None,
        Path.cwd() / "data/keys.json",
    )
    chosen = {
        "CYDLYNU_DATA": "/srv/c",
        "CYDLYNU_DATABASE": "postgresql://a",
        "CYDLYNU_KEYS": "/etc/keys.json",
    }
    settings = CommandSettings.from_environment(chosen)
    assert (settings.data, settings.url, settings.keys) == (
        Path("/srv/c"),
        "postgresql://a",
        Path("/etc/keys.json"),
    )
    both = CommandSettings.from_environment(chosen | {"DATABASE_URL": "postgresql://b"})
    assert both.url == "postgresql://b"
    assert abs(settings.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_empty_database_is_made_ready(empty_database: str, cydlynu: Cydlynu) -> None:
    cydlynu.database = empty_database
    assert cydlynu("status").status == 0
    assert cydlynu("import", "directory", DIRECTORY).status == 0
    assert cydlynu.keys.stat().st_mode & 0o777 == 0o600


def test_a_database_that_has_keys_never_gets_others(cydlynu: Cydlynu) -> None:
    cydlynu("import", "directory", DIRECTORY)
    kept = cydlynu.data / "kept.json"
    cydlynu.keys.rename(kept)
    said = cydlynu("status")
    assert (said.status, said.err.partition(":")[0]) == (1, "keys_missing")
    assert not cydlynu.keys.exists()

    elsewhere = Cydlynu(cydlynu.database, cydlynu.data / "elsewhere", cydlynu._capture)
    elsewhere.data.mkdir()
    other = '{"wrapping": {"1": "%s"}, "current": "1", "lookup": "%s"}' % (("A" * 43 + "=",) * 2)
    elsewhere.keys.write_text(other)
    before = one(cydlynu.database, "select count(*) from log.event")
    said = elsewhere("import", "directory", DIRECTORY)
    assert (said.status, said.err.partition(":")[0]) == (1, "keys_of_another_database")
    assert one(cydlynu.database, "select count(*) from log.event") == before

    kept.rename(cydlynu.keys)
    assert cydlynu("status").status == 0


def test_a_database_that_cannot_be_reached(cydlynu: Cydlynu) -> None:
    cydlynu.database = "postgresql:///nobody?host=/no/such/folder"
    said = cydlynu("status")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("The database cannot be used: ")
    assert said.err.count("\n") == 1


def test_a_database_newer_than_the_program(cydlynu: Cydlynu, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("insert into log.migration (name, sha256) values ('9999_tomorrow', 'x')")
    said = cydlynu("status")
    assert (said.status, "newer than this program" in said.err) == (1, True)


@pytest.mark.slow
def test_without_an_address_it_starts_its_own_database_and_stops_it(tmp_path: Path) -> None:
    data = tmp_path / "data folder with spaces"
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CYDLYNU_DATABASE")}
    environment |= {"CYDLYNU_DATA": str(data), "LANG": "en_US.UTF-8"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scripts.cli.main", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    taken = run("import", "directory", str(DIRECTORY), "--quiet")
    assert (taken.returncode, taken.stderr) == (0, "")
    assert PostgresServer(data).address() is None
    found = run("report", "waiting-times", "--service", "camhs-7A1", "--format", "json")
    assert (found.returncode, found.stderr) == (0, "")
    assert '"standard": "camhs-first"' in found.stdout
    assert PostgresServer(data).address() is None


@pytest.mark.slow
def test_the_installed_command() -> None:
    command = Path(sys.executable).with_name("cydlynu")
    if not command.exists():
        pytest.skip("the package is not installed here")
    said = subprocess.run([command, "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0
    assert "import" in said.stdout
