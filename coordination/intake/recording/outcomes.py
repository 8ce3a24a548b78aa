"""The outcome of each row of a file, and of the file as a whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from coordination.intake.problems import RowProblem, error

Word = Literal[
    "new",
    "changed",
    "moved",
    "added",
    "returned",
    "confirmed",
    "unchanged",
    "asked",
    "doubtful",
    "refused",
]
"""`added`: registered at a further school too; `returned`: on a roll again after leaving every school;
`confirmed`: an agency's own file confirms what a school had reported; `asked`: a pupil of another school, whose file
was asked for; `doubtful`: it waits until somebody decides."""


class Difference(msgspec.Struct, frozen=True):
    """A field of the row's pupil with its recorded value (`before`) and that of the file (`after`), in our codes."""

    field: str
    before: Any
    after: Any

    def __repr__(self) -> str:
        return f"Difference({self.field})"


class RowOutcome(msgspec.Struct, frozen=True):
    """What one row did, or would do. `place` is the number of its row, or a path into a JSON file; `what` names the
    fields that changed; `problems` are its warnings, or why it was refused; `pupil` is the recorded pupil
    of the own roll whose record was compared with it; `differences` are its fields from what to what, for that
    school's people only: they go into no report."""

    place: int | str
    word: Word
    what: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    pupil: UUID | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def outcome(self) -> Literal["taken", "asked", "doubtful", "refused"]:
        """`taken`, or why the row was not: refused, doubtful, or asked for."""
        match self.word:
            case "asked" | "doubtful" | "refused":
                return self.word
            case _:
                return "taken"


class ImportResult(msgspec.Struct, frozen=True):
    """What a file did: an outcome a row in the file's order, and what is to be said of the file as a whole."""

    outcomes: tuple[RowOutcome, ...]
    of_the_file: tuple[RowProblem, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows had each outcome; only those that occur."""
        return dict(Counter(outcome.word for outcome in self.outcomes))

    @property
    def waiting(self) -> int:
        """How many rows wait for an answer: doubtful ones, and those whose file was asked for."""
        return sum(outcome.word in ("asked", "doubtful") for outcome in self.outcomes)

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(outcome.word == "refused" for outcome in self.outcomes)

    @property
    def status(self) -> int:
        """The exit status: 0 all rows taken, 2 some refused or waiting for an answer, 1 nothing done (all refused, or
        there were none)."""
        if self.refused == len(self.outcomes):
            return 1
        return 2 if self.refused or self.waiting else 0


def problem_of_refusal(place: int, refused: Refusal, fields: dict[str, str] | None = None) -> RowProblem:
    """A refusal of the domain as a problem of a row. `fields` puts the names of a file's columns for the command's."""
    field = refused.field
    return error(place, (fields or {}).get(field, field) if field else None, refused.code, **refused.facts)


def all_outcomes(
    taken: Iterable[RowOutcome], problems: Sequence[RowProblem], read: Iterable[int]
) -> ImportResult:
    """The outcomes of rows that were processed and of those that a reader refused, each with all its problems.

    `read` are the numbers of all rows of the file; a problem of any other row belongs to the file.
    """
    by_row: dict[int, list[RowProblem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    done = {outcome.place: outcome for outcome in taken}
    outcomes: list[RowOutcome] = []
    for number in sorted(read):
        said = tuple(by_row.pop(number, ()))
        outcome = done.get(number, RowOutcome(number, "refused"))
        outcomes.append(msgspec.structs.replace(outcome, problems=(*said, *outcome.problems)))
    rest = tuple(problem for row in sorted(by_row) for problem in by_row[row])
    return ImportResult(tuple(outcomes), rest)
