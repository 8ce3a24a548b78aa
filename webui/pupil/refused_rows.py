"""The rows of a file that cannot be imported, as a table with the reason beside each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from coordination.intake.cells import FORMULA
from coordination.intake.pupils import ParsedPupilFile
from coordination.intake.recording.outcomes import ImportResult
from webui.pupil.import_report import said_problem


def refused_rows(file: ParsedPupilFile, result: ImportResult) -> Iterator[list[str]]:
    """A heading, then each refused row: its number, the reasons, and its cells as sent (the name for a transfer
    file)."""
    yield [_("Row"), _("Reason"), *map(_harmless, file.headers or (_("Pupil"),))]
    for outcome in result.outcomes:
        if outcome.word == "refused":
            said = [said_problem(problem) for problem in outcome.problems if problem.severity == "error"]
            reasons = " ".join(f"{one.column}: {one.words}" if one.column else one.words for one in said)
            cells: Sequence[str] = (file.names.get(outcome.place, ""),)
            if isinstance(outcome.place, int) and file.headers:
                cells = file.cells.get(outcome.place, ())
            yield [str(outcome.place), reasons, *map(_harmless, cells)]


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in (*FORMULA, "\t", "\r") and cell.strip() else cell
