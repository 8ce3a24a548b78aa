"""A person of a pupil's family as the record names them now, opened for a page or at the moment of sending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.family.receiving import NotReceiving, reason_not_to_send
from coordination.service import Coordination


class FamilyContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact of a pupil, or the pupil (`contact` None). `language` is the wish on record, if there is one."""

    pupil: UUID
    contact: UUID | None
    name: str
    email: str | None = None
    language: str | None = None


def contact_of(audience: UUID, pupil: UUID) -> UUID | None:
    """The contact of a link's audience; None for the pupil."""
    return None if audience == pupil else audience


def family_case(service: Coordination, pupil: UUID) -> CaseFile:
    """The case file, read from the record itself: what a family receives is decided on what is known now."""
    return service.batch().state(PUPIL_STREAM, pupil)


def looked_after(service: Coordination, pupil: UUID) -> bool | None:
    """Whether an authority looks after the pupil, as last recorded; None where that is not known."""
    return service.record.latest(pupil, ("pupil.looked_after_recorded",)).get("looked_after")


def not_receiving(
    service: Coordination, case: CaseFile, pupil: UUID, contact: UUID | None, *, sender: UUID, on: date
) -> NotReceiving | None:
    """Why a contact (None: the pupil) may receive and open nothing from the sender now; None where they may."""
    return reason_not_to_send(
        case, contact, sender=sender, on=on, looked_after=partial(looked_after, service, pupil)
    )


def opened_contact(
    service: Coordination, case: CaseFile, pupil: UUID, contact: UUID | None
) -> FamilyContact | None:
    """The person, opened; None for one who no longer represents the pupil, or whose record is erased."""
    if contact is None:
        name = child_name(service, case, pupil)
        wish = service.record.latest(pupil, ("pupil.language_wish_recorded",)).get("language")
        return FamilyContact(pupil=pupil, contact=None, name=name, language=wish) if name else None
    version = case.profile.last_versions.get(str(contact))
    if version is None or case.profile.contact(contact) is None:
        return None
    fields = _opened(service, pupil, version)
    if not fields.get("name"):
        return None
    return FamilyContact(
        pupil=pupil,
        contact=contact,
        name=str(fields["name"]),
        email=fields.get("email"),
        language=fields.get("language"),
    )


def child_name(service: Coordination, case: CaseFile, pupil: UUID) -> str:
    """The name by which the pupil wants to be called; empty where it is erased."""
    version = case.profile.last_versions.get("identity")
    fields = _opened(service, pupil, version) if version is not None else {}
    forename = fields.get("preferred_forename") or fields.get("forename") or ""
    surname = fields.get("preferred_surname") or fields.get("surname") or ""
    return f"{forename} {surname}".strip()


def _opened(service: Coordination, pupil: UUID, version: int) -> Mapping[str, Any]:
    [fields] = service.record.opened_at([(pupil, version)])
    return fields if isinstance(fields, Mapping) else {}
