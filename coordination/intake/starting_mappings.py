"""Mappings to start with for the systems that schools in Wales use.

They are made from public descriptions of reports and imports of these systems (of Teacher Centre none was found: likely
headers) and not confirmed by a school, which is said wherever one is shown. A column that a file lacks is no obstacle.
"""

from __future__ import annotations

from collections.abc import Iterable

from coordination.errors import Refusal
from coordination.intake.column_mapping import ColumnMapping
from coordination.intake.contact_columns import header_key

PUBLIC = "public descriptions, not confirmed by a school"
LIKELY = "likely headers, not confirmed by a school"

_COMMON = {
    "UPN": "upn",
    "Former UPN": "former_upn",
    "DOB": "date_of_birth",
    "Date of birth": "date_of_birth",
}
_SIMS = {
    "Legal Surname": "surname",
    "Legal Forename": "forename",
    "Middle Name(s)": "middle_names",
    "Preferred Surname": "preferred_surname",
    "Preferred Forename": "preferred_forename",
    "Gender": "sex",
    "Year": "year",
    "NC Year": "year",
    "SEN Status": "provision",
    "SEN Need Type": "needs",
    "In Care": "looked_after",
    "Adno": "",
    "Reg": "class_name",
    "Admission Date": "",
    "Priority 1 Contact Name": "contact_name",
    "Priority 1 Contact Relationship": "contact_relationship",
    "Priority 1 Contact Telephone": "contact_telephone",
    "Priority 2 Contact Name": "contact_2_name",
    "Priority 2 Contact Relationship": "contact_2_relationship",
    "Priority 2 Contact Telephone": "contact_2_telephone",
}
_ARBOR = {
    "Legal Last Name": "surname",
    "Legal Surname": "surname",
    "Legal First Name": "forename",
    "Legal Forename": "forename",
    "Middle Names": "middle_names",
    "Preferred Last Name": "preferred_surname",
    "Preferred First Name": "preferred_forename",
    "Legal Sex": "sex",
    "Sex": "sex",
    "Gender": "",
    "Year Group": "year",
    "SEN Status": "provision",
    "SEN Need Type": "needs",
    "Looked After": "looked_after",
    "Arbor Student ID": "",
    "Registration Form": "class_name",
    "Primary Guardian Name": "contact_name",
    "Primary Guardian Relationship": "contact_relationship",
    "Primary Guardian Email": "contact_email",
    "Primary Guardian Phone": "contact_telephone",
}
_BROMCOM = {
    "LastName": "surname",
    "Legal Last Name": "surname",
    "FirstName": "forename",
    "Legal First Name": "forename",
    "MiddleName": "middle_names",
    "PreferredLastName": "preferred_surname",
    "Preferred Last Name": "preferred_surname",
    "PreferredFirstName": "preferred_forename",
    "Preferred First Name": "preferred_forename",
    "Gender": "sex",
    "YearGroup": "year",
    "Year Group": "year",
    "SEN Provision": "provision",
    "SEN Status": "provision",
    "SEN Need": "needs",
    "Tutor Group": "class_name",
    "Contact 1 Full Name": "contact_name",
    "Contact 1 Relationship": "contact_relationship",
    "Contact 1 Email": "contact_email",
    "Contact 1 Mobile": "contact_telephone",
}
_TEACHER_CENTRE = {
    "Surname": "surname",
    "Forename": "forename",
    "Cyfenw": "surname",
    "Enw Cyntaf": "forename",
    "Dyddiad Geni": "date_of_birth",
    "Gender": "sex",
    "Rhyw": "sex",
    "Year": "year",
    "Blwyddyn": "year",
    "ALN Status": "provision",
    "Statws ADY": "provision",
    "Class": "class_name",
    "Dosbarth": "class_name",
    "Contact 1": "contact_name",
    "Cyswllt 1": "contact_name",
}


def _mapping(name: str, headers: dict[str, str], source: str = PUBLIC) -> ColumnMapping:
    columns = {header_key(header): field for header, field in (_COMMON | headers).items()}
    return ColumnMapping(name, columns, unverified_source=source)


STARTING = (
    _mapping("SIMS", _SIMS),
    _mapping("Arbor", _ARBOR),
    _mapping("Bromcom", _BROMCOM),
    _mapping("Teacher Centre", _TEACHER_CENTRE, LIKELY),
)


def mapping_named(name: str, kept: Iterable[ColumnMapping] = ()) -> ColumnMapping:
    """The mapping of a name, one that was kept before one to start with; case does not count.

    Raises Refusal: `mapping_unknown` (with the `names` that there are).
    """
    every = [*kept, *STARTING]
    found = next((one for one in every if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise Refusal("mapping_unknown", "mapping", names=[one.name for one in every])
    return found
