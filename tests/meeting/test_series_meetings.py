"""Meetings of a series, seats without an account, substitutes, and the order of an agenda."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import msgspec

from coordination.directory.commands import SetSchoolTerm
from coordination.directory.meeting_series import Rhythm, SeriesMember, SetMeetingSeries
from coordination.meeting.commands import CancelMeeting, Invite, OrderAgenda, RescheduleMeeting
from coordination.meeting.decisions.agenda import decide_add_item, decide_order
from coordination.meeting.decisions.inviting import decide_invite
from coordination.meeting.decisions.planning import decide_cancel, decide_reschedule, decide_schedule
from coordination.meeting.decisions.register import decide_mark
from coordination.meeting.events import AgendaOrdered, Invited, MeetingScheduled, Party
from coordination.meeting.state import Meeting, evolve
from coordination.world import World
from tests.given import SCHOOL, given, header
from tests.meeting.hwb import (
    AS_OFFICER,
    BOARD,
    CAMHS,
    CLINICIAN,
    GWYNEDD,
    HEAD,
    HELD,
    INVITED,
    ITEM,
    MEETING,
    add_item,
    invite,
    mark,
    schedule,
    service,
    world,
)

SERIES = UUID(int=0x5E1)
SECOND_ITEM = UUID(int=0x34)


def with_series(kind: str = "hwb") -> World:
    """The county with school terms and a series of the school."""
    return world(
        SetSchoolTerm(
            occurred_on=date(2026, 1, 1),
            organisation=GWYNEDD,
            first_day=date(2026, 1, 5),
            last_day=date(2026, 3, 27),
        ),
        SetMeetingSeries(
            occurred_on=date(2026, 1, 5),
            organisation=SCHOOL,
            series=SERIES,
            kind=kind,
            name="Hwb",
            rhythm=Rhythm(every="month", weekday=0, starts_at=time(9), ends_at=time(10)),
            members=(SeriesMember(organisation=BOARD, service=CAMHS),),
            effective_from=date(2026, 1, 5),
        ),
    )


def scheduled(*also: Invite) -> Meeting:
    stamp = header(INVITED)
    meeting = Meeting()
    for event in decide_schedule(meeting, schedule(), stamp, world()):
        meeting = evolve(meeting, event)
    for command in also:
        for event in decide_invite(meeting, command, stamp, world()):
            meeting = evolve(meeting, event)
    return meeting


def test_a_meeting_of_a_series_is_its_hosts_and_of_its_kind_and_never_in_the_holidays() -> None:
    start = given(evolve, Meeting())
    here = with_series()
    start.when(decide_schedule, schedule(series=SERIES), here).happened(MeetingScheduled)
    holiday = schedule(series=SERIES, held_on=date(2026, 3, 28))
    start.when(decide_schedule, holiday, here).refused("in_the_holidays", "held_on")
    last_day = schedule(series=SERIES, held_on=date(2026, 3, 27))
    start.when(decide_schedule, last_day, here).happened(MeetingScheduled)
    other = schedule(series=SERIES, kind="pupil_panel")
    start.when(decide_schedule, other, here).refused("series_elsewhere", "series")
    # a series that nobody set up asks nothing: meetings merely follow one another
    unknown = schedule(series=UUID(int=9), held_on=date(2026, 3, 28))
    start.when(decide_schedule, unknown, here).happened(MeetingScheduled)


def test_the_authority_plans_for_its_schools_and_another_authority_does_not() -> None:
    start = given(evolve, Meeting()).by(**AS_OFFICER)
    start.when(decide_schedule, schedule(), world()).happened(MeetingScheduled)
    given(evolve, scheduled()).by(**AS_OFFICER).when(decide_invite, invite(CAMHS), world()).happened(Invited)
    stranger = {**AS_OFFICER, "organisation": UUID(int=0x662)}
    given(evolve, Meeting()).by(**stranger).when(decide_schedule, schedule(), world()).refused("not_found")


def test_a_seat_is_the_hosts_and_a_family_is_asked_about_welsh() -> None:
    start = given(evolve, scheduled())
    gp, parents = (Party(organisation=SCHOOL, part=part) for part in ("gp", "parents"))  # type: ignore[arg-type]
    assert len({gp.key, parents.key, SCHOOL}) == 3
    [invited] = start.when(decide_invite, invite(gp), world()).happened(Invited)
    assert not invited.expectation.expected  # type: ignore[attr-defined]
    start.when(decide_invite, invite(parents), world()).refused("welsh_not_asked", "language")
    [asked] = start.when(decide_invite, invite(parents, language="cy"), world()).happened(Invited)
    after = evolve(scheduled(), asked)  # type: ignore[arg-type]
    assert after.invitations[parents.key].language == "cy"
    foreign = Party(organisation=BOARD, part="gp")
    start.when(decide_invite, invite(foreign), world()).refused("seat_of_the_host", "party")


def test_a_substitute_from_another_agency_is_refused_at_the_meeting_too() -> None:
    start = given(evolve, scheduled(invite(CAMHS)))
    own = mark(CAMHS, "substitute", substitute_for=CLINICIAN)
    assert start.when(decide_mark, own, world()).events
    other = mark(CAMHS, "substitute", substitute_for=HEAD)
    start.when(decide_mark, other, world()).refused("substitute_elsewhere", "substitute_for")
    nobody = mark(CAMHS, "substitute", substitute_for=UUID(int=0xBAD))
    start.when(decide_mark, nobody, world()).refused("substitute_elsewhere", "substitute_for")


def test_the_agenda_is_heard_in_the_order_that_was_set() -> None:
    meeting = scheduled()
    for item in (ITEM, SECOND_ITEM):
        for event in decide_add_item(meeting, add_item(item=item), header(INVITED), world()):
            meeting = evolve(meeting, event)
    start = given(evolve, meeting)
    turned = OrderAgenda(occurred_on=INVITED, meeting=MEETING, items=(SECOND_ITEM, ITEM))
    [ordered] = start.when(decide_order, turned, world()).happened(AgendaOrdered)
    assert list(evolve(meeting, ordered).items) == [SECOND_ITEM, ITEM]  # type: ignore[arg-type]
    same = msgspec.structs.replace(turned, items=(ITEM, SECOND_ITEM))
    assert start.when(decide_order, same, world()).events == []
    for wrong in ((ITEM,), (ITEM, ITEM), (ITEM, UUID(int=1))):
        asked = msgspec.structs.replace(turned, items=wrong)
        start.when(decide_order, asked, world()).refused("not_the_whole_agenda", "items")


def test_a_move_and_a_cancellation_count() -> None:
    meeting = scheduled(invite(service(CAMHS)))
    assert meeting.moves == 0
    for decide, command in (
        (decide_reschedule, RescheduleMeeting(occurred_on=INVITED, meeting=MEETING, held_on=HELD)),
        (decide_cancel, CancelMeeting(occurred_on=INVITED, meeting=MEETING)),
    ):
        for event in decide(meeting, command, header(INVITED), world()):  # type: ignore[operator]
            meeting = evolve(meeting, event)
    assert meeting.moves == 2
