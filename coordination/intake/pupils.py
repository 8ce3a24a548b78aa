"""Pupils from a school's information system: a sheet with one pupil a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from marshmallow import ValidationError, validates_schema

from coordination.classes import LONGEST_CLASS
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
    parse_name,
)
from coordination.intake.problems import Known, RowProblem, error, fault, faults, warning

NAMES = (
    "surname",
    "forename",
    "middle_names",
    "preferred_surname",
    "preferred_forename",
    "former_surname",
)
UNKNOWN_SEX = "U"
OLDEST = 26
"""Years of age past which a pupil is doubtful: support under the ALN Act ends at 25."""


class ImportedContact(msgspec.Struct, frozen=True):
    """A person to contact about a pupil; `relationship` is our code.

    Either is None where the file does not give it (or gives a relationship that has no code here).
    """

    name: str
    relationship: str | None
    parental_responsibility: bool | None
    telephone: str | None = None
    email: str | None = None
    address: str | None = None

    def __repr__(self) -> str:
        return "ImportedContact()"


class ImportedProvision(msgspec.Struct, frozen=True):
    """A step of provision in a transfer file: our code, or None and the code as `given`."""

    starts_on: date | None
    code: str | None
    given: str


class PupilRow(msgspec.Struct, frozen=True):
    """A pupil as given in a file, checked for shape. What a kind of file does not contain is None or empty.

    `surname` or `forename` is "" for a child with one name. A transfer file's `language` is always None (a home
    language is not a wish) and its `provision` None where it had no code of ours. `needs` are our codes in the file's
    order (a transfer file's by rank); a sheet without a column for them has not told them (`needs_told`). `year` is
    that of the national curriculum, see `year_number`. `care_authority`: the number of the local authority that looks
    after the child.
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
    care_authority: str | None = None
    needs_told: bool = True
    class_name: str | None = None

    def __repr__(self) -> str:
        return f"PupilRow({self.row})"


class ParsedPupilFile(msgspec.Struct, frozen=True):
    """The content of a file: how many pupils it had (`read`), the `rows` that can be imported, and the `problems`.

    For the person who sent it, of every row, refused ones too: the pupil's name (`names`), and of a sheet its `headers`
    and `cells`, and the unique pupil numbers as written (`numbers`).
    """

    read: int
    rows: tuple[PupilRow, ...]
    problems: tuple[RowProblem, ...]
    names: dict[int | str, str] = {}
    headers: tuple[str, ...] = ()
    cells: dict[int, Sequence[str]] = {}
    numbers: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"ParsedPupilFile(read={self.read})"

    @property
    def refused(self) -> frozenset[int]:
        """The numbers of the rows that cannot be imported."""
        return frozenset(problem.row for problem in self.problems if problem.severity == "error")


class PupilRowSchema(RowSchema):
    """A row of the sheet; the same schema reads a pupil of a transfer file."""

    upn = UpnCell(required=True)
    surname = NameCell(load_default="")
    forename = NameCell(load_default="")
    date_of_birth = DateCell(required=True)
    sex = CodeCell("upper", load_default=None)
    school_number = SchoolNumberCell(required=True)
    language = CodeCell("lower", load_default=None)
    provision = CodeCell("lower", load_default=None)
    needs = CodesCell(load_default=())
    year = TextCell(20, load_default=None)
    class_name = TextCell(LONGEST_CLASS, load_default=None)
    looked_after = YesNoCell(load_default=None)
    former_surname = NameCell(load_default=None)
    preferred_surname = NameCell(load_default=None)
    preferred_forename = NameCell(load_default=None)
    middle_names = NameCell(load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def one_name(self, data: Mapping[str, Any], **_: Any) -> None:
        """A child may have one name only, but not none."""
        if not data.get("surname") and not data.get("forename"):
            raise ValidationError({"surname": fault("missing").messages})


def shown_name(cells: Mapping[str, str]) -> str:
    """`Surname, First name` for the person who sent the file, also where the row is refused; "" if a name is unfit."""
    try:
        names = [parse_name(cells.get(field, "")) for field in ("surname", "forename")]
    except ValidationError:
        return ""
    return ", ".join(name for name in names if name)


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


_YEARS = {
    **dict.fromkeys(("n1", "nursery 1", "nursery1", "meithrin 1", "m1"), -2),
    **dict.fromkeys(("n2", "nursery 2", "nursery2", "meithrin 2", "m2"), -1),
    **dict.fromkeys(("r", "rec", "reception", "derbyn", "d"), 0),
}


def year_number(text: str) -> int | None:
    """A national curriculum year as a number: 1 to 14, reception 0, nursery (`N2`, `N1`) -1 and -2.

    None for what is no one year: mixed (`M`), `X`, early years before nursery, a bare "nursery".
    """
    word = re.sub(
        r"^(nc year|year group|year|yr|y|blwyddyn|bl|b)[\s.]*(?=[0-9]|r|d|n|m)", "", text.strip().casefold()
    )
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
    "fom": "foster_carer",
    "fof": "foster_carer",
    "foster_mother": "foster_carer",
    "foster_father": "foster_carer",
    "foster_parent": "foster_carer",
    "gofalwr_maeth": "foster_carer",
    "stepmother": "step_parent",
    "stepfather": "step_parent",
    "step_mother": "step_parent",
    "step_father": "step_parent",
    "llysfam": "step_parent",
    "llystad": "step_parent",
    "grandmother": "grandparent",
    "grandfather": "grandparent",
    "grandparents": "grandparent",
    "nain": "grandparent",
    "taid": "grandparent",
    "mam_gu": "grandparent",
    "tad_cu": "grandparent",
    "gpm": "grandparent",
    "gpf": "grandparent",
    "gwarcheidwad": "guardian",
    "gweithiwr_cymdeithasol": "social_worker",
    "arall": "other",
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
