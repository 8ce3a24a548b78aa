"""The tables of meetings and registers, each with the struct of its rows; what a column means is said in tables.sql."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

import msgspec

from projections.table import Table


class MeetingTableRow(msgspec.Struct, frozen=True):
    """A meeting as it stands; nothing here is about a pupil."""

    meeting: UUID
    school: UUID
    authority: UUID | None
    kind: str
    series: UUID | None
    held_on: date
    starts_at: time | None
    ends_at: time | None
    quorum: int | None
    chair: UUID | None
    cancelled: bool
    agenda_sent_on: date | None
    next_on: date | None
    minutes_version: int
    approved_version: int
    present: int
    items: int
    minutes: int
    actions_unsettled: int
    organisations: list[UUID]
    parties: list[UUID]
    last_version: int


class MeetingStepTableRow(msgspec.Struct, frozen=True):
    """What was done with a meeting. `shared`: for those invited and the authority too, not for the school alone."""

    meeting: UUID
    version: int
    topic: str
    occurred_on: date
    recorded_at: datetime
    position: int
    person: UUID
    organisation: UUID
    shared: bool
    held_on: date | None
    starts_at: time | None
    minutes_version: int | None
    warnings: list[str]
    about_person: UUID | None
    item: UUID | None
    next_meeting: UUID | None


class MeetingTextTableRow(msgspec.Struct, frozen=True):
    """Sealed words with their coordinates; `party` is the one whose line they are about."""

    meeting: UUID
    version: int
    topic: str
    sealed: str
    party: UUID | None
    organisation: UUID | None


class AttendanceTableRow(msgspec.Struct, frozen=True):
    """A party at a meeting: whether it was invited and expected, what it answered and how it was marked."""

    meeting: UUID
    party: UUID
    school: UUID
    authority: UUID | None
    agency: UUID
    service: UUID | None
    person: UUID | None
    part: str | None
    language: str | None
    in_figures: bool
    kind: str
    held_on: date
    cancelled: bool
    invited_on: date | None
    whole_meeting: bool
    expected: bool
    because: str | None
    terms: UUID | None
    notice_from: date | None
    notice: int | None
    notice_required: int | None
    items: list[UUID]
    answer: str | None
    own_word: bool
    undelivered: bool
    invitation_version: int | None
    mark: str | None
    mark_version: int | None


class EngagementTableRow(msgspec.Struct, frozen=True):
    """A service that a meeting with an hour would expect, but for other meetings at that time."""

    meeting: UUID
    service: UUID
    held_on: date
    starts_at: time
    ends_at: time | None
    asked_on: date
    invited_on: date


class CapacityTableRow(msgspec.Struct, frozen=True):
    """To how many meetings at the same time a service said it can send somebody."""

    service: UUID
    effective_from: date
    effective_to: date | None
    people: int


class RegisterLineTableRow(msgspec.Struct, frozen=True):
    """One marking of a register; `afterwards`: the meeting had been finalised."""

    meeting: UUID
    version: int
    party: UUID
    organisation: UUID
    school: UUID
    mark: str
    supersedes: int | None
    afterwards: bool
    arrived_at: time | None
    left_at: time | None
    substitute_for: UUID | None
    with_authority: bool | None
    occurred_on: date
    recorded_at: datetime
    position: int
    marked_by: UUID


class ItemHeardTableRow(msgspec.Struct, frozen=True):
    """The services that were in the room for an agenda item, and their organisations, by the minute about it."""

    minute: UUID
    meeting: UUID
    item: UUID
    organisations: list[UUID]
    services: list[UUID]


class AgendaItemTableRow(msgspec.Struct, frozen=True):
    """An item of the agenda, with the services that it needs and their organisations."""

    meeting: UUID
    item: UUID
    pupil: UUID
    school: UUID
    place: int
    services: list[UUID]
    organisations: list[UUID]
    confirmed: bool
    last_version: int
    without_names: bool
    by_disclosure: bool


class MarkContestTableRow(msgspec.Struct, frozen=True):
    """A mark that is contested without a challenge: as it was contested or ruled on, with its sealed words."""

    meeting: UUID
    contest: UUID
    version: int
    topic: str
    school: UUID
    authority: UUID | None
    agency: UUID
    service: UUID
    held_on: date
    mark: str
    claims: str | None
    since: date
    ruling: str | None
    reads: str | None
    person: UUID
    organisation: UUID
    sealed: str


class MarkDisputeTableRow(msgspec.Struct, frozen=True):
    """What an agency disputes of a line in a register, and what was ruled."""

    challenge: UUID
    dispute: UUID
    school: UUID
    authority: UUID | None
    agency: UUID
    service: UUID
    meeting: UUID
    mark_version: int
    claims: str | None
    since: date
    ruling: str | None
    reads: str | None


MEETING = Table("meeting", MeetingTableRow, key=1)
MEETING_STEP = Table("meeting_step", MeetingStepTableRow)
MEETING_TEXT = Table("meeting_text", MeetingTextTableRow)
ATTENDANCE = Table("attendance", AttendanceTableRow, key=2, bitemporal=True)
ENGAGEMENT = Table("engagement", EngagementTableRow, key=2, bitemporal=True)
CAPACITY = Table("capacity", CapacityTableRow, key=2, bitemporal=True)
REGISTER_LINE = Table("register_line", RegisterLineTableRow)
ITEM_HEARD = Table("item_heard", ItemHeardTableRow, key=1)
AGENDA_ITEM = Table("agenda_item", AgendaItemTableRow, key=2)
MARK_CONTEST = Table("mark_contest", MarkContestTableRow)
MARK_DISPUTE = Table("mark_dispute", MarkDisputeTableRow, key=2, bitemporal=True)
