"""The disclosure of a pupil's data to a service, with its basis in force on the day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.errors import Refusal
from coordination.event import Header
from coordination.pupil.consent.decide import OVERRIDES, REFERRAL
from coordination.pupil.consent.events import DisclosureMade
from coordination.pupil.consent.state import Consent

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

DESPITE_AN_ORDER = ("vital_interests", "historical_record")
"""What is shared or recorded although a court order prevents sharing: to save a life; what a history file says."""


def disclose(
    case: CaseFile,
    header: Header,
    *,
    agency: UUID,
    service: UUID,
    ground: UUID,
    data_classes: tuple[str, ...],
    override: str | None = None,
    override_reason: str | None = None,
) -> DisclosureMade:
    """The disclosure of a pupil's data to a service of an agency on the day of the header, with its basis; to the whole
    agency where the agreement says so.

    Refuses `disclosure_without_basis` when no agreement is in force and no override is given, and
    `override_needs_reason`. The basis of a history file is `historical_record`. A court order binds: where one prevents
    sharing it is refused (`court_order_prevents`) unless a life is at risk, and one that permits it is a basis. What
    was agreed before a professional stopped sharing after an objection is none.
    """
    order = case.objections.order_on(agency, service, REFERRAL, header.occurred_on)
    if order is not None and order.effect == "prevents" and override not in DESPITE_AN_ORDER:
        raise Refusal("court_order_prevents", "consent")
    agreement = agreement_that_holds(case, agency, service, header.occurred_on)
    if override is not None and override != "historical_record":
        if override not in OVERRIDES:
            raise Refusal("unknown_code", "override", table="lawful_basis")
        if not (override_reason or "").strip():
            raise Refusal("override_needs_reason", "override_reason")
    ordered = agreement is None and override is None and order is not None and order.effect == "permits"
    if agreement is None and override is None and not ordered:
        raise Refusal("disclosure_without_basis", "consent")
    cited = agreement if override is None else None
    whole_agency = cited is not None and cited.whole_agency and cited.agency == agency
    return DisclosureMade(
        header=header,
        agency=agency,
        service=None if whole_agency else service,
        whole_agency=whole_agency,
        ground=ground,
        data_classes=data_classes,
        lawful_basis=_lawful_basis(case, agency, service, override, ordered=ordered),
        consent=cited.consent if cited else None,
        until=cited.expires_on if cited else order.until if ordered and order else None,
        order=order.order if ordered and order else None,
        override_reason=override_reason,
    )


def agreement_that_holds(case: CaseFile, agency: UUID, service: UUID, on: date) -> Consent | None:
    """The agreement in force with a service on a day, unless a professional stopped sharing since it was given."""
    agreement = case.consents.agreement(agency, service, REFERRAL, on)
    stopped = case.objections.stopped_since(agency, service, REFERRAL)
    if agreement is None or (stopped is not None and agreement.last_version < stopped):
        return None
    return agreement


def _lawful_basis(case: CaseFile, agency: UUID, service: UUID, override: str | None, *, ordered: bool) -> str:
    if ordered:
        return "legal_obligation"
    return override or case.consents.lawful_basis(agency, service)
