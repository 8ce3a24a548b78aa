"""Which events are in an evidence pack: of every wait, and none from after the challenge was raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from coordination.event import Event, RecordedEvent
from tests.challenge.letters import CHALLENGE, sent
from tests.meeting.hwb import CAMHS, PUPIL
from tests.pupil import case
from webui.challenge.pack import wanted_events

OTHER = UUID(int=0x92)


def recorded(stream: UUID, events: Iterable[Event], start: int) -> list[RecordedEvent]:
    return [RecordedEvent(stream, n, one, start + n) for n, one in enumerate(events, 1)]


def wanted(pupil: list[RecordedEvent], *referrals: UUID) -> list[RecordedEvent]:
    challenge = recorded(CHALLENGE, sent().events, 100)
    log: Mapping[UUID, list[RecordedEvent]] = {CHALLENGE: challenge, PUPIL: pupil}
    waits = [SimpleNamespace(pupil=PUPIL, referral=one) for one in referrals]
    about = SimpleNamespace(challenge=CHALLENGE, service=CAMHS)
    found: Any = SimpleNamespace(dossier=SimpleNamespace(challenge=about, lines=[], waits=waits))
    return wanted_events(found, lambda streams: {one: log[one] for one in streams})


def of_pupil(found: list[RecordedEvent]) -> list[RecordedEvent]:
    return [one for one in found if one.stream == PUPIL]


def test_all_waits_of_one_pupil_are_there() -> None:
    told = case.sent().does(case.refer(referral=OTHER, second_referral=True)).events
    pupil = recorded(PUPIL, told, 0)
    named = {getattr(one.event, "referral", None) for one in of_pupil(wanted(pupil, case.REFERRAL, OTHER))}
    assert named == {case.REFERRAL, OTHER}
    assert {getattr(one.event, "referral", None) for one in of_pupil(wanted(pupil, OTHER))} == {OTHER}


def test_what_came_after_it_was_raised_is_not_in_it() -> None:
    """The referral may have been passed on since, to another agency's service."""
    told = [one for one in case.sent().events if getattr(one, "referral", None) == case.REFERRAL]
    raised_at = 101
    before, after = recorded(PUPIL, told, raised_at - 1 - len(told)), recorded(PUPIL, told, raised_at)
    last = before[-1]
    assert (last.position, last in wanted(before, case.REFERRAL)) == (raised_at - 1, True)
    assert of_pupil(wanted(after, case.REFERRAL)) == []


def test_they_stand_in_the_order_of_the_log() -> None:
    found = wanted(recorded(PUPIL, case.sent().events, 0), case.REFERRAL)
    assert [one.position for one in found] == sorted(one.position for one in found)
    assert [one.stream for one in found][-1] == CHALLENGE
