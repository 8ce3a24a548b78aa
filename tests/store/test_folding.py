"""A state folded from events as they were decided is the state folded from the same events read back from the log."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.challenge.commands import ReportReply, WithdrawChallenge
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.decisions import AddressedEvent, AnyStream
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.domain import STREAMS, stream_kind
from coordination.errors import Refusal
from coordination.event import Command, Event, RecordedEvent
from coordination.given_words import with_given_word
from coordination.meeting import commands as m
from coordination.meeting.state import MEETING_STREAM
from coordination.pupil.actions import decide as a
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.minutes import decide as n
from coordination.pupil.minutes.events import Dissent
from coordination.service import Coordination
from coordination.store.keys import Keyring
from coordination.store.mapper import decode, encode
from tests.challenge import letters
from tests.county import ALNCO, order
from tests.meeting import hwb
from tests.projections.replays import fresh_county
from tests.store.histories import Move, RandomHistory, cuts, histories
from tests.store.writers import first_event

some = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read_back(stream: UUID, events: list[Event]) -> list[Event]:
    """Through the bytes of the log, without a database."""
    ring = Keyring({})
    ring.make(stream)
    return [
        decode(e.topic, encode(ring.seal(stream, version, e))) for version, e in enumerate(said(events), 1)
    ]


def said(events: list[Event]) -> list[Event]:
    """The events as the service records them of somebody with an account: nobody's word stands beside theirs."""
    given = with_given_word([AddressedEvent(UUID(int=1), e) for e in events], order(ALNCO, date(2026, 3, 2)))
    return [event for _, event in given]


def same_at_every_step(events: list[Event]) -> None:
    """The fold of each beginning of the stream, fresh and read back."""
    if not events:
        return
    kind = stream_kind(events[0])
    fresh = stored = kind.initial
    for event, back in zip(events, read_back(UUID(int=1), events), strict=True):
        fresh, stored = kind.step(fresh, event), kind.step(stored, back)
        assert fresh == stored, type(event)
        assert fresh.version > 0


@settings(some, max_examples=8)
@given(moves=histories(), every=cuts())
def test_pupils_and_organisations(
    postgres: str, template: str, tmp_path: Path, moves: list[Move], every: list[int]
) -> None:
    """Through the database, by the service's own batch."""
    with fresh_county(postgres, template, tmp_path / "keys.json") as (_, county):
        story = RandomHistory(county.batch())
        for place, move in enumerate(moves):
            story.try_(move)
            if place % every[0] == 0:
                story.batch.commit()
        story.batch.commit()
        held = story.batch._states
        kinds = {type(kind.initial): kind for kind in STREAMS}
        for stream, events in county.record.load(list(held)).items():
            assert kinds[type(held[stream])].fold(events) == held[stream]
            assert [r.version for r in events] == list(range(1, held[stream].version + 1))
        everyone = {o.id: o for o in story.batch.directory().organisations.values()}
        assert everyone == {
            s: ORGANISATION_STREAM.fold(e) for s, e in county.record.load(list(everyone)).items()
        }


# Meetings, with the minutes and actions on the pupil's stream

ON: dict[str, Any] = {"occurred_on": hwb.HELD, "meeting": hwb.MEETING}
PUPILS: dict[str, Any] = {**ON, "pupil": hwb.PUPIL}
ACTION: dict[str, Any] = {**PUPILS, "action": hwb.ACTION}
ALONE: dict[str, Any] = {"occurred_on": hwb.HELD, "pupil": hwb.PUPIL, "action": hwb.ACTION}
OWNER = Owner(organisation=hwb.BOARD, service=hwb.CAMHS)

