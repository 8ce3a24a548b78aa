"""What may be recorded of a meeting, and when.

The meeting is its school's: staff of the school record everything, a party may answer for itself, and to
anybody else there is no such meeting. After finalising there are corrections only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID

from coordination.authority import not_in_the_future, staff_of, today
from coordination.errors import Overtaken, Refused
from coordination.event import Command, Event, Header
from coordination.guards import not_overtaken, own_word_of, required_words, words
from coordination.meeting.events import (
    PRESENT,
    AgendaItemAdded,
    AgendaItemConfirmed,
    AgendaItemRemoved,
    AgendaSent,
    Answer,
    ChairNamed,
    ConflictOfInterestDeclared,
    CorrectedAfterwards,
    InvitationAnswered,
    InvitationDelivered,
    Invited,
    Mark,
    MarkCorrected,
    MeetingCancelled,
    MeetingFinalised,
    MeetingKind,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesApproved,
    NextMeetingSet,
    Party,
    PresenceMarked,
    Warning,
    Way,
)
from coordination.meeting.expectation import expectation, notice_from, reconsidered
from coordination.meeting.standing import of_school, still_open, under_way
from coordination.meeting.state import Invitation, Item, Meeting, evolve
from coordination.world import World


class ScheduleMeeting(Command, frozen=True, kw_only=True):
    """`meeting` is a new random id; `name` the school's own name for this kind of meeting."""

    meeting: UUID
    school: UUID
    held_on: date
    kind: MeetingKind = "hwb"
    starts_at: time | None = None
    series: UUID | None = None
    chair: UUID | None = None
    quorum: int | None = None
    name: str | None = None
    place: str | None = None


class RescheduleMeeting(Command, frozen=True, kw_only=True):
    meeting: UUID
    held_on: date
    starts_at: time | None = None
    place: str | None = None
    why: str | None = None


class NameChair(Command, frozen=True, kw_only=True):
    meeting: UUID
    chair: UUID


class CancelMeeting(Command, frozen=True, kw_only=True):
    meeting: UUID
    why: str | None = None


class Invite(Command, frozen=True, kw_only=True):
    """`whole_meeting` False: only for the agenda items that need the service (none yet: a courtesy)."""

    meeting: UUID
    party: Party
    whole_meeting: bool = True


class RecordDelivery(Command, frozen=True, kw_only=True):
    """`party` is the party's key in the register; `arrived` False: the invitation came back."""

    meeting: UUID
    party: UUID
    way: Way
    arrived: bool = True


class AnswerInvitation(Command, frozen=True, kw_only=True):
    """A party answers, or the school writes down what it was told. `party` is its key in the register."""

    meeting: UUID
    party: UUID
    answer: Answer
    way: Way = "system"


class AddAgendaItem(Command, frozen=True, kw_only=True):
    """`item` is a new random id; `services` are those needed for it. `about` is the pupil (ids only: the
    pupil's own stream is not touched)."""

    meeting: UUID
    item: UUID
    about: UUID
    services: tuple[UUID, ...] = ()
    confirmed: bool = True


class ConfirmAgendaItem(Command, frozen=True, kw_only=True):
    meeting: UUID
    item: UUID


class RemoveAgendaItem(Command, frozen=True, kw_only=True):
    meeting: UUID
    item: UUID


class SendAgenda(Command, frozen=True, kw_only=True):
    meeting: UUID


class MarkPresence(Command, frozen=True, kw_only=True):
    """The first marking of a party, invited or not."""

    meeting: UUID
    party: Party
    mark: Mark
    arrived_at: time | None = None
    left_at: time | None = None
    substitute_for: UUID | None = None
    with_authority: bool | None = None


class CorrectMark(Command, frozen=True, kw_only=True):
    """`party` is the party's key, `supersedes` the version of the line that is wrong; `why` is required once
    the meeting is finalised."""

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
    """`earlier_open`: earlier meetings of the series that are not finalised, as the edge found them; they
    warn."""

    meeting: UUID
    earlier_open: tuple[UUID, ...] = ()


