"""The tests that a change requires: the rule by which scripts/check chooses them.

A changed file is one that differs from HEAD or is new to git.

- Near a changed file: the test modules that import it directly, and those at its place. The place of
  coordination/pupil/referral/state.py is tests/pupil/referral/ (coordination/ is left out, the other top folders are
  not). Where that folder does not exist, it is the modules of the nearest folder above it that are named after what
  is missing: projections/waiting_times/rows.py has tests/projections/test_waiting_times*.py. Templates, SQL,
  translations and all other files have a place too. Near tests run with a database or without.
- Further away: the test modules that import a changed module through others. Only those of their tests run that need
  no database.
- A changed test module is its own; a changed conftest.py selects its folder and those below it.

Tests that drive a browser or take seconds are left to scripts/test.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from subprocess import run

import grimp
import msgspec

PACKAGES = ("coordination", "projections", "webui", "scripts", "tests")
# Here a test module is named after a module or a folder; below, a whole folder belongs together.
TOP_FOLDERS = [PurePosixPath("tests", name) for name in ("", "projections", "webui", "scripts")]


class Selection(msgspec.Struct, frozen=True):
    """Paths of test modules from the root of the repository; what is near is not repeated further away."""

    near: tuple[str, ...]
    further: tuple[str, ...]


def changed_files(root: Path) -> list[str]:
    """The paths that differ from HEAD or are new, deleted ones included. Raises CalledProcessError outside git."""
    commands = (["diff", "--name-only", "HEAD"], ["ls-files", "--others", "--exclude-standard"])
    found: list[str] = []
    for command in commands:
        done = run(["git", *command, "-z"], cwd=root, check=True, capture_output=True, text=True)
        found += [path for path in done.stdout.split("\0") if path]
    return sorted(set(found))


def read_imports(cache: Path) -> grimp.ImportGraph:
    """The graph of imports in the repository, tests included; `cache` is a folder for the parsed imports."""
    return grimp.build_graph(*PACKAGES, cache_dir=str(cache))


def select_tests(changed: Iterable[str], graph: grimp.ImportGraph, tests: Iterable[str]) -> Selection:
    """The tests for some changed paths, chosen from the paths of all test modules."""
    all_tests = sorted(tests)
    modules = {_module(path): path for path in all_tests}
    near: set[str] = set()
    further: set[str] = set()
    for path in changed:
        near |= _at_place(path, all_tests)
        module = _module(path)
        if path.endswith(".py") and module in graph.modules:
            near |= {modules[m] for m in graph.find_modules_that_directly_import(module) if m in modules}
            further |= {modules[m] for m in graph.find_downstream_modules(module) if m in modules}
    return Selection(tuple(sorted(near)), tuple(sorted(further - near)))


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _at_place(path: str, tests: list[str]) -> set[str]:
    """The test modules at the place of this file."""
    if path in tests:
        return {path}
    file = PurePosixPath(path)
    if file.parts[0] == "tests":
        return {
            test
            for test in tests
            if file.name == "conftest.py" and file.parent in PurePosixPath(test).parents
        }
    place = PurePosixPath("tests", *file.parts[file.parts[0] == "coordination" :])
    folders = {PurePosixPath(test).parent for test in tests}
    if place.parent in folders and place.parent not in TOP_FOLDERS:
        return {test for test in tests if PurePosixPath(test).parent == place.parent}
    while place.parent not in folders and len(place.parts) > 2:
        place = place.parent
    named = str(place.parent / f"test_{place.name.partition('.')[0]}")
    return {test for test in tests if test.startswith(named)}
