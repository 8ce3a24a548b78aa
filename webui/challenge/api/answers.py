"""The response schemas for challenges."""

from __future__ import annotations

from typing import Any

import msgspec
from marshmallow import Schema, fields

from coordination.challenge.rule import MarkEvidence
from projections.attendance.queries import AttendanceEvidence
from projections.attendance.queries.evidence import Rebuttal
from projections.challenges.queries import DelayGround, Dossier, MeetingEvidence
from projections.challenges.queries.challenge_list import ChallengeSummary
from projections.challenges.queries.dossier import ChallengedWait, ChallengeStep, DisputeSummary
from webui.api.derived import fields_of
from webui.challenge.api.bodies import STEP_BODIES
from webui.challenge.next_steps import possible_steps
from webui.challenge.reading import digest, open_challenge
from webui.shell.authentication import viewer


class ChallengeSchema(Schema):
    """A challenge (or an enquiry, if no terms of reference or standard apply) today. For attendance, `code` is the
    rule: `counted` of the last `out_of` meetings were missed and the rule needs `threshold`. For delay, `code` is
    the standard, `counted` the days of the longest wait and `threshold` the limit. `still_met`: whether the evidence
    still meets the rule after disputes and rulings. `turns`: the next steps."""

    class Meta(Schema.Meta):
        include = fields_of(
            ChallengeSummary,
            *("challenge", "kind", "about", "school", "agency", "service", "phase", "since", "raised_on"),
            *("approved_on", "sent_on", "reply_due_on", "answered", "overdue", "level", "next_level"),
            *("ended_on", "outcome", "code", "counted", "threshold", "out_of", "unit", "rule_version"),
            *("waits", "disputes", "open_disputes", "still_met", "turns"),
        )


class MarkOut(Schema):
    """A service's mark at one meeting. `version` identifies the register entry; `counts_as` is the mark that the
    rule uses (null: left out); `because`: why the service was not expected."""

    class Meta(Schema.Meta):
        include = fields_of(
            MarkEvidence,
            *("meeting", "held_on", "mark", "version", "expected", "because", "contested", "ruled", "reads"),
        )

    counts_as = fields.String(required=True, allow_none=True)


class EvidenceLineOut(Schema):
    """A meeting in the evidence: `raised` is the mark when the challenge was raised and does not change, `now` the
    mark after disputes and rulings. Notice is in working days."""

    class Meta(Schema.Meta):
        include = fields_of(MeetingEvidence, "invited_on", "notice", "notice_required", "answer")

    raised = fields.Nested(MarkOut, required=True)
    now = fields.Nested(MarkOut, required=True)


class EvidenceWaitOut(Schema):
    """A wait in the evidence on `as_of`; `elapsed` is unadjusted, in the unit of the standard."""

    class Meta(Schema.Meta):
        include = fields_of(
            ChallengedWait, "referral", "pupil", "started_on", "stopped_on", "as_of", "due_on", "elapsed"
        )


class DisputeOut(Schema):
    """A mark that the agency disputes, and the ruling. `claims`: the mark claimed (null: strike it out). `reads`:
    the mark after the ruling (null with `upheld`: struck out)."""

    class Meta(Schema.Meta):
        include = fields_of(
            DisputeSummary,
            *("dispute", "meeting", "mark_version", "claims", "disputed_on", "ruling", "reads", "ruled_on"),
            *("ruled_at",),
        )

    why = fields.String(required=True, allow_none=True)
    reasons = fields.String(required=True, allow_none=True)


class ChallengeStepOut(Schema):
    """A step of the challenge, with its text."""

    class Meta(Schema.Meta):
        include = fields_of(
            ChallengeStep,
            *("occurred_on", "recorded_at", "organisation", "role", "way", "reply_due_on", "level", "bypass"),
            *("outcome",),
        )

    what = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)


