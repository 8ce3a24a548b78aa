"""The benchmark in small: it runs to the end, and what it writes can be relied on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RATIOS = (
    "catch_up_vs_stock_runner",
    "catch_up_vs_decode",
    "catch_up_vs_floor",
    "rebuild_us_per_event",
    "commands_per_s_1",
    "commands_per_s_4",
    "commands_per_s_8",
    "commands_per_s_16",
    "command_vs_commit",
    "report_vs_scan",
    "ledger_verify_vs_read",
    "rebuild_peak_mb",
)


@pytest.mark.slow
def test_a_small_benchmark_writes_its_ratios(tmp_path: Path) -> None:
    file = tmp_path / "ratios.json"
    options = (
        "--events",
        "4000",
        "--referrals",
        "1500",
        "--seconds",
        "1",
        "--kills",
        "5",
        "--failovers",
        "0",
        "--json",
        str(file),
    )
    run = subprocess.run(
        [sys.executable, "-m", "scripts.measure", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(file.read_text())
    assert found["events"] >= 4000
    for name in RATIOS:
        assert isinstance(found[name], float) and found[name] > 0, name
    # reading is a part of catching up, and a commit a part of a command
    assert found["catch_up_vs_decode"] > found["catch_up_vs_floor"] > 1
    assert found["command_vs_commit"] > 1
    measured = found["measured"]
    # what the library's runner wrote is what a rebuild writes
    assert measured["memory"]["whole"]["differing"] == []
    assert measured["catch_up"]["parked"] == 0
    assert measured["ledger"]["problem"] is None
    assert measured["ledger"]["leaves"] > measured["ledger"]["events"] >= 4000
    assert len(measured["catch_up"]["rounds"]) == 3
    if shutil.which("wrk"):  # the benchmark leaves the pages out without it
        assert [page["name"] for page in measured["pages"]["speeds"]][:2] == ["Today", "Pupils"]
        assert measured["pages"]["entries"] >= 200
        for name in ("today", "pupils", "case_file", "inbox", "referral", "waiting_times"):
            assert found[f"page_vs_empty_{name}"] > 1
            assert found[f"page_p95_ms_{name}"] > 0
        assert all(page["page"]["a_second"] > 0 for page in measured["pages"]["speeds"])
    assert found["messages_a_second"] > 0
    assert (found["messages_killed"], found["messages_lost"]) == (5, 0)
    assert found["messages_doubled"] >= 5, "what was sent and not marked is sent again"
    assert found["date_finder_clashes"] >= found["date_finder_bound"] >= 0
    assert 0 < found["date_finder_seconds"] < 60
    for line in ("| Catch-up of ", "| Where the time of the rebuild goes "):
        assert line in run.stdout


def test_a_log_that_cannot_be_made_is_refused() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "scripts.measure", "--events", "10000000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "--events" in run.stderr
