"""Sheets: CSV and XLSX to rows of texts under known columns.

CSV may be UTF-8 (with or without a byte order mark), UTF-16 with one ("Unicode text" of a spreadsheet) or
Windows-1252, with commas, semicolons or tabs. The header is the first row that is not blank. Headers are
compared without case, with spaces and hyphens as underscores.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Literal

import msgspec

from coordination.errors import Refusal
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import RowProblem, error, warning
from coordination.intake.workbook import OLE2, refuse_ole2, workbook_rows

Encoding = Literal["utf-8", "utf-16", "windows-1252", "iso-8859-14"]
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


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
        if self.has_eight_bit_letters:
            yield warning(0, None, "encoding_lacks_welsh_letters", encoding=self.encoding)
        for row in self.rows:
            if row.surplus:
                yield error(row.number, None, "too_many_cells", surplus=row.surplus)


def read_sheet(
    data: bytes, columns: SheetColumns, limits: FileLimits = LIMITS, encoding: Encoding | None = None
) -> Sheet:
    """Read a CSV or XLSX file. `encoding` overrides what the bytes suggest (8-bit files do not say).

    Raises Refusal: `file_empty`, `file_too_large`, `not_a_spreadsheet`, `encoding_unknown`, `header_missing` (with
    the `columns`), `duplicate_column` (with the `column`), `csv_malformed` (with the `line`),
    `too_many_rows`, `too_many_columns`, `spreadsheet_old_format`, and all that `workbook_rows` refuses.
    """
    if len(data) > limits.file_bytes:
        raise Refusal("file_too_large", limit=limits.file_bytes)
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Refusal("file_empty")
    if data.startswith(OLE2):
        raise refuse_ole2(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _lay_out(workbook_rows(data, limits), columns, limits, "xlsx", None, False)
    text, found = _decode(data, encoding)
    text, delimiter = _delimiter(text, columns)
    eight_bit = found in ("windows-1252", "iso-8859-14") and not text.isascii()
    lacks_letters = eight_bit and found == "windows-1252"
    return _lay_out(_records(text, delimiter), columns, limits, found, delimiter, lacks_letters)


def fold_header(text: str) -> str:
    """A header as it is compared: no case, no white space around, underscores between words."""
    return re.sub(r"[\s_\-]+", "_", text.replace("\ufeff", "").strip().casefold())


def _decode(data: bytes, encoding: Encoding | None) -> tuple[str, str]:
    """The text, and the encoding it was read with."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    else:
        tries = [encoding] if encoding else ["utf-8", "windows-1252"]
    for name in tries:
        try:
            text = data.decode("utf-8-sig" if name == "utf-8" else name)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text):
            raise Refusal("not_a_spreadsheet")
        return text, name
    raise Refusal("encoding_unknown")


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a CSV text, strictly: a quote left open would swallow the rest of the file unseen."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error:
        raise Refusal("csv_malformed", line=reader.line_num) from None


def _delimiter(text: str, columns: SheetColumns) -> tuple[str, str]:
    """The text without a `sep=` line, and the delimiter under which most columns are found in the header."""
    declared = re.match(r"sep=([,;\t])\r?\n", text)
    if declared:
        # a blank line stays, so that rows keep the numbers a spreadsheet shows
        return "\n" + text[declared.end() :], declared[1]

    def found(delimiter: str) -> int:
        try:
            header = next((row for row in islice(_records(text, delimiter), 100) if any(row)), [])
        except Refusal:
            return 0
        return sum(1 for cell in header if _column(cell, columns))

    return text, max(",;\t", key=found)


def _column(header: str, columns: SheetColumns) -> str | None:
    key = fold_header(header)
    name = columns.aliases.get(key, key)
    return name if name in columns.required or name in columns.optional else None


def _lay_out(
    records: Iterable[list[str]],
    columns: SheetColumns,
    limits: FileLimits,
    encoding: str,
    delimiter: str | None,
    has_eight_bit_letters: bool,
) -> Sheet:
    """Put each record under the header."""
    numbered = ((n, record) for n, record in enumerate(records, 1) if any(cell.strip() for cell in record))
    header_row, header = next(numbered, (0, []))
    if not header:
        raise Refusal("file_empty")
    if len(header) > limits.columns:
        raise Refusal("too_many_columns", limit=limits.columns)
    places, headers, ignored = _places(header, columns)
    rows: list[SheetRow] = []
    for number, record in numbered:
        if len(rows) >= limits.rows:
            raise Refusal("too_many_rows", limit=limits.rows)
        cells = {column: record[at] if at < len(record) else "" for at, column in places}
        surplus = sum(1 for cell in record[len(header) :] if cell.strip())
        rows.append(SheetRow(number, cells, surplus))
    return Sheet(tuple(rows), headers, header_row, tuple(ignored), encoding, delimiter, has_eight_bit_letters)


def _places(
    header: list[str], columns: SheetColumns
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
