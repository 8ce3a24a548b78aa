"""The commands for meetings from a page or the API, where more than one field decides them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from coordination.meeting.commands import FinaliseMeeting, ScheduleMeeting
from coordination.meeting.events import PRESENT, Party
from projections.attendance.queries import MeetingSummary
from webui.meeting.reading import MeetingPage, earlier_open
from webui.meeting.words import PARTS
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

TIMED = PRESENT - {"attended"}
"""The marks to which an hour of coming or leaving belongs."""


def schedule(command_id: str, typed: Mapping[str, Any], before: MeetingSummary | None) -> ScheduleMeeting:
    """Schedule a new meeting of the user's school; `before` is the meeting that it follows."""
    return ScheduleMeeting(
        occurred_on=runtime().today(),
        meeting=casework.new_id(command_id, "meeting"),
        school=viewer().organisation,
        kind=before.kind if before else typed["kind"] or "hwb",
        series=(before.series or before.meeting) if before else casework.new_id(command_id, "series"),
        chair=UUID(typed["chair"]) if typed["chair"] else None,
        **{name: typed[name] for name in ("held_on", "starts_at", "ends_at", "quorum", "name", "place")},
    )


def finalise(held: MeetingPage, seen: int | None) -> FinaliseMeeting:
    """Finalise the minutes, and note the earlier meetings of the series that are not final."""
    return FinaliseMeeting(
        occurred_on=runtime().today(),
        seen=seen,
        meeting=held.id,
        earlier_open=tuple(brief.meeting for brief in earlier_open(held)),
    )


def party_of(key: UUID, school: UUID) -> Party:
    """The party for a key: a service of the directory, or a person of the school."""
    service = directory().service(key)
    if service is not None:
        return Party(organisation=service.agency, service=service.id)
    return Party(organisation=school, person=key)


def party_named(key: str, host: UUID) -> Party:
    """The party for a key as `party_of`, or for the name of a seat of the host's (`gp`)."""
    if key in PARTS:
        return Party(organisation=host, part=key)  # type: ignore[arg-type]
    return party_of(UUID(key), host)


def mark_commands(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a mark. Times and substitutes apply to some marks only; otherwise they are left out."""
    there, substitute = typed["mark"] in TIMED, typed["mark"] == "substitute"
    whom = typed["substitute_for"]
    return {
        "mark": typed["mark"],
        "arrived_at": typed["arrived"] if there else None,
        "left_at": typed["left"] if there else None,
        "substitute_for": UUID(whom) if whom and substitute else None,
        "with_authority": typed["authority"] if substitute else None,
    }
