"""The columns of a sheet of pupils that are about their contacts, and the headers under which they are exported."""

from __future__ import annotations

import re
import unicodedata

MOST_CONTACTS = 6

CONTACT_FIELDS = (
    "name",
    "forename",
    "surname",
    "relationship",
    "parental_responsibility",
    "telephone",
    "email",
    "address",
    "priority",
)


def contact_field(number: int, part: str) -> str:
    """The field of a contact's part: `contact_name` of the first contact, `contact_2_name` of the second."""
    return f"contact_{part}" if number == 1 else f"contact_{number}_{part}"


def contact_part(field: str) -> tuple[int, str] | None:
    """The number and the part of a contact's field; None for a field of the pupil."""
    found = re.fullmatch(r"contact_(?:([2-9])_)?([a-z_]+)", field)
    return (int(found[1] or 1), found[2]) if found and found[2] in CONTACT_FIELDS else None


def header_key(text: str) -> str:
    """A header as it is compared: letters and digits only, no accents, single spaces, in small letters."""
    apart = unicodedata.normalize("NFD", text.replace("\ufeff", "").casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    # `DateOfBirth` and `date_of_birth` are one header; so is `NC Year (actual)`
    return " ".join(re.sub(r"[^\w]|_", " ", plain).split())


_CONTACT: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "enw", "enw llawn", ""),
    "forename": ("forename", "first name", "given name", "enw cyntaf"),
    "surname": ("surname", "last name", "family name", "cyfenw"),
    "relationship": (
        "relationship",
        "relationship to pupil",
        "relationship to student",
        "relation",
        "relation type",
        "type",
        "perthynas",
        "perthynas a r disgybl",
    ),
    "parental_responsibility": (
        "parental responsibility",
        "pr",
        "has parental responsibility",
        "cyfrifoldeb rhiant",
        "cyfrifoldeb rhieni",
        "responsibility",
    ),
    "telephone": (
        "telephone",
        "telephone number",
        "phone",
        "phone number",
        "home telephone",
        "home phone",
        "mobile",
        "mobile number",
        "mobile phone",
        "mobile telephone",
        "main telephone",
        "tel",
        "tel no",
        "tel number",
        "contact number",
        "number",
        "daytime telephone",
        "ffon",
        "rhif ffon",
        "ffon symudol",
        "ffon gartref",
    ),
    "email": (
        "email",
        "e mail",
        "email address",
        "e mail address",
        "primary email",
        "home email",
        "ebost",
        "e bost",
    ),
    "address": (
        "address",
        "home address",
        "full address",
        "address block",
        "address line 1",
        "address line 2",
        "address line 3",
        "address line 4",
        "address 1",
        "address 2",
        "address 3",
        "street",
        "house number",
        "house name",
        "town",
        "county",
        "post code",
        "postcode",
        "cyfeiriad",
        "cyfeiriad cartref",
        "stryd",
        "tref",
        "cod post",
    ),
    "priority": ("priority", "order", "contact order", "contact priority", "blaenoriaeth", "trefn"),
}
_OF_CONTACT = (
    r"(?:(?:primary|pri|emergency|first|second|third|main|priority|key) )?"
    r"(?:contact|parent carer|parent guardian|parent|carer|guardian|cyswllt|rhiant|gofalwr|gwarcheidwad)"
)
_CONTACT_FIRST = re.compile(rf"(?P<who>{_OF_CONTACT}s?)(?: (?P<number>[1-9]))?(?: (?P<part>.+))?")
_CONTACT_LAST = re.compile(rf"(?P<part>.+?) (?:of|for|y) (?P<who>{_OF_CONTACT})(?: (?P<number>[1-9]))?")
_ORDINALS = {"second": 2, "third": 3}
_PRIORITY_FIRST = re.compile(
    r"(?:priority|pri|blaenoriaeth) (?P<number>[1-9])(?: contact| cyswllt)?(?: (?P<part>.+))?"
)
_ALONE = ("telephone", "email", "address", "parental_responsibility", "relationship", "priority")
"""Parts of a contact that a header may name without saying whose: they belong to the first contact."""

_PART_BY_HEADER = {name: part for part, names in _CONTACT.items() for name in names}

IMPLIES_RESPONSIBILITY = "contact with parental responsibility"
"""A header of a contact's name that also says what the person may do."""


def contact_of_header(key: str) -> tuple[int, str] | None:
    """The number and the part of a contact that a header (as compared) names; None for any other header."""
    if key == IMPLIES_RESPONSIBILITY:
        return 1, "name"
    if found := _named(key):
        return found
    numbered = re.fullmatch(r"(.+?) ?([1-9])", key)
    if numbered and int(numbered[2]) <= MOST_CONTACTS and (part := _alone(numbered[1])):
        return int(numbered[2]), part
    part = _alone(key)
    return (1, part) if part else None


def _alone(key: str) -> str | None:
    part = _PART_BY_HEADER.get(key)
    return part if part in _ALONE else None


def _named(key: str) -> tuple[int, str] | None:
    """The number and the part of a header that names a contact."""
    for pattern in (_PRIORITY_FIRST, _CONTACT_FIRST, _CONTACT_LAST):
        if found := pattern.fullmatch(key):
            part_text, number = found["part"] or "", found["number"]
            trailing = re.fullmatch(r"(.*?) ?([1-9])", part_text)
            if (
                trailing
                and not number
                and trailing[1] in _PART_BY_HEADER
                and part_text not in _PART_BY_HEADER
            ):
                part_text, number = trailing[1], trailing[2]
            part = _PART_BY_HEADER.get(part_text)
            which = int(number) if number else _ordinal(found.groupdict().get("who") or "")
            if part and which <= MOST_CONTACTS:
                return which, part
    return None


def _ordinal(who: str) -> int:
    return _ORDINALS.get(who.partition(" ")[0], 1)


def names_no_contact(header: str) -> bool:
    """Whether a header names a part of a contact without saying whose (`Telephone`)."""
    return _alone(header_key(header)) is not None
