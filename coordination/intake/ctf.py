"""The Common Transfer File (CTF): the XML in which schools in Wales and England transfer pupils' records.

Any version, with or without a namespace, elements in any order; unknown elements are ignored. Only what
coordination needs is taken: no ethnicity, address, telephone, attendance or attainment is read.
Document types, entities and external entities are refused before anything is expanded.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from marshmallow import ValidationError

from coordination.errors import Refusal
from coordination.identifiers import check_school_number, check_upn
from coordination.intake.cells import (
    CodeCell,
    NameCell,
    doubtful_letters,
    parse_date,
    parse_name,
    parse_yes_no,
)
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import CellFault, Known, RowProblem, error, faults, warning
from coordination.intake.pupils import (
    ImportedContact,
    ImportedProvision,
    ParsedPupilFile,
    PupilRow,
    PupilRowSchema,
    doubts,
    load,
    registered_twice,
    relationship_code,
    sound_rows,
    year_number,
)

DEEPEST = 32
MOST_ELEMENTS = 50_000
"""Elements in one pupil's record, or outside all of them; a full record has a few hundred."""

PROVISIONS = {
    "N": "no_aln",
    "A": "school_action",
    "P": "school_action_plus",
    "S": "statement",
    "E": "ehc_plan",
}
"""`SENprovision` to our codes. K (SEN support, England) has no counterpart in Wales and stays unmapped."""

NEEDS = {
    **{
        code: code
        for code in (
            "MLD",
            "GLD",
            "SLD",
            "PMLD",
            "DYSL",
            "DYSC",
            "DYSP",
            "ADHD",
            "BESD",
            "SLCD",
            "ASD",
            "HI",
            "VI",
            "MSI",
            "PMED",
        )
    },
    "SEMH": "BESD",  # England since 2014: social, emotional and mental health
    "EBD": "BESD",
    "SEBD": "BESD",
    "SLCN": "SLCD",
    "ASC": "ASD",
    "PD": "PMED",
    "ADD": "ADHD",
}
"""`SENtype` to our codes. Not mapped, because no code of ours says the same: SPLD and PLD (a specific
difficulty, and which of three is not said), OTH, NSA, DS."""


_SCHOOLS = {"source": "sourceschool", "destination": "destschool"}


class PupilElementSchema(PupilRowSchema):
    """A pupil in a transfer file: nothing is required that the file may leave out."""

    sex = CodeCell("upper", load_default=None)
    language = CodeCell("lower", load_default=None)
    provision = CodeCell("lower", load_default=None)
    former_surname = NameCell(load_default=None)
    preferred_surname = NameCell(load_default=None)
    preferred_forename = NameCell(load_default=None)
    middle_names = NameCell(load_default=None)


class _PupilElement(msgspec.Struct):
    """One pupil's element, extracted from the file but not yet checked. `cells` go through the schema."""

    place: int
    cells: dict[str, str]
    problems: list[RowProblem]
    former_upn: str | None = None
    contacts: tuple[ImportedContact, ...] = ()
    history: tuple[ImportedProvision, ...] = ()
    needs: tuple[str, ...] = ()
    needs_not_mapped: tuple[str, ...] = ()


def read_ctf(
    data: bytes,
    known: Known,
    on: date,
    school: Literal["source", "destination"] = "source",
    limits: FileLimits = LIMITS,
) -> ParsedPupilFile:
    """Read a transfer file as on a date; a pupil's row number is its place in the file, from 1.

    `school` says at which school to register the pupils: the one that sent the file, or the one it was sent to.
    Raises Refusal: `file_empty`, `file_too_large`, `xml_entities` (a document type or an entity), `xml_malformed`
    (with the `line`), `xml_too_deep`, `xml_too_many_elements`, `encoding_unknown`, `not_a_ctf`. Problems of
    pupils are those of `read_pupils`, and the warnings `provision_not_mapped` and `need_not_mapped` (with the
    code as `given`), `provision_date_not_read`, `sex_missing`, `contact_not_read`, `former_upn_not_read`.
    Of contacts, those that the file says have no parental responsibility are left out.
    """
    if len(data) > limits.file_bytes:
        raise Refusal("file_too_large", limit=limits.file_bytes)
    if not data.strip():
        raise Refusal("file_empty")
    number, records = _records(data, known, on, _SCHOOLS[school])
    schema = PupilElementSchema()
    rows: list[PupilRow] = []
    problems: list[RowProblem] = []
    for record in records:
        record.cells["school_number"] = number
        values, found = load(schema, record.place, record.cells)
        values = {**values, "needs": record.needs}
        problems += [*record.problems, *found, *doubts(record.place, values, known, on, False)]
        if not found:
            rows.append(_row(record, values))
    registrations = ((record.place, record.cells["upn"], number) for record in records)
    return sound_rows(len(records), rows, [*problems, *registered_twice(registrations)])


