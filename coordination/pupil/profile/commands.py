"""The commands of a pupil's profile: what a school may ask to be recorded."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import Command


class ContactDetails(Command, frozen=True, kw_only=True):
    """A parent or other contact, as in a form or file (`occurred_on` is that of the whole command)."""

    contact: UUID
    name: str
    relationship: str | None = None
    parental_responsibility: bool = False
    language: str | None = None
    telephone: str | None = None
    email: str | None = None
    address: str | None = None


class RegisterPupil(Command, frozen=True, kw_only=True):
    """A school puts a pupil on its roll, also one who is on another school's roll. `sex` and `language` are None where
    unknown (a transfer file has no language wish). One of `surname` and `forename` may be empty."""

    pupil: UUID
    school: UUID
    upn: str
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None
    language: str | None
    provision: str | None = None
    needs: tuple[str, ...] = ()
    year: int | None = None
    looked_after: bool | None = None
    care_authority: str | None = None
    contacts: tuple[ContactDetails, ...] = ()
    middle_names: str | None = None
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    former_surname: str | None = None


class MovePupil(Command, frozen=True, kw_only=True):
    """The pupil leaves one school for another; the new school records it."""

    pupil: UUID
    from_school: UUID
    to_school: UUID


class EndRegistration(Command, frozen=True, kw_only=True):
    pupil: UUID
    school: UUID


class ChangeIdentity(Command, frozen=True, kw_only=True):
    pupil: UUID
    upn: str
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None
    language: str | None
    why: str | None = None
    middle_names: str | None = None
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    former_surname: str | None = None


class KeepIdentity(Command, frozen=True, kw_only=True):
    """The recorded identity is right, and a different one from a file or form is not; see `IdentityKept`."""

    pupil: UUID
    refused: str
    why: str


class RecordLeadingSchool(Command, frozen=True, kw_only=True):
    """One of the schools that have the pupil on their roll leads from a day on."""

    pupil: UUID
    school: UUID


class RecordNeeds(Command, frozen=True, kw_only=True):
    pupil: UUID
    needs: tuple[str, ...]


class RecordProvision(Command, frozen=True, kw_only=True):
    pupil: UUID
    provision: str


class RecordLookedAfter(Command, frozen=True, kw_only=True):
    pupil: UUID
    looked_after: bool
    care_authority: str | None = None


class RecordYear(Command, frozen=True, kw_only=True):
    pupil: UUID
    year: int


class RecordClass(Command, frozen=True, kw_only=True):
    """The pupil's class or registration group at the school of the actor; empty: in none."""

    pupil: UUID
    class_name: str


class RecordLanguageWish(Command, frozen=True, kw_only=True):
    pupil: UUID
    language: str


class RecordContact(Command, frozen=True, kw_only=True):
    pupil: UUID
    details: ContactDetails
    why: str | None = None


class EndContact(Command, frozen=True, kw_only=True):
    pupil: UUID
    contact: UUID
    why: str | None = None


class RecordViews(Command, frozen=True, kw_only=True):
    pupil: UUID
    whose: Literal["child", "parent"]
    words: str
    language: str
    contact: UUID | None = None
