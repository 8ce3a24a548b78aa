"""Every command of a challenge and its decision.

Until it is sent, a challenge is visible to the school only; from then on also to the agency and the local authority.
For anyone else it does not exist (NotFound).
"""

from __future__ import annotations

from coordination.challenge.commands import (
    AcknowledgeChallenge,
    ApproveChallenge,
    AttachToChallenge,
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
    WordLetter,
)
from coordination.challenge.contesting import decide_contest, decide_contest_ruling
from coordination.challenge.decisions.approving import (
    decide_approve,
    decide_decline,
    decide_send,
    decide_word_letter,
)
from coordination.challenge.decisions.documents import decide_attach_to_challenge
from coordination.challenge.decisions.ending import decide_resolve, decide_withdraw
from coordination.challenge.decisions.escalating import decide_escalate
from coordination.challenge.decisions.promising import (
    decide_break_promise,
    decide_keep_promise,
    decide_promise,
)
from coordination.challenge.decisions.raising import decide_raise_attendance, decide_raise_delay
from coordination.challenge.decisions.replying import (
    decide_acknowledge,
    decide_dispute,
    decide_reply,
    decide_report_reply,
)
from coordination.challenge.decisions.ruling import decide_name_ruler, decide_rule
from coordination.challenge.decisions.suggesting import (
    decide_accept_suggestion,
    decide_put_aside,
    decide_suggest,
)
from coordination.challenge.promises import BreakPromise, KeepPromise, MakePromise
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.challenge.suggestions import AcceptSuggestion, PutSuggestionAside, SuggestChallenge
from coordination.decisions import Decision, decides
from coordination.event import Command
from coordination.meeting.contests import ContestMark, RuleOnContest
from coordination.meeting.state import MEETING_STREAM
from coordination.pupil.documents.state import DOCUMENT_STREAM

DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RaiseAttendanceChallenge, decide_raise_attendance, CHALLENGE_STREAM),
        decides(RaiseDelayChallenge, decide_raise_delay, CHALLENGE_STREAM),
        decides(ApproveChallenge, decide_approve, CHALLENGE_STREAM),
        decides(DeclineChallenge, decide_decline, CHALLENGE_STREAM),
        decides(WordLetter, decide_word_letter, CHALLENGE_STREAM),
        decides(SendChallenge, decide_send, CHALLENGE_STREAM),
        decides(AcknowledgeChallenge, decide_acknowledge, CHALLENGE_STREAM),
        decides(ReplyToChallenge, decide_reply, CHALLENGE_STREAM),
        decides(ReportReply, decide_report_reply, CHALLENGE_STREAM),
        decides(DisputeMark, decide_dispute, CHALLENGE_STREAM),
        decides(NameRuler, decide_name_ruler, CHALLENGE_STREAM),
        decides(RuleOnDispute, decide_rule, CHALLENGE_STREAM),
        decides(EscalateChallenge, decide_escalate, CHALLENGE_STREAM),
        decides(ResolveChallenge, decide_resolve, CHALLENGE_STREAM),
        decides(WithdrawChallenge, decide_withdraw, CHALLENGE_STREAM),
        decides(MakePromise, decide_promise, CHALLENGE_STREAM),
        decides(KeepPromise, decide_keep_promise, CHALLENGE_STREAM),
        decides(BreakPromise, decide_break_promise, CHALLENGE_STREAM),
        decides(SuggestChallenge, decide_suggest, CHALLENGE_STREAM),
        decides(AcceptSuggestion, decide_accept_suggestion, CHALLENGE_STREAM),
        decides(PutSuggestionAside, decide_put_aside, CHALLENGE_STREAM),
        decides(ContestMark, decide_contest, MEETING_STREAM),
        decides(RuleOnContest, decide_contest_ruling, MEETING_STREAM),
        decides(AttachToChallenge, decide_attach_to_challenge, CHALLENGE_STREAM, DOCUMENT_STREAM),
    ]
)