def _row(record: _PupilElement, values: Mapping[str, Any]) -> PupilRow:
    plain = {field: value for field, value in values.items() if not field.startswith("contact_")}
    year = year_number(values["year"]) if values["year"] else None
    return PupilRow(
        row=record.place,
        **(plain | {"year": year}),
        contacts=record.contacts,
        former_upn=record.former_upn,
        provision_history=record.history,
        needs_not_mapped=record.needs_not_mapped,
    )


# From bytes to elements. Names are compared without namespace and regardless of case.


def _records(data: bytes, known: Known, on: date, which: str) -> tuple[str, list[_PupilElement]]:
    """The number of the school (`which`: sourceschool or destschool; "" if there is none) and the pupils.

    The elements of one pupil are held in memory at a time, and their number is limited.
    """
    number = ""
    records: list[_PupilElement] = []
    path: list[str] = []
    parents: list[Element] = []
    count = 0
    for event, element in _events(data):
        if event == "start":
            path.append(_local(element))
            parents.append(element)
            count += 1
            if path[0] != "ctfile":
                raise Refusal("not_a_ctf")
            if len(path) > DEEPEST:
                raise Refusal("xml_too_deep", limit=DEEPEST)
            if count > MOST_ELEMENTS:
                raise Refusal("xml_too_many_elements", limit=MOST_ELEMENTS)
            continue
        if path[1:] == ["header", which] and not number:
            number = check_school_number(_text(element, "lea") + _text(element, "estab")).value
        elif path[1:] == ["ctfpupildata", "pupil"]:
            records.append(_record(len(records) + 1, element, known, on))
            count = len(path)
        if len(path) in (2, 3):
            parents[-2].remove(element)
        path.pop()
        parents.pop()
    return number, records


def _events(data: bytes) -> Iterator[tuple[str, Element]]:
    """Starts and ends of elements; any error of the parser becomes a refusal."""
    try:
        yield from iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True)
    except DefusedXmlException:
        raise Refusal("xml_entities") from None
    except ParseError as wrong:
        raise Refusal("xml_malformed", line=wrong.position[0]) from None
    except (LookupError, ValueError):  # the declared encoding is not one, or takes several bytes a letter
        raise Refusal("encoding_unknown") from None


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2].casefold()


