"""The events of a multi-agency meeting (a *Hwb*): invitations, answers, the agenda, the register, the minutes'
versions.

A meeting's stream holds ids, dates and codes. What was said about a pupil is on that pupil's stream; this one records
only that a minute was taken. Its few words (a place, a reason for a correction) are sealed.
"""

from __future__ import annotations

from datetime import date, time
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from coordination.directory.meeting_series import SeatPart
from coordination.event import MeetingEvent
from coordination.meeting.contests import ContestRuled, MarkContested
from coordination.sensitivity import SEALED, Operational, Personal

MeetingKind = str
"""A code of the table `meeting_kind`."""
FirstKind = Literal["hwb", "idp_review", "other"]
"""The kinds that there were before `of_kind`."""
Answer = Literal["attending", "apologies", "substitute", "written_contribution"]
Mark = Literal["attended", "late", "left_early", "apologies", "absent", "substitute", "written_contribution"]
Way = Literal["email", "letter", "telephone", "in_person", "system"]
Unexpected = Literal["no_terms", "short_notice", "not_needed", "not_delivered"]
NotExpected = Literal["clash", "no_terms", "short_notice", "not_needed", "not_delivered"]
"""With what no event holds, because it follows from other meetings: the service was asked for elsewhere first."""
Language = Literal["cy", "en", "both"]
Warning = Literal["earlier_meeting_open", "not_quorate", "no_chair"]

PRESENT: frozenset[Mark] = frozenset({"attended", "late", "left_early", "substitute"})
"""Marks of a party that took part, in the room or on the line."""


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A party that is invited and marked: an agency's service, a person (school staff), a whole organisation, or a seat
    of the host's for people without an account (`part`: the parents, the GP).

    Figures show services, never employees: where there is a service, the person is only the addressee.
    """

    organisation: UUID
    service: UUID | None = None
    person: UUID | None = None
    part: SeatPart | None = None

    @property
    def key(self) -> UUID:
        """The id of the party in the register."""
        seat = uuid5(self.organisation, self.part) if self.part else self.organisation
        return self.service or self.person or seat


class Expectation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a party is expected, and why.

    `notice` and `notice_required` are working days: those after `notice_from` up to and including the day of the
    meeting. `items` are the agenda items that need the party (empty where the whole meeting does).
    """

    expected: bool
    notice_from: date
    notice: int
    because: Unexpected | None = None
    terms: UUID | None = None
    notice_required: int | None = None
    items: tuple[UUID, ...] = ()


class MeetingScheduled(MeetingEvent, frozen=True, kw_only=True):
    """A meeting was scheduled. `name` is the school's own name for it; `starts_at` and `ends_at` are local times;
    meetings that follow one another share a `series`; `quorum` counts parties present. `host` is the organisation
    whose meeting it is (None: the school's); `school` is the school that it is about, if it is about one. A kind that
    is none of the first three is in `of_kind`; `kind` is then `other`."""

    topic = "meeting.scheduled"
    kind: Operational[FirstKind]
    school: Operational[UUID | None] = None
    held_on: Operational[date]
    starts_at: Operational[time | None] = None
    series: Operational[UUID | None] = None
    chair: Operational[UUID | None] = None
    quorum: Operational[int | None] = None
    name: Personal[str | None] = SEALED
    place: Personal[str | None] = SEALED
    host: Operational[UUID | None] = None
    ends_at: Operational[time | None] = None
    of_kind: Operational[MeetingKind | None] = None


class MeetingRescheduled(MeetingEvent, frozen=True, kw_only=True):
    """The date, time or place changed. Earlier answers no longer count."""

    topic = "meeting.rescheduled"
    held_on: Operational[date]
    starts_at: Operational[time | None] = None
    place: Personal[str | None] = SEALED
    why: Personal[str | None] = SEALED
    ends_at: Operational[time | None] = None


