"""Taking and correcting a minute: the meeting's stream records that there is one, the pupil's stream its text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words, strip_text
from coordination.meeting.decisions.checks import require_day_reached, require_open, require_school
from coordination.meeting.events import PRESENT, AnyMeetingEvent, CorrectedAfterwards, MinuteTaken
from coordination.meeting.state import MEETING_STREAM, Meeting
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.minutes.events import AnyMinuteEvent, Dissent, MinuteCorrected, MinuteRecorded
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


class TakeMinute(Command, frozen=True, kw_only=True):
    """`minute` is a new random id; `services_present` are those in the room for this pupil. Those of them that have a
    basis receive the minute when the meeting is finalised."""

    meeting: UUID
    pupil: UUID
    minute: UUID
    item: UUID | None = None
    services_present: tuple[UUID, ...] = ()
    discussion: str | None = None
    decision: str | None = None
    dissent: tuple[Dissent, ...] = ()
    childs_view: str | None = None
    parents_view: str | None = None


class CorrectMinute(Command, frozen=True, kw_only=True):
    """The whole minute as corrected, and why."""

    meeting: UUID
    pupil: UUID
    minute: UUID
    why: str
    services_present: tuple[UUID, ...] = ()
    discussion: str | None = None
    decision: str | None = None
    dissent: tuple[Dissent, ...] = ()
    childs_view: str | None = None
    parents_view: str | None = None


def decide_take(
    meeting: Meeting, case: CaseFile, command: TakeMinute, header: Header, world: World
) -> list[AnyMeetingEvent | AnyMinuteEvent]:
    """Records one minute for each pupil and agenda item. Raises NotFound for a pupil who is not on the school's roll
    and was not on the day of the meeting; refuses `already_minuted`, `unknown_item`, `service_not_present`, and a
    minute without discussion and decision."""
    require_school(meeting, header)
    if not _of_the_school(meeting, case):
        raise NotFound
    require_day_reached(meeting, header)
    if command.minute in case.minutes.minutes or command.minute in meeting.minutes:
        raise Refusal("already_minuted", "minute")
    _agenda(meeting, command)
    earlier = case.minutes.of(command.meeting, command.item)
    if earlier is not None:
        raise Refusal("already_minuted", "item", minute=earlier.minute)
    present = _present(meeting, command.services_present)
    said = _said(command)
    return [
        MinuteTaken(header=header, minute=command.minute, pupil=command.pupil, item=command.item),
        MinuteRecorded(
            header=header,
            minute=command.minute,
            meeting=command.meeting,
            school=meeting.school,
            services_present=present,
            item=command.item,
            by_disclosure=True,
            discussion=said,
            decision=strip_text(command.decision),
            dissent=_dissent(meeting, command.dissent),
            childs_view=strip_text(command.childs_view),
            parents_view=strip_text(command.parents_view),
        ),
    ]


def decide_correct(
    meeting: Meeting, case: CaseFile, command: CorrectMinute, header: Header, world: World
) -> list[AnyMeetingEvent | AnyMinuteEvent]:
    """Corrects a minute; the earlier one stays. After finalising, the meeting's minutes get a new version to be
    approved. The school can correct its own minutes after the pupil has left it. Raises NotFound for a minute of
    another meeting."""
    require_school(meeting, header)
    minute = case.minutes.minutes.get(command.minute)
    if minute is None or minute.meeting != command.meeting:
        raise NotFound
    if meeting.cancelled:
        require_open(meeting)
    require_current_version(command, minute.last_version)
    corrected = MinuteCorrected(
        header=header,
        minute=command.minute,
        meeting=command.meeting,
        supersedes=minute.last_version,
        services_present=_present(meeting, command.services_present),
        why=require_words(command.why, "why"),
        discussion=_said(command),
        decision=strip_text(command.decision),
        dissent=_dissent(meeting, command.dissent),
        childs_view=strip_text(command.childs_view),
        parents_view=strip_text(command.parents_view),
    )
    if not meeting.finalised:
        return [corrected]
    version = meeting.minutes_version + 1
    afterwards = CorrectedAfterwards(
        header=header, minutes_version=version, minute=command.minute, pupil=command.pupil
    )
    return [afterwards, corrected]


def _of_the_school(meeting: Meeting, case: CaseFile) -> bool:
    """The pupil is on the roll of the school that holds the meeting, or was on the day of the meeting."""
    school = meeting.school
    return school in case.profile.schools() or case.profile.on_roll(school, meeting.held_on)


def _agenda(meeting: Meeting, command: TakeMinute) -> None:
    """Refused `unknown_item` unless the item is on the agenda and about this pupil."""
    if command.item is None:
        return
    item = meeting.items.get(command.item)
    if item is None or item.pupil != command.pupil:
        raise Refusal("unknown_item", "item")


def _said(command: TakeMinute | CorrectMinute) -> str | None:
    """The discussion. Raises Refusal `cannot_be_empty` when there is neither discussion nor decision."""
    if strip_text(command.decision) is None:
        return require_words(command.discussion, "discussion")
    return strip_text(command.discussion)


def _present(meeting: Meeting, services: Iterable[UUID]) -> tuple[UUID, ...]:
    """The services, each marked present in the register, because only those can have heard."""
    for service in services:
        line = meeting.register.get(service)
        if line is None or line.party.service != service or line.mark not in PRESENT:
            raise Refusal("service_not_present", "services_present", service=service)
    return tuple(dict.fromkeys(services))


def _dissent(meeting: Meeting, dissent: Iterable[Dissent]) -> tuple[Dissent, ...]:
    """The dissent, each from a service that attended or sent a written contribution."""
    kept = []
    for one in dissent:
        line = meeting.register.get(one.service)
        if line is None or line.party.service is None or line.mark not in PRESENT | {"written_contribution"}:
            raise Refusal("service_not_present", "dissent", service=one.service)
        kept.append(Dissent(service=one.service, text=require_words(one.text, "dissent")))
    return tuple(kept)


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(TakeMinute, decide_take, MEETING_STREAM, PUPIL_STREAM),
        decides(CorrectMinute, decide_correct, MEETING_STREAM, PUPIL_STREAM),
    ]
)
