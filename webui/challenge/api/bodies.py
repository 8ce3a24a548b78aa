"""What is sent about challenges: the forms of the pages in their strict twins."""

from __future__ import annotations

from typing import get_args

from flask_babel import lazy_gettext as _l

from coordination.meeting.events import Mark
from projections.challenges.queries import Part
from webui.api.reading import Closed, Id, closed
from webui.challenge.commands import STRUCK_OUT
from webui.challenge.forms import (
    DisputeSchema,
    EscalateSchema,
    NothingSchema,
    ReplySchema,
    ReportReplySchema,
    ResolveSchema,
    SendSchema,
    WhySchema,
)
from webui.forms.fields import Choice, Choices, Text

PARTS: tuple[Part, ...] = ("mine", "others", "open", "ended", "all")


class ChallengesQuery(Closed):
    """What the list is narrowed to. `mine`: open, and something waits for the token's organisation."""

    part = Choice("Which; left out: all", choices=[(part, part) for part in PARTS], required=False)
    school = Id("The school", required=False)
    agency = Id("The agency", required=False)
    service = Id("The service", required=False)


class AttendanceChallengeBody(Closed):
    """About a service's attendance. The evidence is read again; `shown` says which was looked at."""

    service = Id("The service")
    shown = Text("As the ground for it was answered", longest=64)


class DelayChallengeBody(Closed):
    """About waits over a standard of a service."""

    service = Id("The service")
    standard = Text("The standard, as a code", longest=80)
    waits = Choices("The referrals that are asked about, by id")


class MarkDisputeBody(closed(DisputeSchema)):  # type: ignore[misc]
    """What a line of the evidence should read."""

    meeting = Id("The meeting of the line")
    claims = Choice(
        _l("What should the line read?"),
        choices=[(mark, mark) for mark in (*get_args(Mark), STRUCK_OUT)],
    )


class AcknowledgeBody(closed(NothingSchema)):  # type: ignore[misc]
    """It arrived: nothing is asked."""


# a step of the pages: what it asks, and what it is
STEP_BODIES: dict[str, tuple[type[Closed], str]] = {
    "send": (
        closed(SendSchema),
        "The letter went, after a head teacher approved it; the agency sees it from now on.",
    ),
    "report_reply": (closed(ReportReplySchema), "The school writes down a reply that came by another way."),
    "resolve": (closed(ResolveSchema), "The school says how it ended."),
    "escalate": (closed(EscalateSchema), "To the next level, when no reply came in time or none that helps."),
    "withdraw": (closed(WhySchema), "The school takes it back."),
    "acknowledge": (AcknowledgeBody, "The agency has it."),
    "reply": (closed(ReplySchema), "The agency replies."),
}