class ChairNamed(MeetingEvent, frozen=True, kw_only=True):
    """Another person chairs the meeting."""

    topic = "meeting.chair_named"
    chair: Operational[UUID]


class MeetingCancelled(MeetingEvent, frozen=True, kw_only=True):
    """The meeting does not take place."""

    topic = "meeting.cancelled"
    why: Personal[str | None] = SEALED


class Invited(MeetingEvent, frozen=True, kw_only=True):
    """A party was invited, to the whole meeting or for the items that need it; `expectation` says whether it is
    expected. Another invitation replaces the earlier one and keeps its answer. `language`: what a family said, when it
    was asked, about using Welsh at the meeting."""

    topic = "meeting.invited"
    party: Operational[Party]
    whole_meeting: Operational[bool]
    invited_on: Operational[date]
    expectation: Operational[Expectation]
    language: Operational[Language | None] = None


class InvitationDelivered(MeetingEvent, frozen=True, kw_only=True):
    """An invitation was delivered, or (`arrived` False) came back."""

    topic = "meeting.invitation_delivered"
    party: Operational[Party]
    way: Operational[Way]
    arrived: Operational[bool]


class ExpectationChanged(MeetingEvent, frozen=True, kw_only=True):
    """A party is expected, or is not any more, or for another reason: the date, the agenda, the delivery or the terms
    changed."""

    topic = "meeting.expectation_changed"
    party: Operational[Party]
    expectation: Operational[Expectation]


class InvitationAnswered(MeetingEvent, frozen=True, kw_only=True):
    """A party answered. The reason for apologies is never stored. `reported`: the school recorded the answer that it
    received by `way`; otherwise it is the party's own answer, by a one-time link in the name and job of who gave it."""

    topic = "meeting.invitation_answered"
    party: Operational[Party]
    answer: Operational[Answer]
    reported: Operational[bool]
    way: Operational[Way]
    answered_by: Personal[str | None] = SEALED
    answered_as: Personal[str | None] = SEALED


class AgendaItemAdded(MeetingEvent, frozen=True, kw_only=True):
    """A pupil is on the agenda; `services` are needed for the item. `confirmed` False: only proposed. `without_names`:
    the pupil is discussed without names, and nothing about them is shared. `by_disclosure`: a service sees the item by
    a disclosure of its own (items recorded before were seen by every service needed that had a basis)."""

    topic = "meeting.agenda_item_added"
    item: Operational[UUID]
    pupil: Operational[UUID]
    services: Operational[tuple[UUID, ...]]
    confirmed: Operational[bool]
    without_names: Operational[bool] = False
    by_disclosure: Operational[bool] = False


class AgendaItemConfirmed(MeetingEvent, frozen=True, kw_only=True):
    """A proposed item was confirmed."""

    topic = "meeting.agenda_item_confirmed"
    item: Operational[UUID]


class AgendaItemRemoved(MeetingEvent, frozen=True, kw_only=True):
    """An item was removed from the agenda."""

    topic = "meeting.agenda_item_removed"
    item: Operational[UUID]


class AgendaOrdered(MeetingEvent, frozen=True, kw_only=True):
    """The items are to be heard in this order."""

    topic = "meeting.agenda_ordered"
    items: Operational[tuple[UUID, ...]]


class AgendaSent(MeetingEvent, frozen=True, kw_only=True):
    """The agenda with these items was sent to these invited parties."""

    topic = "meeting.agenda_sent"
    items: Operational[tuple[UUID, ...]]
    parties: Operational[tuple[UUID, ...]]


class PresenceMarked(MeetingEvent, frozen=True, kw_only=True):
    """A party's mark in the register. Times are local. `substitute_for` is the person replaced; `with_authority`:
    whether the substitute could decide for the service."""

    topic = "meeting.presence_marked"
    party: Operational[Party]
    mark: Operational[Mark]
    arrived_at: Operational[time | None] = None
    left_at: Operational[time | None] = None
    substitute_for: Operational[UUID | None] = None
    with_authority: Operational[bool | None] = None


