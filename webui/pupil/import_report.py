"""What a file of pupils would do or did, row by row, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.errors import Refusal
from coordination.intake.problems import RowProblem
from coordination.intake.pupils import ParsedPupilFile
from coordination.intake.recording.outcomes import Difference, ImportResult, RowOutcome
from webui.pupil.column_choices import field_words
from webui.words.formats import day
from webui.words.naming import code_words
from webui.words.refusals.translated import sentence

SHOWN = 300
"""Rows that a report lists one by one, those with something to say first."""
WOULD = {
    "new": _l("would be registered"),
    "changed": _l("would be changed"),
    "returned": _l("would come back to your school"),
    "asked": _l("is another school’s pupil: the file would be asked for"),
    "doubtful": _l("would wait until somebody decides whose details these are"),
    "unchanged": _l("is already recorded, with no changes"),
    "refused": _l("cannot be imported"),
}
DID = {
    "new": _l("is registered"),
    "changed": _l("is changed"),
    "returned": _l("has come back to your school"),
    "asked": _l("is another school’s pupil: the file was asked for"),
    "doubtful": _l("waits until somebody decides whose details these are"),
    "unchanged": _l("was already recorded, with no changes"),
    "refused": _l("was not imported"),
}


class ImportProblem(msgspec.Struct, frozen=True):
    """A problem in words: its column, and whether it prevents the import of the row."""

    column: str
    words: str
    error: bool


class ImportRow(msgspec.Struct, frozen=True):
    """A row of the report. `name` is from the file, empty if the row could not be read."""

    number: int | str
    name: str
    becomes: str
    what: tuple[str, ...]
    said: tuple[ImportProblem, ...]
    refused: bool


class ImportReport(msgspec.Struct, frozen=True):
    """What a file would do or did: totals in words, the rows to check first, and the number of other rows."""

    sums: tuple[tuple[int, str], ...]
    of_the_file: tuple[ImportProblem, ...]
    rows: tuple[ImportRow, ...]
    more: int
    refused: int
    taken: int
    doubtful: int


def import_report(result: ImportResult, file: ParsedPupilFile, words: Mapping[str, Any]) -> ImportReport:
    """The report of a file: the rows to check first. `words` are WOULD or DID."""
    names = file.names
    counts: Counter[str] = Counter(outcome.word for outcome in result.outcomes)
    rows = sorted(result.outcomes, key=_weight)
    refused = counts["refused"]
    return ImportReport(
        sums=tuple((counts[word], str(said)) for word, said in words.items() if counts[word]),
        of_the_file=tuple(said_problem(problem) for problem in result.of_the_file),
        rows=tuple(_row(one, names, words) for one in rows[:SHOWN]),
        more=max(0, len(rows) - SHOWN),
        refused=refused,
        taken=len(rows) - refused - counts["unchanged"],
        doubtful=counts["doubtful"],
    )


def _weight(outcome: RowOutcome) -> tuple[int, int]:
    """The order of rows: refused and doubtful ones, those with a warning, those that change something, then the rest;
    each in file order."""
    if outcome.word in ("refused", "doubtful"):
        rank = 0
    elif outcome.problems:
        rank = 1
    else:
        rank = 3 if outcome.word == "unchanged" else 2
    return rank, outcome.place if isinstance(outcome.place, int) else 0


def _row(outcome: RowOutcome, names: Mapping[int | str, str], words: Mapping[str, Any]) -> ImportRow:
    return ImportRow(
        number=outcome.place,
        name=names.get(outcome.place, ""),
        becomes=str(words.get(outcome.word, outcome.word)),
        what=_changes(outcome),
        said=tuple(said_problem(problem) for problem in outcome.problems),
        refused=outcome.word == "refused",
    )


def _changes(outcome: RowOutcome) -> tuple[str, ...]:
    """What changes, from what to what where that is known."""
    told = {difference.field: difference for difference in outcome.differences}
    return tuple(dict.fromkeys(_change(name, told.get(name)) for name in outcome.what))


def _change(name: str, told: Difference | None) -> str:
    field = field_words(name)
    if told is None or (before := _value(told, told.before)) == (after := _value(told, told.after)):
        return field
    return _("%(field)s: %(before)s → %(after)s", field=field, before=before, after=after)


def _value(difference: Difference, value: Any) -> str:
    """A value of a field in words."""
    if value is None or value == "" or value == ():
        return _("not recorded")
    if difference.field in ("sex", "language", "provision"):
        return code_words(difference.field, value) or str(value)
    if difference.field == "needs":
        return ", ".join(code_words("need", code) or code for code in value)
    if difference.field == "date_of_birth":
        return day(value)
    if isinstance(value, bool):
        return _("is looked after") if value else _("is not looked after")
    return str(value)


def said_problem(problem: RowProblem) -> ImportProblem:
    """A problem in words."""
    facts = {name: fact for name, fact in problem.facts.items() if name not in ("code", "field")}
    return ImportProblem(
        column=field_words(problem.field) if problem.field else "",
        words=sentence(Refusal(problem.code, problem.field, **facts)),
        error=problem.severity == "error",
    )
