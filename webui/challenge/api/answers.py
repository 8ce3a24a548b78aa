"""The response schemas for challenges."""

from __future__ import annotations

from typing import Any

import msgspec
from marshmallow import Schema, fields

from coordination.challenge.rule import MarkEvidence
from projections.attendance.queries import AttendanceEvidence
from projections.challenges.queries import DelayGround, Dossier, MeetingEvidence
from webui.challenge.api.bodies import STEP_BODIES
from webui.challenge.next_steps import possible_steps
from webui.challenge.reading import digest, open_challenge
from webui.shell.authentication import viewer


class ChallengeSchema(Schema):
    """A challenge (or an enquiry, if no terms of reference or standard apply) today. For attendance, `code` is the
    rule: `counted` of the last `out_of` meetings were missed and the rule needs `threshold`. For delay, `code` is
    the standard, `counted` the days of the longest wait and `threshold` the limit. `still_met`: whether the evidence
    still meets the rule after disputes and rulings. `turns`: the next steps."""

    challenge = fields.UUID(required=True)
    kind = fields.String(required=True)
    about = fields.String(required=True)
    school = fields.UUID(required=True)
    agency = fields.UUID(required=True)
    service = fields.UUID(required=True)
    phase = fields.String(required=True)
    since = fields.Date(required=True)
    raised_on = fields.Date(required=True)
    approved_on = fields.Date(required=True, allow_none=True)
    sent_on = fields.Date(required=True, allow_none=True)
    reply_due_on = fields.Date(required=True, allow_none=True)
    answered = fields.Boolean(required=True)
    overdue = fields.Boolean(required=True)
    level = fields.String(required=True, allow_none=True)
    next_level = fields.String(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    counted = fields.Integer(required=True)
    threshold = fields.Integer(required=True, allow_none=True)
    out_of = fields.Integer(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    rule_version = fields.String(required=True, allow_none=True)
    waits = fields.Integer(required=True)
    disputes = fields.Integer(required=True)
    open_disputes = fields.Integer(required=True)
    still_met = fields.Boolean(required=True)
    turns = fields.List(fields.String(), required=True)


class MarkOut(Schema):
    """A service's mark at one meeting. `version` identifies the register entry; `counts_as` is the mark that the
    rule uses (null: left out); `because`: why the service was not expected."""

    meeting = fields.UUID(required=True)
    held_on = fields.Date(required=True)
    mark = fields.String(required=True)
    version = fields.Integer(required=True)
    expected = fields.Boolean(required=True)
    because = fields.String(required=True, allow_none=True)
    contested = fields.Boolean(required=True)
    ruled = fields.Boolean(required=True)
    reads = fields.String(required=True, allow_none=True)
    counts_as = fields.String(required=True, allow_none=True)


class EvidenceLineOut(Schema):
    """A meeting in the evidence: `raised` is the mark when the challenge was raised and does not change, `now` the
    mark after disputes and rulings. Notice is in working days."""

    raised = fields.Nested(MarkOut, required=True)
    now = fields.Nested(MarkOut, required=True)
    invited_on = fields.Date(required=True, allow_none=True)
    notice = fields.Integer(required=True, allow_none=True)
    notice_required = fields.Integer(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


class EvidenceWaitOut(Schema):
    """A wait in the evidence on `as_of`; `elapsed` is unadjusted, in the unit of the standard."""

    referral = fields.UUID(required=True)
    pupil = fields.UUID(required=True)
    started_on = fields.Date(required=True)
    stopped_on = fields.Date(required=True, allow_none=True)
    as_of = fields.Date(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    elapsed = fields.Integer(required=True)


class DisputeOut(Schema):
    """A mark that the agency disputes, and the ruling. `claims`: the mark claimed (null: strike it out). `reads`:
    the mark after the ruling (null with `upheld`: struck out)."""

    dispute = fields.UUID(required=True)
    meeting = fields.UUID(required=True)
    mark_version = fields.Integer(required=True)
    claims = fields.String(required=True, allow_none=True)
    disputed_on = fields.Date(required=True)
    why = fields.String(required=True, allow_none=True)
    ruling = fields.String(required=True, allow_none=True)
    reads = fields.String(required=True, allow_none=True)
    ruled_on = fields.Date(required=True, allow_none=True)
    ruled_at = fields.UUID(required=True, allow_none=True)
    reasons = fields.String(required=True, allow_none=True)


class ChallengeStepOut(Schema):
    """A step of the challenge, with its text."""

    what = fields.String(required=True)
    occurred_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    organisation = fields.UUID(required=True)
    role = fields.String(required=True)
    way = fields.String(required=True, allow_none=True)
    reply_due_on = fields.Date(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    bypass = fields.Boolean(required=True)
    outcome = fields.String(required=True, allow_none=True)
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

    meeting = fields.UUID(required=True)
    held_on = fields.Date(required=True)
    ground = fields.String(required=True)
    notice = fields.Integer(required=True, allow_none=True)
    notice_required = fields.Integer(required=True, allow_none=True)


class AttendanceGroundSchema(Schema):
    """What a school can raise about a service's attendance. `kind`: a challenge, or only an enquiry. Send `shown`
    back when you raise it: the marks must not have changed since."""

    service = fields.UUID(required=True)
    agency = fields.UUID(required=True, allow_none=True)
    as_of = fields.Date(required=True)
    kind = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    counted = fields.Integer(required=True)
    threshold = fields.Integer(required=True)
    window = fields.Integer(required=True)
    considered = fields.List(fields.Nested(MarkOut), required=True)
    rebuttals = fields.List(fields.Nested(RebuttalOut), required=True)
    open_challenge = fields.UUID(required=True, allow_none=True)
    shown = fields.String(required=True)
    log_position = fields.Integer(required=True)
    parked = fields.Integer(required=True)


class OverStandardOut(Schema):
    """A wait over the limit; `challenge` null: no open challenge includes it."""

    referral = fields.UUID(required=True)
    pupil = fields.UUID(required=True)
    started_on = fields.Date(required=True)
    due_on = fields.Date(required=True)
    challenge = fields.UUID(required=True, allow_none=True)


class DelayGroundSchema(Schema):
    """A service's waits over the limit of one of its standards."""

    service = fields.UUID(required=True)
    agency = fields.UUID(required=True)
    standard = fields.String(required=True)
    as_of = fields.Date(required=True)
    waits = fields.List(fields.Nested(OverStandardOut), required=True)
    log_position = fields.Integer(required=True)
    parked = fields.Integer(required=True)


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
