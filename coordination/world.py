"""What a decision may know besides the streams that it changes; always passed as an argument, never fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import TypedDict
from uuid import UUID

import msgspec

from coordination.directory.state import Directory


class ProfileFacts(msgspec.Struct, frozen=True):
    """Facts from the pupil's sealed profile that a referral records: the needs when it is opened, and the date of
    birth, of which only the age in months at receipt is kept. None: not known, or erased."""

    needs: tuple[str, ...] | None = None
    born: date | None = None


class OpenedFacts(TypedDict, total=False):
    """What has been opened of a pupil's sealed profile so far; see `World.about`."""

    needs: tuple[str, ...] | None
    born: date | None
    looked_after: bool | None


def empty_world() -> ProfileFacts:
    """The facts of a profile that was not opened."""
    return ProfileFacts()


def unopened_facts(_pupil: UUID) -> ProfileFacts:
    """The facts of a profile that was not opened."""
    return ProfileFacts()


def unopened_status() -> bool | None:
    """The status of a pupil whose profile was not opened: not known."""
    return None


def never_looked_after(_pupil: UUID) -> bool:
    """Of a pupil whose profile was not opened: not so."""
    return False


def no_places_taken(_service: UUID) -> Mapping[UUID, str]:
    """No place of a service is taken."""
    return {}


def no_places(_service: UUID, _on: date) -> int | None:
    """The number of places of a service that has set none."""
    return None


def unsealed(_document: UUID, content: bytes) -> str:
    """The SHA-256 of a document that was not sealed."""
    return sha256(content).hexdigest()


class World(msgspec.Struct, frozen=True):
    """The directory on the record at the moment of deciding; `about()` opens the pupil's facts, `about_pupil(id)` those
    of one of two pupils; `looked_after()` whether an authority looks after the pupil (None: not known, or erased),
    `ever_looked_after(id)` whether one ever did. `services`: those of an agency for which the actor may act (None: not
    limited). `seal(document, content)` seals a document's bytes for this save; the SHA-256 of the ciphertext.
    `places_taken(service)` are the referrals that have a place of the service, `offered` or `placed`, and
    `places_on(service, day)` is its number of places (None: not set)."""

    directory: Directory
    about: Callable[[], ProfileFacts] = empty_world
    about_pupil: Callable[[UUID], ProfileFacts] = unopened_facts
    looked_after: Callable[[], bool | None] = unopened_status
    ever_looked_after: Callable[[UUID], bool] = never_looked_after
    services: tuple[UUID, ...] | None = None
    seal: Callable[[UUID, bytes], str] = unsealed
    places_taken: Callable[[UUID], Mapping[UUID, str]] = no_places_taken
    places_on: Callable[[UUID, date], int | None] = no_places

    def acts_for(self, service: UUID | None) -> bool:
        """Whether the actor may act for a service (None: for the agency as a whole)."""
        return self.services is None or service in self.services


def completed_years(born: date | None, on: date) -> int | None:
    """Age in completed years on a day; None when the date of birth is unknown or after that day. Someone born on 29
    February is a year older on 1 March where the year has no such day (as `ages.anniversary`)."""
    if born is None or on < born:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def completed_months(born: date | None, on: date) -> int | None:
    """Age in completed months on a day; None when the date of birth is unknown or after that day."""
    if born is None or on < born:
        return None
    months = (on.year - born.year) * 12 + on.month - born.month
    return months - 1 if on.day < born.day else months
