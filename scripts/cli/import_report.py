"""What an import did, row by row: on the terminal and as JSON. Row numbers and codes only, never a name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import msgspec

from coordination.errors import Refusal
from coordination.intake.problems import RowProblem, error
from coordination.intake.recording.outcomes import ImportResult, RowOutcome
from scripts.cli.sentences import sentence

# The name of each outcome, in the past tense and for a preview.
WORDS = {
    "new": "new",
    "changed": "changed",
    "moved": "moved from another school",
    "added": "also registered at this school",
    "returned": "registered again",
    "confirmed": "confirmed by the agency",
    "unchanged": "already recorded",
    "asked": "asked for: pupils of another school",
    "doubtful": "doubtful",
    "refused": "refused",
}


def print_result(kind: str, result: ImportResult, *, preview: bool, quiet: bool) -> None:
    """A line for every row and every problem, then the sums."""
    for problem in result.of_the_file:
        click.echo(_line("file", problem.severity, problem))
    for outcome in result.outcomes:
        for line in _lines(outcome, quiet):
            click.echo(line)
    click.echo(_sums(kind, result, preview))


def _lines(outcome: RowOutcome, quiet: bool) -> Iterable[str]:
    place = f"row {outcome.place}" if isinstance(outcome.place, int) else outcome.place
    changed = f"  ({', '.join(outcome.what)})" if outcome.what else ""
    if outcome.word != "refused" and not quiet:
        yield f"{place}  {outcome.word}{changed}"
    for problem in outcome.problems:
        yield _line(place, "refused" if problem.severity == "error" else "warning", problem)


def _line(place: str, word: str, problem: RowProblem) -> str:
    parts = (place, word, problem.field or "-", problem.code, sentence(problem.code, problem.facts))
    return "  ".join(parts)


def _sums(kind: str, result: ImportResult, preview: bool) -> str:
    counted = [f"{count} {WORDS[word]}" for word in WORDS if (count := result.counts.get(word))]
    said = f"{kind}: {len(result.outcomes)} read; {', '.join(counted)}."
    return f"Preview, nothing was recorded. {said}" if preview else said


def write_report(into: Path, kind: str, result: ImportResult, *, preview: bool) -> None:
    """The whole result as a JSON file."""
    whole = {
        "import": kind,
        "preview": preview,
        "status": result.status,
        "read": len(result.outcomes),
        "counts": result.counts,
        "problems": [_problem(problem) for problem in result.of_the_file],
        "rows": [
            {
                "row": outcome.place,
                "outcome": outcome.outcome,
                "did": outcome.word,
                "changed": list(outcome.what),
                "problems": [_problem(problem) for problem in outcome.problems],
            }
            for outcome in result.outcomes
        ],
    }
    _write(into, whole)


def write_refusal(into: Path, kind: str, refused: Refusal, *, preview: bool) -> None:
    """The JSON of a file that was refused as a whole."""
    problem = error(0, refused.field, refused.code, **refused.facts)
    whole = {
        "import": kind,
        "preview": preview,
        "status": 1,
        "read": 0,
        "counts": {},
        "problems": [_problem(problem)],
        "rows": [],
    }
    _write(into, whole)


def _problem(problem: RowProblem) -> dict[str, Any]:
    return {
        "field": problem.field,
        "code": problem.code,
        "severity": problem.severity,
        "facts": msgspec.to_builtins(problem.facts),
        "sentence": sentence(problem.code, problem.facts),
    }


def check_writable(into: Path) -> None:
    """Checks the report's file before the import, so that an unwritable report does not make a finished import look
    undone."""
    try:
        into.touch()
    except OSError as problem:
        raise click.ClickException(f"The report cannot be written: {problem.strerror}.") from problem


def _write(into: Path, whole: dict[str, Any]) -> None:
    into.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
