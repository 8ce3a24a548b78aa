"""PostgreSQL is killed in the middle of an import; the next run finishes it and doubles nothing."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from coordination.store.server import PostgresServer
from tests.intake.samples import FILES, pupil, sheet, upn
from tests.scripts.conftest import start, until

pytestmark = pytest.mark.slow

PUPILS, REFERRALS = 200, 800
EVENTS = ("submitted", "received", "acknowledged", "first_contact")
ROWS = REFERRALS * len(EVENTS)
COLUMNS = ("referral_ref", "upn", "school_number", "service_code", "event", "occurred_on", "detail")


def history(rows: range) -> bytes:
    """Referrals with four steps each; a few hundred pupils have several."""
    said = (
        (
            f"K{n}",
            upn(n % PUPILS),
            "6994001",
            "camhs-7A1",
            event,
            date(2024, 1, 8) + timedelta(days=n % 300 + 5 * k),
            "",
        )
        for n in rows
        for k, event in enumerate(EVENTS)
    )
    return sheet((dict(zip(COLUMNS, map(str, row), strict=True)) for row in said), COLUMNS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    """A database of our own that keeps what it acknowledged."""
    server = PostgresServer(tmp_path)
    server.start()
    yield server
    server.release()


def run(data: Path, *arguments: object) -> tuple[int, dict[str, object]]:
    """The command as a process on the private database of a data folder; its status and its report."""
    report = data / "report.json"
    process = start(["scripts.cli.main", "import", *map(str, arguments), "--report", str(report)], "", data)
    process.communicate(timeout=120)
    return process.returncode, json.loads(report.read_text())


def count(server: PostgresServer, query: str) -> int:
    address = server.address()
    assert address is not None
    with psycopg.connect(address) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])


MILESTONES = "select count(*) from log.event where topic in ({})".format(
    ", ".join(f"'referral.{event}'" for event in EVENTS)
)
OPENED = "select count(*) from log.event where topic = 'referral.opened'"


def test_the_next_run_finishes_it_and_doubles_nothing(server: PostgresServer, tmp_path: Path) -> None:
    rows = [pupil(upn=upn(n)) for n in range(PUPILS)]
    for name, content in (("p.csv", sheet(rows)), ("r.csv", history(range(REFERRALS)))):
        (tmp_path / name).write_bytes(content)
    assert run(tmp_path, "directory", FILES / "directory.json")[0] == 0
    assert run(tmp_path, "pupils", tmp_path / "p.csv")[0] == 0

    report = tmp_path / "killed.json"
    command = ["scripts.cli.main", "import", "referrals", str(tmp_path / "r.csv"), "--report", str(report)]
    killed = start(command, "", tmp_path)
    until(lambda: count(server, MILESTONES) > 0, 60)
    os.kill(killed.pid, signal.SIGSTOP)  # so that it is in the middle, however fast the machine
    assert 0 < count(server, MILESTONES) < ROWS
    postmaster = int((tmp_path / "postgres/cluster/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: not server.alive())
    os.kill(killed.pid, signal.SIGCONT)
    _, err = killed.communicate(timeout=120)
    assert killed.returncode == 2, err
    assert "Traceback" not in err
    told = json.loads(report.read_text())
    reasons = Counter(p["code"] for row in told["rows"] for p in row["problems"])
    assert set(reasons) == {"database_lost"}

    server.start()
    kept = count(server, MILESTONES)
    assert told["counts"]["new"] <= kept < ROWS  # what was acknowledged is there
    assert kept % len(EVENTS) == 0  # a referral is there whole or not at all
    assert count(server, OPENED) == kept // len(EVENTS)

    status, finished = run(tmp_path, "referrals", tmp_path / "r.csv")
    assert status == 0
    assert finished["counts"] == {"unchanged": kept, "new": ROWS - kept}
    assert count(server, MILESTONES) == ROWS
    assert count(server, OPENED) == REFERRALS
    assert run(tmp_path, "referrals", tmp_path / "r.csv")[1]["counts"] == {"unchanged": ROWS}
    address = server.address()
    assert address is not None
    verify = start(["scripts.cli.main", "verify"], address, tmp_path)
    verify.communicate(timeout=120)
    assert verify.returncode == 0


def test_two_imports_of_one_file_at_once(server: PostgresServer, tmp_path: Path) -> None:
    """Each takes what the other has not; together they take the file once."""
    rows = [pupil(upn=upn(n)) for n in range(PUPILS)]
    for name, content in (("p.csv", sheet(rows)), ("r.csv", history(range(400)))):
        (tmp_path / name).write_bytes(content)
    assert run(tmp_path, "directory", FILES / "directory.json")[0] == 0
    for kind, name in (("pupils", "p.csv"), ("referrals", "r.csv")):
        reports = [tmp_path / f"{kind}-{n}.json" for n in (1, 2)]
        command = ["scripts.cli.main", "import", kind, str(tmp_path / name), "--report"]
        both = [start([*command, str(report)], "", tmp_path) for report in reports]
        for process in both:
            _, err = process.communicate(timeout=120)
            assert (process.returncode, err) == (0, "")
        counts = Counter()  # type: ignore[var-annotated]
        for report in reports:
            counts.update(json.loads(report.read_text())["counts"])
        assert counts["new"] == counts["unchanged"] == len((tmp_path / name).read_text().splitlines()) - 1
    assert count(server, MILESTONES) == 400 * len(EVENTS)
    assert count(server, "select count(*) from log.event where topic = 'pupil.registered'") == PUPILS
