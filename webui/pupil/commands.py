"""The commands for a pupil from a page or the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.event import Command
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    ContactDetails,
    RecordContact,
    RecordLanguageWish,
    RecordLeadingSchool,
    RecordLookedAfter,
    RecordNeeds,
    RecordProvision,
    RecordViews,
    RecordYear,
)
from webui.pupil.identity import MORE_NAMES
from webui.shell.runtime import runtime

Typed = dict[str, Any]
Change = Callable[[UUID, Typed, date], Command]

# the store detects a number that another pupil has, but names no field
FIELDS = {"upn_of_another_pupil": "upn"}


def _needs(pupil: UUID, typed: Typed, _today: date) -> Command:
    return RecordNeeds(occurred_on=typed["occurred_on"], pupil=pupil, needs=tuple(typed["needs"] or ()))


def _provision(pupil: UUID, typed: Typed, _today: date) -> Command:
    return RecordProvision(occurred_on=typed["occurred_on"], pupil=pupil, provision=typed["provision"])


def _year(pupil: UUID, typed: Typed, today: date) -> Command:
    return RecordYear(occurred_on=today, pupil=pupil, year=int(typed["year"]))


def _language(pupil: UUID, typed: Typed, today: date) -> Command:
    return RecordLanguageWish(occurred_on=today, pupil=pupil, language=typed["language"])


def _looked_after(pupil: UUID, typed: Typed, _today: date) -> Command:
    return RecordLookedAfter(
        occurred_on=typed["occurred_on"], pupil=pupil, looked_after=typed["looked_after"]
    )


def _identity(pupil: UUID, typed: Typed, today: date) -> Command:
    names = ("date_of_birth", "sex", "why", *MORE_NAMES)
    return ChangeIdentity(
        occurred_on=today,
        pupil=pupil,
        language=None,
        upn=typed.get("upn") or "",  # none, of a child whom no school has given a number
        surname=typed["surname"] or "",
        forename=typed["forename"] or "",
        **{name: typed[name] for name in names},
    )


def _leading_school(pupil: UUID, typed: Typed, _today: date) -> Command:
    return RecordLeadingSchool(
        occurred_on=typed["occurred_on"], pupil=pupil, school=UUID(str(typed["school"]))
    )


CHANGES: dict[str, Change] = {
    "needs": _needs,
    "provision": _provision,
    "year": _year,
    "language": _language,
    "looked_after": _looked_after,
    "identity": _identity,
    "leading_school": _leading_school,
}
"""What can change about a pupil, each with the command that records it as it is now."""


def change(thing: str, pupil: UUID, typed: Typed, language: Callable[[], str | None]) -> Command:
    """The command that records one of CHANGES, today. `language` is the pupil's recorded language, which a changed
    identity keeps."""
    command = CHANGES[thing](pupil, typed, runtime().today())
    if isinstance(command, ChangeIdentity):
        return msgspec.structs.replace(command, language=language())
    return command


def contact(pupil: UUID, contact: UUID, typed: Typed) -> RecordContact:
    """The command that records all details of a contact, as known today."""
    today = runtime().today()
    details = ContactDetails(occurred_on=today, contact=contact, **typed)
    return RecordContact(occurred_on=today, pupil=pupil, details=details)


def views(pupil: UUID, typed: Typed) -> RecordViews:
    """The command that records the views of the child or a parent; `contact` applies to a parent's views only."""
    by_parent = typed["contact"] and typed["whose"] == "parent"
    return RecordViews(pupil=pupil, **(typed | {"contact": UUID(typed["contact"]) if by_parent else None}))
