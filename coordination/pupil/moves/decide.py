"""Every command of requests, moves and emergency access, and its decision."""

from __future__ import annotations

from coordination.decisions import Decision, decides
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.moves.commands import (
    AgreeToMove,
    AnswerFileRequest,
    CancelMove,
    CompleteMove,
    EscalateFileRequest,
    ExpectMove,
    OpenEmergencyAccess,
    OpenEmergencyFile,
    RequestFile,
    ReviewEmergencyAccess,
    SendRecord,
    TakeOnRecord,
    WithdrawFileRequest,
)
from coordination.pupil.moves.decisions.emergency import decide_open, decide_open_file, decide_review
from coordination.pupil.moves.decisions.moving import (
    decide_agree,
    decide_cancel,
    decide_complete,
    decide_expect,
    decide_send_record,
    decide_take_on_record,
)
from coordination.pupil.moves.decisions.requests import (
    decide_answer,
    decide_escalate,
    decide_request,
    decide_withdraw,
)

DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RequestFile, decide_request, PUPIL_STREAM),
        decides(AnswerFileRequest, decide_answer, PUPIL_STREAM),
        decides(WithdrawFileRequest, decide_withdraw, PUPIL_STREAM),
        decides(EscalateFileRequest, decide_escalate, PUPIL_STREAM),
        decides(ExpectMove, decide_expect, PUPIL_STREAM),
        decides(AgreeToMove, decide_agree, PUPIL_STREAM),
        decides(CompleteMove, decide_complete, PUPIL_STREAM),
        decides(CancelMove, decide_cancel, PUPIL_STREAM),
        decides(SendRecord, decide_send_record, PUPIL_STREAM),
        decides(TakeOnRecord, decide_take_on_record, PUPIL_STREAM),
        decides(OpenEmergencyAccess, decide_open, PUPIL_STREAM),
        decides(OpenEmergencyFile, decide_open_file, PUPIL_STREAM),
        decides(ReviewEmergencyAccess, decide_review, PUPIL_STREAM),
    ]
)
