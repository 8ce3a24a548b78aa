"""Column mappings: which column of a sheet fills which field, as guessed, as corrected by a person, and as kept.

A mapping holds headers and choices, never a cell of a pupil's row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from coordination.errors import Refusal
from coordination.intake.contact_columns import header_key
from coordination.intake.pupil_columns import FIELDS, may_be_joined
from coordination.struct_types import prepared

DateOrder = Literal["day_first", "month_first"]
Reason = Literal["header", "values", "mapping", "left_out", "unknown"]
LONGEST_HEADER = 60
LONGEST_NAME = 80
IGNORED = ""


class ColumnMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping that can be kept and used again.

    `columns`: key of a header (see `column_keys`) -> field; `""` is a column that is left out on purpose. `sheet`: the
    name of the sheet, where a workbook has several. `words`: code table -> the school's own word -> code.
    `unverified_source`: where a starting profile comes from that no school has confirmed.
    """

    name: str
    columns: dict[str, str]
    sheet: str | None = None
    header_row: int | None = None
    date_order: DateOrder = "day_first"
    language: str | None = None
    words: dict[str, dict[str, str]] = {}
    unverified_source: str | None = None


class MappedColumn(msgspec.Struct, frozen=True):
    """A column of a file: its place (from 0), header, key, field (None: left out) and why it got that field."""

    place: int
    header: str
    key: str
    field: str | None
    reason: Reason


class MappingDoubt(msgspec.Struct, frozen=True):
    """Why a guess needs a person: a code with its facts."""

    code: str
    facts: dict[str, Any] = {}


def column_keys(headers: Sequence[str]) -> list[str]:
    """The key of each column: its header as compared; a repeated one gets its number, one without text its letter."""
    seen: dict[str, int] = defaultdict(int)
    keys: list[str] = []
    for place, header in enumerate(headers):
        key = header_key(header)[:LONGEST_HEADER] or f"({column_letter(place)})"
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return keys


def column_letter(place: int) -> str:
    """The letter of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown_header(text: str, place: int) -> str:
    """A header as it is shown: one line, shortened; the column's letter where there is none."""
    return " ".join(text.split())[:LONGEST_HEADER] or column_letter(place)


def columns_by_mapping(headers: Sequence[str], mapping: ColumnMapping) -> tuple[MappedColumn, ...]:
    """The columns of a header under a mapping. A column that the file lacks is no obstacle, unless no pupil can be read
    without it.

    Raises Refusal: `mapping_does_not_fit` (with the `columns` that the file lacks), and those of `check_fields`.
    """
    keys = column_keys(headers)
    fields = [mapping.columns[key] for key in keys if mapping.columns.get(key)]
    if lacking_fields(fields):
        lacking = [key for key, field in mapping.columns.items() if field and key not in keys]
        if lacking:
            raise Refusal("mapping_does_not_fit", "mapping", columns=lacking)
    columns = []
    for place, (header, key) in enumerate(zip(headers, keys, strict=True)):
        field = mapping.columns.get(key)
        reason: Reason = "mapping" if field else "left_out" if field == IGNORED else "unknown"
        columns.append(MappedColumn(place, shown_header(header, place), key, field or None, reason))
    check_fields(columns)
    return tuple(columns)


def check_fields(columns: Iterable[MappedColumn]) -> None:
    """Refuse columns that cannot be read together.

    Raises Refusal: `mapping_unknown_field` (with the `columns`), `mapping_two_columns` (with the `column`, our field,
    and the `columns` of the file), `header_missing` (with the `columns`, our fields).
    """
    by_field: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        if column.field:
            by_field[column.field].append(column.header)
    unknown = [headers[0] for field, headers in by_field.items() if field not in FIELDS]
    if unknown:
        raise Refusal("mapping_unknown_field", "mapping", columns=unknown)
    for field, headers in by_field.items():
        if len(headers) > 1 and not may_be_joined(field):
            raise Refusal("mapping_two_columns", "mapping", column=field, columns=headers)
    lacking = lacking_fields(by_field)
    if lacking:
        raise Refusal("header_missing", "mapping", columns=lacking)


def lacking_fields(fields: Iterable[str]) -> list[str]:
    """The fields without which no pupil can be read, of those that are not there."""
    held = set(fields)
    lacking = [field for field in ("upn", "date_of_birth") if field not in held]
    if not held & {"surname", "forename", "full_name"}:
        lacking.insert(1 if "upn" in lacking else 0, "surname")
    return lacking


def parse_mapping(data: bytes | Mapping[str, Any]) -> ColumnMapping:
    """A mapping from JSON, as `mapping_json` writes it. Raises Refusal: `mapping_malformed`."""
    try:
        if isinstance(data, bytes):
            found = msgspec.json.decode(data, type=prepared(ColumnMapping))
        else:
            found = msgspec.convert(data, type=prepared(ColumnMapping))
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal("mapping_malformed", "mapping") from None
    if not found.name.strip() or len(found.name) > LONGEST_NAME or len(found.columns) > 400:
        raise Refusal("mapping_malformed", "mapping")
    return found


def mapping_json(mapping: ColumnMapping) -> bytes:
    """A mapping as indented JSON, to be kept or sent."""
    return msgspec.json.format(msgspec.json.encode(mapping), indent=1)
