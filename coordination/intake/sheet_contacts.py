"""The contacts in a row of a sheet of pupils."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from coordination.intake.cells import (
    NameCell,
    RowSchema,
    TextCell,
    YesNoCell,
    doubtful_letters,
    without_apostrophe,
)
from coordination.intake.contact_columns import MOST_CONTACTS, contact_field, contact_part
from coordination.intake.problems import Known, RowProblem, error, warning
from coordination.intake.pupils import ImportedContact, load, relationship_code

_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{4,24}( ?(x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
LAST = 99


class SheetContact(NamedTuple):
    """A contact and its priority (1 is first; `LAST` where the file does not say it)."""

    priority: int
    contact: ImportedContact


class ContactCellsSchema(RowSchema):
    """The cells of one contact."""

    name = NameCell(load_default="")
    forename = NameCell(load_default="")
    surname = NameCell(load_default="")
    relationship = TextCell(60, load_default=None)
    parental_responsibility = YesNoCell(load_default=None)
    telephone = TextCell(60, load_default=None)
    email = TextCell(200, load_default=None)
    address = TextCell(500, load_default=None)
    priority = TextCell(20, load_default=None)


_SCHEMA = ContactCellsSchema()


def readable_telephone(text: str | None) -> str | None:
    """A telephone number as people write it; None for anything else."""
    number = without_apostrophe(text or "")
    return number if _TELEPHONE.fullmatch(number) else None


def readable_email(text: str | None) -> str | None:
    """An e-mail address by its shape; None for anything else."""
    address = (text or "").strip()
    return address if _EMAIL.fullmatch(address) else None


def read_contacts(
    number: int, cells: Mapping[str, str], known: Known, on: date, implied: bool
) -> tuple[list[SheetContact], list[RowProblem]]:
    """The contacts of row `number`. `implied`: the header says that the first has parental responsibility.

    Errors: those of the cells. Warnings: `contact_without_name`, `relationship_not_mapped`, `telephone_not_read`,
    `email_not_read`, `name_letters_doubtful`.
    """
    found: list[SheetContact] = []
    problems: list[RowProblem] = []
    for which in range(1, MOST_CONTACTS + 1):
        own = {
            part[1]: text
            for field, text in cells.items()
            if (part := contact_part(field)) is not None and part[0] == which and text.strip()
        }
        if own:
            values, wrong = load(_SCHEMA, number, own)
            problems += [
                error(number, contact_field(which, problem.field or "name"), problem.code, **problem.facts)
                for problem in wrong
            ]
            if not wrong:
                contact, said = _contact(number, which, values, known, on, implied and which == 1)
                problems += said
                found += contact
    return found, problems


def _contact(
    number: int, which: int, values: Mapping[str, object], known: Known, on: date, implied: bool
) -> tuple[list[SheetContact], list[RowProblem]]:
    text = {name: value for name, value in values.items() if isinstance(value, str)}
    name = text.get("name") or f"{text.get('forename', '')} {text.get('surname', '')}".strip()
    related = text.get("relationship")
    if not name:
        # a bare number of order says nothing of anybody
        without = set(text) - {"priority", "name", "forename", "surname"}
        said = [warning(number, contact_field(which, "name"), "contact_without_name")] if without else []
        return [], said
    problems: list[RowProblem] = []
    code = relationship_code(related, known, on)
    if related and code is None:
        problems.append(warning(number, contact_field(which, "relationship"), "relationship_not_mapped"))
    if sign := doubtful_letters(name, False):
        problems.append(warning(number, contact_field(which, "name"), "name_letters_doubtful", sign=sign))
    telephone, email = readable_telephone(text.get("telephone")), readable_email(text.get("email"))
    for part, read in (("telephone", telephone), ("email", email)):
        if part in text and read is None:
            problems.append(warning(number, contact_field(which, part), f"{part}_not_read"))
    responsible = values.get("parental_responsibility")
    flag = responsible if isinstance(responsible, bool) else True if implied else None
    return [
        SheetContact(
            _priority(text.get("priority")),
            ImportedContact(name, code, flag, telephone, email, text.get("address")),
        )
    ], problems


def _priority(text: str | None) -> int:
    digits = re.search(r"[0-9]{1,2}", text or "")
    return int(digits[0]) if digits else LAST
