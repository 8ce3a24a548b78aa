"""Every command of the directory and its decision. Given again with nothing new, a command brings about
nothing."""

from __future__ import annotations

from collections.abc import Callable

from coordination.directory.commands import (
    AcceptTerms,
    AppointPerson,
    ChangeOrganisation,
    ChangePersonName,
    ChangeService,
    CloseOrganisation,
    CodeContents,
    EndStandard,
    EndTerms,
    OpenService,
    RecordPersonLeft,
    RegisterOrganisation,
    SetCode,
    SetCodes,
    SetRequirements,
    SetSchoolTerm,
    SetStandard,
)
from coordination.directory.decisions.codes import decide_set_code, decide_set_codes
from coordination.directory.decisions.organisations import decide_change, decide_close, decide_register
from coordination.directory.decisions.people import decide_appoint, decide_change_name, decide_left
from coordination.directory.decisions.school_terms import decide_set_school_term
from coordination.directory.decisions.services import (
    decide_change_service,
    decide_open_service,
    decide_set_requirements,
)
from coordination.directory.decisions.standards import UNITS, decide_end_standard, decide_set_standard
from coordination.directory.decisions.terms import decide_accept_terms, decide_end_terms
from coordination.event import Command, Event

__all__ = [
    "DECISIONS",
    "UNITS",
    "AcceptTerms",
    "AppointPerson",
    "ChangeOrganisation",
    "ChangePersonName",
    "ChangeService",
    "CloseOrganisation",
    "CodeContents",
    "EndStandard",
    "EndTerms",
    "OpenService",
    "RecordPersonLeft",
    "RegisterOrganisation",
    "SetCode",
    "SetCodes",
    "SetRequirements",
    "SetSchoolTerm",
    "SetStandard",
]

DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {
    RegisterOrganisation: decide_register,
    ChangeOrganisation: decide_change,
    CloseOrganisation: decide_close,
    OpenService: decide_open_service,
    ChangeService: decide_change_service,
    SetRequirements: decide_set_requirements,
    SetStandard: decide_set_standard,
    EndStandard: decide_end_standard,
    AppointPerson: decide_appoint,
    ChangePersonName: decide_change_name,
    RecordPersonLeft: decide_left,
    AcceptTerms: decide_accept_terms,
    EndTerms: decide_end_terms,
    SetCode: decide_set_code,
    SetCodes: decide_set_codes,
    SetSchoolTerm: decide_set_school_term,
}
