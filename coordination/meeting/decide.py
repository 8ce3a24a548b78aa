"""Every command of a meeting and its decision.

The school's staff record everything; an invited agency may answer for itself; for anyone else the meeting does not
exist (NotFound). After finalising only corrections are possible.
"""

from __future__ import annotations

from coordination.decisions import Decision, decides
from coordination.event import Command
from coordination.meeting.commands import (
    AddAgendaItem,
    AnswerInvitation,
    ApproveMinutes,
    CancelMeeting,
    ConfirmAgendaItem,
    CorrectMark,
    DeclareConflict,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    NameChair,
    OrderAgenda,
    RecordDelivery,
    RemoveAgendaItem,
    RescheduleMeeting,
    ScheduleMeeting,
    SendAgenda,
    SetNextMeeting,
)
from coordination.meeting.decisions.agenda import (
    decide_add_item,
    decide_confirm_item,
    decide_order,
    decide_remove_item,
    decide_send_agenda,
)
from coordination.meeting.decisions.finalising import decide_approve, decide_finalise
from coordination.meeting.decisions.inviting import decide_answer, decide_delivery, decide_invite
from coordination.meeting.decisions.planning import (
    decide_cancel,
    decide_name_chair,
    decide_next,
    decide_reschedule,
    decide_schedule,
)
from coordination.meeting.decisions.register import decide_conflict, decide_correct_mark, decide_mark
from coordination.meeting.state import MEETING_STREAM

DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(ScheduleMeeting, decide_schedule, MEETING_STREAM),
        decides(RescheduleMeeting, decide_reschedule, MEETING_STREAM),
        decides(NameChair, decide_name_chair, MEETING_STREAM),
        decides(CancelMeeting, decide_cancel, MEETING_STREAM),
        decides(Invite, decide_invite, MEETING_STREAM),
        decides(RecordDelivery, decide_delivery, MEETING_STREAM),
        decides(AnswerInvitation, decide_answer, MEETING_STREAM),
        decides(AddAgendaItem, decide_add_item, MEETING_STREAM),
        decides(ConfirmAgendaItem, decide_confirm_item, MEETING_STREAM),
        decides(RemoveAgendaItem, decide_remove_item, MEETING_STREAM),
        decides(OrderAgenda, decide_order, MEETING_STREAM),
        decides(SendAgenda, decide_send_agenda, MEETING_STREAM),
        decides(MarkPresence, decide_mark, MEETING_STREAM),
        decides(CorrectMark, decide_correct_mark, MEETING_STREAM),
        decides(DeclareConflict, decide_conflict, MEETING_STREAM),
        decides(SetNextMeeting, decide_next, MEETING_STREAM),
        decides(FinaliseMeeting, decide_finalise, MEETING_STREAM),
        decides(ApproveMinutes, decide_approve, MEETING_STREAM),
    ]
)
