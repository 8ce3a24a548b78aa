"""The command that replaces a child's identity."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import Command
from coordination.pupil.profile.commands import ContactDetails


class ReplaceIdentity(Command, frozen=True, kw_only=True):
    """A child was adopted: the whole new identity, and the people who represent the child from now on. `occurred_on` is
    the day of the order."""

    pupil: UUID
    upn: str
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None
    language: str | None
    why: str
    middle_names: str | None = None
    preferred_surname: str | None = None
    preferred_forename: str | None = None
    contacts: tuple[ContactDetails, ...] = ()
