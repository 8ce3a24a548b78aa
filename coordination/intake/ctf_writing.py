"""Writing a Common Transfer File: what a pupil's next school is entitled to, one pupil after another.

No referral, agreement, minute or action is in it: they stay on the record, which the next school takes over. Provision
that has no code in transfer files (an individual development plan) is left out, and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from coordination.directory.state import Organisation
from coordination.intake.cells import FORMULA
from coordination.intake.ctf import NEEDS, PROVISIONS
from coordination.intake.recording.recorded_profiles import RecordedContact, RecordedProfile

CTF_VERSION = "23.0"
UNKNOWN_DESTINATION = "XXXXXXX"
"""The destination of a pupil whose next school is not known (three characters of an authority, four of a school)."""
_PROVISION_CODES = {ours: theirs for theirs, ours in PROVISIONS.items()}
_NEED_CODES = frozenset(ours for theirs, ours in NEEDS.items() if theirs == ours)
_RELATIONSHIPS = {"mother": "PAM", "father": "PAF", "social_worker": "SWR"}
_YEARS = {-2: "N1", -1: "N2", 0: "R"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SCHOOL_YEAR_BEGINS = 9  # September


class TransferredPupil(NamedTuple):
    """A pupil's profile as recorded, and the national curriculum year."""

    profile: RecordedProfile
    year: int | None


def file_name(source: Organisation, destination: str, serial: int) -> str:
    """The name of a transfer file: sender, receiver and a serial number of three digits."""
    return f"{source.code}_CTF_{destination}_{serial % 1000:03d}.xml"


def write_ctf(
    write: Callable[[str], object],
    pupils: Iterable[TransferredPupil],
    *,
    source: Organisation,
    destination: str,
    now: datetime,
    today: date,
) -> int:
    """Writes the file piece by piece (UTF-8 text); how many steps of provision had no code. `destination` is a school's
    number or UNKNOWN_DESTINATION. One pupil is held in memory at a time."""
    year = today.year if today.month >= _SCHOOL_YEAR_BEGINS else today.year - 1
    write('<?xml version="1.0" encoding="UTF-8"?>\n<CTfile>\n<Header>')
    write("<DocumentName>Common Transfer File</DocumentName>")
    write(f"<CTFversion>{CTF_VERSION}</CTFversion><DateTime>{now:%Y-%m-%dT%H:%M:%S}</DateTime>")
    write("<DocumentQualifier>partial</DocumentQualifier><SupplierID>Cydlynu</SupplierID>")
    write(f"<SourceSchool>{_school(source.code)}{_tag('SchoolName', source.name)}")
    write(f"<AcademicYear>{year}</AcademicYear></SourceSchool>")
    write(f"<DestSchool>{_school(destination)}</DestSchool></Header>\n<CTFpupilData>\n")
    without_code = 0
    for pupil in pupils:
        write(_pupil(pupil) + "\n")
        without_code += sum(code not in _PROVISION_CODES for _on, code in pupil.profile.provisions)
    write("</CTFpupilData>\n</CTfile>\n")
    return without_code


def _school(number: str) -> str:
    return f"<LEA>{number[:3]}</LEA><Estab>{number[3:]}</Estab>"


def _pupil(pupil: TransferredPupil) -> str:
    known = pupil.profile
    parts = [
        _tag("UPN", known.upn),
        _tag("Surname", known.surname),
        _tag("Forename", known.forename),
        _tag("DOB", known.date_of_birth.isoformat()),
        _tag("Sex", known.sex if known.sex in ("M", "F") else None),
        _group("BasicDetails", *_basic(pupil)),
        _looked_after(known),
        _group("SENhistory", *_provisions(known), _group("SENneeds", *_needs(known))),
        _group("Contacts", *_contacts(known)),
    ]
    return _group("Pupil", *parts)


def _basic(pupil: TransferredPupil) -> list[str]:
    known, year = pupil.profile, pupil.year
    return [
        _tag("FormerUPN", known.former_upns[-1] if known.former_upns else None),
        _tag("PreferredSurname", known.preferred_surname),
        _tag("PreferredForename", known.preferred_forename),
        _tag("FormerSurname", known.former_surname),
        _tag("MiddleNames", known.middle_names),
        _tag("NCyearActual", None if year is None else _YEARS.get(year, str(year))),
    ]


def _looked_after(known: RecordedProfile) -> str:
    if known.looked_after is None:
        return ""
    in_care = _tag("InCare", "true" if known.looked_after else "false")
    return _group("LookedAfter", in_care, _tag("CareAuthority", known.care_authority))


def _provisions(known: RecordedProfile) -> list[str]:
    return [
        _group("SEN", _tag("StartDate", on.isoformat()), _tag("SENprovision", _PROVISION_CODES[code]))
        for on, code in known.provisions
        if code in _PROVISION_CODES
    ]


def _needs(known: RecordedProfile) -> list[str]:
    coded = [need for need in known.needs if need in _NEED_CODES]
    return [
        _group("SENneed", _tag("SENtypeRank", str(rank)), _tag("SENtype", need))
        for rank, need in enumerate(coded, 1)
    ]


def _contacts(known: RecordedProfile) -> list[str]:
    current = [contact for contact in known.contacts.values() if not contact.ended]
    current.sort(key=lambda contact: not contact.parental_responsibility)
    return [_contact(order, contact) for order, contact in enumerate(current, 1)]


def _contact(order: int, contact: RecordedContact) -> str:
    forename, surname = _names(contact.name)
    relationship = contact.relationship
    return _group(
        "Contact",
        _tag("Order", str(order)),
        _tag("Surname", surname),
        _tag("Forename", forename),
        _tag("Relationship", _RELATIONSHIPS.get(relationship, relationship) if relationship else None),
        _tag("Responsibility", "true" if contact.parental_responsibility else "false"),
        _group("Address", _tag("AddressLine1", contact.address)),
        _group("Phones", _group("Phone", _tag("PhoneNo", contact.telephone))),
        _tag("Email", contact.email),
    )


def _names(name: str) -> tuple[str, str]:
    """A contact's name as forename and surname; joined by a blank they are the name again. A part that a spreadsheet
    would run as a formula is not begun."""
    forename, _blank, surname = name.rpartition(" ")
    return ("", name) if not forename else (name, "") if surname[:1] in FORMULA else (forename, surname)


def _tag(name: str, text: str | None) -> str:
    """An element with text; nothing where there is none."""
    return f"<{name}>{escape(_NOT_XML.sub('', text))}</{name}>" if text else ""


def _group(name: str, *parts: str) -> str:
    """An element with others in it; nothing where there are none."""
    inside = "".join(parts)
    return f"<{name}>{inside}</{name}>" if inside else ""
