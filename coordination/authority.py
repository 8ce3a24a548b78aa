"""For which organisation a person acts, and whether they may."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.calendars import local_date
from coordination.errors import NotFound, Refusal
from coordination.event import Header

# The person and organisation of the command line on the machine itself; it acts for another organisation.
OPERATOR = UUID(int=1)
OPERATOR_ROLE = "operator"

SCHOOL_ROLES = frozenset(
    {"alnco", "head", "designated_safeguarding_person", "wellbeing_coordinator", "operator"}
)
"""The school's named staff, who keep a pupil's file and answer for it."""
CLASS_TEACHER = "class_teacher"
"""Reads what they must know of their own classes; records nothing in a pupil's file."""
CASEWORKER_ROLE = "la_caseworker"
SAFEGUARDING_ROLE = "la_safeguarding"
"""The local authority's safeguarding person."""
DATA_PROTECTION_OFFICER = "data_protection_officer"
"""Of a school, an agency or an authority: its own read log, rights desk and registers, and no case."""
NATIONAL_ANALYST = "national_analyst"
"""Sees published figures only. At the reference organisation, which belongs to no authority and exists in every store:
no role there holds a file, so the account cannot be given a case by mistake."""
# The authority's people who hold the file of a child on no school's roll.
CASEWORKER_ROLES = frozenset({"la_caseworker"})
SERVICE_MANAGER = "service_manager"
"""Runs a service: of an agency, or of an authority that has services of its own, such as a resource base."""
AGENCY_ROLES = frozenset({"clinician", SERVICE_MANAGER, "declo", "operator"})
ADOPTION_OFFICER = "adoption_officer"
"""The local authority's officer who alone sees an adopted child's earlier identity."""
AUTHORITY_ROLES = frozenset(
    {
        "administrator",
        "auditor",
        "early_years_aln_lead",
        *CASEWORKER_ROLES,
        SAFEGUARDING_ROLE,
        ADOPTION_OFFICER,
    }
)
ROLES_AT = {
    "school": SCHOOL_ROLES - {OPERATOR_ROLE} | {CLASS_TEACHER, DATA_PROTECTION_OFFICER},
    "agency": AGENCY_ROLES - {OPERATOR_ROLE} | {DATA_PROTECTION_OFFICER},
    "authority": AUTHORITY_ROLES | {DATA_PROTECTION_OFFICER, SERVICE_MANAGER},
    "reference": frozenset({NATIONAL_ANALYST}),
}
"""The roles that are possible at each kind of organisation: access depends on the pair."""


def acting_organisation(header: Header) -> UUID:
    """The organisation on whose behalf the command is given, otherwise the actor's own."""
    return header.on_behalf_of or header.organisation


def require_staff(header: Header, schools: frozenset[UUID]) -> UUID:
    """The school among `schools` for which the actor may speak. Raises NotFound, so that other schools do not learn of
    the pupil."""
    school = acting_organisation(header)
    if school not in schools or header.role not in SCHOOL_ROLES:
        raise NotFound
    return school


def command_day(header: Header) -> date:
    """The day in Wales on which the command was given."""
    return local_date(header.recorded_at)


def require_not_in_future(header: Header, on: date, field: str = "occurred_on") -> None:
    """Raises Refusal("in_the_future") for a day after today."""
    if on > command_day(header):
        raise Refusal("in_the_future", field, on=on.isoformat(), today=command_day(header).isoformat())
