"""The read models know the rules that made them: a program with one character changed finds them outdated."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import projections
from projections.catalogue import definition, definition_of

ROOT = Path(projections.__file__).parent.parent
ASK = """
import sys
import psycopg
from projections.rebuild import outdated
from projections.status import read_model_status

with psycopg.connect(sys.argv[1]) as connection:
    print(outdated(sys.argv[1]), read_model_status(connection).current)
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program's sources."""
    copy = tmp_path_factory.mktemp("program")
    for package in ("coordination", "projections"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def asked(program: Path, database: str) -> tuple[str, str]:
    """What another program says of these read models: whether they are outdated, and whether they are its own."""
    said = subprocess.run(
        [sys.executable, "-c", ASK, database], cwd=program, capture_output=True, text=True, check=True
    )
    outdated, current = said.stdout.split()
    return outdated, current


def test_the_same_sources_somewhere_else_have_the_same_definition(sources: Path) -> None:
    assert definition_of(sources) == definition()


@pytest.mark.database
def test_the_same_sources_find_the_read_models_current(sources: Path, database: str) -> None:
    assert asked(sources, database) == ("False", "True")


@pytest.mark.database
@pytest.mark.parametrize(
    "changed",
    [
        "coordination/clocks/limits.py",
        "coordination/calendars.py",
        "coordination/pupil/referral/phase.py",
        "projections/rows.py",
        "projections/waiting_times/tables.sql",
    ],
)
def test_one_changed_character_makes_them_outdated(sources: Path, database: str, changed: str) -> None:
    path = sources / changed
    before = path.read_text()
    path.write_text(before[:3] + "~" + before[4:])
    try:
        assert asked(sources, database) == ("True", "False")
    finally:
        path.write_text(before)


@pytest.mark.parametrize(
    "changed", ["coordination/directory/standards.json", "coordination/directory/state.py"]
)
def test_every_source_counts(sources: Path, changed: str) -> None:
    path = sources / changed
    before = path.read_text()
    path.write_text(before + " ")
    try:
        assert definition_of(sources) != definition()
    finally:
        path.write_text(before)


def test_what_is_no_source_does_not_count(sources: Path) -> None:
    (sources / "projections" / "__pycache__").mkdir(exist_ok=True)
    (sources / "projections" / "__pycache__" / "rows.cpython-311.pyc").write_bytes(b"compiled")
    assert definition_of(sources) == definition()