AT_MEETING: tuple[tuple[Command, dict[str, Any]], ...] = (
    (hwb.invite(hwb.CAMHS), hwb.AS_ALNCO),
    (hwb.invite(hwb.NURSE, whole_meeting=False), hwb.AS_ALNCO),
    (hwb.invite(hwb.STAFF), hwb.AS_ALNCO),
    (hwb.add_item(hwb.CAMHS, hwb.NURSE), hwb.AS_ALNCO),
    (m.RemoveAgendaItem(**ON, item=hwb.ITEM), hwb.AS_ALNCO),
    (m.SendAgenda(**ON), hwb.AS_ALNCO),
    (m.RecordDelivery(**ON, party=hwb.CAMHS, way="letter", arrived=False), hwb.AS_ALNCO),
    (hwb.answer(hwb.CAMHS, "apologies"), hwb.AS_CLINICIAN),
    (hwb.answer(hwb.CAMHS, "attending"), hwb.AS_ALNCO),
    (
        m.RescheduleMeeting(**ON, held_on=hwb.HELD, starts_at=time(9, 30), place="Neuadd", why="Eira"),
        hwb.AS_ALNCO,
    ),
    (m.NameChair(**ON, chair=hwb.HEAD), hwb.AS_ALNCO),
    (hwb.mark(hwb.CAMHS, "late", arrived_at=time(10)), hwb.AS_ALNCO),
    (hwb.mark(hwb.NURSE, "absent"), hwb.AS_ALNCO),
    (hwb.mark(hwb.STAFF, "attended"), hwb.AS_ALNCO),
    (m.CorrectMark(**ON, party=hwb.NURSE, mark="apologies", supersedes=9, why="Neges"), hwb.AS_ALNCO),
    (m.DeclareConflict(**ON, person=hwb.ALNCO), hwb.AS_ALNCO),
    (m.SetNextMeeting(**ON, next_on=date(2026, 4, 6)), hwb.AS_ALNCO),
    (
        n.TakeMinute(
            **PUPILS,
            minute=hwb.MINUTE,
            services_present=(hwb.CAMHS,),
            discussion="Trafod",
            decision="Aros",
            dissent=(Dissent(service=hwb.CAMHS, text="Na"),),
        ),
        hwb.AS_ALNCO,
    ),
    (n.CorrectMinute(**PUPILS, minute=hwb.MINUTE, why="Gair", discussion="Trafodwyd"), hwb.AS_ALNCO),
    (a.AgreeActionAtMeeting(**ACTION, what="Ffonio", minute=hwb.MINUTE), hwb.AS_ALNCO),
    (a.SettleActionAtMeeting(**ACTION, owner=OWNER, due_on=date(2026, 4, 1)), hwb.AS_ALNCO),
    (a.DropActionAtMeeting(**ACTION, why="Dim angen"), hwb.AS_ALNCO),
    (a.AgreeAction(**ALONE, what="Cofnodi ateb", owner=OWNER, due_on=date(2026, 4, 1)), hwb.AS_ALNCO),
    (a.ChangeActionDue(**ALONE, due_on=date(2026, 5, 1), why="Gwyliau"), hwb.AS_ALNCO),
    (a.ReassignAction(**ALONE, owner=Owner(organisation=hwb.SCHOOL), why="Arall"), hwb.AS_ALNCO),
    (a.CompleteAction(**ALONE, how="Dros y ffôn"), hwb.AS_ALNCO),
    (a.CancelAction(**ALONE, why="Na"), hwb.AS_ALNCO),
    (a.ReopenAction(**ALONE, why="Eto"), hwb.AS_ALNCO),
    (hwb.finalise(), hwb.AS_ALNCO),
    (m.ApproveMinutes(**ON, minutes_version=1), hwb.AS_ALNCO),
    (m.CancelMeeting(**ON, why="Eira"), hwb.AS_ALNCO),
)


def tried(story: hwb.MeetingStory, places: list[int]) -> hwb.MeetingStory:
    for place in places:
        command, by = AT_MEETING[place]
        story.tries(command, **by)
    return story


IN_ORDER = [p for p in range(len(AT_MEETING)) if not isinstance(AT_MEETING[p][0], m.RemoveAgendaItem)]
places = st.lists(st.integers(0, len(AT_MEETING) - 1), max_size=45)


@some
@given(places=places | st.just(IN_ORDER) | st.lists(st.sampled_from(IN_ORDER), min_size=20).map(sorted))
def test_meetings_minutes_and_actions(places: list[int]) -> None:
    story = tried(hwb.MeetingStory().does(hwb.schedule()), places)
    same_at_every_step(list(story.of_meeting()))
    same_at_every_step([hwb.registered(), *story.of_pupil()])


