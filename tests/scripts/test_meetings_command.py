"""`cydlynu meetings`: what the command prints, and what it says of a file that it cannot read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coordination.service import Coordination
from scripts.cli.main import main
from tests.county import CAMHS, build
from tests.projections.hwb import accept_terms
from tests.scripts.conftest import Cydlynu

TWO = {"instance": "a", "meetings": 2, "slots": 3, "agents": [[0, 1]], "travel": [[0, 1], [1, 0]]}
TIGHT = {**TWO, "instance": 2, "slots": 2}


def test_solve_prints_one_json_list_and_nothing_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "instances.json"
    file.write_text(json.dumps([TWO, TIGHT]))
    assert main(["meetings", "solve", str(file), "--seconds", "1"]) == 0
    first, second = json.loads(capfd.readouterr().out)
    assert (first["instance"], first["conflicts"], first["bound"]) == ("a", 0, 0)
    assert sorted(first["starts"]) == [0, 2]
    assert (second["instance"], second["conflicts"], second["bound"]) == (2, 1, 1)


def test_a_file_that_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "instances.json"
    file.write_text(json.dumps([{**TWO, "agents": [[0, 5]]}]))
    assert main(["meetings", "solve", str(file)]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err == "Instance a: agent 1 attends 5, which is not a meeting (0 to 1).\n"


def test_plan_prints_dates_clashes_and_bound(cydlynu: Cydlynu, record: Coordination) -> None:
    build(record)
    accept_terms(record, CAMHS)
    period = ("--authority", "699", "--from", "2026-04-20", "--to", "2026-05-22")
    found = cydlynu("meetings", "plan", *period, "--format", "json").json
    assert (found["clashes"], found["bound"], found["kind"]) == (0, 0, "hwb")
    ours = [one for one in found["dates"] if one["school"] == "6994001"]
    assert [one["services"] for one in ours] == [["CAMHS"], ["CAMHS"]]
    assert all(one["starts_at"] < one["ends_at"] and one["reason"] and not one["clashes"] for one in ours)
    assert "2026-05-04" not in {one["held_on"] for one in found["dates"]}  # a bank holiday
    table = cydlynu("meetings", "plan", *period)
    assert "Clashes: 0, at least 0 at any dates." in table.out
    refused = cydlynu("meetings", "plan", "--authority", "1", *period[2:])
    assert (refused.status, refused.out) == (1, "")
    assert "unknown_authority" in refused.err
