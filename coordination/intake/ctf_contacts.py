"""The contacts of a pupil in a transfer file: their names, what they are to the child, and how to reach them."""

from __future__ import annotations

import re
from datetime import date
from xml.etree.ElementTree import Element

from marshmallow import ValidationError

from coordination.intake.cells import doubtful_letters, parse_name, parse_yes_no
from coordination.intake.ctf_elements import child_text, children, number_of
from coordination.intake.problems import CellFault, Known, RowProblem, error, faults, warning
from coordination.intake.pupils import ImportedContact, relationship_code
from coordination.intake.sheet_contacts import readable_email, readable_telephone

KEPT_WITHOUT_RESPONSIBILITY = frozenset({"foster_carer", "social_worker", "guardian"})
"""People who look after the child or act for the authority that does, whether or not the file gives them
parental responsibility; of other contacts those without it are left out, and said."""
_ADDRESS = (
    ("saon", "subdwelling"),
    ("paon", "dwelling"),
    ("street",),
    ("locality",),
    ("town",),
    ("administrativearea",),
    ("posttown",),
    *((f"addressline{line}",) for line in range(1, 6)),
    ("county",),
    ("postcode",),
)


def read_contacts(
    place: int, pupil: Element, known: Known, on: date
) -> tuple[tuple[ImportedContact, ...], list[RowProblem]]:
    """The contacts of the pupil at a place of the file, in their order.

    Error: `formula_in_name`. Warnings: `contact_not_read`, `contact_left_out`, `name_letters_doubtful`,
    `relationship_not_mapped`, `telephone_not_read`, `email_not_read`.
    """
    ordered: list[tuple[int, ImportedContact]] = []
    problems: list[RowProblem] = []
    home = _address(pupil)
    for element in (one for group in children(pupil, "contacts") for one in children(group, "contact")):
        flag = child_text(element, "responsibility", "responsible", "parentalresponsibility")
        try:
            responsible = parse_yes_no(flag) if flag else None
            names = [parse_name(child_text(element, part)) for part in ("forename", "surname")]
        except ValidationError as refused:
            problems += [_problem(place, fault) for _, fault in faults(refused.messages)]
            continue
        name = " ".join(names).strip()
        given = child_text(element, "relationship")
        relationship = relationship_code(given, known, on)
        if not name:
            problems.append(warning(place, "contact_name", "contact_not_read"))
        elif responsible is False and relationship not in KEPT_WITHOUT_RESPONSIBILITY:
            problems.append(warning(place, "contact_name", "contact_left_out"))
        else:
            if sign := doubtful_letters(name, False):
                problems.append(warning(place, "contact_name", "name_letters_doubtful", sign=sign))
            if given and relationship is None:
                problems.append(warning(place, "contact_relationship", "relationship_not_mapped"))
            reached, said = _reached(place, element, home)
            problems += said
            contact = ImportedContact(name, relationship, responsible, *reached)
            ordered.append((number_of(child_text(element, "order")), contact))
    return tuple(contact for _, contact in sorted(ordered, key=lambda pair: pair[0])), problems


def _problem(place: int, fault: CellFault) -> RowProblem:
    """A formula refuses the pupil; any other fault of a contact only drops the contact."""
    if fault.code == "formula_in_name":
        return error(place, "contact_name", fault.code)
    return warning(place, "contact_name", "contact_not_read", reason=fault.code)


def _reached(
    place: int, contact: Element, home: str | None
) -> tuple[tuple[str | None, str | None, str | None], list[RowProblem]]:
    """Telephone (a mobile first), e-mail and address of a contact."""
    phones = [phone for group in children(contact, "phones") for phone in children(group, "phone")]
    phones.sort(key=lambda phone: child_text(phone, "telephonetype").strip().upper() != "M")
    given = next((text for phone in phones if (text := child_text(phone, "phoneno"))), "")
    mail = child_text(contact, "email")
    telephone, email = readable_telephone(given), readable_email(mail)
    problems = []
    if given and telephone is None:
        problems.append(warning(place, "contact_telephone", "telephone_not_read"))
    if mail and email is None:
        problems.append(warning(place, "contact_email", "email_not_read"))
    as_pupil = child_text(contact, "addressaspupil", "addressaspupil_flag")
    own = _address(contact)
    same = as_pupil.strip().casefold() in ("true", "1", "t", "y")
    return (telephone, email, own or (home if same else None)), problems


def _address(element: Element) -> str | None:
    """The address on one line; None where the file has none that can be shown."""
    lines: dict[str, None] = {}
    for address in children(element, "address"):
        inner = {line: text for part in address.iter() for line, text in _line(part)}
        for names in _ADDRESS:
            if text := next((inner[name] for name in names if name in inner), ""):
                lines[text] = None
    whole = ", ".join(lines)
    return whole[:500] or None


def _line(part: Element) -> list[tuple[str, str]]:
    text = " ".join((part.text or "").split())
    name = part.tag.rpartition("}")[2].casefold()
    return [(name, text)] if text and not re.search(r"[\x00-\x1f\x7f-\x9f]", text) else []
