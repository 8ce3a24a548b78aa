"""A pupil of one school who is asked for by another."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from coordination.authority import OPERATOR
from coordination.pupil.moves.commands import AnswerFileRequest, EscalateFileRequest, RequestFile
from tests.meeting.hwb import AS_OFFICER, AS_STRANGER, GWYNEDD, OTHER_SCHOOL, PUPIL, at_noon
from tests.pupil.case import PupilCase, day, registered

REQUEST, MOVE, ACCESS = UUID(int=0xF1), UUID(int=0xF2), UUID(int=0xF3)
THIRD_SCHOOL = UUID(int=0x53)
JOINED = day(7)

AS_NEW_SCHOOL = AS_STRANGER
AS_SERVICE: dict[str, Any] = {
    "person": OPERATOR,
    "organisation": OPERATOR,
    "role": "operator",
    "source": "schedule",
}
AS_CASEWORKER = AS_OFFICER
AS_SAFEGUARDING: dict[str, Any] = {
    "person": UUID(int=0xC9),
    "role": "la_safeguarding",
    "organisation": GWYNEDD,
}


def ask(**changed: Any) -> RequestFile:
    usual: dict[str, Any] = {
        "occurred_on": JOINED,
        "pupil": PUPIL,
        "request": REQUEST,
        "school": OTHER_SCHOOL,
        "upn": "B801200005001",
        "surname": "Gwyn",
        "forename": "Sian",
        "date_of_birth": date(2014, 1, 20),
        "sex": "F",
    }
    return RequestFile(**{**usual, **changed})


def answer(said: Any, on: date = JOINED, **changed: Any) -> AnswerFileRequest:
    usual: dict[str, Any] = {"occurred_on": on, "pupil": PUPIL, "request": REQUEST, "answer": said}
    return AnswerFileRequest(**{**usual, **changed})


def escalate(on: date) -> EscalateFileRequest:
    return EscalateFileRequest(occurred_on=on, pupil=PUPIL, request=REQUEST)


def asked(on: date = JOINED, **changed: Any) -> PupilCase:
    """Registered at SCHOOL; OTHER_SCHOOL asked for the file on a day."""
    return registered().does(ask(**changed), **AS_NEW_SCHOOL, recorded_at=at_noon(on))
