"""Runs the checks of scripts/check, two at a time, and prints what each took and what failed."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, STDOUT, run

import msgspec

from scripts.changed_tests import changed_files, read_imports, select_tests

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # pytest's exit status when none was selected
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
)


class Check(msgspec.Struct, frozen=True):
    """A command of the environment's Python by the name under which it is reported."""

    name: str
    arguments: tuple[str, ...]
    accepted: tuple[int, ...] = (0,)


class CheckOutcome(msgspec.Struct, frozen=True):
    """How a check ended: its time in seconds, and what it printed."""

    check: Check
    passed: bool
    seconds: float
    output: str


def checks(root: Path = ROOT) -> list[Check]:
    """The checks for what was changed since HEAD, the longest first."""
    changed = changed_files(root)
    tests = [str(path.relative_to(root)) for path in (root / "tests").rglob("test_*.py")]
    chosen = select_tests(changed, read_imports(root / ".import_linter_cache"), tests)
    quick = ("-m", "not database and not browser and not slow")
    whole = ("-m", "not browser and not slow")
    found = [Check("types", ("-m", "mypy"))]
    if chosen.near:
        found.append(_pytest(f"tests of the change: {len(chosen.near)} files", (*whole, *chosen.near)))
    if chosen.further:
        found.append(
            _pytest(f"quick tests further away: {len(chosen.further)} files", (*quick, *chosen.further))
        )
    return [
        *found,
        Check("translations", ("scripts/translations", "check")),
        Check("architecture", ("-c", LINT_IMPORTS)),
        Check("lint", ("-m", "ruff", "check", ".")),
        Check("format", ("-m", "ruff", "format", "--check", ".")),
    ]


def _pytest(name: str, arguments: tuple[str, ...]) -> Check:
    return Check(name, ("-m", "pytest", "-q", *arguments), (0, NO_TESTS))


def perform(check: Check, root: Path = ROOT) -> CheckOutcome:
    """Runs one check and waits for it."""
    began = time.monotonic()
    done = run(
        [sys.executable, *check.arguments], cwd=root, stdout=PIPE, stderr=STDOUT, text=True, check=False
    )
    return CheckOutcome(check, done.returncode in check.accepted, time.monotonic() - began, done.stdout)


def main() -> int:
    """Prints a line for each check and the output of those that failed; 1 when one failed."""
    began = time.monotonic()
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(perform, checks()):
            word = "ok" if outcome.passed else "FAILED"
            print(f"{word:6} {outcome.seconds:5.1f} s  {outcome.check.name}", flush=True)
            if not outcome.passed:
                failed += 1
                print(outcome.output)
    print(f"{time.monotonic() - began:.1f} s in all" + (f", {failed} failed" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
