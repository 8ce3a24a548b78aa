"""The request bodies for challenges: strict versions of the forms of the pages."""

from __future__ import annotations

from typing import get_args

from flask_babel import lazy_gettext as _l

from coordination.meeting.events import Mark
from projections.challenges.queries import Part
from webui.api.reading import ClosedSchema, IdField, closed_schema
from webui.challenge.commands import STRUCK_OUT
from webui.challenge.forms import (
    DisputeSchema,
    EscalateSchema,
    ReplySchema,
    ReportReplySchema,
    ResolveSchema,
    SendSchema,
    WhySchema,
)
from webui.forms.base import NothingSchema
from webui.forms.fields import ChoiceField, ChoicesField, TextField

PARTS: tuple[Part, ...] = ("mine", "others", "open", "ended", "all")


class ChallengesQuery(ClosedSchema):
    """Filters for the list. `mine`: open challenges in which the next step is with the token's organisation."""

    part = ChoiceField(
        "Which challenges (default: all)", choices=[(part, part) for part in PARTS], required=False
    )
    school = IdField("The school", required=False)
    agency = IdField("The agency", required=False)
    service = IdField("The service", required=False)


class AttendanceChallengeBody(ClosedSchema):
    """A challenge about a service's attendance. The evidence is read again; `shown` identifies the evidence you
    saw."""

    service = IdField("The service")
    shown = TextField("The value of `shown` from the attendance grounds", longest=64)
    meetings = TextField("The kind of meeting of that ground", longest=40, required=False)


class DelayChallengeBody(ClosedSchema):
    """A challenge about a service's waits over the limit of a standard."""

    service = IdField("The service")
    standard = TextField("The code of the standard", longest=80)
    waits = ChoicesField("The ids of the referrals in the challenge")


class MarkDisputeBody(closed_schema(DisputeSchema)):  # type: ignore[misc]
    """The correct mark for a meeting in the evidence."""

    meeting = IdField("The meeting of the disputed mark")
    claims = ChoiceField(
        _l("What should the mark be?"),
        choices=[(mark, mark) for mark in (*get_args(Mark), STRUCK_OUT)],
    )


class AcknowledgeBody(closed_schema(NothingSchema)):  # type: ignore[misc]
    """Acknowledging receipt needs no fields."""


# a step of the pages: its fields and its description
STEP_BODIES: dict[str, tuple[type[ClosedSchema], str]] = {
    "send": (
        closed_schema(SendSchema),
        "Record that the letter was sent, after a head teacher approved it. The agency can then see the challenge.",
    ),
    "report_reply": (
        closed_schema(ReportReplySchema),
        "Record a reply that the school received another way.",
    ),
    "resolve": (closed_schema(ResolveSchema), "Record how the challenge ended. Only the school can do this."),
    "escalate": (
        closed_schema(EscalateSchema),
        "Escalate to the next level when no reply, or no useful reply, came in time.",
    ),
    "withdraw": (closed_schema(WhySchema), "Withdraw the challenge. Only the school can do this."),
    "acknowledge": (AcknowledgeBody, "Acknowledge receipt. Only the agency can do this."),
    "reply": (closed_schema(ReplySchema), "Send the agency's reply."),
}