# Challenges

STEPS: tuple[tuple[Command, dict[str, Any]], ...] = (
    (letters.approve(), hwb.AS_HEAD),
    (letters.send(), hwb.AS_ALNCO),
    (letters.acknowledge(), hwb.AS_CLINICIAN),
    (letters.reply(), hwb.AS_CLINICIAN),
    (
        ReportReply(occurred_on=letters.SENT, challenge=letters.CHALLENGE, way="telephone", text="Iawn"),
        hwb.AS_ALNCO,
    ),
    (letters.dispute(), hwb.AS_CLINICIAN),
    (letters.rule(), hwb.AS_OFFICER),
    (letters.rule("not_upheld"), hwb.AS_OFFICER),
    (letters.escalate(), hwb.AS_ALNCO),
    (letters.escalate("declo", bypass=True, why="Perygl"), hwb.AS_HEAD),
    (letters.resolve(), hwb.AS_ALNCO),
    (WithdrawChallenge(occurred_on=letters.SENT, challenge=letters.CHALLENGE, why="Na"), hwb.AS_HEAD),
)


def stepped(places: list[int], delay: bool) -> letters.Letters:
    challenge = letters.Letters().does(letters.raise_delay() if delay else letters.raise_attendance())
    for place in places:
        command, by = STEPS[place]
        try:
            challenge.does(command, **by)
        except Refusal:
            continue
    return challenge


ALL_STEPS = list(range(len(STEPS)))


@some
@given(
    places=st.lists(st.sampled_from(ALL_STEPS), max_size=20)
    | st.just(ALL_STEPS)
    | st.permutations(ALL_STEPS),
    delay=st.booleans(),
)
def test_challenges(places: list[int], delay: bool) -> None:
    same_at_every_step(list(stepped(places, delay).events))


def test_the_stories_reach_most_of_what_can_happen() -> None:
    """So that the laws above speak of every kind of event of a meeting and of a challenge, or nearly."""
    story = tried(hwb.MeetingStory().does(hwb.schedule()), [p for p in IN_ORDER if p != len(AT_MEETING) - 1])
    assert len({type(e) for e in story.of_meeting()}) >= 14
    assert len({type(e) for e in story.of_pupil()}) >= 7
    assert len({type(e) for e in stepped(ALL_STEPS, False).events}) >= 8


def test_through_the_database(service: Coordination) -> None:
    """A meeting, a pupil and a challenge on the record come back as they were decided."""
    story = tried(hwb.MeetingStory().does(hwb.schedule()), IN_ORDER)
    streams: dict[UUID, list[Event]] = {
        UUID(int=0x11): list(story.of_meeting()),
        UUID(int=0x21): [first_event("A"), *story.of_pupil()],
        UUID(int=0x61): list(stepped(ALL_STEPS, False).events),
    }
    writes = [RecordedEvent(s, v, e) for s, events in streams.items() for v, e in enumerate(said(events), 1)]
    service.record.append(writes, [])
    for stream, recorded in service.record.load(list(streams)).items():
        kind = stream_kind(streams[stream][0])
        fresh = kind.initial
        for event in streams[stream]:
            fresh = kind.step(fresh, event)
        assert kind.fold(recorded) == fresh


@pytest.mark.parametrize("kind", [MEETING_STREAM, PUPIL_STREAM, CHALLENGE_STREAM], ids=lambda kind: kind.name)
def test_a_state_is_folded_in_two_goes_as_in_one(kind: AnyStream) -> None:
    """Where a fold begins again from a state that is held."""
    story = tried(hwb.MeetingStory().does(hwb.schedule()), IN_ORDER)
    events: dict[str, list[Event]] = {
        "meeting": list(story.of_meeting()),
        "pupil": [hwb.registered(), *story.of_pupil()],
        "challenge": list(stepped(ALL_STEPS, False).events),
    }
    recorded = [RecordedEvent(UUID(int=1), v, e) for v, e in enumerate(events[kind.name], 1)]
    for cut in range(len(recorded)):
        assert kind.fold(recorded[cut:], kind.fold(recorded[:cut])) == kind.fold(recorded)
