"""What a copy of a record holds: the part of one controller, without what has to stay hidden from who asked. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from coordination.directory.state import Directory
from coordination.event import Event, RecordedEvent
from coordination.pupil.consent.events import ConsentEvent, ConsentGiven, DisclosureMade
from coordination.pupil.referral.events import ReferralEvent, ReferralOpened
from coordination.pupil.rights.events import RightsEvent
from coordination.pupil.rights.request_state import RightsRequest
from coordination.sensitivity import Sensitivity, classes

THE_CHILDS_OWN = frozenset({"competent_child", "young_person"})
"""Authorities by which a child agreed alone."""
COUNSELLING = "counselling"


def controller_of(event: Event) -> UUID:
    """The organisation whose part of the record an entry is: the one for which it was recorded."""
    return event.header.on_behalf_of or event.header.organisation


def own_part(events: Iterable[RecordedEvent], controller: UUID) -> list[RecordedEvent]:
    """The entries of one controller. What is about requests and erasure is left out."""
    return [
        recorded
        for recorded in events
        if controller_of(recorded.event) == controller and not isinstance(recorded.event, RightsEvent)
    ]


def other_parts(events: Iterable[RecordedEvent], controller: UUID) -> dict[UUID, int]:
    """How many entries other controllers hold, by organisation."""
    counted = Counter(
        controller_of(recorded.event) for recorded in events if not isinstance(recorded.event, RightsEvent)
    )
    del counted[controller]
    return dict(counted)


def kept_from_parents(events: Sequence[RecordedEvent], directory: Directory) -> frozenset[UUID]:
    """The ids of referrals, and of the agreements behind them, that a parent is not to learn of: those to which the
    child agreed alone, and those to a counselling service (School Standards and Organisation (Wales) Act 2013, s.92).
    """
    agreed_by: dict[UUID, str] = {}
    grounds: dict[UUID, set[UUID | None]] = {}
    found: set[UUID] = set()
    for recorded in events:
        match recorded.event:
            case ConsentGiven(consent=consent, authority=authority):
                agreed_by[consent] = authority
            case DisclosureMade(ground=ground, consent=consent):
                grounds.setdefault(ground, set()).add(consent)
            case ReferralOpened(referral=referral, service=service):
                held = directory.service(service)
                if held is not None and held.profession == COUNSELLING:
                    found.add(referral)
            case _:
                pass
    for ground, consents in grounds.items():
        alone = [one is not None and agreed_by.get(one) in THE_CHILDS_OWN for one in consents]
        if all(alone):
            found.add(ground)
    hidden = {one for ground in found for one in grounds.get(ground, ()) if one is not None}
    shown = {one for ground, some in grounds.items() if ground not in found for one in some}
    return frozenset(found | (hidden - shown))


def without(events: Iterable[RecordedEvent], hidden: frozenset[UUID]) -> list[RecordedEvent]:
    """The entries that are about none of these things."""
    return [recorded for recorded in events if not (_about(recorded.event) & hidden)]


def is_for_a_parent(held: RightsRequest) -> bool:
    """Whether the copy may come to a parent: then the child's own referrals leave no trace in it."""
    return held.asked_by == "parent" or held.kind == "educational_record"


def needs_a_look(event: Event, opened: Mapping[str, object]) -> bool:
    """Whether an entry holds free words or another person's details, so that somebody has to read it before it is
    given: it may be about a third party."""
    kinds = classes(type(event))
    free = any(kinds.get(name) is Sensitivity.special for name, value in opened.items() if value)
    return free or (event.topic in THIRD_PARTIES and bool(opened))


THIRD_PARTIES = frozenset({"pupil.contact_recorded", "pupil.contact_ended"})


def _about(event: Event) -> set[UUID]:
    found: set[UUID] = set()
    if isinstance(event, ReferralEvent):
        found.add(event.referral)
    if isinstance(event, ConsentEvent):
        for name in ("consent", "ground"):
            value = getattr(event, name, None)
            if isinstance(value, UUID):
                found.add(value)
    return found
