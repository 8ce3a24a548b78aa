"""The permanent names of all events."""

from __future__ import annotations

from types import ModuleType
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination import topics
from coordination.advice.events import AnyAdviceEvent
from coordination.challenge.events import AnyChallengeEvent
from coordination.directory.events import AnyOrganisationEvent
from coordination.domain import STREAMS, stream_kind
from coordination.event import (
    AdviceEvent,
    ChallengeEvent,
    DocumentEvent,
    Event,
    MeetingEvent,
    OrganisationEvent,
    PlaceEvent,
    PupilEvent,
)
from coordination.meeting.events import AnyMeetingEvent
from coordination.place.events import AnyPlaceEvent
from coordination.pupil.actions.events import ActionEvent, AnyActionEvent
from coordination.pupil.adoption.events import AdoptionEvent
from coordination.pupil.advice.events import PupilAdviceEvent
from coordination.pupil.aln.events import AlnEvent, AnyAlnEvent
from coordination.pupil.asking.events import AskingEvent
from coordination.pupil.consent.events import AnyConsentEvent, ConsentEvent
from coordination.pupil.documents.events import AnyFiledDocumentEvent, FiledDocumentEvent
from coordination.pupil.family.events import FamilyEvent
from coordination.pupil.joining.events import JoiningEvent
from coordination.pupil.minutes.events import AnyMinuteEvent, MinuteEvent
from coordination.pupil.moves.events import MoveEvent
from coordination.pupil.no_roll.events import NoRollEvent
from coordination.pupil.objections.events import ObjectionEvent
from coordination.pupil.one_page_profile.events import OnePageProfileEvent
from coordination.pupil.profile.events import AnyProfileEvent, ProfileEvent
from coordination.pupil.referral.events import ReferralEvent
from coordination.pupil.restriction.events import InterestEvent, RestrictionEvent
from coordination.pupil.rights.events import RightsEvent
from coordination.pupil.support.events import AnySupportEvent, SupportEvent
from coordination.pupil.transition.events import AnyTransitionEvent, TransitionEvent
from coordination.topics import event_type, registry
from tests.store.instances import events

KNOWN = sorted(registry().values(), key=lambda e: e.topic)


def all_events(of: type[Event] = Event) -> set[type[Event]]:
    found = {of} if vars(of).get("topic") else set()
    return found.union(*(all_events(sub) for sub in of.__subclasses__()))


def test_the_registry_knows_every_event_of_the_domain() -> None:
    """An event that is in no room of the list would be written and never read again."""
    domain = {e for e in all_events() if e.__module__.startswith("coordination.")}
    assert domain == set(registry().values())


@pytest.mark.parametrize("of", KNOWN, ids=lambda e: e.topic)
def test_a_topic_leads_to_its_event_and_the_event_to_one_kind_of_stream(of: type[Event]) -> None:
    assert event_type(of.topic) is of
    bases = [
        b
        for b in (
            *(PupilEvent, MeetingEvent, ChallengeEvent, AdviceEvent, PlaceEvent),
            *(OrganisationEvent, DocumentEvent),
        )
        if issubclass(of, b)
    ]
    assert len(bases) == 1
    assert [kind.event for kind in STREAMS].count(bases[0]) == 1


@settings(max_examples=150, deadline=None)
@given(event=st.sampled_from(KNOWN).flatmap(events))
def test_every_event_has_a_home(event: Event) -> None:
    (kind,) = (kind for kind in STREAMS if isinstance(event, kind.event))
    assert stream_kind(event) is kind


def test_an_unknown_topic_is_not_found() -> None:
    with pytest.raises(LookupError):
        event_type("pupil.abducted")


def test_two_events_of_one_topic_are_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    room = ModuleType("test_room")

    def make(name: str) -> Any:
        return type(PupilEvent)(
            name, (PupilEvent,), {"topic": "test.same", "__module__": "test_room"}, frozen=True
        )

    room.One, room.Other = make("One"), make("Other")  # type: ignore[attr-defined]
    monkeypatch.setattr(topics, "ROOMS", ("test_room",))
    monkeypatch.setattr(topics, "import_module", lambda name: room)
    topics.registry.cache_clear()
    try:
        with pytest.raises(TypeError, match=r"test\.same"):
            topics.registry()
    finally:
        topics.registry.cache_clear()


def test_topics_of_one_room_do_not_hide_in_another() -> None:
    """An event imported into another room is still of its own."""
    for room in topics.ROOMS:
        assert any(e.__module__ == room for e in KNOWN), room


@pytest.mark.parametrize(
    ("base", "union"),
    [
        (AdviceEvent, AnyAdviceEvent),
        (PlaceEvent, AnyPlaceEvent),
        (ChallengeEvent, AnyChallengeEvent),
        (MeetingEvent, AnyMeetingEvent),
        (OrganisationEvent, AnyOrganisationEvent),
        (ProfileEvent, AnyProfileEvent),
        (ConsentEvent, AnyConsentEvent),
        (MinuteEvent, AnyMinuteEvent),
        (ActionEvent, AnyActionEvent),
        (AlnEvent, AnyAlnEvent),
        (SupportEvent, AnySupportEvent),
        (TransitionEvent, AnyTransitionEvent),
        (FiledDocumentEvent, AnyFiledDocumentEvent),
    ],
)
def test_a_union_has_every_event_of_its_base_class(base: type[Event], union: Any) -> None:
    """A kind of stream folds by the union, and the type checker finds what a `match` over it forgets."""
    assert set(get_args(union)) == {event for event in KNOWN if issubclass(event, base)}


def test_every_event_of_a_pupil_belongs_to_one_matter() -> None:
    matters = (
        ProfileEvent,
        JoiningEvent,
        AdoptionEvent,
        NoRollEvent,
        ConsentEvent,
        ReferralEvent,
        MinuteEvent,
        ActionEvent,
        MoveEvent,
        AlnEvent,
        SupportEvent,
        OnePageProfileEvent,
        TransitionEvent,
        RightsEvent,
        RestrictionEvent,
        InterestEvent,
        ObjectionEvent,
        AskingEvent,
        FamilyEvent,
        FiledDocumentEvent,
        PupilAdviceEvent,
    )
    for event in KNOWN:
        assert sum(issubclass(event, matter) for matter in matters) == issubclass(event, PupilEvent), event