class ApproveMinutes(Command, frozen=True, kw_only=True):
    meeting: UUID
    minutes_version: int
    at_meeting: UUID | None = None


# The day and the agenda


def decide_schedule(meeting: Meeting, command: ScheduleMeeting, header: Header, world: World) -> list[Event]:
    """Refuses `already_scheduled`, `unknown_school`, `out_of_range` (quorum)."""
    staff_of(header, frozenset({command.school}))
    not_in_the_future(header, command.occurred_on)
    if meeting.scheduled:
        raise Refused("already_scheduled", "meeting")
    school = world.directory.organisation(command.school)
    if school is None or school.kind != "school":
        raise Refused("unknown_school", "school")
    if command.quorum is not None and command.quorum < 1:
        raise Refused("out_of_range", "quorum", at_least=1)
    return [
        MeetingScheduled(
            header=header,
            kind=command.kind,
            school=command.school,
            held_on=command.held_on,
            starts_at=command.starts_at,
            series=command.series,
            chair=command.chair,
            quorum=command.quorum,
            name=words(command.name),
            place=words(command.place),
        )
    ]


def decide_reschedule(
    meeting: Meeting, command: RescheduleMeeting, header: Header, world: World
) -> list[Event]:
    """Who is expected is judged anew: notice runs from the day of this change. Refuses `register_begun`."""
    _ours(meeting, command, header)
    if meeting.register:
        raise Refused("register_begun", "held_on")
    moved = MeetingRescheduled(
        header=header,
        held_on=command.held_on,
        starts_at=command.starts_at,
        place=words(command.place),
        why=words(command.why),
    )
    after = evolve(meeting, moved)
    return [moved, *reconsidered(meeting, after, header, world.directory, anew=True)]


def decide_name_chair(meeting: Meeting, command: NameChair, header: Header, world: World) -> list[Event]:
    """The chair is any person of the directory. Refuses `unknown_person`."""
    _ours(meeting, command, header)
    if world.directory.person(command.chair) is None:
        raise Refused("unknown_person", "chair")
    return [ChairNamed(header=header, chair=command.chair)]


def decide_cancel(meeting: Meeting, command: CancelMeeting, header: Header, world: World) -> list[Event]:
    """Refuses `meeting_was_held` when somebody was marked present, or something was taken down."""
    _ours(meeting, command, header)
    if meeting.present() or meeting.minutes or meeting.actions:
        raise Refused("meeting_was_held", "meeting")
    return [MeetingCancelled(header=header, why=words(command.why))]


def decide_add_item(meeting: Meeting, command: AddAgendaItem, header: Header, world: World) -> list[Event]:
    """A service that is needed from now on may come to be expected. Refuses `already_on_agenda`,
    `unknown_service`."""
    _ours(meeting, command, header)
    if command.item in meeting.items:
        raise Refused("already_on_agenda", "item")
    for service in command.services:
        if world.directory.service(service) is None:
            raise Refused("unknown_service", "services")
    added = AgendaItemAdded(
        header=header,
        item=command.item,
        pupil=command.about,
        services=tuple(dict.fromkeys(command.services)),
        confirmed=command.confirmed,
    )
    return [added, *reconsidered(meeting, evolve(meeting, added), header, world.directory)]


def decide_confirm_item(
    meeting: Meeting, command: ConfirmAgendaItem, header: Header, world: World
) -> list[Event]:
    """Refuses `already_confirmed`."""
    item = _item(meeting, command, command.item, header)
    if item.confirmed:
        raise Refused("already_confirmed", "item")
    return [AgendaItemConfirmed(header=header, item=item.item)]


def decide_remove_item(
    meeting: Meeting, command: RemoveAgendaItem, header: Header, world: World
) -> list[Event]:
    """A service that nothing needs any more is no longer expected. Refuses `item_minuted`."""
    item = _item(meeting, command, command.item, header)
    if any(taken.item == item.item for taken in meeting.minutes.values()):
        raise Refused("item_minuted", "item")
    removed = AgendaItemRemoved(header=header, item=item.item)
    return [removed, *reconsidered(meeting, evolve(meeting, removed), header, world.directory)]


