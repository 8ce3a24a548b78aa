"""People of a directory, one in each row: who has which role where, and whether they sign in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from coordination.intake.cells import CodeCell, NameCell, RowSchema, TextCell
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import Known, RowProblem, error
from coordination.intake.pupils import load
from coordination.intake.sheets import SheetColumns, read_sheet

COLUMNS = SheetColumns(
    required=("name", "role", "organisation"),
    optional=("service", "email", "username", "language"),
    aliases={"school": "organisation", "school_number": "organisation", "user_name": "username"},
)
LONGEST_USERNAME = 100


class PersonRow(msgspec.Struct, frozen=True):
    """A person: their role (a code), the number or code of the organisation, and of the agency's service. Without a
    `username` they have no account. `language` is en or cy, or None for the organisation's own."""

    row: int
    name: str
    role: str
    organisation: str
    service: str | None = None
    email: str | None = None
    username: str | None = None
    language: str | None = None

    def __repr__(self) -> str:
        return f"PersonRow({self.row})"


class PersonRowSchema(RowSchema):
    """A row of the sheet."""

    name = NameCell(required=True)
    role = CodeCell("lower", required=True)
    organisation = TextCell(40, required=True)
    service = TextCell(40, load_default=None)
    email = TextCell(200, load_default=None)
    username = TextCell(LONGEST_USERNAME, load_default=None)
    language = CodeCell("lower", load_default=None)


def read_people(
    data: bytes, known: Known, on: date, limits: FileLimits = LIMITS
) -> tuple[tuple[PersonRow, ...], tuple[RowProblem, ...]]:
    """The sound rows of a CSV or XLSX file of people as on a day, and what is wrong with the others.

    A file that cannot be read at all raises Refusal with the codes of `read_sheet`. Errors of rows: `missing`,
    `too_many_cells`, `formula_in_name`, `name_characters`, `text_characters`, `too_long`, `code_format`,
    `unknown_code` (role or language), `duplicate_in_file` (a username).
    """
    sheet = read_sheet(data, COLUMNS, limits)
    schema = PersonRowSchema()
    problems = list(sheet.problems())
    rows: list[PersonRow] = []
    first: dict[str, int] = {}
    for row in sheet.rows:
        values, found = load(schema, row.number, row.cells)
        found += _doubtful(row.number, values, known, on, first)
        problems += found
        if not found and not row.surplus:
            rows.append(PersonRow(row=row.number, **values))
    return tuple(rows), tuple(sorted(problems, key=lambda problem: problem.row))


def _doubtful(
    number: int, values: Mapping[str, Any], known: Known, on: date, first: dict[str, int]
) -> list[RowProblem]:
    found = []
    for field in ("role", "language"):
        code = values.get(field)
        if code is not None and known(field, code, on) == "unknown":
            found.append(error(number, field, "unknown_code"))
    username = (values.get("username") or "").casefold()
    if username and first.setdefault(username, number) != number:
        found.append(error(number, "username", "duplicate_in_file", first_row=first[username]))
    return found
