"""A guess at a sheet of pupils: which table, which row is the header, and which column fills which field.

Headers decide; the values of a column are evidence where its header is not known (a column of unique pupil numbers is
that of the UPN). What cannot be decided is a doubt with the columns named: nothing is chosen by chance.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice

import msgspec
from marshmallow import ValidationError

from coordination.errors import Refusal
from coordination.identifiers import check_upn
from coordination.intake.cells import parse_date, plain_cell
from coordination.intake.column_mapping import (
    ColumnMapping,
    DateOrder,
    MappedColumn,
    MappingDoubt,
    Reason,
    column_keys,
    columns_by_mapping,
    lacking_fields,
    shown_header,
)
from coordination.intake.contact_columns import contact_field, contact_part, header_key, names_no_contact
from coordination.intake.header_rows import SEARCHED, HeaderRows, find_header, header_at, is_repeated_header
from coordination.intake.limits import FileLimits
from coordination.intake.pupil_columns import PLAIN, field_of_header, may_be_joined
from coordination.intake.tables import SourceFile, SourceRow, SourceTable

PRIORITY = "contact_priority"
SAMPLE = 200
"""Rows whose values are evidence."""
_ENOUGH = 0.6
_OLDEST, _YOUNGEST = 26, 1
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-][0-9]{4}")


class SheetGuess(msgspec.Struct, frozen=True):
    """How a file is read: the table, its header, its columns, and what needs a person (`doubts`)."""

    table: SourceTable
    header: HeaderRows
    columns: tuple[MappedColumn, ...]
    date_order: DateOrder
    doubts: tuple[MappingDoubt, ...]
    sheets: tuple[str, ...]

    @property
    def body(self) -> Iterator[SourceRow]:
        """The rows under the header; a header repeated on each page is left out."""
        return (
            row for row in self.table.rows[self.header.below :] if not is_repeated_header(row, self.header)
        )

    def samples(self, column: MappedColumn, most: int) -> list[str]:
        """The first different values of a column."""
        found: dict[str, None] = {}
        for row in islice(self.body, SAMPLE):
            value = row.cells[column.place].strip() if column.place < len(row.cells) else ""
            if value:
                found[value] = None
            if len(found) == most:
                break
        return list(found)

    def as_mapping(self, name: str) -> ColumnMapping:
        """The guess as a mapping that can be kept."""
        sheet = self.table.name if len(self.sheets) > 1 else None
        columns = {column.key: column.field or "" for column in self.columns}
        return ColumnMapping(name, columns, sheet, date_order=self.date_order)

    def require_certainty(self) -> None:
        """Refuse what only a person can decide: the first doubt, with its facts."""
        if self.doubts:
            doubt = self.doubts[0]
            raise Refusal(doubt.code, "mapping", **doubt.facts)


def guess(
    file: SourceFile, limits: FileLimits, on: date, sheet: str | None = None, row: int | None = None
) -> SheetGuess:
    """Guess how a file is to be read on a date; `sheet` and `row` (the header's number) if a person has said them.

    Raises Refusal: `file_empty`, `too_many_rows`, `too_many_columns`, `sheet_unknown` (with the `sheets`),
    `header_row_unknown`.
    """
    table, header, several = _choose(file, limits, sheet, row)
    if len(header.texts) > limits.columns:
        raise Refusal("too_many_columns", limit=limits.columns)
    body = [r for r in table.rows[header.below : header.below + SAMPLE] if not is_repeated_header(r, header)]
    columns, doubts = _columns(header, body, on)
    if several:
        doubts.insert(0, MappingDoubt("several_sheets", {"sheets": list(several)}))
    order, unsure = _date_order(columns, body)
    return SheetGuess(table, header, tuple(columns), order, (*doubts, *unsure), _names(file))


def by_mapping(file: SourceFile, limits: FileLimits, mapping: ColumnMapping) -> SheetGuess:
    """The same for a mapping that was kept or corrected. Raises also the refusals of `columns_by_mapping`."""
    best: tuple[int, SourceTable, HeaderRows] | None = None
    for table in [t for t in file.tables if mapping.sheet in (None, "", t.name)] or list(file.tables):
        _readable(table, limits)
        for at, row in enumerate(table.rows[:SEARCHED]):
            if mapping.header_row not in (None, row.number):
                continue
            header = header_at(table.rows, at)
            fits = sum(1 for key in column_keys(header.texts) if mapping.columns.get(key))
            if best is None or fits > best[0]:
                best = fits, table, header
    if best is None:
        raise Refusal("header_row_unknown", "mapping") if file.tables else Refusal("file_empty")
    columns = columns_by_mapping(best[2].texts, mapping)
    return SheetGuess(best[1], best[2], columns, mapping.date_order, (), _names(file))


def fits_wholly(layout: SheetGuess, mapping: ColumnMapping) -> bool:
    """Whether a file has every column that a mapping uses."""
    keys = {column.key for column in layout.columns}
    return all(key in keys for key, field in mapping.columns.items() if field)


def _names(file: SourceFile) -> tuple[str, ...]:
    return tuple(table.name for table in file.tables if table.name)


def _readable(table: SourceTable, limits: FileLimits) -> None:
    if table.refused:
        limit = limits.rows if table.refused == "too_many_rows" else limits.columns
        raise Refusal(table.refused, limit=limit)


def _choose(
    file: SourceFile, limits: FileLimits, sheet: str | None, row: int | None
) -> tuple[SourceTable, HeaderRows, tuple[str, ...]]:
    """The table and header that fit best, and the names of the sheets if several would do."""
    tables = [table for table in file.tables if not sheet or table.name == sheet]
    if not tables:
        if not file.tables:
            raise Refusal("file_empty")
        raise Refusal("sheet_unknown", "mapping", sheets=list(_names(file)))
    found: list[tuple[int, SourceTable, HeaderRows]] = []
    for table in tables:
        if len(tables) == 1:
            _readable(table, limits)
        header = find_header(table.rows, row)
        if header is not None:
            found.append((header.known, table, header))
    if not found:
        _readable(tables[0], limits)
        raise Refusal("header_row_unknown" if row else "file_empty", "mapping" if row else None)
    best = max(found, key=lambda one: one[0])
    whole = [table.name for _, table, header in found if not lacking_fields(_fields(header))]
    return best[1], best[2], tuple(whole) if len(whole) > 1 else ()


def _fields(header: HeaderRows) -> list[str]:
    return [field for text in header.texts if (field := field_of_header(text))]


def _columns(
    header: HeaderRows, body: Sequence[SourceRow], on: date
) -> tuple[list[MappedColumn], list[MappingDoubt]]:
    keys = column_keys(header.texts)
    fields = _by_header(header.texts)
    columns = [
        MappedColumn(at, shown_header(text, at), key, field, "header" if field else "unknown")
        for at, (text, key, field) in enumerate(zip(header.texts, keys, fields, strict=True))
    ]
    doubts = (
        [MappingDoubt("header_rows_disagree", {"columns": list(header.disagree)})] if header.disagree else []
    )
    doubts += _by_values(columns, body, on)
    doubts += _conflicts(columns, body)
    lacking = lacking_fields(column.field for column in columns if column.field)
    if lacking:
        doubts.insert(0, MappingDoubt("header_missing", {"columns": lacking}))
    return columns, doubts


def _by_header(texts: Sequence[str]) -> list[str | None]:
    """The field of each header. Contacts without a number are counted; a bare `Telephone` belongs to the contact on
    its left."""
    found: list[str | None] = []
    times: dict[str, int] = defaultdict(int)
    last: int | None = None
    for text in texts:
        field = field_of_header(text)
        part = contact_part(field) if field else None
        if part is not None:
            number, name = part
            if names_no_contact(text):
                field = contact_field(last, name) if last else None
            elif not may_be_joined(contact_field(1, name)):
                times[header_key(text)] += 1
                number += times[header_key(text)] - 1
                field, last = (contact_field(number, name), number) if number <= 6 else (None, last)
                if (
                    last
                    and found
                    and found[-1] is None
                    and field_of_header(texts[len(found) - 1]) == PRIORITY
                ):
                    found[-1] = contact_field(last, "priority")
        found.append(field)
    return found


def _values(column: MappedColumn, body: Sequence[SourceRow]) -> list[str]:
    cells = (plain_cell(row.cells[column.place]) for row in body if column.place < len(row.cells))
    return [cell for cell in cells if cell.strip()]


def _replace(columns: list[MappedColumn], place: int, field: str | None, reason: Reason) -> None:
    columns[place] = msgspec.structs.replace(columns[place], field=field, reason=reason)


def _by_values(columns: list[MappedColumn], body: Sequence[SourceRow], on: date) -> Iterator[MappingDoubt]:
    """A column of unknown header whose values say what it is."""
    held = {column.field for column in columns}
    free = [column for column in columns if column.field is None]
    if "upn" not in held:
        alike = [c for c in free if _share(_values(c, body), lambda value: check_upn(value).ok)]
        if len(alike) == 1:
            _replace(columns, alike[0].place, "upn", "values")
        elif alike:
            yield MappingDoubt("mapping_two_columns", {"column": "upn", "columns": [c.header for c in alike]})
    if "date_of_birth" not in held:
        alike = [c for c in free if _share(_values(c, body), lambda value: _is_birth_date(value, on))]
        for column in alike[:1]:
            _replace(columns, column.place, "date_of_birth", "values")
            yield MappingDoubt("mapping_guessed", {"columns": [c.header for c in alike]})


def _share(values: Sequence[str], fits: Callable[[str], bool]) -> bool:
    return bool(values) and sum(map(fits, values)) >= _ENOUGH * len(values)


def _is_birth_date(value: str, on: date) -> bool:
    try:
        found = parse_date(value)
    except ValidationError:
        return False
    return _YOUNGEST <= on.year - found.year <= _OLDEST


def _conflicts(columns: list[MappedColumn], body: Sequence[SourceRow]) -> list[MappingDoubt]:
    """Settle columns of one field where it is plain which is meant; the others are doubts."""
    doubts: list[MappingDoubt] = []
    by_field: dict[str, list[MappedColumn]] = defaultdict(list)
    for column in columns:
        if column.field and not may_be_joined(column.field):
            by_field[column.field].append(column)
    if {"surname", "forename"} <= set(by_field):
        for column in by_field.pop("full_name", []):
            _replace(columns, column.place, None, "left_out")
    for field, several in by_field.items():
        if len(several) > 1 and not _settled(columns, field, several, body):
            said = {"column": field, "columns": [column.header for column in several]}
            doubts.append(MappingDoubt("mapping_two_columns", said))
    return doubts


def _settled(
    columns: list[MappedColumn], field: str, several: Sequence[MappedColumn], body: Sequence[SourceRow]
) -> bool:
    """Whether it is plain which of several columns fills a field; the others are then left out."""
    plain = [c for c in several if header_key(c.header) in PLAIN.get(field, ())]
    legal = [c for c in several if c not in plain]
    if len(plain) == 1 and len(legal) == 1:
        preferred = f"preferred_{field}"
        free = all(column.field != preferred for column in columns)
        _replace(columns, plain[0].place, preferred if free else None, "header" if free else "left_out")
        return True
    part = contact_part(field)
    first_will_do = part is not None and part[1] in ("telephone", "email")
    values = [_values(column, body) for column in several]
    if first_will_do or all(found == values[0] for found in values):
        for column in several[1:]:
            _replace(columns, column.place, None, "left_out")
        return True
    return False


def _date_order(
    columns: Sequence[MappedColumn], body: Sequence[SourceRow]
) -> tuple[DateOrder, tuple[MappingDoubt, ...]]:
    """Day first, unless at least two dates of birth can only be read month first and none only day first."""
    month_only = day_only = 0
    for column in columns:
        if column.field == "date_of_birth":
            for value in _values(column, body):
                if found := _DAY_AND_MONTH.match(value.strip()):
                    day_only += int(found[1]) > 12
                    month_only += int(found[2]) > 12
    if month_only >= 2 and not day_only:
        return "month_first", (MappingDoubt("dates_month_first"),)
    return "day_first", ()
