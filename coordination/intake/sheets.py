"""Sheets with columns of fixed names: CSV and XLSX to rows of texts under known columns.

What encodings and delimiters are read: see `tables.py`. The header is the row with most known columns among the
first; title rows above it are left out. Headers are compared without case, with spaces and hyphens as underscores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from coordination.errors import Refusal
from coordination.intake.encodings import OLD_CODE_PAGES, Encoding
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import RowProblem, error, warning
from coordination.intake.tables import SourceFile, SourceRow, SourceTable, known_headers, read_tables

TITLE_ROWS = 30
"""How many rows are searched for the header."""


class SheetColumns(msgspec.Struct, frozen=True):
    """The columns a file may have. `aliases`: another header -> the column (`dob` -> `date_of_birth`)."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] = {}


class SheetRow(msgspec.Struct, frozen=True):
    """One row: its number as a spreadsheet shows it (the header's is 1 if nothing is above it), its cells.

    `cells` holds every known column of the file, untouched; "" where the row is short. `surplus` counts
    filled cells beyond the last header: a comma inside a cell that was not quoted moves all that follows.
    """

    number: int
    cells: dict[str, str]
    surplus: int = 0

    def __repr__(self) -> str:
        return f"SheetRow({self.number})"


class Sheet(msgspec.Struct, frozen=True):
    """A sheet read. `headers`: column -> its header, folded; `ignored`: headers of unknown columns."""

    rows: tuple[SheetRow, ...]
    headers: dict[str, str]
    header_row: int
    ignored: tuple[str, ...]
    encoding: str
    delimiter: str | None
    has_eight_bit_letters: bool

    def problems(self) -> Iterator[RowProblem]:
        """What is to be said of the sheet as a whole, and rows that cannot be laid under the header."""
        for header in self.ignored:
            yield warning(self.header_row, None, "column_ignored", header=header)
        yield from encoding_problems(self.encoding, self.has_eight_bit_letters)
        for row in self.rows:
            if row.surplus:
                yield error(row.number, None, "too_many_cells", surplus=row.surplus)


def encoding_problems(encoding: str, has_letters: bool) -> Iterator[RowProblem]:
    """What is to be said of a file's encoding: it lacks Welsh letters, or an old code page was recognised."""
    if has_letters and encoding == "windows-1252":
        yield warning(0, None, "encoding_lacks_welsh_letters", encoding=encoding)
    if has_letters and encoding in OLD_CODE_PAGES:
        yield warning(0, None, "encoding_recognised", encoding=encoding)


def read_sheet(
    data: bytes, columns: SheetColumns, limits: FileLimits = LIMITS, encoding: Encoding | None = None
) -> Sheet:
    """Read a CSV or XLSX file. `encoding` overrides what the bytes suggest (8-bit files do not say).

    Raises Refusal: `header_missing` (with the `columns`), `duplicate_column` (with the `column`), `too_many_columns`,
    and all that `read_tables` refuses.
    """
    file = read_tables(data, lambda cell: _column(cell, columns), limits, encoding)
    table, header = _header(file, columns, limits)
    if len(header.cells) > limits.columns:
        raise Refusal("too_many_columns", limit=limits.columns)
    places, headers, ignored = _places(header.cells, columns)
    rows = tuple(
        _sheet_row(row, places, len(header.cells)) for row in table.rows if row.number > header.number
    )
    letters = file.has_letters_beyond_ascii
    return Sheet(rows, headers, header.number, tuple(ignored), file.encoding, file.delimiter, letters)


def fold_header(text: str) -> str:
    """A header as it is compared: no case, no white space around, underscores between words."""
    return re.sub(r"[\s_\-]+", "_", text.replace("\ufeff", "").strip().casefold())


def _header(file: SourceFile, columns: SheetColumns, limits: FileLimits) -> tuple[SourceTable, SourceRow]:
    """The table and its row with most known columns; of equals the first."""
    best: tuple[int, SourceTable, SourceRow] | None = None
    for table in file.tables:
        if table.refused:
            limit = limits.rows if table.refused == "too_many_rows" else limits.columns
            raise Refusal(table.refused, limit=limit)
        for row in table.rows[:TITLE_ROWS]:
            known = len(known_headers(row.cells, lambda cell: _column(cell, columns)))
            if best is None or known > best[0]:
                best = known, table, row
    if best is None:
        # a file of delimiters alone has no columns; one without a cell is empty
        raise (
            Refusal("header_missing", columns=list(columns.required))
            if file.delimiter
            else Refusal("file_empty")
        )
    return best[1], best[2]


def _column(header: str, columns: SheetColumns) -> str | None:
    key = fold_header(header)
    name = columns.aliases.get(key, key)
    return name if name in columns.required or name in columns.optional else None


def _sheet_row(row: SourceRow, places: Sequence[tuple[int, str]], width: int) -> SheetRow:
    cells = {column: row.cells[at] if at < len(row.cells) else "" for at, column in places}
    surplus = sum(1 for cell in row.cells[width:] if cell.strip())
    return SheetRow(row.number, cells, surplus)


def _places(
    header: Sequence[str], columns: SheetColumns
) -> tuple[list[tuple[int, str]], dict[str, str], list[str]]:
    """The position and header of each known column, and the unknown headers."""
    places: list[tuple[int, str]] = []
    headers: dict[str, str] = {}
    ignored: list[str] = []
    for at, cell in enumerate(header):
        column = _column(cell, columns)
        if column is None:
            if cell.strip():
                ignored.append(" ".join(cell.split())[:60])
        elif column in headers:
            raise Refusal("duplicate_column", column=column)
        else:
            places.append((at, column))
            headers[column] = fold_header(cell)
    missing = [column for column in columns.required if column not in headers]
    if missing:
        raise Refusal("header_missing", columns=missing)
    return places, headers, ignored
