"""What a copy of a record holds: the part of one controller, without what has to stay hidden from who asked. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.event import Event, RecordedEvent
from coordination.pupil.asking.events import CompetenceAssessed
from coordination.pupil.consent.events import (
    ConsentEvent,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    DisclosureMade,
)
from coordination.pupil.referral.events import ReferralEvent, ReferralOpened
from coordination.pupil.rights.events import RightsEvent
from coordination.pupil.rights.request_state import RightsRequest
from coordination.sensitivity import Sensitivity, classes

THE_CHILDS_OWN = frozenset({"competent_child", "young_person"})
"""Authorities by which a child agreed alone."""
COUNSELLING = "counselling"
PARENT = "parental_responsibility"


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
    """The ids of which a parent is not to learn: referrals and agreements that were the child's own, and those to a
    counselling service (School Standards and Organisation (Wales) Act 2013, s.92); with the documents, support and
    advice about them. The child's own is also what the child alone was asked or refused, and a referral not yet sent
    for which nobody else was asked."""
    counselling = {s.id for s in directory.services if s.profession == COUNSELLING}
    agreed_by: dict[UUID, str | None] = {}
    about: dict[UUID, set[UUID]] = {}
    grounds: dict[UUID, set[UUID | None]] = {}
    referred_to: dict[UUID, UUID] = {}
    found: set[UUID] = set()
    kept: set[UUID] = set()
    for recorded in events:
        match recorded.event:
            case ConsentRequested() | ConsentGiven() | ConsentRefused() as said:
                agreed_by[said.consent] = _authority(said, agreed_by.get(said.consent))
                if said.service is not None:
                    about.setdefault(said.service, set()).add(said.consent)
                if said.service in counselling or getattr(said, "kept_from_parents", False):
                    kept.add(said.consent)
            case DisclosureMade(ground=ground, consent=consent):
                grounds.setdefault(ground, set()).add(consent)
            case ReferralOpened() as opened:
                referred_to[opened.referral] = opened.service
                if opened.kept_from_parents or opened.service in counselling:
                    found.add(opened.referral)
            case _:
                pass
    alone = kept | {consent for consent, authority in agreed_by.items() if authority in THE_CHILDS_OWN}
    found |= {ground for ground, consents in grounds.items() if consents <= alone}
    for referral, service in referred_to.items():
        asked = about.get(service, set())
        if referral not in grounds and asked and asked <= alone:
            found.add(referral)
    shown = {one for ground, some in grounds.items() if ground not in found for one in some}
    behind = {one for ground in found for one in grounds.get(ground, ()) if one is not None}
    return _with_what_is_about_them(events, frozenset(found | kept | ((alone | behind) - shown)))


def _authority(said: ConsentRequested | ConsentGiven | ConsentRefused, before: str | None) -> str | None:
    """By which authority somebody was asked or answered; the last answer counts."""
    if isinstance(said, ConsentRequested):
        return before or ("competent_child" if said.contact is None else PARENT)
    return said.authority


def _with_what_is_about_them(events: Sequence[RecordedEvent], hidden: frozenset[UUID]) -> frozenset[UUID]:
    found = set(hidden)
    for recorded in events:
        if not isinstance(recorded.event, ReferralEvent | ConsentEvent) and _about(recorded.event) & found:
            own = (getattr(recorded.event, name, None) for name in THINGS_ABOUT_A_REFERRAL)
            found.update(one for one in own if one is not None)
    return frozenset(found)


THINGS_ABOUT_A_REFERRAL = ("document", "support", "advice")
"""The fields of entries about a referral that name a thing of their own, of which later entries are."""


def without(events: Iterable[RecordedEvent], hidden: frozenset[UUID]) -> list[RecordedEvent]:
    """The entries that name none of these things. Where there are any, no assessment of the child's competence
    either: it was made so that the child could agree alone."""
    return [
        recorded
        for recorded in events
        if not (
            _about(recorded.event) & hidden or (hidden and isinstance(recorded.event, CompetenceAssessed))
        )
    ]


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
    """The ids that an entry names, but for those of who recorded it."""
    names = (name for name in event.__struct_fields__ if name != "header")
    return {one for name in names for one in _ids(getattr(event, name))}


def _ids(value: object) -> Iterator[UUID]:
    match value:
        case UUID():
            yield value
        case tuple():
            for one in value:
                yield from _ids(one)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _ids(getattr(value, name))
        case _:
            pass
