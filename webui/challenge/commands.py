"""The commands to raise a challenge and for its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

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
    WordLetter,
)
from coordination.challenge.promises import BreakPromise, KeepPromise, MakePromise
from coordination.event import Command
from projections.attendance.queries import AttendanceEvidence
from projections.challenges.queries import DelayGround, DisputeSummary, Dossier, MeetingEvidence
from webui.shell import casework

STRUCK_OUT = "struck_out"
Typed = Mapping[str, Any]


class StepRequest(msgspec.Struct, frozen=True):
    """The data for a command: the challenge, the day, the version seen, and the form that was sent."""

    held: Dossier
    today: date
    seen: int | None
    command_id: str
    line: MeetingEvidence | None = None
    dispute: DisputeSummary | None = None
    promise: UUID | None = None

    @property
    def common(self) -> dict[str, Any]:
        return {"challenge": self.held.challenge.challenge, "occurred_on": self.today, "seen": self.seen}


def _rule(doing: StepRequest, typed: Typed) -> Command:
    assert doing.dispute is not None
    given = doing.common | {"dispute": doing.dispute.dispute, "ruling": typed["ruling"]}
    # if upheld, the mark that the agency claims; if not, the mark stays
    reads = typed["reads"] if typed["ruling"] == "partly" else None
    return RuleOnDispute(**given, reasons=typed["reasons"], reads=reads)


def _dispute(doing: StepRequest, typed: Typed) -> Command:
    assert doing.line is not None
    return DisputeMark(
        **doing.common,
        dispute=casework.new_id(doing.command_id, "dispute"),
        of_meeting=doing.line.raised.meeting,
        mark_version=doing.line.raised.version,
        claims=None if typed["claims"] == STRUCK_OUT else typed["claims"],
        why=typed["why"],
    )


def _send(doing: StepRequest, typed: Typed) -> Command:
    on = doing.common | {"occurred_on": typed["sent_on"]}
    return SendChallenge(**on, way=typed["way"], reply_working_days=typed["reply_working_days"])


def _report_reply(doing: StepRequest, typed: Typed) -> Command:
    on = doing.common | {"occurred_on": typed["replied_on"]}
    return ReportReply(**on, way=typed["way"], text=typed["text"])


def _escalate(doing: StepRequest, typed: Typed) -> Command:
    level = doing.held.challenge.next_level or ""
    return EscalateChallenge(
        **doing.common, level=level, why=typed["why"], reply_working_days=typed["reply_working_days"]
    )


def _bypass(doing: StepRequest, typed: Typed) -> Command:
    return EscalateChallenge(
        **doing.common,
        level=typed["level"],
        bypass=True,
        why=typed["why"],
        reply_working_days=typed["reply_working_days"],
    )


def _name_ruler(doing: StepRequest, typed: Typed) -> Command:
    person, organisation = map(UUID, typed["ruler"].split("."))
    return NameRuler(**doing.common, person=person, of_organisation=organisation)


def _promise(doing: StepRequest, typed: Typed) -> Command:
    promise = casework.new_id(doing.command_id, "promise")
    return MakePromise(**doing.common, promise=promise, promised_by=typed["promised_by"], text=typed["text"])


def _kept(doing: StepRequest, _typed: Typed) -> Command:
    assert doing.promise is not None
    return KeepPromise(**doing.common, promise=doing.promise)


def _broken(doing: StepRequest, typed: Typed) -> Command:
    assert doing.promise is not None
    return BreakPromise(**doing.common, promise=doing.promise, why=typed["why"])


COMMANDS: dict[str, Callable[[StepRequest, Typed], Command]] = {
    "approve": lambda doing, _typed: ApproveChallenge(**doing.common),
    "decline": lambda doing, typed: DeclineChallenge(**doing.common, why=typed["why"]),
    "word": lambda doing, typed: WordLetter(**doing.common, text=typed["text"]),
    "send": _send,
    "acknowledge": lambda doing, _typed: AcknowledgeChallenge(**doing.common),
    "reply": lambda doing, typed: ReplyToChallenge(**doing.common, text=typed["text"]),
    "report_reply": _report_reply,
    "dispute": _dispute,
    "name_ruler": _name_ruler,
    "rule": _rule,
    "resolve": lambda doing, typed: ResolveChallenge(
        **doing.common, outcome=typed["outcome"], note=typed["note"]
    ),
    "escalate": _escalate,
    "withdraw": lambda doing, typed: WithdrawChallenge(**doing.common, why=typed["why"]),
    "bypass": _bypass,
    "promise": _promise,
    "kept": _kept,
    "broken": _broken,
}


def raise_attendance_command(found: AttendanceEvidence, challenge: UUID) -> RaiseAttendanceChallenge:
    """The command to raise a challenge about the attendance that was found."""
    return RaiseAttendanceChallenge(
        occurred_on=found.as_of,
        challenge=challenge,
        school=found.school,
        service=found.service,
        marks=found.marks,
        rule=found.rule,
    )


def raise_delay_command(found: DelayGround, challenge: UUID, referrals: Iterable[str]) -> RaiseDelayChallenge:
    """The command to raise a challenge about some of the waits that were found, by the ids of their referrals."""
    wanted = set(referrals)
    return RaiseDelayChallenge(
        occurred_on=found.as_of,
        challenge=challenge,
        school=found.school,
        service=found.service,
        waits=tuple(wait for wait in found.waits if str(wait.referral) in wanted),
        as_of=found.as_of,
        standard=found.standard,
        position=found.log_position,
    )
