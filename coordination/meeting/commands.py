"""The commands of a meeting: what can be asked for."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from coordination.event import Command
from coordination.meeting.events import Answer, Language, Mark, MeetingKind, Party, Way


class ScheduleMeeting(Command, frozen=True, kw_only=True):
    """`meeting` is a new random id; `name` is the school's own name for this kind of meeting. `host`: whose meeting it
    is, where it is not the school's; without a `school` it is about none."""

    meeting: UUID
    held_on: date
    school: UUID | None = None
    host: UUID | None = None
    kind: MeetingKind = "hwb"
    starts_at: time | None = None
    ends_at: time | None = None
    series: UUID | None = None
    chair: UUID | None = None
    quorum: int | None = None
    name: str | None = None
    place: str | None = None


class RescheduleMeeting(Command, frozen=True, kw_only=True):
    """Another date, time or place."""

    meeting: UUID
    held_on: date
    starts_at: time | None = None
    ends_at: time | None = None
    place: str | None = None
    why: str | None = None


class NameChair(Command, frozen=True, kw_only=True):
    meeting: UUID
    chair: UUID


class CancelMeeting(Command, frozen=True, kw_only=True):
    meeting: UUID
    why: str | None = None


class Invite(Command, frozen=True, kw_only=True):
    """`whole_meeting` False: only for the agenda items that need the service. While no item needs it, it may attend
    but is not expected. `language`: of a family, what it said when it was asked about using Welsh."""

    meeting: UUID
    party: Party
    whole_meeting: bool = True
    language: Language | None = None


class RecordDelivery(Command, frozen=True, kw_only=True):
    """`party` is the party's key in the register; `arrived` False: the invitation was not delivered."""

    meeting: UUID
    party: UUID
    way: Way
    arrived: bool = True


class AnswerInvitation(Command, frozen=True, kw_only=True):
    """A party answers, or the school records the answer it received. `party` is the party's key in the register."""

    meeting: UUID
    party: UUID
    answer: Answer
    way: Way = "system"


class AddAgendaItem(Command, frozen=True, kw_only=True):
    """`item` is a new random id; `services` are those needed for it. `about` is the pupil's id. `without_names`: the
    pupil is discussed without names, and nothing about them is shared."""

    meeting: UUID
    item: UUID
    about: UUID
    services: tuple[UUID, ...] = ()
    confirmed: bool = True
    without_names: bool = False


class ConfirmAgendaItem(Command, frozen=True, kw_only=True):
    meeting: UUID
    item: UUID


class RemoveAgendaItem(Command, frozen=True, kw_only=True):
    meeting: UUID
    item: UUID


class OrderAgenda(Command, frozen=True, kw_only=True):
    """`items` are all items of the agenda, in the new order."""

    meeting: UUID
    items: tuple[UUID, ...]


class SendAgenda(Command, frozen=True, kw_only=True):
    meeting: UUID


class MarkPresence(Command, frozen=True, kw_only=True):
    """The first mark of a party, invited or not."""

    meeting: UUID
    party: Party
    mark: Mark
    arrived_at: time | None = None
    left_at: time | None = None
    substitute_for: UUID | None = None
    with_authority: bool | None = None


class CorrectMark(Command, frozen=True, kw_only=True):
    """`party` is the party's key in the register, `supersedes` the version of the mark that is wrong; `why` is
    required once the meeting is finalised."""

    meeting: UUID
    party: UUID
    mark: Mark
    supersedes: int
    arrived_at: time | None = None
    left_at: time | None = None
    substitute_for: UUID | None = None
    with_authority: bool | None = None
    why: str | None = None


class DeclareConflict(Command, frozen=True, kw_only=True):
    meeting: UUID
    person: UUID
    item: UUID | None = None


class SetNextMeeting(Command, frozen=True, kw_only=True):
    meeting: UUID
    next_on: date
    starts_at: time | None = None
    next_meeting: UUID | None = None


class FinaliseMeeting(Command, frozen=True, kw_only=True):
    """`earlier_open` are earlier meetings of the series that are not finalised, found by the caller; they cause a
    warning."""

    meeting: UUID
    earlier_open: tuple[UUID, ...] = ()


class ApproveMinutes(Command, frozen=True, kw_only=True):
    meeting: UUID
    minutes_version: int
    at_meeting: UUID | None = None
