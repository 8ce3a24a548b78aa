"""The Common Transfer File (CTF): the XML in which schools in Wales and England transfer pupils' records.

Any version, with or without a namespace, elements in any order; unknown elements are ignored. Only what
coordination needs is taken: no ethnicity, attendance or attainment is read.
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
from coordination.intake.cells import parse_date
from coordination.intake.ctf_contacts import read_contacts
from coordination.intake.ctf_elements import child_text, children, local_name, number_of, within
from coordination.intake.limits import LIMITS, FileLimits
from coordination.intake.problems import Known, RowProblem, warning
from coordination.intake.pupils import (
    ImportedContact,
    ImportedProvision,
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
from coordination.intake.word_maps import code_of
from coordination.intake.xml_text import utf8_xml

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


class _PupilElement(msgspec.Struct):
    """One pupil's element, extracted from the file but not yet checked. `cells` go through the schema."""

    place: int
    cells: dict[str, str]
    problems: list[RowProblem]
    former_upn: str | None = None
    care_authority: str | None = None
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
    default_school: str | None = None,
) -> ParsedPupilFile:
    """Read a transfer file as on a date; a pupil's row number is its place in the file, from 1.

    `school` says at which school to register the pupils: the one that sent the file, or the one it was sent to. A file
    whose destination is unknown (XXX/XXXX) is taken for the `default_school`.
    Raises Refusal: `file_empty`, `file_too_large`, `xml_entities` (a document type or an entity), `xml_malformed`
    (with the `line`), `xml_too_deep`, `xml_too_many_elements`, `encoding_unknown`, `not_a_ctf`. Problems of
    pupils are those of `read_pupils`, and the warnings `provision_not_mapped` and `need_not_mapped` (with the
    code as `given`), `provision_date_not_read`, `sex_missing`, `contact_not_read`, `former_upn_not_read`.
    Contacts: see `ctf_contacts.py`.
    """
    if len(data) > limits.file_bytes:
        raise Refusal("file_too_large", limit=limits.file_bytes)
    if not data.strip():
        raise Refusal("file_empty")
    text, recognised = utf8_xml(data)
    number, records = _records(text, known, on, _SCHOOLS[school])
    if school == "destination" and default_school and number.strip("Xx") == "":
        number = default_school
    schema = PupilRowSchema()
    rows: list[PupilRow] = []
    problems: list[RowProblem] = []
    if recognised is not None:
        problems.append(warning(0, None, "encoding_recognised", encoding=recognised))
    names: dict[int | str, str] = {}
    for record in records:
        names[record.place] = shown_name(record.cells)
        record.cells["school_number"] = number
        values, found = load(schema, record.place, record.cells)
        values = {**values, "needs": record.needs}
        problems += [*record.problems, *found, *doubts(record.place, values, known, on, False)]
        if not found:
            rows.append(_row(record, values))
    registrations = ((record.place, record.cells["upn"], number) for record in records)
    parsed = sound_rows(len(records), rows, [*problems, *registered_twice(registrations)])
    return msgspec.structs.replace(parsed, names=names)


def _row(record: _PupilElement, values: Mapping[str, Any]) -> PupilRow:
    plain = {field: value for field, value in values.items() if not field.startswith("contact_")}
    year = year_number(values["year"]) if values["year"] else None
    return PupilRow(
        row=record.place,
        **(plain | {"year": year}),
        contacts=record.contacts,
        former_upn=record.former_upn,
        care_authority=record.care_authority,
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
            path.append(local_name(element))
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
            number = check_school_number(child_text(element, "lea") + child_text(element, "estab")).value
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
    except ValueError:
        raise Refusal("xml_malformed", line=1) from None


def _record(place: int, pupil: Element, known: Known, on: date) -> _PupilElement:
    basic = next(iter(children(pupil, "basicdetails")), None)
    care = next(iter(children(pupil, "lookedafter")), None)
    cells = {
        "upn": child_text(pupil, "upn"),
        "surname": child_text(pupil, "surname"),
        "forename": child_text(pupil, "forename"),
        "date_of_birth": child_text(pupil, "dob"),
        "sex": _sex(child_text(pupil, "sex", "gender")),
        "middle_names": child_text(basic, "middlenames"),
        "preferred_surname": child_text(basic, "preferredsurname"),
        "preferred_forename": child_text(basic, "preferredforename"),
        "former_surname": child_text(basic, "formersurname"),
        "year": child_text(basic, "ncyearactual"),
        "looked_after": child_text(care, "incare"),
    }
    record = _PupilElement(place, cells, [])
    authority = child_text(care, "careauthority").strip()
    record.care_authority = authority if re.fullmatch(r"[0-9]{3}", authority) else None
    if not cells["sex"]:
        record.problems.append(warning(place, "sex", "sex_missing"))
    if former := child_text(basic, "formerupn"):
        checked = check_upn(former)
        record.former_upn = checked.value if checked.ok else None
        if not checked.ok:
            record.problems.append(warning(place, "former_upn", "former_upn_not_read"))
    _read_provision(record, pupil, on)
    _read_needs(record, pupil, on)
    record.contacts, said = read_contacts(place, pupil, known, on)
    record.problems += said
    return record


def _sex(given: str) -> str:
    return code_of("sex", given) or given


def _given(text: str) -> str:
    """A code as it was given, if it has the form of a code; no other content may be repeated in a problem."""
    code = text.strip().upper()
    return code if re.fullmatch(r"[A-Z0-9*]{1,8}", code) else "?"


def _read_provision(record: _PupilElement, pupil: Element, on: date) -> None:
    """The steps of provision in order of date, and the one in force as the pupil's provision."""
    entries: list[ImportedProvision] = []
    for sen in within(pupil, "sen"):
        given = _given(child_text(sen, "senprovision"))
        if not child_text(sen, "senprovision"):
            continue
        starts_on = _date(child_text(sen, "startdate"))
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
    for need in within(pupil, "senneed"):
        ended = _date(child_text(need, "needenddate", "enddate"))
        if child_text(need, "sentype") and not (ended and ended < on):
            ranked.append((number_of(child_text(need, "sentyperank")), _given(child_text(need, "sentype"))))
    found: dict[str, None] = {}
    not_mapped: dict[str, None] = {}
    for _, given in sorted(ranked, key=lambda pair: pair[0]):
        if code := NEEDS.get(given.rstrip("*")):
            found[code] = None
        elif given not in not_mapped:
            not_mapped[given] = None
            record.problems.append(warning(record.place, "needs", "need_not_mapped", given=given))
    record.needs, record.needs_not_mapped = tuple(found), tuple(not_mapped)
