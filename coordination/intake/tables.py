"""Tables: what a CSV or XLSX file holds, before anyone knows which row is the header and what the columns mean."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from coordination.errors import Refusal
from coordination.intake.encodings import Encoding, decode
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.workbook import OLE2, read_workbook, refuse_ole2

DELIMITERS = ",;\t|"
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LOOKED_AT = 60
Recognised = Callable[[str], str | None]
"""(text of a cell) -> the column it would be the header of, or None."""


class SourceRow(msgspec.Struct, frozen=True):
    """A row that is not blank, with its number as a spreadsheet shows it (from 1)."""

    number: int
    cells: Sequence[str]

    def __repr__(self) -> str:
        return f"SourceRow({self.number})"


class SourceTable(msgspec.Struct, frozen=True):
    """A sheet, or a whole CSV (its `name` is then empty). `refused`: the code with which it cannot be read."""

    name: str
    rows: tuple[SourceRow, ...]
    refused: str | None = None

    def __repr__(self) -> str:
        return f"SourceTable(rows={len(self.rows)})"


class SourceFile(msgspec.Struct, frozen=True):
    """A file as tables. `encoding` is `xlsx` for a workbook; `from_1904` is about its day numbers."""

    tables: tuple[SourceTable, ...]
    encoding: str
    delimiter: str | None = None
    from_1904: bool = False
    has_letters_beyond_ascii: bool = False


def read_tables(
    data: bytes, recognised: Recognised, limits: FileLimits = LIMITS, encoding: Encoding | None = None
) -> SourceFile:
    """Read a CSV or XLSX file. `recognised` helps to find the delimiter; `encoding` overrides what the bytes suggest.

    Raises Refusal: `file_empty`, `file_too_large`, `not_a_spreadsheet`, `encoding_unknown`, `csv_malformed` (with the
    `line`), `too_many_rows`, `too_many_columns`, `spreadsheet_old_format`, and all that `read_workbook` refuses.
    """
    if len(data) > limits.file_bytes:
        raise Refusal("file_too_large", limit=limits.file_bytes)
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Refusal("file_empty")
    if data.startswith(OLE2):
        raise refuse_ole2(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _workbook(data, limits)
    found = decode(data, encoding)
    if found is None:
        raise Refusal("encoding_unknown")
    if _CONTROLS.search(found.text):
        raise Refusal("not_a_spreadsheet")
    text, delimiter = _delimiter(found.text, recognised)
    rows = _rows(_records(text, delimiter), limits)
    table = SourceTable("", rows)
    return SourceFile((table,), found.encoding, delimiter, False, not found.text.isascii())


def _workbook(data: bytes, limits: FileLimits) -> SourceFile:
    book = read_workbook(data, limits)
    tables = tuple(
        SourceTable(sheet.name, () if sheet.refused else _rows(sheet.rows, limits), sheet.refused)
        for sheet in book.sheets
    )
    return SourceFile(tables, "xlsx", None, book.from_1904, True)


def _rows(records: Iterable[Sequence[str]], limits: FileLimits) -> tuple[SourceRow, ...]:
    """The rows that hold anything; one more than the limit is allowed, for the header."""
    rows: list[SourceRow] = []
    for number, record in enumerate(records, 1):
        if any(cell.strip() for cell in record):
            if len(rows) > limits.rows:
                raise Refusal("too_many_rows", limit=limits.rows)
            rows.append(SourceRow(number, record))
    return tuple(rows)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a CSV text, strictly: a quote left open would swallow the rest of the file unseen."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error:
        raise Refusal("csv_malformed", line=reader.line_num) from None


def _readable(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records up to the first that cannot be read."""
    try:
        yield from _records(text, delimiter)
    except Refusal:
        return


def _delimiter(text: str, recognised: Recognised) -> tuple[str, str]:
    """The text without a `sep=` line, and the delimiter under which a row has most known headers; where no header is
    known, the one that makes most columns."""
    told = re.match(r"sep=([,;\t|])\r?\n", text)
    if told:
        # a blank line stays, so that rows keep the numbers a spreadsheet shows
        return "\n" + text[told.end() :], told[1]

    def fits(delimiter: str) -> tuple[int, int]:
        rows = [row for row in islice(_readable(text, delimiter), _LOOKED_AT) if any(row)]
        known = max((len(known_headers(row, recognised)) for row in rows), default=0)
        widths = sorted(len(row) for row in rows)
        return known, widths[len(widths) // 2] if widths else 0

    return text, max(DELIMITERS, key=fits)


def known_headers(cells: Iterable[str], recognised: Recognised) -> set[str]:
    """The columns that the cells of a row would be headers of."""
    return {column for cell in cells if (column := recognised(cell))}
