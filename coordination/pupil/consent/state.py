"""Agreements and disclosures as decisions need them."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.pupil.consent.events import (
    ConsentEvent,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    ConsentWithdrawn,
    DisclosureMade,
    LawfulBasisRecorded,
)

Standing = Literal["requested", "given", "refused", "withdrawn"]


class Consent(msgspec.Struct, frozen=True):
    """One question and where it stands. `contact` None: the pupil themselves."""

    consent: UUID
    agency: UUID
    purpose: str
    standing: Standing
    since: date
    last_version: int
    contact: UUID | None = None
    expires_on: date | None = None
    data_classes: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        """Given, not withdrawn, begun and not past its last day."""
        return (
            self.standing == "given"
            and self.since <= on
            and (self.expires_on is None or on <= self.expires_on)
        )


class Disclosure(msgspec.Struct, frozen=True):
    ground: UUID
    agency: UUID
    consent: UUID | None
    closed: bool = False


class Consents(msgspec.Struct, frozen=True):
    questions: dict[UUID, Consent] = {}
    disclosures: tuple[Disclosure, ...] = ()
    bases: dict[UUID, str] = {}

    def agreement(self, agency: UUID, purpose: str, on: date) -> Consent | None:
        """The newest agreement in force with an agency for a purpose on a day."""
        live = [
            c
            for c in self.questions.values()
            if c.agency == agency and c.purpose == purpose and c.in_force(on)
        ]
        return max(live, key=lambda c: (c.since, c.last_version)) if live else None

    def conflict(self, agency: UUID, purpose: str) -> bool:
        """One person with authority agrees while another refuses: both are shown."""
        standings = {
            c.standing for c in self.questions.values() if c.agency == agency and c.purpose == purpose
        }
        return {"given", "refused"} <= standings

    def disclosed(self, ground: UUID, agency: UUID) -> bool:
        """Whether the agency was told of this ground (a referral) and its access has not been closed."""
        return any(d.ground == ground and d.agency == agency and not d.closed for d in self.disclosures)

    def lawful_basis(self, agency: UUID) -> str:
        """The recorded lawful basis, public task unless another was recorded."""
        return self.bases.get(agency, "public_task")


def evolve(consents: Consents, event: ConsentEvent, version: int) -> Consents:
    """The agreements after the event; `version` is its place in the pupil's stream."""
    on = event.header.occurred_on
    match event:
        case ConsentRequested(
            consent=key, agency=agency, purpose=purpose, contact=contact, data_classes=data
        ):
            return _with(
                consents, Consent(key, agency, purpose, "requested", on, version, contact, None, data)
            )
        case ConsentGiven(consent=key, agency=agency, purpose=purpose, contact=contact, expires_on=end):
            given = Consent(key, agency, purpose, "given", on, version, contact, end, event.data_classes)
            return _with(consents, given)
        case ConsentRefused(consent=key, agency=agency, purpose=purpose, contact=contact):
            return _with(consents, Consent(key, agency, purpose, "refused", on, version, contact))
        case ConsentWithdrawn(consent=key, agency=agency, grounds=grounds):
            changed = consents
            if key in consents.questions:
                old = consents.questions[key]
                new = msgspec.structs.replace(old, standing="withdrawn", since=on, last_version=version)
                changed = _with(consents, new)
            # what another agency was told of the same referral rests on another agreement
            closed = tuple(
                msgspec.structs.replace(d, closed=True) if d.ground in grounds and d.agency == agency else d
                for d in changed.disclosures
            )
            return msgspec.structs.replace(changed, disclosures=closed)
        case LawfulBasisRecorded(agency=agency, basis=basis):
            return msgspec.structs.replace(consents, bases={**consents.bases, agency: basis})
        case DisclosureMade(ground=ground, agency=agency, consent=key):
            made = Disclosure(ground, agency, key)
            return msgspec.structs.replace(consents, disclosures=(*consents.disclosures, made))
        case _:
            return consents


def _with(consents: Consents, consent: Consent) -> Consents:
    return msgspec.structs.replace(consents, questions={**consents.questions, consent.consent: consent})
