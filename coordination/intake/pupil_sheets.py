"""Pupils from a school's information system: a CSV or XLSX with one pupil a row, in whatever layout it was exported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from coordination.errors import Refusal
from coordination.identifiers import check_upn
from coordination.intake.cells import day_number, is_date, plain_cell, without_apostrophe
from coordination.intake.column_mapping import ColumnMapping, DateOrder
from coordination.intake.contact_columns import IMPLIES_RESPONSIBILITY, contact_part, header_key
from coordination.intake.encodings import EIGHT_BIT, Encoding, has_other_reading
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import Known, RowProblem, error, warning
from coordination.intake.pupil_columns import field_of_header, may_be_joined
from coordination.intake.pupil_guess import SheetGuess, by_mapping, fits_wholly, guess
from coordination.intake.pupils import (
    NAMES,
    UNKNOWN_SEX,
    ImportedContact,
    ParsedPupilFile,
    PupilRow,
    PupilRowSchema,
    doubts,
    load,
    registered_twice,
    shown_name,
    sound_rows,
    year_number,
)
from coordination.intake.sheet_contacts import SheetContact, read_contacts
from coordination.intake.sheets import encoding_problems
from coordination.intake.tables import SourceFile, SourceRow, read_tables
from coordination.intake.word_maps import (
    BARE_PLAN,
    NO_COUNTERPART,
    accepted_words,
    code_of,
    codes_of_needs,
    table_of,
    word_key,
)

CODED = ("sex", "language", "provision", "needs")


class PupilDefaults(msgspec.Struct, frozen=True):
    """What holds where a file does not say it: the school on whose behalf it comes, and a language (our code)."""

    school_number: str | None = None
    language: str | None = None


NO_DEFAULTS = PupilDefaults()


class PupilFileReader(msgspec.Struct, frozen=True):
    """A file opened, and how it is read: by a guess, or by a mapping."""

    file: SourceFile
    layout: SheetGuess
    mapping: ColumnMapping | None = None

    @property
    def date_order(self) -> DateOrder:
        """Whether day or month comes first in dates of figures."""
        return self.mapping.date_order if self.mapping else self.layout.date_order


def open_pupils(
    data: bytes,
    on: date,
    limits: FileLimits = LIMITS,
    encoding: Encoding | None = None,
    mapping: ColumnMapping | None = None,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
) -> PupilFileReader:
    """Open a file and find its header and columns: by the mapping, or else by a guess (with its doubts).

    Raises Refusal: all of `read_tables`, `guess` and `by_mapping`.
    """
    file = read_tables(data, field_of_header, limits, encoding)
    layout = by_mapping(file, limits, mapping) if mapping else guess(file, limits, on, sheet, header_row)
    return PupilFileReader(file, layout, mapping)


def with_kept_mapping(reader: PupilFileReader, kept: Iterable[ColumnMapping]) -> PupilFileReader:
    """The file read by the kept mapping of which it has every column, on that mapping's sheet; of several, by the one
    with most columns. Where none fits the reader stays as it is."""
    fitting: list[tuple[int, SheetGuess, ColumnMapping]] = []
    for mapping in kept:
        try:
            layout = by_mapping(reader.file, LIMITS, mapping)
        except Refusal:
            continue
        if fits_wholly(layout, mapping):
            fitting.append((sum(map(bool, mapping.columns.values())), layout, mapping))
    if not fitting:
        return reader
    _, layout, mapping = max(fitting, key=lambda one: one[0])
    return PupilFileReader(reader.file, layout, mapping)


def read_pupils(
    data: bytes,
    known: Known,
    on: date,
    limits: FileLimits = LIMITS,
    encoding: Encoding | None = None,
    *,
    mapping: ColumnMapping | None = None,
    kept: Iterable[ColumnMapping] = (),
    defaults: PupilDefaults = NO_DEFAULTS,
) -> ParsedPupilFile:
    """Read a CSV or XLSX of pupils as on a date (`on`: for codes, ages and dates to come).

    Without a `mapping`, one of the `kept` that fits is used, else the file's own columns if they are unambiguous.
    A file that cannot be read raises
    Refusal with the codes of `open_pupils`, or with that of the guess's first doubt: `header_missing`,
    `mapping_two_columns`, `several_sheets`, `header_rows_disagree`, `mapping_guessed`, `dates_month_first`. Problems of
    rows: see `parse_pupils`.
    """
    reader = open_pupils(data, on, limits, encoding, mapping)
    if mapping is None:
        reader = with_kept_mapping(reader, kept)
        reader.layout.require_certainty()
    return parse_pupils(reader, known, on, defaults)


def parse_pupils(
    reader: PupilFileReader, known: Known, on: date, defaults: PupilDefaults = NO_DEFAULTS
) -> ParsedPupilFile:
    """The pupils of an opened file.

    Problems of rows, all errors unless marked: `missing`, `too_many_cells`, `upn_length`, `upn_characters`,
    `upn_check_letter`, `upn_scientific`, `formula_in_name`, `name_characters`, `name_order_unknown`,
    `text_characters`, `too_long`, `date_format`, `date_two_digit_year`, `date_impossible`, `date_is_a_number`,
    `in_the_future`, `school_number_format`, `code_format`, `unknown_code` (with the accepted `words`),
    `yes_no_expected`, `duplicate_in_file`; warnings `code_ended`, `name_letters_doubtful` (with a `sign`, see
    `doubtful_letters`; `code_page`: the name reads otherwise in another encoding), `age_doubtful`, `year_unknown`,
    `upn_temporary`, `plan_taken_as_school`, `provision_not_mapped`, those of `read_contacts`, and of the file
    `column_ignored`, `row_passed_over`, `encoding_recognised`, `encoding_lacks_welsh_letters`.
    """
    parser = _SheetParser(reader, known, on, defaults)
    problems = list(parser.problems_of_the_file())
    rows: list[PupilRow] = []
    registrations: list[tuple[int, str, str]] = []
    for row in reader.layout.body:
        if parser.is_no_pupil(row):
            problems.append(warning(row.number, None, "row_passed_over"))
            continue
        cells = parser.cells(row)
        if parser.continues(cells):
            problems += parser.add_contact(cells)
            continue
        found, wrong = parser.parse(row, cells)
        problems += wrong
        registrations.append((row.number, cells.get("upn", ""), cells.get("school_number", "")))
        if found is not None:
            rows.append(found)
    complete = parser.with_contacts(rows)
    parsed = sound_rows(len(registrations), complete, [*problems, *registered_twice(registrations)])
    return msgspec.structs.replace(
        parsed,
        names=parser.names,
        headers=reader.layout.header.texts,
        cells=parser.original,
        numbers=frozenset(check_upn(without_apostrophe(upn)).value for _, upn, _ in registrations),
    )


class _SheetParser:
    """The rows of one sheet, one after another."""

    def __init__(self, reader: PupilFileReader, known: Known, on: date, defaults: PupilDefaults) -> None:
        self.reader = reader
        self.known = known
        self.on = on
        self.defaults = defaults
        self.schema = PupilRowSchema()
        self.places: dict[str, list[int]] = defaultdict(list)
        for column in reader.layout.columns:
            if column.field:
                self.places[column.field].append(column.place)
        self.eight_bit = reader.file.encoding in EIGHT_BIT
        self.implies = any(
            c.field == "contact_name" and header_key(c.header) == IMPLIES_RESPONSIBILITY
            for c in reader.layout.columns
        )
        self.words = reader.mapping.words if reader.mapping else {}
        self.language = (reader.mapping.language if reader.mapping else None) or defaults.language
        self.names: dict[int | str, str] = {}
        self.original: dict[int, Sequence[str]] = {}
        self.contacts: dict[int, list[SheetContact]] = {}
        self.last: tuple[int, dict[str, str]] | None = None

    def problems_of_the_file(self) -> Iterator[RowProblem]:
        """Columns that are left out, and what the encoding may have lost."""
        layout = self.reader.layout
        for column in layout.columns:
            if (
                column.field is None
                and column.reason != "left_out"
                and layout.header.texts[column.place].strip()
            ):
                yield warning(layout.header.number, None, "column_ignored", header=column.header)
        yield from encoding_problems(self.reader.file.encoding, self.reader.file.has_letters_beyond_ascii)

    def is_no_pupil(self, row: SourceRow) -> bool:
        """Whether a row is a total or a note under the table: no number, no birth date, and at most two cells."""
        filled = sum(1 for cell in row.cells if cell.strip())
        said = check_upn(self._text(row, "upn")).ok or is_date(self._text(row, "date_of_birth"))
        return filled <= 2 and not said and len(self.reader.layout.columns) > 3

    def _text(self, row: SourceRow, field: str) -> str:
        texts = [
            plain_cell(row.cells[at]).strip() for at in self.places.get(field, ()) if at < len(row.cells)
        ]
        if may_be_joined(field):
            return ("; " if field == "needs" else ", ").join(text for text in texts if text)
        # not stripped: how a name begins is evidence
        return next(
            (plain_cell(row.cells[at]) for at in self.places.get(field, ()) if at < len(row.cells)), ""
        )

    def cells(self, row: SourceRow) -> dict[str, str]:
        """The texts of the row by field, with the defaults, dates and words put into our form."""
        cells = {field: self._text(row, field) for field in self.places}
        for field in ("date_of_birth", "school_number", "year", "former_upn"):
            if field in cells:
                cells[field] = without_apostrophe(cells[field])
        if self.reader.file.encoding == "xlsx" and (
            day := day_number(cells["date_of_birth"], self.reader.file.from_1904)
        ):
            cells["date_of_birth"] = day
        if self.reader.date_order == "month_first":
            cells["date_of_birth"] = _day_first(cells["date_of_birth"])
        if not cells.get("school_number", "").strip() and self.defaults.school_number:
            cells["school_number"] = self.defaults.school_number
        if not cells.get("language", "").strip() and self.language:
            cells["language"] = self.language
        return cells

    def continues(self, cells: Mapping[str, str]) -> bool:
        """Whether a row only adds a contact to the pupil of the row before (lists with a row for each contact)."""
        if self.last is None or not cells.get("contact_name", cells.get("contact_surname", "")).strip():
            return False
        before = self.last[1]
        own = [field for field in cells if contact_part(field) is None]
        same_pupil = all(cells[field] in ("", before[field]) for field in own if field != "upn")
        return same_pupil and bool(cells["upn"].strip()) and cells["upn"] == before["upn"] and cells != before

    def add_contact(self, cells: Mapping[str, str]) -> list[RowProblem]:
        """Adds the contacts of a row to the pupil of the row before, whose row has what is wrong with them too."""
        assert self.last is not None
        pupil, _ = self.last
        found, wrong = read_contacts(pupil, cells, self.known, self.on, self.implies)
        self.contacts[pupil] += found
        return wrong

    def parse(self, row: SourceRow, cells: dict[str, str]) -> tuple[PupilRow | None, list[RowProblem]]:
        """The pupil of a row, or None, and everything that is wrong or doubtful."""
        number = row.number
        self.last = number, dict(cells)
        self.original[number] = row.cells
        problems = list(self._surplus(row))
        texts = dict(cells)
        problems += _whole_name(number, texts)
        self.names[number] = shown_name(texts)
        problems += self._words(number, texts)
        own = {field: text for field, text in texts.items() if field in self.schema.fields}
        values, wrong = load(self.schema, number, own)
        wrong = [self._with_words(problem) for problem in wrong]
        said = [self._with_words(p) for p in doubts(number, values, self.known, self.on, self.eight_bit)]
        contacts, about = read_contacts(number, cells, self.known, self.on, self.implies)
        self.contacts[number] = contacts
        problems += [*wrong, *said, *about, *self._code_pages(number, values, contacts, said)]
        if wrong:
            return None, problems
        former = check_upn(texts["former_upn"]) if texts.get("former_upn", "").strip() else None
        if former is not None and not former.ok:
            problems.append(warning(number, "former_upn", "former_upn_not_read"))
        year = year_number(values["year"]) if values["year"] else None
        return (
            PupilRow(
                row=number,
                **(dict(values) | {"year": year}),
                former_upn=former.value if former and former.ok else None,
                needs_told="needs" in self.places,
            ),
            problems,
        )

    def _surplus(self, row: SourceRow) -> Iterator[RowProblem]:
        width = len(self.reader.layout.columns)
        if surplus := sum(1 for cell in row.cells[width:] if cell.strip()):
            yield error(row.number, None, "too_many_cells", surplus=surplus)

    def _words(self, number: int, texts: dict[str, str]) -> Iterator[RowProblem]:
        """Puts codes for words; what is not known stays for the schema to refuse."""
        for field in CODED:
            text = texts.get(field, "")
            own = self.words.get(table_of(field), {})
            if field == "needs":
                texts[field] = codes_of_needs(text, own)
            elif text.strip():
                code = code_of(table_of(field), text, own)
                if code is None and field == "provision":
                    code, problem = _bare_provision(number, text)
                    if problem is not None:
                        yield problem
                texts[field] = text if code is None else code
        unknown = self.known("sex", UNKNOWN_SEX, self.on) != "unknown"
        if "sex" in self.places and not texts["sex"].strip() and unknown:
            texts["sex"] = UNKNOWN_SEX

    def _with_words(self, problem: RowProblem) -> RowProblem:
        """The refusal of a word shows the words that are accepted."""
        if problem.code not in ("unknown_code", "code_format") or problem.field not in CODED:
            return problem
        words = "; ".join(accepted_words(table_of(problem.field)))
        return msgspec.structs.replace(problem, facts=problem.facts | {"words": words})

    def _code_pages(
        self,
        number: int,
        values: Mapping[str, Any],
        contacts: Sequence[SheetContact],
        said: Sequence[RowProblem],
    ) -> Iterator[RowProblem]:
        """A doubt on each name that reads otherwise in another code page."""
        doubted = {problem.field for problem in said if problem.code == "name_letters_doubtful"}
        names = {field: values.get(field) or "" for field in NAMES}
        names["contact_name"] = " ".join(contact.contact.name for contact in contacts)
        for field, name in names.items():
            if field not in doubted and has_other_reading(name, self.reader.file.encoding):
                yield warning(number, field, "name_letters_doubtful", sign="code_page")

    def with_contacts(self, rows: Sequence[PupilRow]) -> Iterator[PupilRow]:
        """The rows with their contacts in order of priority, each person once."""
        for row in rows:
            ordered = sorted(self.contacts[row.row], key=lambda one: one.priority)
            found: dict[str, ImportedContact] = {}
            for one in ordered:
                found.setdefault(one.contact.name.casefold(), one.contact)
            yield msgspec.structs.replace(row, contacts=tuple(found.values()))


def _bare_provision(number: int, text: str) -> tuple[str | None, RowProblem | None]:
    """The code of a plan whose maintainer is not said, or blank for what has no counterpart in Wales."""
    key = word_key(text)
    if key in BARE_PLAN:
        return "idp_school", warning(number, "provision", "plan_taken_as_school")
    if key in NO_COUNTERPART:
        return "", warning(number, "provision", "provision_not_mapped", given=key.upper())
    return None, None


def _whole_name(number: int, texts: dict[str, str]) -> Iterator[RowProblem]:
    """Divides `Surname, Forename`; a name without a comma does not say which is which."""
    whole = texts.get("full_name", "").strip()
    if not whole or texts.get("surname", "").strip() or texts.get("forename", "").strip():
        return
    surname, comma, forename = whole.partition(",")
    if comma:
        texts["surname"], texts["forename"] = surname, forename.strip()
    else:
        texts["surname"] = whole
        if " " in whole:
            yield error(number, "surname", "name_order_unknown")


def _day_first(text: str) -> str:
    """A date of figures with the month first, as one with the day first; any other text as it is."""
    parts = text.strip().replace("-", "/").replace(".", "/").split("/")
    if len(parts) == 3 and len(parts[0]) <= 2 and len(parts[1]) <= 2:
        return "/".join((parts[1], parts[0], parts[2]))
    return text