def decide_send_agenda(meeting: Meeting, command: SendAgenda, header: Header, world: World) -> list[Event]:
    """The confirmed items, to every invited party. Refuses `nobody_invited`."""
    _ours(meeting, command, header)
    if not meeting.invitations:
        raise Refused("nobody_invited", "meeting")
    confirmed = tuple(i.item for i in meeting.items.values() if i.confirmed)
    return [AgendaSent(header=header, items=confirmed, parties=tuple(meeting.invitations))]


# Invitations


def decide_invite(meeting: Meeting, command: Invite, header: Header, world: World) -> list[Event]:
    """Says whether the party is expected, and why not. Refuses `unknown_service`, `unknown_organisation`,
    `unknown_person`, `service_closed`, and `already_invited` when nothing would change."""
    of_school(meeting, header)
    still_open(meeting)
    _known(command.party, world, today(header))
    service = world.directory.service(command.party.service)
    if service is not None and not service.is_open(meeting.held_on):
        raise Refused("service_closed", "party", open_to=service.open_to and service.open_to.isoformat())
    earlier = meeting.invitations.get(command.party.key)
    since = command.occurred_on
    if earlier is not None:
        not_overtaken(command, earlier.last_version)
        if not earlier.undelivered and earlier.whole_meeting == command.whole_meeting:
            raise Refused("already_invited", "party")
        since = notice_from(earlier, command.occurred_on)
    rests_on = expectation(
        meeting, command.party, world.directory, whole_meeting=command.whole_meeting, notice_from=since
    )
    return [
        Invited(
            header=header,
            party=command.party,
            whole_meeting=command.whole_meeting,
            invited_on=command.occurred_on,
            expectation=rests_on,
        )
    ]


def decide_delivery(meeting: Meeting, command: RecordDelivery, header: Header, world: World) -> list[Event]:
    """An invitation that came back asks nothing of anybody until it arrives."""
    of_school(meeting, header)
    still_open(meeting)
    invitation = _invitation(meeting, command, command.party)
    delivered = InvitationDelivered(
        header=header, party=invitation.party, way=command.way, arrived=command.arrived
    )
    return [delivered, *reconsidered(meeting, evolve(meeting, delivered), header, world.directory)]


def decide_answer(meeting: Meeting, command: AnswerInvitation, header: Header, world: World) -> list[Event]:
    """The party's own word, or the school's report of it. Refuses `after_the_meeting` (what was then a
    silence is disputed, not rewritten) and `own_word_stands` when the school reports otherwise than the party
    said."""
    invitation, reported = _whose_answer(meeting, command, header)
    not_in_the_future(header, command.occurred_on)
    still_open(meeting)
    not_overtaken(command, invitation.last_version)
    told_on = command.occurred_on if reported else max(command.occurred_on, today(header))
    if told_on > meeting.held_on:
        raise Refused("after_the_meeting", "occurred_on", held_on=meeting.held_on.isoformat())
    if reported and invitation.own_word and invitation.answer not in ("attending", command.answer):
        raise Refused("own_word_stands", "answer", answer=invitation.answer)
    return [
        InvitationAnswered(
            header=header,
            party=invitation.party,
            answer=command.answer,
            reported=reported,
            way=command.way,
        )
    ]


def _whose_answer(meeting: Meeting, command: AnswerInvitation, header: Header) -> tuple[Invitation, bool]:
    """The invitation, and whether the school reports the answer. Raises NotFound for everybody else."""
    invitation = meeting.invitations.get(command.party)
    if invitation is None:
        of_school(meeting, header)
        raise Refused("not_invited", "party")
    agency = invitation.party.organisation
    if agency != meeting.school and own_word_of(header, agency):
        return invitation, False
    of_school(meeting, header)
    return invitation, agency != meeting.school


# The register


