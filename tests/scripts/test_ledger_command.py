"""`cydlynu ledger`: heads to keep outside, verification against them, and proofs that the verifier without dependencies
accepts. The verifier runs as a process of its own that sees only its one file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from coordination.service import Coordination
from coordination.store.server import ADMINISTRATOR
from tests.county import PUPIL, build, register
from tests.scripts.conftest import ROOT, CommandOutput, Cydlynu, one


@pytest.fixture
def kept(cydlynu: Cydlynu, record: Coordination) -> Cydlynu:
    build(record)
    register(record)
    return cydlynu


def outside(folder: Path, *arguments: object) -> CommandOutput:
    """The verifier as somebody outside runs it: the file alone, without the packages of this environment."""
    place = folder / "elsewhere"
    place.mkdir(exist_ok=True)
    shutil.copy(ROOT / "scripts" / "check_ledger.py", place)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", place / "check_ledger.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
    )
    return CommandOutput(ran.returncode, ran.stdout, ran.stderr)


def test_heads_and_proofs_are_checked_outside(kept: Cydlynu, record: Coordination, tmp_path: Path) -> None:
    first, second, proof, continued = (tmp_path / f"{n}.json" for n in ("one", "two", "proof", "continued"))
    said = kept("ledger", "head", "--to", first)
    assert said.status == 0
    key = said.out.split()[-1]
    sizes = [json.loads(first.read_text())["size"]]
    assert said.out.startswith(f"head        {sizes[0]}:")
    register(record, pupil=UUID(int=0xB2), upn="E670200126001")
    assert kept("ledger", "head", "--to", second).status == 0
    sizes.append(json.loads(second.read_text())["size"])

    event = one(kept.database, f"select min(notification_id) from log.event where originator_id = '{PUPIL}'")
    assert kept("ledger", "prove", event, "--state", "--to", proof).status == 0
    assert kept("ledger", "consistency", *sizes, "--to", continued).status == 0
    for what, file in (("head", first), ("head", second), ("proof", proof), ("consistency", continued)):
        assert outside(tmp_path, what, file, "--key", key).status == 0
        assert outside(tmp_path, what, file, "--key", "00" * 32).status == 2
    assert outside(tmp_path, "proof", proof, "--head", second).status == 0
    assert outside(tmp_path, "proof", proof, "--head", first).status == 2
    assert outside(tmp_path, "head", tmp_path / "none.json").status == 1

    held = json.loads(proof.read_text())
    assert "sealed" in json.dumps(held) or held["events"]
    held["events"][0]["topic"] = "pupil.year_recorded"
    proof.write_text(json.dumps(held))
    assert "the event was changed" in outside(tmp_path, "proof", proof).out
    held = json.loads(continued.read_text())
    held["path"][0] = "00" * 32
    continued.write_text(json.dumps(held))
    assert outside(tmp_path, "consistency", continued).status == 2

    assert kept("ledger", "verify", "--head", first).status == 0
    assert kept("ledger", "verify", "--head", second, "--key", key).status == 0
    short = kept("ledger", "head").out.split()[1]
    assert kept("ledger", "verify", "--short", short).status == 0
    assert kept("ledger", "prove", 10**6).status == 1
    assert kept("ledger", "consistency", sizes[1], sizes[0]).status == 1


def test_a_head_shows_that_the_end_was_removed(kept: Cydlynu, tmp_path: Path) -> None:
    file = tmp_path / "head.json"
    assert kept("ledger", "head", "--to", file).status == 0
    with psycopg.connect(make_conninfo(kept.database, user=ADMINISTRATOR)) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("delete from log.leaf where number = (select max(number) from log.leaf)")
        connection.execute("delete from log.head")
    said = kept("ledger", "verify", "--head", file)
    assert said.status == 2
    assert "shorter_than_noted" in said.out
    assert kept("ledger", "head").status == 0  # the attacker may go on, the head that was noted still tells
    assert kept("ledger", "verify", "--head", file).status == 2


def test_heads_that_are_refused(kept: Cydlynu, tmp_path: Path) -> None:
    file, other = tmp_path / "head.json", tmp_path / "other.json"
    assert kept("ledger", "head", "--to", file).status == 0
    key_file = kept.data / "keys.json.ledger"
    assert key_file.stat().st_mode & 0o777 == 0o600

    other.write_text(re.sub(r'"size": (\d+)', lambda found: f'"size": {int(found[1]) + 1}', file.read_text()))
    assert "not a head" in refused(kept, "ledger", "verify", "--head", other)
    key_file.rename(tmp_path / "moved.pem")
    assert "--key" in refused(kept, "ledger", "verify", "--head", file)
    assert "CYDLYNU_LEDGER_KEY" in refused(kept, "ledger", "head")
    key_file.write_text("none")
    assert "no key" in refused(kept, "ledger", "head")
    key_file.unlink()
    shutil.copy(tmp_path / "moved.pem", key_file)
    assert "another key" in refused(kept, "ledger", "verify", "--head", file, "--key", "00" * 32)
    assert kept("ledger", "verify", "--key", "nothing").status == 1
    assert kept("ledger", "verify", "--short", "nothing").status == 1
    with psycopg.connect(make_conninfo(kept.database, user=ADMINISTRATOR)) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update log.store set id = gen_random_uuid()")
    assert "another store" in refused(kept, "ledger", "verify", "--head", file)


def test_no_head_is_signed_over_a_ledger_that_was_rewritten(kept: Cydlynu) -> None:
    assert kept("ledger", "head").status == 0
    with psycopg.connect(make_conninfo(kept.database, user=ADMINISTRATOR)) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update log.leaf set key = key || '.' where number = 300")
        connection.execute("delete from log.node")
    assert "last head" in refused(kept, "ledger", "head")


def refused(kept: Cydlynu, *arguments: object) -> str:
    said = kept(*arguments)
    assert said.status == 1
    return said.err
