"""Finalising the register and the minutes, and approving them."""

from __future__ import annotations

from typing import Literal, Required, TypedDict
from uuid import UUID

from coordination.errors import Refusal, StaleVersion
from coordination.event import Header
from coordination.guards import require_current_version
from coordination.meeting.commands import ApproveMinutes, FinaliseMeeting
from coordination.meeting.decisions.checks import require_day_reached, require_school
from coordination.meeting.events import AnyMeetingEvent, MeetingFinalised, MinutesApproved, Warning
from coordination.meeting.expectation import changed_expectations
from coordination.meeting.state import Meeting, evolve
from coordination.world import World

GapCode = Literal[
    "nobody_present", "unmarked", "apology_marked_absent", "action_without_owner", "action_without_due_date"
]


class Gap(TypedDict, total=False):
    """Something that must be completed before finalising: at a `party`'s mark (its key in the register), or at an
    `action` for a `pupil`."""

    gap: Required[GapCode]
    party: UUID
    action: UUID
    pupil: UUID


def decide_finalise(
    meeting: Meeting, command: FinaliseMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Finalises the register and the minutes. Refuses `not_complete` with every gap (see `gaps_of`). An earlier open
    meeting of the series, a missed quorum and a missing chair only warn. Decides once more who is expected, because
    terms may have ended by the date of the meeting."""
    require_school(meeting, header)
    require_day_reached(meeting, header)
    require_current_version(command, meeting.version)
    changes = changed_expectations(meeting, meeting, header, world.directory)
    after = meeting
    for change in changes:
        after = evolve(after, change)
    gaps = gaps_of(after)
    if gaps:
        raise Refusal("not_complete", "meeting", gaps=gaps)
    return [
        *changes,
        MeetingFinalised(
            header=header,
            minutes_version=1,
            present=len(after.present()),
            warnings=warnings_of(after, earlier_open=bool(command.earlier_open)),
        ),
    ]


def gaps_of(meeting: Meeting) -> tuple[Gap, ...]:
    """What must be completed before finalising: `nobody_present`, `unmarked` and `apology_marked_absent` (each with
    the `party`), `action_without_owner` and `action_without_due_date` (each with the `action` and the `pupil`)."""
    gaps: list[Gap] = [] if meeting.present() else [{"gap": "nobody_present"}]
    gaps += [{"gap": "unmarked", "party": key} for key in meeting.expected() if key not in meeting.register]
    for key, line in meeting.register.items():
        invitation = meeting.invitations.get(key)
        if line.mark == "absent" and invitation is not None and invitation.answer == "apologies":
            gaps.append({"gap": "apology_marked_absent", "party": key})
    for action in meeting.actions.values():
        if not action.has_owner:
            gaps.append({"gap": "action_without_owner", "action": action.action, "pupil": action.pupil})
        if not action.has_due_date:
            gaps.append({"gap": "action_without_due_date", "action": action.action, "pupil": action.pupil})
    return tuple(gaps)


def warnings_of(meeting: Meeting, *, earlier_open: bool) -> tuple[Warning, ...]:
    """What may be missing when a meeting is finalised; the event records it. `earlier_open`: an earlier meeting of the
    series is not finalised."""
    warnings: list[Warning] = []
    if earlier_open:
        warnings.append("earlier_meeting_open")
    if meeting.quorum is not None and len(meeting.present()) < meeting.quorum:
        warnings.append("not_quorate")
    if meeting.chair is None:
        warnings.append("no_chair")
    return tuple(warnings)


def decide_approve(
    meeting: Meeting, command: ApproveMinutes, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Approves the present version of the minutes. Raises StaleVersion for an older version; refuses `not_finalised`,
    `already_approved`."""
    require_school(meeting, header)
    if not meeting.finalised:
        raise Refusal("not_finalised", "meeting")
    if command.minutes_version != meeting.minutes_version:
        raise StaleVersion(command.minutes_version, meeting.minutes_version)
    if meeting.approved_version == meeting.minutes_version:
        raise Refusal("already_approved", "meeting")
    return [
        MinutesApproved(header=header, minutes_version=command.minutes_version, at_meeting=command.at_meeting)
    ]
