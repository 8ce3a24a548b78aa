"""The columns that a sheet of pupils may have, and the headers under which schools' systems export them.

Headers are compared without case, accents and signs. English headers are those of public descriptions of pupil reports
and of what schools write by hand; Welsh ones are their translations.
"""

from __future__ import annotations

import re
from functools import lru_cache

from coordination.intake.contact_columns import (
    CONTACT_FIELDS,
    MOST_CONTACTS,
    contact_field,
    contact_of_header,
    contact_part,
    header_key,
)

LONGEST = 100
"""Letters of a cell beyond which it is no header."""
PUPIL_FIELDS = (
    "upn",
    "surname",
    "forename",
    "full_name",
    "date_of_birth",
    "sex",
    "school_number",
    "year",
    "class_name",
    "language",
    "provision",
    "needs",
    "looked_after",
    "preferred_surname",
    "preferred_forename",
    "middle_names",
    "former_surname",
    "former_upn",
)
JOINED = frozenset({"needs", "address"})
"""Fields that several columns may fill together: the lines of an address, one column for each need."""


FIELDS = (
    *PUPIL_FIELDS,
    *(contact_field(number, part) for number in range(1, MOST_CONTACTS + 1) for part in CONTACT_FIELDS),
)


def may_be_joined(field: str) -> bool:
    """Whether several columns may fill the field together."""
    found = contact_part(field)
    return (found[1] if found else field) in JOINED


_PUPIL: dict[str, tuple[str, ...]] = {
    "upn": (
        "upn",
        "unique pupil number",
        "pupil upn",
        "rhif unigryw disgybl",
        "rhif unigryw y disgybl",
        "rhud",
    ),
    "surname": (
        "surname",
        "legal surname",
        "last name",
        "lastname",
        "legal last name",
        "family name",
        "legal family name",
        "pupil surname",
        "student surname",
        "cyfenw",
        "cyfenw cyfreithiol",
    ),
    "forename": (
        "forename",
        "forenames",
        "legal forename",
        "first name",
        "firstname",
        "legal first name",
        "given name",
        "pupil forename",
        "student forename",
        "enw cyntaf",
        "enw cyntaf cyfreithiol",
        "enwau cyntaf",
    ),
    "full_name": (
        "name",
        "full name",
        "pupil name",
        "student name",
        "pupil",
        "legal full name",
        "legal name",
        "enw",
        "enw llawn",
        "enw r disgybl",
        "enw disgybl",
        "disgybl",
    ),
    "date_of_birth": (
        "date of birth",
        "dateofbirth",
        "dob",
        "d o b",
        "birth date",
        "birthdate",
        "dyddiad geni",
        "dg",
        "dyddiad geni r disgybl",
    ),
    "sex": ("sex", "gender", "legal sex", "legal gender", "rhyw", "rhywedd"),
    "school_number": (
        "school number",
        "school no",
        "school code",
        "dfe number",
        "dfes number",
        "lea estab",
        "laestab",
        "la estab",
        "establishment number",
        "rhif ysgol",
        "rhif yr ysgol",
        "cod ysgol",
    ),
    "year": (
        "year",
        "year group",
        "nc year",
        "ncyear",
        "national curriculum year",
        "nc year actual",
        "curriculum year",
        "year taught in",
        "blwyddyn",
        "grwp blwyddyn",
        "blwyddyn cc",
        "bl",
        "blwyddyn cwricwlwm",
    ),
    "class_name": (
        "class",
        "class name",
        "class group",
        "reg",
        "reg group",
        "reg form",
        "registration",
        "registration group",
        "registration form",
        "form",
        "form group",
        "tutor group",
        "tutor set",
        "dosbarth",
        "grwp dosbarth",
        "grwp cofrestru",
        "dosbarth cofrestru",
        "grwp tiwtor",
    ),
    "language": (
        "language",
        "preferred language",
        "language wish",
        "language of correspondence",
        "correspondence language",
        "language preference",
        "iaith",
        "iaith ohebu",
        "iaith gohebiaeth",
        "dewis iaith",
        "iaith a ffefrir",
    ),
    "provision": (
        "provision",
        "sen status",
        "sen provision",
        "sen stage",
        "sen",
        "aln status",
        "aln provision",
        "aln stage",
        "aln",
        "aln sen status",
        "sen aln status",
        "statws ady",
        "darpariaeth",
        "darpariaeth ady",
        "statws aaa",
        "ady",
        "aaa",
    ),
    "needs": (
        "needs",
        "need",
        "sen need",
        "sen needs",
        "sen need type",
        "sen type",
        "aln need",
        "aln needs",
        "aln type",
        "primary need",
        "secondary need",
        "primary sen need",
        "secondary sen need",
        "sen primary need",
        "sen secondary need",
        "main need",
        "type of need",
        "anghenion",
        "angen",
        "math o angen",
        "anghenion ady",
        "prif angen",
        "ail angen",
    ),
    "looked_after": (
        "looked after",
        "looked after child",
        "in care",
        "in la care",
        "lac",
        "cla",
        "in lea care",
        "looked after status",
        "derbyn gofal",
        "plentyn sy n derbyn gofal",
        "mewn gofal",
        "pdg",
    ),
    "preferred_surname": (
        "preferred surname",
        "preferred last name",
        "preferredlastname",
        "chosen surname",
        "known as surname",
        "cyfenw a ffefrir",
        "cyfenw dewisol",
    ),
    "preferred_forename": (
        "preferred forename",
        "preferred first name",
        "preferredfirstname",
        "preferred name",
        "chosen name",
        "chosen forename",
        "known as",
        "known name",
        "enw a ffefrir",
        "enw dewisol",
        "enw cyntaf a ffefrir",
        "adnabyddir fel",
    ),
    "middle_names": (
        "middle name",
        "middle names",
        "middle name s",
        "legal middle names",
        "enw canol",
        "enwau canol",
    ),
    "former_surname": ("former surname", "previous surname", "former last name", "cyfenw blaenorol"),
    "former_upn": ("former upn", "previous upn", "rhud blaenorol", "rhif unigryw blaenorol"),
}

_PUPIL_BY_HEADER = {name: field for field, names in _PUPIL.items() for name in names}


@lru_cache(maxsize=4_000)
def field_of_header(header: str) -> str | None:
    """The field that a header names; None for one that is not known."""
    if len(header) > LONGEST:
        return None
    key = header_key(header)
    if not key:
        return None
    if key in FIELDS or key.replace(" ", "_") in FIELDS:
        return key.replace(" ", "_")
    if key in _PUPIL_BY_HEADER:
        return _PUPIL_BY_HEADER[key]
    if found := contact_of_header(key):
        return contact_field(*found)
    numbered = re.fullmatch(r"(.+?) ?([1-9])", key)
    return "needs" if numbered and _PUPIL_BY_HEADER.get(numbered[1]) == "needs" else None


PLAIN = {
    "surname": frozenset({"surname", "last name", "lastname", "family name", "cyfenw"}),
    "forename": frozenset(
        {"forename", "forenames", "first name", "firstname", "given name", "enw cyntaf", "enwau cyntaf"}
    ),
}
"""Headers of a name that do not say whether it is the legal one: beside a legal name they are the preferred one."""
