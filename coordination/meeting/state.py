"""The state of a meeting for decisions."""

from __future__ import annotations

from datetime import date, time
from typing import assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from coordination.event import MeetingEvent
from coordination.meeting.contests import ContestRuled, ContestRuling, MarkContested
from coordination.meeting.events import (
    PRESENT,
    ActionDropped,
    ActionMinuted,
    AgendaItemAdded,
    AgendaItemConfirmed,
    AgendaItemRemoved,
    AgendaOrdered,
    AgendaSent,
    Answer,
    AnyMeetingEvent,
    ChairNamed,
    ConflictOfInterestDeclared,
    CorrectedAfterwards,
    Expectation,
    ExpectationChanged,
    InvitationAnswered,
    InvitationDelivered,
    Invited,
    Language,
    Mark,
    MarkCorrected,
    MeetingCancelled,
    MeetingFinalised,
    MeetingKind,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesApproved,
    MinuteTaken,
    NextMeetingSet,
    Party,
    PresenceMarked,
)
from coordination.streams import StreamKind, ToMeeting

NO_ORGANISATION = UUID(int=0)


class Invitation(Struct, frozen=True):
    """The present invitation of a party. `invited_on` is the day of the first invitation that did not come back."""

    party: Party
    whole_meeting: bool
    invited_on: date
    expectation: Expectation
    last_version: int
    answer: Answer | None = None
    own_word: bool = False
    undelivered: bool = False
    language: Language | None = None


class RegisterEntry(Struct, frozen=True):
    """A party's line in the register; `version` is that of its last marking or correction."""

    party: Party
    mark: Mark
    version: int


class AgendaItem(Struct, frozen=True):
    """A pupil on the agenda, and the services needed."""

    item: UUID
    pupil: UUID
    services: tuple[UUID, ...]
    confirmed: bool
    last_version: int
    without_names: bool = False
    by_disclosure: bool = False


class MeetingAction(Struct, frozen=True):
    """An action noted at the meeting; its owner and due date may still be missing."""

    action: UUID
    pupil: UUID
    has_owner: bool
    has_due_date: bool


class MeetingMinute(Struct, frozen=True):
    """A minute of the meeting; its text is on the pupil's stream."""

    minute: UUID
    pupil: UUID
    item: UUID | None


class ContestedMark(Struct, frozen=True):
    """A mark that a service contests without a challenge; `since` is the day of that, or of the ruling."""

    contest: UUID
    party: UUID
    agency: UUID
    mark_version: int
    claims: Mark | None
    since: date
    ruling: ContestRuling | None = None
    reads: Mark | None = None


class Meeting(Struct, frozen=True):
    """A meeting; not scheduled while `version` is 0. Its mappings are never changed in place. `host` is the
    organisation whose meeting it is; `school` the school that it is about, or else the host as well. `moves` counts how
    often it was moved or cancelled: the SEQUENCE of its calendar entry."""

    version: int = 0
    kind: MeetingKind = "hwb"
    school: UUID = NO_ORGANISATION
    host: UUID = NO_ORGANISATION
    held_on: date = date.min
    starts_at: time | None = None
    ends_at: time | None = None
    series: UUID | None = None
    chair: UUID | None = None
    quorum: int | None = None
    cancelled: bool = False
    agenda_sent_on: date | None = None
    invitations: dict[UUID, Invitation] = {}
    register: dict[UUID, RegisterEntry] = {}
    items: dict[UUID, AgendaItem] = {}
    minutes: dict[UUID, MeetingMinute] = {}
    actions: dict[UUID, MeetingAction] = {}
    next_on: date | None = None
    minutes_version: int = 0
    approved_version: int = 0
    contests: dict[UUID, ContestedMark] = {}
    moves: int = 0

    @property
    def scheduled(self) -> bool:
        """Whether the meeting exists."""
        return self.version > 0

    @property
    def finalised(self) -> bool:
        """Whether only corrections are possible."""
        return self.minutes_version > 0

    def expected(self) -> tuple[UUID, ...]:
        """The parties expected, in the order of their invitations."""
        return tuple(key for key, invitation in self.invitations.items() if invitation.expectation.expected)

    def present(self) -> tuple[UUID, ...]:
        """The parties marked present, in the order of their marks."""
        return tuple(key for key, line in self.register.items() if line.mark in PRESENT)

    def items_needing(self, service: UUID | None) -> tuple[UUID, ...]:
        """The confirmed agenda items for which a service is needed. One that is only proposed asks nobody to come."""
        return tuple(
            i.item
            for i in self.items.values()
            if i.confirmed and service is not None and service in i.services
        )


