"""Pupils from a school's information system: a sheet with one pupil a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
from marshmallow import ValidationError

from coordination.identifiers import check_school_number, check_upn, is_temporary_upn
from coordination.intake.cells import (
    CodeCell,
    CodesCell,
    DateCell,
    NameCell,
    RowSchema,
    SchoolNumberCell,
    TextCell,
    UpnCell,
    YesNoCell,
    doubtful_letters,
)
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import Known, RowProblem, error, faults, warning
from coordination.intake.sheets import Encoding, SheetColumns, read_sheet

COLUMNS = SheetColumns(
    required=(
        "upn",
        "surname",
        "forename",
        "date_of_birth",
        "sex",
        "school_number",
        "language",
        "provision",
        "needs",
    ),
    optional=(
        "year",
        "looked_after",
        "contact_name",
        "contact_relationship",
        "contact_parental_responsibility",
    ),
    aliases={
        "dob": "date_of_birth",
        "year_group": "year",
        "nc_year": "year",
        "contact_with_parental_responsibility": "contact_name",
    },
)
NAMES = (
    "surname",
    "forename",
    "contact_name",
    "middle_names",
    "preferred_surname",
    "preferred_forename",
    "former_surname",
)
OLDEST = 26
"""Years of age past which a pupil is doubtful: support under the ALN Act ends at 25."""


class ImportedContact(msgspec.Struct, frozen=True):
    """A person to contact about a pupil; `relationship` is our code.

    Either is None where the file does not give it (or gives a relationship that has no code here).
    """

    name: str
    relationship: str | None
    parental_responsibility: bool | None

    def __repr__(self) -> str:
        return "ImportedContact()"


class ImportedProvision(msgspec.Struct, frozen=True):
    """A step of provision in a transfer file: our code, or None and the code as `given`."""

    starts_on: date | None
    code: str | None
    given: str


class PupilRow(msgspec.Struct, frozen=True):
    """A pupil as given in a file, checked for shape. What a kind of file does not contain is None or empty.

    A sheet gives every field down to `contacts`; only a transfer file gives those after it, and its
    `language` is always None (a home language is not a wish) and its `provision` None where it had no code
    of ours. `needs` are our codes in the file's order (a transfer file's by rank). `year` is that of the
    national curriculum, see `year_number`.
    """

    row: int
    upn: str
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None
    school_number: str
    language: str | None
    provision: str | None
    needs: tuple[str, ...] = ()
    year: int | None = None
    looked_after: bool | None = None
    contacts: tuple[ImportedContact, ...] = ()
    middle_names: str | None = None
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    former_surname: str | None = None
    former_upn: str | None = None
    provision_history: tuple[ImportedProvision, ...] = ()
    needs_not_mapped: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"PupilRow({self.row})"


class ParsedPupilFile(msgspec.Struct, frozen=True):
    """The content of a file: how many pupils it had (`read`), the `rows` that can be imported, and the `problems`."""

    read: int
    rows: tuple[PupilRow, ...]
    problems: tuple[RowProblem, ...]

    @property
    def refused(self) -> frozenset[int]:
        """The numbers of the rows that cannot be imported."""
        return frozenset(problem.row for problem in self.problems if problem.severity == "error")


class PupilRowSchema(RowSchema):
    """A row of the sheet; the same schema reads a pupil of a transfer file."""

    upn = UpnCell(required=True)
    surname = NameCell(required=True)
    forename = NameCell(required=True)
    date_of_birth = DateCell(required=True)
    sex = CodeCell("upper", required=True)
    school_number = SchoolNumberCell(required=True)
    language = CodeCell("lower", required=True)
    provision = CodeCell("lower", required=True)
    needs = CodesCell(load_default=())
    year = TextCell(20, load_default=None)
    looked_after = YesNoCell(load_default=None)
    contact_name = NameCell(load_default=None)
    contact_relationship = TextCell(60, load_default=None)
    contact_parental_responsibility = YesNoCell(load_default=None)


def read_pupils(
    data: bytes, known: Known, on: date, limits: FileLimits = LIMITS, encoding: Encoding | None = None
) -> ParsedPupilFile:
    """Read a CSV or XLSX of pupils as on a date (`on`: for codes, ages and dates to come).

    A file that cannot be read at all raises Refusal with the codes of `read_sheet`. Problems of rows, all errors
    unless marked: `missing`, `too_many_cells`, `upn_length`, `upn_characters`, `upn_check_letter`,
    `formula_in_name`, `name_characters`, `text_characters`, `too_long`, `date_format`, `date_two_digit_year`,
    `date_impossible`, `date_is_a_number`, `in_the_future`, `school_number_format`, `code_format`,
    `unknown_code`, `yes_no_expected`, `duplicate_in_file`; warnings `code_ended`, `name_letters_doubtful`
    (with a `sign`, see `doubtful_letters`), `age_doubtful`, `year_unknown`, `upn_temporary`,
    `contact_without_name`, `relationship_not_mapped`, and of the file `column_ignored`,
    `encoding_lacks_welsh_letters`.
    """
    sheet = read_sheet(data, COLUMNS, limits, encoding)
    eight_bit = sheet.encoding in ("windows-1252", "iso-8859-14")
    told_by_header = sheet.headers.get("contact_name") == "contact_with_parental_responsibility"
    schema = PupilRowSchema()
    problems = list(sheet.problems())
    rows: list[PupilRow] = []
    for row in sheet.rows:
        values, found = load(schema, row.number, row.cells)
        problems += [*found, *doubts(row.number, values, known, on, eight_bit)]
        if not found:
            rows.append(_pupil(row.number, values, told_by_header, known, on))
    registrations = [(row.number, row.cells["upn"], row.cells["school_number"]) for row in sheet.rows]
    return sound_rows(len(sheet.rows), rows, [*problems, *registered_twice(registrations)])


def load(
    schema: RowSchema, number: int, cells: Mapping[str, str]
) -> tuple[Mapping[str, Any], list[RowProblem]]:
    """The values of a row: all of them, or those that could be read and what is wrong with the others."""
    try:
        return dict(schema.load(cells)), []
    except ValidationError as refused:
        found = faults(refused.messages)
        wrong = [error(number, field, fault.code, **fault.facts) for field, fault in found]
        read = refused.valid_data
        return (read if isinstance(read, dict) else {}), wrong


def sound_rows(read: int, rows: Iterable[PupilRow], problems: Iterable[RowProblem]) -> ParsedPupilFile:
    """The rows without an error, and all problems in the order of rows."""
    ordered = tuple(sorted(problems, key=lambda problem: (problem.row, problem.severity)))
    refused = {problem.row for problem in ordered if problem.severity == "error"}
    return ParsedPupilFile(read, tuple(row for row in rows if row.row not in refused), ordered)


def registered_twice(registrations: Iterable[tuple[int, str, str]]) -> Iterator[RowProblem]:
    """An error on each later (row, UPN, school) of a file: the reader cannot know which of the two is right.

    The same UPN at two schools is a dual registration and no error.
    """
    first: dict[tuple[str, str], int] = {}
    for number, upn, school in registrations:
        pupil, place = check_upn(upn), check_school_number(school)
        if pupil.ok and place.ok:
            row = first.setdefault((pupil.value, place.value), number)
            if row != number:
                yield error(number, "upn", "duplicate_in_file", first_row=row)


def doubts(
    number: int, values: Mapping[str, Any], known: Known, on: date, eight_bit: bool
) -> Iterator[RowProblem]:
    """Warnings and errors that need more than the shape of cells: codes, ages, lost letters. Values may be missing."""
    yield from _standing(number, values, known, on)
    born: date | None = values.get("date_of_birth")
    if born is None:
        pass
    elif born > on:
        yield error(number, "date_of_birth", "in_the_future")
    elif on.year - born.year > OLDEST:
        yield warning(number, "date_of_birth", "age_doubtful", oldest=OLDEST)
    for field in NAMES:
        sign = doubtful_letters(values.get(field) or "", eight_bit)
        if sign:
            yield warning(number, field, "name_letters_doubtful", sign=sign)
    if is_temporary_upn(values.get("upn", "")):
        yield warning(number, "upn", "upn_temporary")
    if values.get("year") and year_number(values["year"]) is None:
        yield warning(number, "year", "year_unknown")
    related = values.get("contact_relationship")
    if related and not values.get("contact_name"):
        yield warning(number, "contact_name", "contact_without_name")
    elif related and relationship_code(related, known, on) is None:
        yield warning(number, "contact_relationship", "relationship_not_mapped")


def _standing(number: int, values: Mapping[str, Any], known: Known, on: date) -> Iterator[RowProblem]:
    """Checks each code of the row against its table: unknown is an error, ended a warning."""
    coded = [(field, field, values.get(field)) for field in ("sex", "language", "provision")]
    coded += [("needs", "need", code) for code in values.get("needs") or ()]
    for place, (field, table, code) in enumerate(coded):
        if code is None:
            continue
        facts = {"position": place - 2} if field == "needs" else {}
        match known(table, code, on):
            case "unknown":
                yield error(number, field, "unknown_code", **facts)
            case "ended":
                yield warning(number, field, "code_ended", **facts)
            case "current":
                pass


_YEARS = {"n1": -2, "n2": -1, "r": 0, "reception": 0, "derbyn": 0}


def year_number(text: str) -> int | None:
    """A national curriculum year as a number: 1 to 14, reception 0, nursery (`N2`, `N1`) -1 and -2.

    None for what is no one year: mixed (`M`), `X`, early years before nursery, a bare "nursery".
    """
    word = re.sub(r"^(year|yr|blwyddyn|bl)[\s.]*", "", text.strip().casefold())
    if re.fullmatch(r"[0-9]{1,2}", word) and 1 <= int(word) <= 14:
        return int(word)
    return _YEARS.get(word)


RELATIONSHIPS = {
    "mum": "mother",
    "mam": "mother",
    "dad": "father",
    "tad": "father",
    "rhiant": "parent",
    "pam": "mother",
    "paf": "father",
    "stm": "step_parent",
    "stf": "step_parent",
    "fam": "foster_carer",
    "faf": "foster_carer",
    "swr": "social_worker",
}
"""Words for relationships, and the codes of transfer files (three letters, known from practice), to ours."""


def relationship_code(text: str | None, known: Known, on: date) -> str | None:
    """Our code for a relationship; None where there is none or the table does not know it."""
    if not text:
        return None
    word = re.sub(r"[\s\-]+", "_", text.strip().casefold())
    code = RELATIONSHIPS.get(word, word)
    return code if known("relationship", code, on) != "unknown" else None


def _pupil(number: int, values: Mapping[str, Any], told_by_header: bool, known: Known, on: date) -> PupilRow:
    plain = {field: value for field, value in values.items() if not field.startswith("contact_")}
    year = year_number(values["year"]) if values["year"] else None
    return PupilRow(
        row=number, **(plain | {"year": year}), contacts=_contacts(values, told_by_header, known, on)
    )


def _contacts(
    values: Mapping[str, Any], told_by_header: bool, known: Known, on: date
) -> tuple[ImportedContact, ...]:
    """The one contact of a sheet. Where the flag of parental responsibility is missing, the header may imply it."""
    name = values["contact_name"]
    if not name:
        return ()
    responsible = values["contact_parental_responsibility"]
    if responsible is None and told_by_header:
        responsible = True
    relationship = relationship_code(values["contact_relationship"], known, on)
    return (ImportedContact(name, relationship, responsible),)