class MarkCorrected(MeetingEvent, frozen=True, kw_only=True):
    """A mark in the register was wrong; `supersedes` is the version, in this stream, of the mark that it replaces."""

    topic = "meeting.mark_corrected"
    party: Operational[Party]
    mark: Operational[Mark]
    supersedes: Operational[int]
    arrived_at: Operational[time | None] = None
    left_at: Operational[time | None] = None
    substitute_for: Operational[UUID | None] = None
    with_authority: Operational[bool | None] = None
    why: Personal[str | None] = SEALED


class ConflictOfInterestDeclared(MeetingEvent, frozen=True, kw_only=True):
    """A person declared a conflict of interest in an item (None: in the meeting)."""

    topic = "meeting.conflict_declared"
    person: Operational[UUID]
    item: Operational[UUID | None] = None


class MinuteTaken(MeetingEvent, frozen=True, kw_only=True):
    """A minute about a pupil was recorded; its text is on the pupil's stream."""

    topic = "meeting.minute_taken"
    minute: Operational[UUID]
    pupil: Operational[UUID]
    item: Operational[UUID | None] = None


class ActionMinuted(MeetingEvent, frozen=True, kw_only=True):
    """An action was agreed, or its owner or due date was set; its text is on the pupil's stream."""

    topic = "meeting.action_minuted"
    action: Operational[UUID]
    pupil: Operational[UUID]
    has_owner: Operational[bool]
    has_due_date: Operational[bool]


class ActionDropped(MeetingEvent, frozen=True, kw_only=True):
    """An action noted at this meeting was cancelled before the meeting was finalised."""

    topic = "meeting.action_dropped"
    action: Operational[UUID]
    pupil: Operational[UUID]


class NextMeetingSet(MeetingEvent, frozen=True, kw_only=True):
    """The date of the next meeting of the series; `meeting` is its id once it is scheduled."""

    topic = "meeting.next_set"
    next_on: Operational[date]
    starts_at: Operational[time | None] = None
    meeting: Operational[UUID | None] = None


class MeetingFinalised(MeetingEvent, frozen=True, kw_only=True):
    """The register and the minutes are complete; from now on only corrections are possible."""

    topic = "meeting.finalised"
    minutes_version: Operational[int]
    present: Operational[int]
    warnings: Operational[tuple[Warning, ...]] = ()


class MinutesApproved(MeetingEvent, frozen=True, kw_only=True):
    """This version of the minutes was approved, at a later meeting if `at_meeting` names one."""

    topic = "meeting.minutes_approved"
    minutes_version: Operational[int]
    at_meeting: Operational[UUID | None] = None


class CorrectedAfterwards(MeetingEvent, frozen=True, kw_only=True):
    """A correction after finalising: the minutes have a new version, not approved yet.

    `minute` and `pupil`, or `party` (its key in the register), say what was corrected.
    """

    topic = "meeting.corrected_afterwards"
    minutes_version: Operational[int]
    minute: Operational[UUID | None] = None
    pupil: Operational[UUID | None] = None
    party: Operational[UUID | None] = None


AnyMeetingEvent = (
    MeetingScheduled
    | MeetingRescheduled
    | ChairNamed
    | MeetingCancelled
    | Invited
    | InvitationDelivered
    | ExpectationChanged
    | InvitationAnswered
    | AgendaItemAdded
    | AgendaItemConfirmed
    | AgendaItemRemoved
    | AgendaOrdered
    | AgendaSent
    | PresenceMarked
    | MarkCorrected
    | ConflictOfInterestDeclared
    | MinuteTaken
    | ActionMinuted
    | ActionDropped
    | NextMeetingSet
    | MeetingFinalised
    | MinutesApproved
    | CorrectedAfterwards
    | MarkContested
    | ContestRuled
)
"""All of them, so that the type checker finds a `match` that forgets one."""
