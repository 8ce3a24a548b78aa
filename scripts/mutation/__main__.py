"""Runs mutants of the Python (by mutmut) and of the SQL, and compares the survivors with the list in tests/mutation."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from subprocess import run

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests" / "mutation" / "survivors.toml"
SQL_TESTS = (
    "tests/projections/test_waits_recounted.py",
    "tests/projections/test_waits_side_by_side.py",
    "tests/projections/test_overdue.py::TestWaitsThatRun",
    "tests/projections/test_overdue.py::TestWaitsThatStopped",
    "tests/projections/test_waiting_times.py",
    "tests/projections/test_metric_versions.py",
)
SURVIVED = (0, 5, 33)  # mutmut's exit codes: all tests passed, or none tries the function
REQUIRED = 0.9

Results = dict[str, bool]
"""Whether a mutant was killed, by what it changes. Mutants that read alike count as one, killed when all were."""


def python_results(modules: Sequence[str]) -> Results:
    """Runs mutmut over the modules whose name ends so (none named: all), from a new folder: what it keeps of earlier
    runs does not know that a test or a name has changed."""
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    names = [f"*{module}.x*" for module in modules]
    run([sys.executable, "-m", "mutmut", "run", *names], cwd=ROOT, check=True)
    return read_python_results(modules)


def read_python_results(modules: Sequence[str]) -> Results:
    """What mutmut's folder holds of these modules."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    found: Results = {}
    for meta in sorted((ROOT / "mutants").rglob("*.py.meta")):
        path = meta.relative_to(ROOT / "mutants").with_suffix("")
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        if modules and not module.endswith(tuple(modules)):
            continue
        for mutant, status in json.loads(meta.read_text())["exit_code_by_key"].items():
            if status is None or asks_database(module, function_of(mutant)):
                continue
            name = python_name(module, mutant, get_diff_for_mutant(mutant, path=path))
            found[name] = found.get(name, True) and status not in SURVIVED
    return found


def asks_database(module: str, function: str) -> bool:
    """Whether a function takes a connection to the database. The quick tests cannot run it, and its mutants are not
    counted: the database tests compare what it answers with the same figures made from the log."""
    found = getattr(import_module(module), function, None)
    first = next(iter(inspect.signature(found).parameters), None) if inspect.isfunction(found) else None
    return first in ("reader", "cursor")


def function_of(mutant: str) -> str:
    """The function that a mutant changes, by the name that mutmut gives it; of a method, with its class."""
    return re.sub(r"^x_?ǁ?|__mutmut_\d+$", "", mutant.rpartition(".")[2]).replace("ǁ", ".")


def python_name(module: str, mutant: str, diff: str) -> str:
    """What a mutant changes, without the number that mutmut gives it, which moves with the code."""
    function = function_of(mutant)
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "@@"))]
    old, new = (" ".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return f"{module}.{function}: {old} -> {new}"


def sql_results(text: str) -> Results:
    """Runs the database tests of the waiting times against the mutants of their SQL whose name contains the text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "results.json")
        given = {**os.environ, "MUTATION_SQL_RESULTS": str(file), "MUTATION_SQL_ONLY": text}
        plugins = ("-p", "no:cacheprovider", "-p", "scripts.mutation.sql_run")
        run([sys.executable, "-m", "pytest", "-q", *plugins, *SQL_TESTS], cwd=ROOT, env=given, check=True)
        results: Results = json.loads(file.read_text())
    return results


def listed(file: Path = LIST) -> dict[str, str]:
    """The reason of each survivor that is accepted."""
    groups = tomllib.loads(file.read_text())["group"]
    return {mutant: group["reason"] for group in groups for mutant in group["mutants"]}


def unlisted(results: Mapping[str, bool], accepted: Iterable[str]) -> list[str]:
    """The survivors that the list does not have."""
    known = set(accepted)
    return [mutant for mutant, killed in results.items() if not killed and mutant not in known]


def main(arguments: Sequence[str]) -> int:
    """Prints the figures; 1 when a survivor is not listed or too few mutants were killed."""
    kind, *names = arguments or ("all",)
    results: Results = {}
    if kind in ("all", "python"):
        results |= python_results(names)
    if kind in ("all", "sql"):
        results |= sql_results(names[0] if names else "")
    if not results:
        print(f"No mutants: {' '.join(arguments)}")
        return 2
    killed, new = sum(results.values()), unlisted(results, listed())
    print(f"{killed} of {len(results)} mutants killed ({killed / len(results):.1%})")
    for mutant in new:
        print(f"SURVIVED  {mutant}")
    return 1 if new or killed < REQUIRED * len(results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
