"""Every command of a meeting and its decision.

The school's staff record everything; an invited agency may answer for itself; for anyone else the meeting does not
exist (NotFound). After finalising only corrections are possible.
"""

from __future__ import annotations

from collections.abc import Callable

from coordination.event import Command, Event
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

DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {
    ScheduleMeeting: decide_schedule,
    RescheduleMeeting: decide_reschedule,
    NameChair: decide_name_chair,
    CancelMeeting: decide_cancel,
    Invite: decide_invite,
    RecordDelivery: decide_delivery,
    AnswerInvitation: decide_answer,
    AddAgendaItem: decide_add_item,
    ConfirmAgendaItem: decide_confirm_item,
    RemoveAgendaItem: decide_remove_item,
    SendAgenda: decide_send_agenda,
    MarkPresence: decide_mark,
    CorrectMark: decide_correct_mark,
    DeclareConflict: decide_conflict,
    SetNextMeeting: decide_next,
    FinaliseMeeting: decide_finalise,
    ApproveMinutes: decide_approve,
}
