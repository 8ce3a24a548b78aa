"""The recorded profiles of pupils, opened for comparison with a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.event import RecordedEvent
from coordination.pupil.adoption.events import AdoptionEvent, IdentityReplaced
from coordination.pupil.matching import IdentityDetails
from coordination.pupil.profile.events import (
    ClassRecorded,
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
    IdentityKept,
    LanguageWishRecorded,
    LookedAfterRecorded,
    NeedsRecorded,
    ProfileEvent,
    ProvisionRecorded,
    PupilRegistered,
    RegistrationEnded,
    SchoolMoved,
)
from coordination.sensitivity import Coordinates, ErasedValue, Opened
from coordination.store.application import Record


class RecordedContact(msgspec.Struct, frozen=True):
    """A contact as last recorded. `from_file`: a file was the last to record it."""

    name: str
    relationship: str | None
    parental_responsibility: bool
    language: str | None
    telephone: str | None
    email: str | None
    address: str | None = None
    ended: bool = False
    from_file: bool = False

    def __repr__(self) -> str:
        return "RecordedContact()"


class RecordedProfile(msgspec.Struct):
    """A pupil's profile as recorded. `refused` are the hashes of descriptions that somebody decided against, see
    `IdentityKept`; `classes` the class at each school whose roll the pupil is on, with its day."""

    upn: str = ""
    surname: str = ""
    forename: str = ""
    date_of_birth: date = date.min
    sex: str | None = None
    language: str | None = None
    needs: tuple[str, ...] = ()
    provisions: tuple[tuple[date, str], ...] = ()
    looked_after: bool | None = None
    care_authority: str | None = None
    contacts: dict[UUID, RecordedContact] = {}
    middle_names: str | None = None
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    former_surname: str | None = None
    former_upns: tuple[str, ...] = ()
    refused: frozenset[str] = frozenset()
    classes: dict[UUID, tuple[date, str]] = {}

    def __repr__(self) -> str:
        return "RecordedProfile()"

    def details(self) -> IdentityDetails:
        """The identity, to compare another with."""
        return IdentityDetails(
            upn=self.upn,
            surname=self.surname,
            forename=self.forename,
            date_of_birth=self.date_of_birth,
            preferred_surname=self.preferred_surname,
            preferred_forename=self.preferred_forename,
            former_surname=self.former_surname,
            former_upns=self.former_upns,
        )

    @property
    def provision(self) -> str | None:
        """The provision that began last; of those that began on one day, the one recorded last."""
        return (
            max(enumerate(self.provisions), key=lambda p: (p[1][0], p[0]))[1][1] if self.provisions else None
        )


_SEALED = (
    PupilRegistered,
    IdentityReplaced,
    IdentityChanged,
    IdentityKept,
    LanguageWishRecorded,
    NeedsRecorded,
    ProvisionRecorded,
    LookedAfterRecorded,
    ContactRecorded,
    ClassRecorded,
)

# Of these nothing opens after an adoption.
_WITHHELD = (
    PupilRegistered,
    IdentityChanged,
    IdentityKept,
    LanguageWishRecorded,
    ContactRecorded,
    ContactEnded,
)


def recorded_profiles(
    record: Record, pupils: Iterable[UUID], *, until: Mapping[UUID, int] | None = None
) -> dict[UUID, RecordedProfile | None]:
    """The profiles of some pupils, two round trips for all of them; None where the stream was erased. `until` is the
    last version that counts, where not all do."""
    streams = list(dict.fromkeys(pupils))
    if not streams:
        return {}
    loaded = record.load(streams)
    last = until or {}
    events = [
        r for held in loaded.values() for r in _counting(held) if r.version <= last.get(r.stream, r.version)
    ]
    places = [r for r in events if isinstance(r.event, _SEALED)]
    seals = [Coordinates(r.stream, r.version, r.event.topic, r.event.sealed) for r in places]
    opened = dict(zip(((r.stream, r.version) for r in places), record.open(seals), strict=True))
    found: dict[UUID, RecordedProfile | None] = {}
    for stream in streams:
        own = [r for r in events if r.stream == stream]
        found[stream] = _folded(own, opened)
    return found


def _counting(held: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """The events about the profile; of those before an adoption only the ones that hold no name and nobody's words."""
    replaced = max((r.version for r in held if isinstance(r.event, IdentityReplaced)), default=0)
    return [
        r
        for r in held
        if isinstance(r.event, ProfileEvent | AdoptionEvent)
        and (r.version >= replaced or not isinstance(r.event, _WITHHELD))
    ]


def _folded(
    events: Sequence[RecordedEvent], opened: dict[tuple[UUID, int], Opened]
) -> RecordedProfile | None:
    known = RecordedProfile(contacts={}, classes={})
    for recorded in events:
        values = opened.get((recorded.stream, recorded.version), {})
        if isinstance(values, ErasedValue):
            return None
        _add(known, recorded, values)
    return known


def _add(known: RecordedProfile, recorded: RecordedEvent, values: dict[str, Any]) -> None:
    event = recorded.event
    match event:
        case PupilRegistered() | IdentityChanged() | IdentityReplaced():
            if known.upn and known.upn != values.get("upn"):
                known.former_upns = (*known.former_upns, known.upn)
            for name in ("upn", "surname", "forename"):
                setattr(known, name, values.get(name) or "")
            for name in ("sex", "middle_names", "preferred_surname", "preferred_forename", "former_surname"):
                setattr(known, name, values.get(name))
            known.date_of_birth = date.fromisoformat(values["date_of_birth"])
            known.language = values.get("language")
        case IdentityKept():
            known.refused |= {values["refused"]}
        case LanguageWishRecorded():
            known.language = values["language"]
        case NeedsRecorded():
            known.needs = tuple(values["needs"])
        case ProvisionRecorded():
            known.provisions = (*known.provisions, (event.header.occurred_on, values["provision"]))
        case LookedAfterRecorded():
            known.looked_after = values["looked_after"]
            known.care_authority = values.get("care_authority")
        case ContactRecorded(contact=contact, parental_responsibility=responsible):
            known.contacts[contact] = RecordedContact(
                name=values["name"],
                relationship=values.get("relationship"),
                parental_responsibility=responsible,
                language=values.get("language"),
                telephone=values.get("telephone"),
                email=values.get("email"),
                address=values.get("address"),
                from_file=event.header.source == "import",
            )
        case ClassRecorded(school=school):
            known.classes[school] = (event.header.occurred_on, values.get("class_name") or "")
        case SchoolMoved(from_school=school) | RegistrationEnded(school=school):
            known.classes.pop(school, None)
        case ContactEnded(contact=contact) if contact in known.contacts:
            known.contacts[contact] = msgspec.structs.replace(known.contacts[contact], ended=True)
        case _:
            pass
