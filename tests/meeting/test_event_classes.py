"""What the streams hold in the clear, and that a fold never needs what is sealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from coordination.challenge import events as challenge_events
from coordination.challenge.escalation import escalation_levels
from coordination.event import Event
from coordination.meeting import events as meeting_events
from coordination.meeting.commands import CorrectMark
from coordination.meeting.state import Meeting, evolve
from coordination.pupil import casefile
from coordination.pupil.actions import events as action_events
from coordination.pupil.actions.decide import AgreeActionAtMeeting, CompleteAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.minutes import events as minute_events
from coordination.pupil.minutes.decide import CorrectMinute, TakeMinute
from coordination.pupil.minutes.events import Dissent
from coordination.sensitivity import SEALED, Sensitivity, classes, sealed_fields
from tests.given import SCHOOL
from tests.meeting.hwb import (
    ACTION,
    CAMHS,
    HELD,
    MEETING,
    MINUTE,
    PUPIL,
    STAFF,
    MeetingStory,
    add_item,
    finalise,
    invite,
    mark,
    registered,
    schedule,
    world,
)

ROOMS = (meeting_events, minute_events, action_events, challenge_events)
TYPES = [
    kind
    for room in ROOMS
    for kind in vars(room).values()
    if isinstance(kind, type) and issubclass(kind, Event) and vars(kind).get("topic")
]
CODES = {"code", "of_kind", "outcome", "level", "data_class", "source"}
"""Fields of plain text in the clear that hold a code of a dated table, or code and source of a dated rule."""


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_has_a_class_and_free_text_is_sealed(kind: type[Event]) -> None:
    hints = get_type_hints(kind)
    for name, level in classes(kind).items():
        if hints[name] in (str, str | None) and level is Sensitivity.operational:
            assert name in CODES, f"{kind.__name__}.{name} is free text in the clear"


@pytest.mark.parametrize("kind", [k for k in TYPES if k.__module__.startswith("coordination.pupil")])
def test_what_is_said_of_a_pupil_is_special(kind: type[Event]) -> None:
    for name in sealed_fields(kind):
        assert classes(kind)[name] is Sensitivity.special


@pytest.mark.parametrize("kind", [k for k in TYPES if not k.__module__.startswith("coordination.pupil")])
def test_streams_of_meetings_and_challenges_hold_nothing_special(kind: type[Event]) -> None:
    assert Sensitivity.special not in classes(kind).values()
    assert Sensitivity.coded not in classes(kind).values()


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _words(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _words(one)


def a_full_story() -> MeetingStory:
    owner = Owner(organisation=SCHOOL)
    due = date(2026, 3, 20)
    return MeetingStory().does(
        schedule(place="SECRET place"),
        add_item(CAMHS),
        invite(CAMHS),
        mark(CAMHS, "attended"),
        mark(STAFF, "attended"),
        TakeMinute(
            occurred_on=HELD,
            meeting=MEETING,
            pupil=PUPIL,
            minute=MINUTE,
            services_present=(CAMHS,),
            discussion="SECRET discussion",
            decision="SECRET decision",
            dissent=(Dissent(service=CAMHS, text="SECRET dissent"),),
            childs_view="SECRET view",
            parents_view="SECRET view",
        ),
        AgreeActionAtMeeting(
            occurred_on=HELD,
            meeting=MEETING,
            pupil=PUPIL,
            action=ACTION,
            what="SECRET what",
            owner=owner,
            due_on=due,
        ),
        finalise(),
        CorrectMark(
            occurred_on=HELD,
            meeting=MEETING,
            party=STAFF.key,
            mark="late",
            supersedes=5,
            why="SECRET why",
        ),
        CorrectMinute(
            occurred_on=HELD,
            meeting=MEETING,
            pupil=PUPIL,
            minute=MINUTE,
            why="SECRET",
            discussion="SECRET",
        ),
        CompleteAction(occurred_on=HELD, pupil=PUPIL, action=ACTION, how="SECRET how"),
    )


def sealed(event: Event) -> Event:
    """The event as it is read back from the log."""
    return msgspec.structs.replace(event, **dict.fromkeys(sealed_fields(type(event)), SEALED))


def test_nothing_said_stands_in_the_clear() -> None:
    story = a_full_story()
    assert any("SECRET" in word for event in story.events for word in _words(event))
    for event in story.events:
        assert not any("SECRET" in word for word in _words(sealed(event)))


def test_a_fold_never_needs_what_is_sealed() -> None:
    story = a_full_story()
    meeting, case = Meeting(), casefile.evolve(casefile.CaseFile(), sealed(registered()))
    for event in story.of_meeting():
        meeting = evolve(meeting, sealed(event))  # type: ignore[arg-type]
    for of_pupil in story.of_pupil():
        case = casefile.evolve(case, sealed(of_pupil))
    assert meeting == story.meeting
    assert case == story.case
    assert meeting.version == len(story.of_meeting())


@pytest.mark.parametrize("event", a_full_story().events, ids=lambda e: str(type(e).__name__))
def test_every_event_survives_the_log(event: Event) -> None:
    stored = msgspec.json.encode(event)
    assert msgspec.json.decode(stored, type=type(event)) == event


def test_codes_of_the_events_are_the_codes_of_the_tables() -> None:
    directory = world().directory
    for table, codes in (
        ("attendance_mark", get_args(meeting_events.Mark)),
        ("meeting_kind", get_args(meeting_events.FirstKind)),
        ("escalation_level", (*escalation_levels("local_health_board"), *escalation_levels("police"))),
    ):
        assert set(codes) <= set(directory.codes(table, HELD)), table
