"""Who the pupil is, their schools, their needs and their contacts."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal, Special


class ProfileEvent(PupilEvent, frozen=True, kw_only=True):
    """About the pupil as a person."""


class PupilRegistered(ProfileEvent, frozen=True, kw_only=True):
    """A school put the pupil on its roll, for the first time on this record. `year` is the national curriculum year
    (-2 nursery, 0 reception, 1-14) or None. One of `surname` and `forename` may be empty: a pupil with one name."""

    topic = "pupil.registered"
    school: Operational[UUID]
    year: Operational[int | None] = None
    upn: Personal[str] = SEALED
    surname: Personal[str] = SEALED
    forename: Personal[str] = SEALED
    date_of_birth: Personal[date] = SEALED
    sex: Personal[str | None] = SEALED
    language: Coded[str | None] = SEALED
    middle_names: Personal[str | None] = SEALED
    preferred_surname: Personal[str | None] = SEALED
    preferred_forename: Personal[str | None] = SEALED
    former_surname: Personal[str | None] = SEALED


IDENTITY_TOPICS = ("pupil.registered", "pupil.identity_changed", "pupil.identity_replaced")
"""The events that hold the whole identity; the newest of them counts."""


class RegistrationAdded(ProfileEvent, frozen=True, kw_only=True):
    """A second school put the pupil on its roll too (dual registration)."""

    topic = "pupil.registration_added"
    school: Operational[UUID]


class SchoolMoved(ProfileEvent, frozen=True, kw_only=True):
    """The pupil left one school for another on the day of the event."""

    topic = "pupil.school_moved"
    from_school: Operational[UUID]
    to_school: Operational[UUID]


class RegistrationEnded(ProfileEvent, frozen=True, kw_only=True):
    """The pupil left a school's roll. `held_by`: the pupil is on no roll now, and this authority, the school's, holds
    the file until a school registers the pupil; None: the pupil is on another roll."""

    topic = "pupil.registration_ended"
    school: Operational[UUID]
    held_by: Operational[UUID | None] = None


class IdentityChanged(ProfileEvent, frozen=True, kw_only=True):
    """A name, UPN or date of birth was changed or corrected: the whole identity after the change, and why. One of
    `surname` and `forename` may be empty: a pupil with one name."""

    topic = "pupil.identity_changed"
    upn: Personal[str] = SEALED
    surname: Personal[str] = SEALED
    forename: Personal[str] = SEALED
    date_of_birth: Personal[date] = SEALED
    sex: Personal[str | None] = SEALED
    language: Coded[str | None] = SEALED
    why: Personal[str | None] = SEALED
    middle_names: Personal[str | None] = SEALED
    preferred_surname: Personal[str | None] = SEALED
    preferred_forename: Personal[str | None] = SEALED
    former_surname: Personal[str | None] = SEALED


class IdentityKept(ProfileEvent, frozen=True, kw_only=True):
    """Somebody compared the recorded identity with a different one from a file or form, and decided that the record is
    right. `refused` is a keyed hash (64 hexadecimal digits) of what was refused, so that the same description does not
    raise the same doubt again."""

    topic = "pupil.identity_kept"
    refused: Personal[str] = SEALED
    why: Personal[str] = SEALED


class LeadingSchoolRecorded(ProfileEvent, frozen=True, kw_only=True):
    """Which school leads for a pupil on the roll of two, from the day of the event: only that school changes identity,
    needs, provision and contacts."""

    topic = "pupil.leading_school_recorded"
    school: Operational[UUID]


class YearRecorded(ProfileEvent, frozen=True, kw_only=True):
    """The national curriculum year of the pupil from the day of the event."""

    topic = "pupil.year_recorded"
    year: Operational[int]


class ClassRecorded(ProfileEvent, frozen=True, kw_only=True):
    """The class or registration group of the pupil at a school on whose roll they are, from the day of the event to the
    end of that school year. Empty: in none. The name may hold a teacher's name, so it is sealed."""

    topic = "pupil.class_recorded"
    school: Operational[UUID]
    class_name: Coded[str] = SEALED


class NeedsRecorded(ProfileEvent, frozen=True, kw_only=True):
    """All of the pupil's needs from that day on (codes of the table `need`)."""

    topic = "pupil.needs_recorded"
    needs: Coded[tuple[str, ...]] = SEALED


class ProvisionRecorded(ProfileEvent, frozen=True, kw_only=True):
    """The provision made for the pupil (a code of the table `provision`)."""

    topic = "pupil.provision_recorded"
    provision: Coded[str] = SEALED


class LookedAfterRecorded(ProfileEvent, frozen=True, kw_only=True):
    """Whether the pupil is looked after by a local authority, and by which (its three-digit number), if told."""

    topic = "pupil.looked_after_recorded"
    looked_after: Coded[bool] = SEALED
    care_authority: Coded[str | None] = SEALED


class LanguageWishRecorded(ProfileEvent, frozen=True, kw_only=True):
    """The language in which the pupil wants to be spoken and written to."""

    topic = "pupil.language_wish_recorded"
    language: Personal[str] = SEALED


class ContactRecorded(ProfileEvent, frozen=True, kw_only=True):
    """A parent or other contact, new or changed. Parental responsibility decides who may agree."""

    topic = "pupil.contact_recorded"
    contact: Operational[UUID]
    parental_responsibility: Operational[bool]
    name: Personal[str] = SEALED
    relationship: Personal[str | None] = SEALED
    language: Personal[str | None] = SEALED
    telephone: Personal[str | None] = SEALED
    email: Personal[str | None] = SEALED
    address: Personal[str | None] = SEALED
    why: Personal[str | None] = SEALED


class ContactEnded(ProfileEvent, frozen=True, kw_only=True):
    """This person no longer represents the pupil."""

    topic = "pupil.contact_ended"
    contact: Operational[UUID]
    why: Personal[str | None] = SEALED


class ViewsRecorded(ProfileEvent, frozen=True, kw_only=True):
    """The words of the child or a parent, in their own language."""

    topic = "pupil.views_recorded"
    whose: Operational[Literal["child", "parent"]]
    language: Operational[str]
    contact: Operational[UUID | None] = None
    words: Special[str] = SEALED


AnyProfileEvent = (
    PupilRegistered
    | RegistrationAdded
    | SchoolMoved
    | RegistrationEnded
    | IdentityChanged
    | IdentityKept
    | LeadingSchoolRecorded
    | YearRecorded
    | ClassRecorded
    | NeedsRecorded
    | ProvisionRecorded
    | LookedAfterRecorded
    | LanguageWishRecorded
    | ContactRecorded
    | ContactEnded
    | ViewsRecorded
)
"""All of them, so that the type checker finds a `match` that forgets one."""