class ChallengeWholeSchema(ChallengeSchema):
    """A challenge with its evidence, disputes and steps. `possible`: the steps that the token's organisation can
    take now (only a head teacher approves; only an independent person makes a ruling)."""

    lines = fields.List(fields.Nested(EvidenceLineOut), required=True)
    evidence_waits = fields.List(fields.Nested(EvidenceWaitOut), required=True)
    dispute_list = fields.List(fields.Nested(DisputeOut), required=True)
    steps = fields.List(fields.Nested(ChallengeStepOut), required=True)
    possible = fields.List(fields.String(), required=True)


class RebuttalOut(Schema):
    """A likely objection of the agency about a missed meeting, from the school's own record."""

    class Meta(Schema.Meta):
        include = fields_of(Rebuttal, "meeting", "held_on", "ground", "notice", "notice_required")


class AttendanceGroundSchema(Schema):
    """What a school can raise about a service's attendance. `kind`: a challenge, or only an enquiry, about
    one kind of meeting (`meetings`). Send `shown`
    back when you raise it: the marks must not have changed since."""

    class Meta(Schema.Meta):
        include = fields_of(
            AttendanceEvidence,
            *("service", "meetings", "agency", "as_of", "kind", "code", "counted", "threshold", "window"),
            *("open_challenge", "log_position", "parked"),
        )

    considered = fields.List(fields.Nested(MarkOut), required=True)
    rebuttals = fields.List(fields.Nested(RebuttalOut), required=True)
    shown = fields.String(required=True)


class OverStandardOut(Schema):
    """A wait over the limit; `challenge` null: no open challenge includes it."""

    referral = fields.UUID(required=True)
    pupil = fields.UUID(required=True)
    started_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    challenge = fields.UUID(required=True, allow_none=True)


class DelayGroundSchema(Schema):
    """A service's waits over the limit of one of its standards."""

    class Meta(Schema.Meta):
        include = fields_of(DelayGround, "service", "agency", "standard", "as_of", "log_position", "parked")

    waits = fields.List(fields.Nested(OverStandardOut), required=True)


def whole_out(held: Dossier) -> dict[str, Any]:
    """A challenge as a ChallengeWholeSchema dict, with its sealed fields opened."""
    shown = open_challenge(held)
    return msgspec.structs.asdict(held.challenge) | {
        "lines": [_line(line) for line in held.lines],
        "evidence_waits": held.waits,
        "dispute_list": [
            msgspec.structs.asdict(c.dispute) | {"why": c.why, "reasons": c.reasons} for c in shown.contests
        ],
        "steps": [
            msgspec.structs.asdict(e.step) | {"what": e.step.topic.partition(".")[2], "text": e.text}
            for e in shown.events
        ],
        "possible": [
            step for step in possible_steps(held, viewer()) if step in STEP_BODIES or step == "dispute"
        ],
    }


def _line(line: MeetingEvidence) -> dict[str, Any]:
    return msgspec.structs.asdict(line) | {"raised": _mark(line.raised), "now": _mark(line.now)}


def _mark(mark: MarkEvidence) -> dict[str, Any]:
    return msgspec.structs.asdict(mark) | {"counts_as": mark.counts_as}


def ground_out(found: AttendanceEvidence) -> dict[str, Any]:
    """Evidence about attendance as an AttendanceGroundSchema dict."""
    considered = [_mark(mark) for mark in found.considered]
    return msgspec.structs.asdict(found) | {"considered": considered, "shown": digest(found)}


def delay_out(found: DelayGround) -> dict[str, Any]:
    """Waits over a standard as a DelayGroundSchema dict."""
    waits = [
        {
            "referral": wait.referral,
            "pupil": wait.pupil,
            "started_on": wait.started_on,
            "due_on": found.due_on[wait.referral],
            "challenge": found.challenged.get(wait.referral),
        }
        for wait in found.waits
    ]
    return msgspec.structs.asdict(found) | {"waits": waits}