def decide_mark(meeting: Meeting, command: MarkPresence, header: Header, world: World) -> list[Event]:
    """The first marking of a party; another is a correction (`already_marked`). Who was not invited can be
    marked present, not absent (`not_invited`). A given apology is not an absence (`apology_was_given`)."""
    of_school(meeting, header)
    under_way(meeting, header)
    key = command.party.key
    if key in meeting.register:
        raise Refused("already_marked", "party", version=meeting.register[key].version)
    invitation = meeting.invitations.get(key)
    if invitation is None:
        _known(command.party, world, today(header))
    _fits(invitation, command)
    return [
        PresenceMarked(
            header=header,
            party=invitation.party if invitation else command.party,
            mark=command.mark,
            arrived_at=command.arrived_at,
            left_at=command.left_at,
            substitute_for=command.substitute_for,
            with_authority=command.with_authority,
        )
    ]


def decide_correct_mark(meeting: Meeting, command: CorrectMark, header: Header, world: World) -> list[Event]:
    """Names the line that it replaces, which stays. Raises Overtaken when that line was corrected already;
    refuses `not_marked`, and `cannot_be_empty` when a finalised register is changed without saying why."""
    of_school(meeting, header)
    if meeting.cancelled:
        still_open(meeting)
    line = meeting.register.get(command.party)
    if line is None:
        raise Refused("not_marked", "party")
    if line.version != command.supersedes:
        raise Overtaken(command.supersedes, line.version)
    not_overtaken(command, line.version)
    _fits(meeting.invitations.get(command.party), command)
    why = required_words(command.why, "why") if meeting.finalised else words(command.why)
    corrected = MarkCorrected(
        header=header,
        party=line.party,
        mark=command.mark,
        supersedes=line.version,
        arrived_at=command.arrived_at,
        left_at=command.left_at,
        substitute_for=command.substitute_for,
        with_authority=command.with_authority,
        why=why,
    )
    if not meeting.finalised:
        return [corrected]
    version = meeting.minutes_version + 1
    return [corrected, CorrectedAfterwards(header=header, minutes_version=version, party=command.party)]


def _fits(invitation: Invitation | None, command: MarkPresence | CorrectMark) -> None:
    """Whether a mark agrees with the invitation and with itself."""
    present = command.mark in PRESENT
    if invitation is None and command.mark in ("apologies", "absent"):
        raise Refused("not_invited", "party")
    if invitation is not None and command.mark == "absent" and invitation.answer == "apologies":
        raise Refused("apology_was_given", "mark")
    if not present and (command.arrived_at or command.left_at):
        raise Refused("was_not_there", "arrived_at" if command.arrived_at else "left_at")
    if command.arrived_at and command.left_at and command.left_at < command.arrived_at:
        raise Refused("left_before_arriving", "left_at")
    if command.mark != "substitute" and (command.substitute_for or command.with_authority is not None):
        raise Refused("not_a_substitute", "substitute_for")


def decide_conflict(meeting: Meeting, command: DeclareConflict, header: Header, world: World) -> list[Event]:
    """Refuses an `unknown_person` or an `unknown_item`."""
    of_school(meeting, header)
    under_way(meeting, header)
    if world.directory.person(command.person) is None:
        raise Refused("unknown_person", "person")
    if command.item is not None and command.item not in meeting.items:
        raise Refused("unknown_item", "item")
    return [ConflictOfInterestDeclared(header=header, person=command.person, item=command.item)]


# The end


def decide_next(meeting: Meeting, command: SetNextMeeting, header: Header, world: World) -> list[Event]:
    """Refuses `not_after_this_meeting`."""
    _ours(meeting, command, header)
    if command.next_on <= meeting.held_on:
        raise Refused("not_after_this_meeting", "next_on", held_on=meeting.held_on.isoformat())
    return [
        NextMeetingSet(
            header=header,
            next_on=command.next_on,
            starts_at=command.starts_at,
            meeting=command.next_meeting,
        )
    ]


