"""Files of support and of one-page profiles: a sheet (CSV or XLSX) to rows, each with the pupil's number.

The columns have fixed names; a mapping, as for files of pupils, says which of the school's own columns fill them and
what its own words mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec
from marshmallow import ValidationError

from coordination.errors import Refusal
from coordination.intake.cells import CodeCell, DateCell, RowSchema, TextCell, UpnCell, YesNoCell
from coordination.intake.column_mapping import ColumnMapping
from coordination.intake.encodings import Encoding
from coordination.intake.problems import RowProblem, error, faults
from coordination.intake.sheets import SheetColumns, fold_header, read_sheet

Kind = Literal["support", "one-page-profile"]
LONGEST = 2_000

COLUMNS: dict[Kind, SheetColumns] = {
    "support": SheetColumns(
        required=("upn", "started_on", "level", "activity", "aim", "ends_by"),
        optional=(
            *("need", "programme", "measure", "unit", "starting_point", "review_on"),
            *(
                "reviewed_on",
                "outcome",
                "teacher_words",
                "child_words",
                "parent_words",
                "language",
                "ended_on",
                "reason",
            ),
        ),
        aliases={"start": "started_on", "provision": "activity", "intervention": "activity", "target": "aim"},
    ),
    "one-page-profile": SheetColumns(
        required=("upn", "important", "admired", "support"),
        optional=("written_on", "occasion", "language", "with_child"),
        aliases={"date": "written_on"},
    ),
}
"""A row of support may carry one review (`reviewed_on`, `outcome`, the words of up to three people in `language`) and
the end (`ended_on`, `reason`)."""


class SupportRowSchema(RowSchema):
    """A row of a file of support."""

    upn = UpnCell(required=True)
    started_on = DateCell(required=True)
    level = CodeCell("kept", required=True)
    activity = TextCell(LONGEST, required=True)
    aim = TextCell(LONGEST, required=True)
    ends_by = DateCell(required=True)
    need = CodeCell("upper", load_default=None)
    programme = TextCell(40, load_default=None)
    measure = TextCell(200, load_default=None)
    unit = TextCell(60, load_default=None)
    starting_point = TextCell(20, load_default=None)
    review_on = DateCell(load_default=None)
    reviewed_on = DateCell(load_default=None)
    outcome = CodeCell("lower", load_default=None)
    teacher_words = TextCell(LONGEST, load_default=None)
    child_words = TextCell(LONGEST, load_default=None)
    parent_words = TextCell(LONGEST, load_default=None)
    language = CodeCell("lower", load_default=None)
    ended_on = DateCell(load_default=None)
    reason = CodeCell("lower", load_default=None)


class OnePageProfileRowSchema(RowSchema):
    """A row of a file of one-page profiles."""

    upn = UpnCell(required=True)
    important = TextCell(LONGEST, required=True)
    admired = TextCell(LONGEST, required=True)
    support = TextCell(LONGEST, required=True)
    written_on = DateCell(load_default=None)
    occasion = CodeCell("lower", load_default="every_day")
    language = CodeCell("lower", load_default=None)
    with_child = YesNoCell(load_default=False)


SCHEMAS: dict[Kind, type[RowSchema]] = {
    "support": SupportRowSchema,
    "one-page-profile": OnePageProfileRowSchema,
}
TABLES = {"need": "need", "outcome": "support_outcome", "reason": "support_end", "language": "language"}
"""The code table of each column that a mapping's words can fill."""


class ImportedSupportRow(msgspec.Struct, frozen=True):
    """A sound row: its number, the pupil's number and the other values by column."""

    row: int
    upn: str
    values: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"ImportedSupportRow({self.row})"


class ParsedSupportFile(msgspec.Struct, frozen=True):
    """The sound rows, the numbers of all rows, and the problems."""

    rows: tuple[ImportedSupportRow, ...]
    numbers: frozenset[int]
    problems: tuple[RowProblem, ...]


def read_support(
    data: bytes,
    kind: Kind,
    on: date,
    *,
    encoding: Encoding | None = None,
    mapping: ColumnMapping | None = None,
) -> ParsedSupportFile:
    """Read a file. Raises Refusal as `read_sheet`, and `unknown_field` for a mapping to a column that there is not."""
    columns = _mapped(COLUMNS[kind], mapping)
    sheet = read_sheet(data, columns, encoding=encoding)
    problems = list(sheet.problems())
    schema = SCHEMAS[kind]()
    rows = []
    for row in sheet.rows:
        try:
            values = dict(schema.load(_own_words(row.cells, mapping)))
        except ValidationError as refused:
            problems += [
                error(row.number, field, one.code, **one.facts) for field, one in faults(refused.messages)
            ]
            continue
        late = [name for name, value in values.items() if name in DAYS and value is not None and value > on]
        problems += [error(row.number, name, "in_the_future") for name in late]
        if not late:
            rows.append(ImportedSupportRow(row.number, values.pop("upn"), values))
    return ParsedSupportFile(tuple(rows), frozenset(row.number for row in sheet.rows), tuple(problems))


DAYS = ("started_on", "reviewed_on", "ended_on", "written_on")


def _mapped(columns: SheetColumns, mapping: ColumnMapping | None) -> SheetColumns:
    if mapping is None:
        return columns
    known = {*columns.required, *columns.optional}
    for field in mapping.columns.values():
        if field and field not in known:
            raise Refusal("unknown_field", "mapping", value=field)
    own = {fold_header(header): field for header, field in mapping.columns.items() if field}
    return msgspec.structs.replace(columns, aliases={**columns.aliases, **own})


def _own_words(cells: Mapping[str, str], mapping: ColumnMapping | None) -> dict[str, str]:
    """The cells, with a school's own word as the code that its mapping gives it."""
    if mapping is None:
        return dict(cells)
    found = dict(cells)
    for column, table in TABLES.items():
        words = {fold_header(word): code for word, code in mapping.words.get(table, {}).items()}
        if column in found:
            found[column] = words.get(fold_header(found[column]), found[column])
    return found
