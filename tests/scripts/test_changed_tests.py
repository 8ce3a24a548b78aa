"""The tests that a change calls for: near it, further away, and none that has nothing to do with it."""

from __future__ import annotations

from pathlib import Path
from subprocess import run

import pytest

from scripts.changed_tests import changed_files, read_imports, select_tests

ROOT = Path(__file__).resolve().parent.parent.parent
GRAPH = read_imports(ROOT / ".import_linter_cache")
TESTS = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")]


@pytest.mark.parametrize(
    ("changed", "near"),
    [
        # by import and by name
        ("coordination/clocks.py", "tests/test_clocks.py"),
        # by import alone
        ("coordination/pupil/consent/decide.py", "tests/store/test_idempotency.py"),
        ("tests/county.py", "tests/store/test_idempotency.py"),
        # by folder
        ("webui/words/a_new_module.py", "tests/webui/words/test_languages.py"),
        ("coordination/meeting/tables.json", "tests/meeting/test_finalising.py"),
        # by the name of a folder that has no folder of tests
        ("projections/waiting_times/tables.sql", "tests/projections/test_waiting_times.py"),
        # itself
        ("tests/test_clocks.py", "tests/test_clocks.py"),
        ("tests/store/conftest.py", "tests/store/test_idempotency.py"),
    ],
)
def test_the_tests_near_a_file(changed: str, near: str) -> None:
    assert near in TESTS
    assert near in select_tests([changed], GRAPH, TESTS).near


def test_the_tests_further_away_import_it_through_others() -> None:
    chosen = select_tests(["coordination/clocks.py"], GRAPH, TESTS)
    assert "tests/store/test_idempotency.py" in chosen.further
    assert not set(chosen.near) & set(chosen.further)


@pytest.mark.parametrize(
    ("changed", "not_chosen"),
    [
        ("README.md", "tests/test_clocks.py"),
        ("webui/words/a_new_module.py", "tests/test_clocks.py"),
        ("scripts/worker.py", "tests/test_clocks.py"),
        ("tests/store/conftest.py", "tests/test_clocks.py"),
        ("tests/test_clocks.py", "tests/store/test_idempotency.py"),
    ],
)
def test_what_has_nothing_to_do_with_a_file(changed: str, not_chosen: str) -> None:
    chosen = select_tests([changed], GRAPH, TESTS)
    assert not_chosen not in chosen.near + chosen.further


def test_changed_files_are_those_that_differ_from_the_last_commit(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments], cwd=tmp_path, check=True)

    git("init", "-q")
    for name in ("same.py", "edited.py", "staged.py", "gone.py", ".gitignore"):
        (tmp_path / name).write_text("*.log\n")
    git("add", ".")
    git("commit", "-qm", "x")
    (tmp_path / "edited.py").write_text("")
    (tmp_path / "staged.py").write_text("")
    git("add", "staged.py")
    (tmp_path / "gone.py").unlink()
    (tmp_path / "new one.py").write_text("")
    (tmp_path / "ignored.log").write_text("")
    assert changed_files(tmp_path) == ["edited.py", "gone.py", "new one.py", "staged.py"]
