"""The basis on which a service may be told something about a pupil on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.pupil.consent.decide import OVERRIDES
from coordination.pupil.consent.state import Consents
from coordination.pupil.objections.state import Objections

PURPOSES = ("meeting", "referral")
"""The purposes of an agreement that cover what a meeting says about a pupil, the most particular first."""


class Basis(msgspec.Struct, frozen=True):
    """A lawful basis, with the agreement in force where there is one."""

    lawful_basis: str
    consent: UUID | None = None


def basis_in_force(
    consents: Consents, objections: Objections, agency: UUID, service: UUID, on: date
) -> Basis | None:
    """The basis of a service on a day; None: there is none.

    An agreement in force; a recorded lawful basis that needs no agreement; or the basis, other than agreement, of a
    referral that is shared with the service (safeguarding, a historical record). None while a court order prevents
    sharing; what was agreed before a professional stopped sharing after an objection is none.
    """
    for purpose in PURPOSES:
        order = objections.order_on(agency, service, purpose, on)
        if order is not None and order.effect == "prevents":
            return None
        agreed = consents.agreement(agency, service, purpose, on)
        stopped = objections.stopped_since(agency, service, purpose) or 0
        if agreed is not None and agreed.last_version > stopped:
            return Basis(consents.lawful_basis(agency, service), agreed.consent)
    recorded = consents.lawful_basis(agency, service)
    if recorded in OVERRIDES:
        return Basis(recorded)
    for shared in reversed(consents.disclosures):
        to = shared.agency == agency and shared.service in (None, service)
        if to and shared.subject == "referral" and shared.consent is None and shared.receives:
            return Basis(shared.lawful_basis)
    return None
