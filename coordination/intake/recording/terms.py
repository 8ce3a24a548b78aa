"""Warnings about the school terms of a directory file: which days they leave uncounted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from coordination.directory.state import Directory, Organisation
from coordination.directory.term_gaps import term_gaps
from coordination.intake.directory_items import ImportedSchoolTerm
from coordination.intake.problems import RowProblem, warning

PlacedTerm = tuple[str, ImportedSchoolTerm]
"""A term of the file, after its path (`terms[3]`)."""


def term_warnings(
    placed: Sequence[PlacedTerm], directory: Directory, on: date
) -> Iterator[tuple[str, RowProblem]]:
    """`terms_have_hole` or `terms_end_early` at the place of the term after which days cannot be counted. (Terms of one
    file that overlap are refused by its reader.)"""
    for path, term in placed:
        whose = _whose(term, directory)
        if whose is None:
            continue
        for gap in term_gaps(directory, whose.id, on):
            if gap.after != term.last_day:
                continue
            if gap.before is None:
                yield path, warning(0, f"{path}.last_day", "terms_end_early", after=gap.after)
            else:
                facts = {"after": gap.after, "before": gap.before}
                yield path, warning(0, f"{path}.last_day", "terms_have_hole", **facts)


def _whose(term: ImportedSchoolTerm, directory: Directory) -> Organisation | None:
    kind = "school" if term.school else "authority"
    return directory.by_code(kind, term.school or term.authority or "")
