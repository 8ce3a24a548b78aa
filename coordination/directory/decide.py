"""Every command of the directory and its decision. A command that changes nothing gives no events."""

from __future__ import annotations

from coordination.decisions import Decision, decides
from coordination.directory.challenge_rules import SetChallengeRule
from coordination.directory.commands import (
    AcceptTerms,
    AppointPerson,
    AssignClassTeacher,
    ChangeOrganisation,
    ChangePersonName,
    ChangeService,
    CloseOrganisation,
    CloseService,
    CodeContents,
    EndStandard,
    EndStatutoryStandard,
    EndTerms,
    MoveService,
    OpenService,
    ReceiveService,
    RecordPersonLeft,
    RegisterOrganisation,
    SetCode,
    SetCodes,
    SetMailbox,
    SetNoAnswerRule,
    SetRequirements,
    SetRetentionRule,
    SetSchoolTerm,
    SetServiceCapacity,
    SetServiceTriages,
    SetStandard,
    SetStatutoryStandard,
)
from coordination.directory.decisions.capacity import decide_set_capacity
from coordination.directory.decisions.challenge_rules import decide_set_challenge_rule
from coordination.directory.decisions.classes import decide_assign_class_teacher
from coordination.directory.decisions.codes import decide_set_code, decide_set_codes
from coordination.directory.decisions.letter_wordings import decide_set_letter_wording
from coordination.directory.decisions.mailboxes import decide_set_mailbox
from coordination.directory.decisions.meeting_series import decide_set_series
from coordination.directory.decisions.no_answer import decide_set_no_answer_rule
from coordination.directory.decisions.organisations import decide_change, decide_close, decide_register
from coordination.directory.decisions.people import decide_appoint, decide_change_name, decide_left
from coordination.directory.decisions.programmes import decide_set_programme
from coordination.directory.decisions.reorganisation import (
    decide_close_service,
    decide_move_service,
    decide_receive_service,
)
from coordination.directory.decisions.retention import decide_set_retention_rule
from coordination.directory.decisions.school_terms import decide_set_school_term
from coordination.directory.decisions.services import (
    decide_change_service,
    decide_open_service,
    decide_set_requirements,
    decide_set_triages,
)
from coordination.directory.decisions.standards import UNITS, decide_end_standard, decide_set_standard
from coordination.directory.decisions.statutory import (
    decide_end_statutory_standard,
    decide_set_statutory_standard,
)
from coordination.directory.decisions.terms import decide_accept_terms, decide_end_terms
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.directory.letter_wordings import SetLetterWording
from coordination.directory.meeting_series import SetMeetingSeries
from coordination.directory.programmes import SetProgramme
from coordination.event import Command

__all__ = [
    "DECISIONS",
    "UNITS",
    "AcceptTerms",
    "AppointPerson",
    "AssignClassTeacher",
    "ChangeOrganisation",
    "ChangePersonName",
    "ChangeService",
    "CloseOrganisation",
    "CloseService",
    "CodeContents",
    "EndStandard",
    "EndStatutoryStandard",
    "EndTerms",
    "MoveService",
    "OpenService",
    "ReceiveService",
    "RecordPersonLeft",
    "RegisterOrganisation",
    "SetCode",
    "SetCodes",
    "SetMailbox",
    "SetNoAnswerRule",
    "SetRequirements",
    "SetSchoolTerm",
    "SetServiceCapacity",
    "SetServiceTriages",
    "SetStandard",
    "SetRetentionRule",
    "SetStatutoryStandard",
]

DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RegisterOrganisation, decide_register, ORGANISATION_STREAM),
        decides(ChangeOrganisation, decide_change, ORGANISATION_STREAM),
        decides(CloseOrganisation, decide_close, ORGANISATION_STREAM),
        decides(OpenService, decide_open_service, ORGANISATION_STREAM),
        decides(ChangeService, decide_change_service, ORGANISATION_STREAM),
        decides(MoveService, decide_move_service, ORGANISATION_STREAM),
        decides(ReceiveService, decide_receive_service, ORGANISATION_STREAM),
        decides(CloseService, decide_close_service, ORGANISATION_STREAM),
        decides(SetRequirements, decide_set_requirements, ORGANISATION_STREAM),
        decides(SetNoAnswerRule, decide_set_no_answer_rule, ORGANISATION_STREAM),
        decides(SetServiceTriages, decide_set_triages, ORGANISATION_STREAM),
        decides(SetServiceCapacity, decide_set_capacity, ORGANISATION_STREAM),
        decides(SetStandard, decide_set_standard, ORGANISATION_STREAM),
        decides(EndStandard, decide_end_standard, ORGANISATION_STREAM),
        decides(SetStatutoryStandard, decide_set_statutory_standard, ORGANISATION_STREAM),
        decides(SetRetentionRule, decide_set_retention_rule, ORGANISATION_STREAM),
        decides(EndStatutoryStandard, decide_end_statutory_standard, ORGANISATION_STREAM),
        decides(AppointPerson, decide_appoint, ORGANISATION_STREAM),
        decides(AssignClassTeacher, decide_assign_class_teacher, ORGANISATION_STREAM),
        decides(SetChallengeRule, decide_set_challenge_rule, ORGANISATION_STREAM),
        decides(SetLetterWording, decide_set_letter_wording, ORGANISATION_STREAM),
        decides(SetProgramme, decide_set_programme, ORGANISATION_STREAM),
        decides(SetMeetingSeries, decide_set_series, ORGANISATION_STREAM),
        decides(ChangePersonName, decide_change_name, ORGANISATION_STREAM),
        decides(RecordPersonLeft, decide_left, ORGANISATION_STREAM),
        decides(AcceptTerms, decide_accept_terms, ORGANISATION_STREAM),
        decides(EndTerms, decide_end_terms, ORGANISATION_STREAM),
        decides(SetCode, decide_set_code, ORGANISATION_STREAM),
        decides(SetCodes, decide_set_codes, ORGANISATION_STREAM),
        decides(SetSchoolTerm, decide_set_school_term, ORGANISATION_STREAM),
        decides(SetMailbox, decide_set_mailbox, ORGANISATION_STREAM),
    ]
)