def _children(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [child for child in element if _local(child) == name]


def _within(element: Element, name: str) -> list[Element]:
    return [child for child in element.iter() if _local(child) == name]


def _text(element: Element | None, *names: str) -> str:
    """The text of the first child found under one of the names; "" if there is none."""
    for name in names:
        for child in _children(element, name):
            if child.text and child.text.strip():
                return child.text
    return ""


def _record(place: int, pupil: Element, known: Known, on: date) -> _PupilElement:
    basic = next(iter(_children(pupil, "basicdetails")), None)
    cells = {
        "upn": _text(pupil, "upn"),
        "surname": _text(pupil, "surname"),
        "forename": _text(pupil, "forename"),
        "date_of_birth": _text(pupil, "dob"),
        "sex": _text(pupil, "sex", "gender"),
        "middle_names": _text(basic, "middlenames"),
        "preferred_surname": _text(basic, "preferredsurname"),
        "preferred_forename": _text(basic, "preferredforename"),
        "former_surname": _text(basic, "formersurname"),
        "year": _text(basic, "ncyearactual"),
        "looked_after": _text(next(iter(_children(pupil, "lookedafter")), None), "incare"),
    }
    record = _PupilElement(place, cells, [])
    if not cells["sex"]:
        record.problems.append(warning(place, "sex", "sex_missing"))
    if former := _text(basic, "formerupn"):
        checked = check_upn(former)
        record.former_upn = checked.value if checked.ok else None
        if not checked.ok:
            record.problems.append(warning(place, "former_upn", "former_upn_not_read"))
    _read_provision(record, pupil, on)
    _read_needs(record, pupil, on)
    _read_contacts(record, pupil, known, on)
    return record


def _given(text: str) -> str:
    """A code as it was given, if it has the form of a code; no other content may be repeated in a problem."""
    code = text.strip().upper()
    return code if re.fullmatch(r"[A-Z0-9*]{1,8}", code) else "?"


def _read_provision(record: _PupilElement, pupil: Element, on: date) -> None:
    """The steps of provision in order of date, and the one in force as the pupil's provision."""
    entries: list[ImportedProvision] = []
    for sen in _within(pupil, "sen"):
        given = _given(_text(sen, "senprovision"))
        if not _text(sen, "senprovision"):
            continue
        starts_on = _date(_text(sen, "startdate"))
        if starts_on is None:
            record.problems.append(warning(record.place, "provision", "provision_date_not_read", given=given))
        code = PROVISIONS.get(given)
        if code is None:
            record.problems.append(warning(record.place, "provision", "provision_not_mapped", given=given))
        entries.append(ImportedProvision(starts_on, code, given))
    record.history = tuple(sorted(entries, key=lambda entry: entry.starts_on or date.min))
    in_force = [entry for entry in record.history if (entry.starts_on or date.min) <= on]
    if in_force and in_force[-1].code:
        record.cells["provision"] = in_force[-1].code


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValidationError:
        return None


def _read_needs(record: _PupilElement, pupil: Element, on: date) -> None:
    """Needs that have not ended, by rank, each once."""
    ranked: list[tuple[int, str]] = []
    for need in _within(pupil, "senneed"):
        ended = _date(_text(need, "needenddate", "enddate"))
        if _text(need, "sentype") and not (ended and ended < on):
            ranked.append((_number(_text(need, "sentyperank")), _given(_text(need, "sentype"))))
    found: dict[str, None] = {}
    not_mapped: dict[str, None] = {}
    for _, given in sorted(ranked, key=lambda pair: pair[0]):
        if code := NEEDS.get(given.rstrip("*")):
            found[code] = None
        elif given not in not_mapped:
            not_mapped[given] = None
            record.problems.append(warning(record.place, "needs", "need_not_mapped", given=given))
    record.needs, record.needs_not_mapped = tuple(found), tuple(not_mapped)


def _number(text: str) -> int:
    """A rank as a number; a missing rank sorts last."""
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text.strip()) else 999


def _read_contacts(record: _PupilElement, pupil: Element, known: Known, on: date) -> None:
    """Contacts in their order, without those who have no parental responsibility."""
    contacts: list[tuple[int, ImportedContact]] = []
    for element in (one for group in _children(pupil, "contacts") for one in _children(group, "contact")):
        flag = _text(element, "responsibility", "responsible", "parentalresponsibility")
        try:
            responsible = parse_yes_no(flag) if flag else None
            forename, surname = parse_name(_text(element, "forename")), parse_name(_text(element, "surname"))
        except ValidationError as refused:
            for _, fault in faults(refused.messages):
                record.problems.append(_contact_problem(record.place, fault))
            continue
        name = f"{forename} {surname}".strip()
        if not name:
            record.problems.append(warning(record.place, "contact_name", "contact_not_read"))
        elif responsible is not False:
            if sign := doubtful_letters(name, False):
                record.problems.append(
                    warning(record.place, "contact_name", "name_letters_doubtful", sign=sign)
                )
            given = _text(element, "relationship")
            relationship = relationship_code(given, known, on)
            if given and relationship is None:
                record.problems.append(
                    warning(record.place, "contact_relationship", "relationship_not_mapped")
                )
            order = _number(_text(element, "order"))
            contacts.append((order, ImportedContact(name, relationship, responsible)))
    record.contacts = tuple(contact for _, contact in sorted(contacts, key=lambda pair: pair[0]))


def _contact_problem(place: int, fault: CellFault) -> RowProblem:
    """A formula refuses the pupil; any other fault of a contact only drops the contact."""
    if fault.code == "formula_in_name":
        return error(place, "contact_name", fault.code)
    return warning(place, "contact_name", "contact_not_read", reason=fault.code)
