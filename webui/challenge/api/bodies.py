"""What is sent about challenges: the forms of the pages in their strict twins."""

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
    """What the list is narrowed to. `mine`: open, and something waits for the token's organisation."""

    part = ChoiceField("Which; left out: all", choices=[(part, part) for part in PARTS], required=False)
    school = IdField("The school", required=False)
    agency = IdField("The agency", required=False)
    service = IdField("The service", required=False)


class AttendanceChallengeBody(ClosedSchema):
    """About a service's attendance. The evidence is read again; `shown` says which was looked at."""

    service = IdField("The service")
    shown = TextField("As the ground for it was answered", longest=64)


class DelayChallengeBody(ClosedSchema):
    """About waits over a standard of a service."""

    service = IdField("The service")
    standard = TextField("The standard, as a code", longest=80)
    waits = ChoicesField("The referrals that are asked about, by id")


class MarkDisputeBody(closed_schema(DisputeSchema)):  # type: ignore[misc]
    """What a line of the evidence should read."""

    meeting = IdField("The meeting of the line")
    claims = ChoiceField(
        _l("What should the line read?"),
        choices=[(mark, mark) for mark in (*get_args(Mark), STRUCK_OUT)],
    )


class AcknowledgeBody(closed_schema(NothingSchema)):  # type: ignore[misc]
    """It arrived: nothing is asked."""


# a step of the pages: what it asks, and what it is
STEP_BODIES: dict[str, tuple[type[ClosedSchema], str]] = {
    "send": (
        closed_schema(SendSchema),
        "The letter went, after a head teacher approved it; the agency sees it from now on.",
    ),
    "report_reply": (
        closed_schema(ReportReplySchema),
        "The school writes down a reply that came by another way.",
    ),
    "resolve": (closed_schema(ResolveSchema), "The school says how it ended."),
    "escalate": (
        closed_schema(EscalateSchema),
        "To the next level, when no reply came in time or none that helps.",
    ),
    "withdraw": (closed_schema(WhySchema), "The school takes it back."),
    "acknowledge": (AcknowledgeBody, "The agency has it."),
    "reply": (closed_schema(ReplySchema), "The agency replies."),
}
