"""Every command of a challenge and its decision.

Until it is sent, a challenge is visible to the school only; from then on also to the agency and the local authority.
For anyone else it does not exist (NotFound).
"""

from __future__ import annotations

from collections.abc import Callable

from coordination.challenge.commands import (
    AcknowledgeChallenge,
    ApproveChallenge,
    DeclineChallenge,
    DisputeMark,
    EscalateChallenge,
    NameRuler,
    RaiseAttendanceChallenge,
    RaiseDelayChallenge,
    ReplyToChallenge,
    ReportReply,
    ResolveChallenge,
    RuleOnDispute,
    SendChallenge,
    WithdrawChallenge,
)
from coordination.challenge.decisions.approving import decide_approve, decide_decline, decide_send
from coordination.challenge.decisions.ending import decide_resolve, decide_withdraw
from coordination.challenge.decisions.escalating import decide_escalate
from coordination.challenge.decisions.raising import decide_raise_attendance, decide_raise_delay
from coordination.challenge.decisions.replying import (
    decide_acknowledge,
    decide_dispute,
    decide_reply,
    decide_report_reply,
)
from coordination.challenge.decisions.ruling import decide_name_ruler, decide_rule
from coordination.event import Command, Event

DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {
    RaiseAttendanceChallenge: decide_raise_attendance,
    RaiseDelayChallenge: decide_raise_delay,
    ApproveChallenge: decide_approve,
    DeclineChallenge: decide_decline,
    SendChallenge: decide_send,
    AcknowledgeChallenge: decide_acknowledge,
    ReplyToChallenge: decide_reply,
    ReportReply: decide_report_reply,
    DisputeMark: decide_dispute,
    NameRuler: decide_name_ruler,
    RuleOnDispute: decide_rule,
    EscalateChallenge: decide_escalate,
    ResolveChallenge: decide_resolve,
    WithdrawChallenge: decide_withdraw,
}
