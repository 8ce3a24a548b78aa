"""The table of all decisions, and what of the commands is stored."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from coordination.challenge.commands import DeclineChallenge
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.domain import DECISIONS
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.service import Coordination
from tests.pupil.case import register
from tests.store.writers import first_event

COMMANDS = [
    "AcceptTerms",
    "AcknowledgeChallenge",
    "AcknowledgeRightsRequest",
    "AddAgendaItem",
    "AgreeAction",
    "AgreeActionAtMeeting",
    "AgreeShortNotice",
    "AgreeToMove",
    "AllocateReferral",
    "AnswerAdvice",
    "AnswerConcern",
    "AnswerFileRequest",
    "AnswerInvitation",
    "AnswerReconsideration",
    "AnswerRightsRequest",
    "AnswerWorse",
    "AppointPerson",
    "ApproveChallenge",
    "ApproveErasure",
    "ApproveMinutes",
    "AskAdvice",
    "AskAdviceAboutPupil",
    "AskReconsideration",
    "AssessCompetence",
    "AssignClassTeacher",
    "AttachDocument",
    "AttachToChallenge",
    "CancelAction",
    "CancelMeeting",
    "CancelMove",
    "ChangeActionDue",
    "ChangeIdentity",
    "ChangeOrganisation",
    "ChangePersonName",
    "ChangeService",
    "CloseOrganisation",
    "CloseService",
    "CompleteAction",
    "CompleteMove",
    "ConfirmAgendaItem",
    "ConfirmMilestone",
    "ContestMilestone",
    "CorrectAlnEntry",
    "CorrectMark",
    "CorrectMinute",
    "DecideAln",
    "DecideFamilyRecipients",
    "DecideObjection",
    "DeclareConflict",
    "DeclareInterest",
    "DeclineChallenge",
    "DeclineErasure",
    "DisputeMark",
    "DropActionAtMeeting",
    "EndContact",
    "EndCourtOrder",
    "EndInterest",
    "EndRegistration",
    "EndStandard",
    "EndStatutoryStandard",
    "EndSupport",
    "EndTerms",
    "EraseAdviceOfPupil",
    "EraseJoinedFile",
    "EraseOldAdvice",
    "ErasePupil",
    "EscalateChallenge",
    "EscalateFileRequest",
    "ExpectMove",
    "FinaliseMeeting",
    "GiveConsent",
    "Invite",
    "IssuePlan",
    "JoinPupils",
    "KeepIdentity",
    "LiftFamilyHold",
    "LiftLegalHold",
    "LiftRestriction",
    "LinkAdvice",
    "MakeHostAgreement",
    "MarkPresence",
    "MovePupil",
    "MoveReferralService",
    "MoveService",
    "NameChair",
    "NameRuler",
    "ObjectToSharing",
    "OpenEmergencyAccess",
    "OpenEmergencyFile",
    "OpenReferral",
    "OpenService",
    "OrderAgenda",
    "PassOnConcern",
    "PassOnRightsRequest",
    "PlaceChild",
    "PlaceFamilyHold",
    "PlaceLegalHold",
    "ProposeErasure",
    "RaiseAttendanceChallenge",
    "RaiseConcern",
    "RaiseDelayChallenge",
    "RaiseImmediateRisk",
    "ReassignAction",
    "ReceiveRightsRequest",
    "ReceiveService",
    "RecordAlnConsent",
    "RecordClass",
    "RecordContact",
    "RecordCourtOrder",
    "RecordDelivery",
    "RecordHealthOpinion",
    "RecordLanguageWish",
    "RecordLawfulBasis",
    "RecordLeadingSchool",
    "RecordLookedAfter",
    "RecordMilestone",
    "RecordNeeds",
    "RecordPersonLeft",
    "RecordProvision",
    "RecordStaffTraining",
    "RecordUnavailability",
    "RecordViews",
    "RecordYear",
    "RefuseConsent",
    "RegisterOrganisation",
    "RegisterPupil",
    "RemoveAgendaItem",
    "ReopenAction",
    "ReplaceIdentity",
    "ReplyToChallenge",
    "ReportReply",
    "RequestBasis",
    "RequestConsent",
    "RequestFile",
    "RescheduleMeeting",
    "ResolveChallenge",
    "RestrictPupil",
    "ResumeSharing",
    "ReviewAgreement",
    "ReviewBaseFunction",
    "ReviewEmergencyAccess",
    "ReviewPlace",
    "ReviewPlan",
    "ReviewSupport",
    "RuleOnDispute",
    "ScheduleMeeting",
    "SendAgenda",
    "SendChallenge",
    "SendRecord",
    "SeparatePupils",
    "SetCode",
    "SetCodes",
    "SetLetterWording",
    "SetMailbox",
    "SetMeetingSeries",
    "SetNextMeeting",
    "SetNoAnswerRule",
    "SetPlaceCriteria",
    "SetPlaces",
    "SetProgramme",
    "SetRequirements",
    "SetRetentionRule",
    "SetSchoolTerm",
    "SetServiceCapacity",
    "SetServiceTriages",
    "SetStandard",
    "SetStatutoryStandard",
    "SettleActionAtMeeting",
    "StartRequestClock",
    "StartSupport",
    "StopRequestClock",
    "StrikeAdvice",
    "StrikeDocument",
    "StrikeEntry",
    "StrikeOutSupport",
    "SubmitReferral",
    "SupplyFamilyItems",
    "TakeMinute",
    "TakeOnChild",
    "TakeOnRecord",
    "TellConcern",
    "TellWorse",
    "WeighParentsRequest",
    "WithdrawChallenge",
    "WithdrawConsent",
    "WithdrawFileRequest",
    "WordLetter",
    "WriteOnePageProfile",
]


def test_a_command_that_has_a_digest_in_the_log_keeps_its_name() -> None:
    """The name of a command's class is part of the digest that tells a repeated command from another one. Add new
    commands to this list; never rename one."""
    assert sorted(command.__name__ for command in DECISIONS) == COMMANDS


def test_a_digest_is_the_same_in_every_version_of_the_service() -> None:
    record: Any = SimpleNamespace(outer=SimpleNamespace(lookup=b"k" * 32))
    command = DeclineChallenge(occurred_on=date(2026, 3, 2), challenge=UUID(int=1), why="Rhy gynnar")
    assert Coordination(record).digest(command).hex() == (
        "78d4b128636b33fd8e3f64c8ee78782145bc92c7d0f9b0c3c69c848e909056cb"
    )


def test_an_event_is_not_folded_into_a_stream_of_another_kind() -> None:
    event = first_event("A")
    with pytest.raises(TypeError, match=r"pupil\.registered"):
        ORGANISATION_STREAM.step(ORGANISATION_STREAM.initial, event)
    assert PUPIL_STREAM.step(PUPIL_STREAM.initial, event).version == 1


def test_a_decision_finds_the_streams_of_its_command() -> None:
    command = register()
    assert DECISIONS[type(command)].stream_ids(command) == {PUPIL_STREAM: command.pupil}
