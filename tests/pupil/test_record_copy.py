"""What a copy of a record holds: one controller's part, and nothing of what a parent is not to learn."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.event import Event, RecordedEvent
from coordination.pupil.consent.events import ConsentGiven, DisclosureMade
from coordination.pupil.rights.copy import kept_from_parents, needs_a_look, other_parts, own_part, without
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, PUPIL
from tests.pupil.case import AGREED, REFERRAL, PupilCase, sent


def recorded(case: PupilCase) -> list[RecordedEvent]:
    return [RecordedEvent(PUPIL, version, event) for version, event in enumerate(case.events, 1)]


def agreed_by(authority: str) -> list[RecordedEvent]:
    """The story of a referral that was sent, with the agreement given by somebody else."""
    return [
        RecordedEvent(r.stream, r.version, msgspec.structs.replace(r.event, authority=authority))
        if isinstance(r.event, ConsentGiven)
        else r
        for r in recorded(sent())
    ]


def about(events: list[RecordedEvent], thing: UUID) -> list[Event]:
    names = ("referral", "ground", "consent")
    return [r.event for r in events if thing in [getattr(r.event, name, None) for name in names]]


def test_a_referral_to_which_the_child_agreed_alone_leaves_no_trace() -> None:
    directory = sent().world.directory
    events = agreed_by("competent_child")
    assert about(events, REFERRAL)
    hidden = kept_from_parents(events, directory)
    assert hidden == {REFERRAL, AGREED}
    left = without(events, hidden)
    assert about(left, REFERRAL) == about(left, AGREED) == []
    assert left, "the rest of the record stays"


def test_what_a_parent_agreed_to_is_shown() -> None:
    events = agreed_by("parental_responsibility")
    assert kept_from_parents(events, sent().world.directory) == frozenset()


def test_a_copy_is_of_one_controller_and_names_the_others() -> None:
    events = recorded(sent())
    assert any(isinstance(r.event, DisclosureMade) for r in events)
    assert own_part(events, SCHOOL) == events
    assert own_part(events, BOARD) == []
    assert other_parts(events, BOARD) == {SCHOOL: len(events)}
    assert other_parts(events, SCHOOL) == {}


def test_free_words_and_other_peoples_details_are_read_first() -> None:
    by_topic = {r.event.topic: r.event for r in recorded(sent())}
    opened = by_topic["referral.opened"]
    assert needs_a_look(opened, {"reason": "Words"})
    assert not needs_a_look(opened, {"needs": ["ASD"]})
    assert needs_a_look(by_topic["pupil.contact_recorded"], {"name": "Mair"})
    assert not needs_a_look(by_topic["pupil.registered"], {"surname": "Gŵyn"})