def evolve(meeting: Meeting, event: AnyMeetingEvent) -> Meeting:
    """The meeting after one more event. Reads no sealed field."""
    m = replace(meeting, version=meeting.version + 1)
    match event:
        case MeetingScheduled():
            return replace(
                m,
                kind=event.of_kind or event.kind,
                school=event.school or event.host or NO_ORGANISATION,
                host=event.host or event.school or NO_ORGANISATION,
                held_on=event.held_on,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                series=event.series,
                chair=event.chair,
                quorum=event.quorum,
            )
        case MeetingRescheduled():
            return _rescheduled(m, event)
        case ChairNamed(chair=chair):
            return replace(m, chair=chair)
        case MeetingCancelled():
            return replace(m, cancelled=True, moves=m.moves + 1)
        case Invited():
            return _invited(m, event)
        case InvitationDelivered(party=party, arrived=arrived):
            return _with(m, replace(m.invitations[party.key], undelivered=not arrived))
        case ExpectationChanged(party=party, expectation=expectation):
            return _with(m, replace(m.invitations[party.key], expectation=expectation))
        case InvitationAnswered(party=party, answer=answer, reported=reported):
            return _with(m, replace(m.invitations[party.key], answer=answer, own_word=not reported))
        case AgendaItemAdded() | AgendaItemConfirmed() | AgendaItemRemoved():
            return replace(m, items=_agenda(m, event))
        case AgendaOrdered(items=order):
            rest = {key: item for key, item in m.items.items() if key not in order}
            return replace(m, items={**{key: m.items[key] for key in order if key in m.items}, **rest})
        case AgendaSent():
            return replace(m, agenda_sent_on=event.header.occurred_on)
        case PresenceMarked(party=party, mark=mark) | MarkCorrected(party=party, mark=mark):
            return replace(m, register={**m.register, party.key: RegisterEntry(party, mark, m.version)})
        case MinuteTaken(minute=minute, pupil=pupil, item=item):
            return replace(m, minutes={**m.minutes, minute: MeetingMinute(minute, pupil, item)})
        case ActionMinuted(action=action, pupil=pupil, has_owner=owner, has_due_date=due):
            return replace(m, actions={**m.actions, action: MeetingAction(action, pupil, owner, due)})
        case ActionDropped(action=action):
            return replace(m, actions={key: kept for key, kept in m.actions.items() if key != action})
        case NextMeetingSet(next_on=on):
            return replace(m, next_on=on)
        case MeetingFinalised(minutes_version=version) | CorrectedAfterwards(minutes_version=version):
            return replace(m, minutes_version=version)
        case MinutesApproved(minutes_version=version):
            return replace(m, approved_version=version)
        case MarkContested() | ContestRuled():
            return replace(m, contests={**m.contests, event.contest: _contest(m, event)})
        case ConflictOfInterestDeclared():
            return m
        case _:
            assert_never(event)


def _contest(m: Meeting, event: MarkContested | ContestRuled) -> ContestedMark:
    on = event.header.occurred_on
    if isinstance(event, ContestRuled):
        return replace(m.contests[event.contest], since=on, ruling=event.ruling, reads=event.reads)
    agency = m.register[event.party].party.organisation
    return ContestedMark(event.contest, event.party, agency, event.mark_version, event.claims, on)


def _invited(m: Meeting, event: Invited) -> Meeting:
    key = event.party.key
    earlier = m.invitations.get(key)
    stands = earlier is not None and not earlier.undelivered
    invitation = Invitation(
        event.party,
        event.whole_meeting,
        min(earlier.invited_on, event.invited_on) if earlier and stands else event.invited_on,
        event.expectation,
        m.version,
        answer=earlier.answer if earlier else None,
        own_word=earlier.own_word if earlier else False,
        language=event.language or (earlier.language if earlier else None),
    )
    return replace(m, invitations={**m.invitations, key: invitation})


def _rescheduled(m: Meeting, event: MeetingRescheduled) -> Meeting:
    """Every answer is void, also when only the time changed, because people answer for a time of day. An invitation
    that was not delivered stays so: another date does not reach the party either."""
    asked_again = {
        key: replace(one, answer=None, own_word=False, last_version=m.version)
        for key, one in m.invitations.items()
    }
    return replace(
        m,
        held_on=event.held_on,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        invitations=asked_again,
        moves=m.moves + 1,
    )


def _with(m: Meeting, invitation: Invitation) -> Meeting:
    changed = replace(invitation, last_version=m.version)
    return replace(m, invitations={**m.invitations, invitation.party.key: changed})


def _agenda(
    m: Meeting, event: AgendaItemAdded | AgendaItemConfirmed | AgendaItemRemoved
) -> dict[UUID, AgendaItem]:
    match event:
        case AgendaItemAdded(item=item, pupil=pupil, services=services, confirmed=confirmed):
            added = AgendaItem(
                item, pupil, services, confirmed, m.version, event.without_names, event.by_disclosure
            )
            return {**m.items, item: added}
        case AgendaItemConfirmed(item=item):
            return {**m.items, item: replace(m.items[item], confirmed=True, last_version=m.version)}
        case AgendaItemRemoved(item=item):
            return {key: kept for key, kept in m.items.items() if key != item}


MEETING_STREAM: StreamKind[Meeting, AnyMeetingEvent, ToMeeting] = StreamKind(
    "meeting", MeetingEvent, Meeting(), evolve, lambda command: command.meeting
)
