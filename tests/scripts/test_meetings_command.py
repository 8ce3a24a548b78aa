"""`cydlynu meetings`: what the command prints, and what it says of a file that it cannot read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.cli.main import main

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