def decide_finalise(meeting: Meeting, command: FinaliseMeeting, header: Header, world: World) -> list[Event]:
    """Refuses `not_complete` with every gap: `nobody_present`, `unmarked` and `apology_marked_absent`
    (party), `action_without_owner` and `action_without_due_date` (action). An earlier open meeting of the
    series, a missed quorum and a missing chair warn. Who is expected is judged once more: terms may have
    ended by the day held."""
    of_school(meeting, header)
    under_way(meeting, header)
    not_overtaken(command, meeting.version)
    changes = reconsidered(meeting, meeting, header, world.directory)
    after = meeting
    for change in changes:
        after = evolve(after, change)
    gaps = gaps_of(after)
    if gaps:
        raise Refused("not_complete", "meeting", gaps=gaps)
    present = len(after.present())
    return [
        *changes,
        MeetingFinalised(
            header=header, minutes_version=1, present=present, warnings=_warnings(after, command, present)
        ),
    ]


def gaps_of(meeting: Meeting) -> tuple[dict[str, Any], ...]:
    """What stands in the way of finalising, each with the party's key or the action."""
    gaps: list[dict[str, Any]] = [] if meeting.present() else [{"gap": "nobody_present"}]
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


def _warnings(meeting: Meeting, command: FinaliseMeeting, present: int) -> tuple[Warning, ...]:
    warnings: list[Warning] = []
    if command.earlier_open:
        warnings.append("earlier_meeting_open")
    if meeting.quorum is not None and present < meeting.quorum:
        warnings.append("not_quorate")
    if meeting.chair is None:
        warnings.append("no_chair")
    return tuple(warnings)


def decide_approve(meeting: Meeting, command: ApproveMinutes, header: Header, world: World) -> list[Event]:
    """Approves the minutes as they stand. Raises Overtaken for an older version; refuses `not_finalised`,
    `already_approved`."""
    of_school(meeting, header)
    if not meeting.finalised:
        raise Refused("not_finalised", "meeting")
    if command.minutes_version != meeting.minutes_version:
        raise Overtaken(command.minutes_version, meeting.minutes_version)
    if meeting.approved_version == meeting.minutes_version:
        raise Refused("already_approved", "meeting")
    return [
        MinutesApproved(header=header, minutes_version=command.minutes_version, at_meeting=command.at_meeting)
    ]


# What several of them ask


def _ours(meeting: Meeting, command: Command, header: Header) -> None:
    """Of the actor's school, not cancelled, not finalised, and as the actor saw it."""
    of_school(meeting, header)
    still_open(meeting)
    not_overtaken(command, meeting.version)


def _item(meeting: Meeting, command: Command, item: UUID, header: Header) -> Item:
    of_school(meeting, header)
    still_open(meeting)
    found = meeting.items.get(item)
    if found is None:
        raise Refused("unknown_item", "item")
    not_overtaken(command, found.last_version)
    return found


def _invitation(meeting: Meeting, command: Command, party: UUID) -> Invitation:
    found = meeting.invitations.get(party)
    if found is None:
        raise Refused("not_invited", "party")
    not_overtaken(command, found.last_version)
    return found


def _known(party: Party, world: World, on: date) -> None:
    """The party is in the directory, and its parts belong together."""
    directory = world.directory
    if directory.organisation(party.organisation) is None:
        raise Refused("unknown_organisation", "party")
    if party.service is not None:
        service = directory.service(party.service)
        if service is None or service.agency != party.organisation:
            raise Refused("unknown_service", "party")
    if party.person is not None and not directory.roles_of(party.person, party.organisation, on):
        raise Refused("unknown_person", "party")


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {
    ScheduleMeeting: decide_schedule,
    RescheduleMeeting: decide_reschedule,
    NameChair: decide_name_chair,
    CancelMeeting: decide_cancel,
    Invite: decide_invite,
    RecordDelivery: decide_delivery,
    AnswerInvitation: decide_answer,
    AddAgendaItem: decide_add_item,
    ConfirmAgendaItem: decide_confirm_item,
    RemoveAgendaItem: decide_remove_item,
    SendAgenda: decide_send_agenda,
    MarkPresence: decide_mark,
    CorrectMark: decide_correct_mark,
    DeclareConflict: decide_conflict,
    SetNextMeeting: decide_next,
    FinaliseMeeting: decide_finalise,
    ApproveMinutes: decide_approve,
}
