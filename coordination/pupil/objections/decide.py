"""Objections and court orders: who records them, and which access they end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import require_not_in_future
from coordination.decisions import Decision, decides
from coordination.directory.organisation import SERVICE_PROVIDERS
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.events import DisclosureClosed, SharingStopped
from coordination.pupil.consent.state import Disclosure
from coordination.pupil.holders import require_holder
from coordination.pupil.objections.commands import (
    DecideObjection,
    EndCourtOrder,
    ObjectToSharing,
    RecordCourtOrder,
)
from coordination.pupil.objections.events import (
    CourtOrderEnded,
    CourtOrderRecorded,
    ObjectionDecided,
    SharingObjected,
)
from coordination.pupil.objections.state import Objection
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

DECIDING_ROLES = frozenset({"alnco", "head", "designated_safeguarding_person", "la_caseworker", "operator"})
"""Who decides about an objection, of those who hold the file."""


def decide_object(
    case: CaseFile, command: ObjectToSharing, header: Header, world: World
) -> list[SharingObjected]:
    """Refuses a person without parental responsibility (`no_authority`), an unknown agency, service or purpose, and an
    id that was used (`already_asked`)."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    _require_recipient(world, command.agency, command.service)
    _require_code(world, "consent_purpose", command.purpose, command, "purpose")
    _require_code(world, "consent_route", command.route, command, "route")
    _require_code(world, "language", command.language, command, "language")
    who = case.profile.contact(command.contact)
    if who is None or not who.parental_responsibility:
        raise Refusal("no_authority", "contact")
    if command.objection in case.objections.objections:
        raise Refusal("already_asked", "objection")
    return [
        SharingObjected(
            header=header,
            objection=command.objection,
            agency=command.agency,
            service=command.service,
            purpose=command.purpose,
            contact=command.contact,
            route=command.route,
            language=command.language,
            words=command.words,
        )
    ]


def decide_about(
    case: CaseFile, command: DecideObjection, header: Header, world: World
) -> list[ObjectionDecided | SharingStopped]:
    """Sharing goes on, or stops: then what rests on agreement goes no further. As after a withdrawal a service keeps
    what it wrote and had received, of which it is the controller: an objection is to what is done from then on (UK GDPR
    Art. 21(1)) and takes back nothing (Children Act 1989 s.2(7): what another parent agreed to stood until then).
    Refuses someone who does not decide for the school (`objection_not_yours`), and a decision without a reason
    (`cannot_be_empty`)."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    held = case.objections.objections.get(command.objection)
    if held is None:
        raise NotFound
    require_current_version(command, held.last_version)
    if header.role not in DECIDING_ROLES:
        raise Refusal("objection_not_yours", "outcome")
    if command.occurred_on < held.since:
        raise Refusal("before_it_was_given", "occurred_on", given=held.since.isoformat())
    require_words(command.why, "why")
    decided = ObjectionDecided(
        header=header, objection=held.objection, outcome=command.outcome, why=command.why
    )
    if command.outcome == "continues":
        return [decided]
    return [decided, *_stopped(case, header, held)]


def decide_court_order(
    case: CaseFile, command: RecordCourtOrder, header: Header, world: World
) -> list[CourtOrderRecorded | DisclosureClosed]:
    """An order that prevents sharing ends the access to which it applies today. Refuses an order without the court's
    name (`cannot_be_empty`), one that ends before it begins, and an id that was used (`already_asked`)."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    require_words(command.court, "court")
    if command.agency is not None:
        _require_recipient(world, command.agency, command.service)
    elif command.service is not None:
        raise Refusal("unknown_agency", "agency")
    if command.purpose is not None:
        _require_code(world, "consent_purpose", command.purpose, command, "purpose")
    if command.until is not None and command.until < command.occurred_on:
        raise Refusal("ends_before_it_begins", "until")
    if command.order in case.objections.orders:
        raise Refusal("already_asked", "order")
    recorded = CourtOrderRecorded(
        header=header,
        order=command.order,
        effect=command.effect,
        agency=command.agency,
        service=command.service,
        purpose=command.purpose,
        until=command.until,
        court=command.court,
    )
    if command.effect == "permits":
        return [recorded]
    closed = _closed(case, header, command.agency, command.service, command.purpose)
    return [recorded, *closed]


def decide_end_court_order(
    case: CaseFile, command: EndCourtOrder, header: Header, world: World
) -> list[CourtOrderEnded]:
    """Refuses an end without a reason, before the order began, or of one that has ended (`order_ended`)."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    held = case.objections.orders.get(command.order)
    if held is None:
        raise NotFound
    if held.ended_on is not None:
        raise Refusal("order_ended", "order")
    if command.occurred_on < held.since:
        raise Refusal("ends_before_it_begins", "occurred_on")
    require_words(command.why, "why")
    return [CourtOrderEnded(header=header, order=held.order, why=command.why)]


def _stopped(case: CaseFile, header: Header, held: Objection) -> list[SharingStopped]:
    """What is shared on agreement and objected to goes no further."""
    grounds: dict[tuple[UUID, UUID | None], dict[UUID, None]] = {}
    for d in case.consents.disclosures:
        on_agreement = d.receives and d.consent is not None
        if on_agreement and _applies(case, d, held.agency, held.service, held.purpose):
            grounds.setdefault((d.agency, d.service), {})[d.ground] = None
    return [
        SharingStopped(
            header=header,
            agency=agency,
            service=service,
            grounds=tuple(stops),
            because="objection_upheld",
        )
        for (agency, service), stops in grounds.items()
    ]


def _closed(
    case: CaseFile, header: Header, agency: UUID | None, service: UUID | None, purpose: str | None
) -> list[DisclosureClosed]:
    """The open disclosures to which an order applies, closed, whatever permitted them."""
    return [
        DisclosureClosed(
            header=header,
            agency=d.agency,
            service=d.service,
            whole_agency=d.service is None,
            ground=d.ground,
            because="court_order",
        )
        for d in case.consents.disclosures
        if not d.closed and _applies(case, d, agency, service, purpose)
    ]


def _applies(
    case: CaseFile, disclosure: Disclosure, agency: UUID | None, service: UUID | None, purpose: str | None
) -> bool:
    if agency not in (None, disclosure.agency):
        return False
    if service is not None and disclosure.service not in (None, service):
        return False
    if disclosure.consent is None:
        return True
    agreed = case.consents.questions.get(disclosure.consent)
    return agreed is None or purpose in (None, agreed.purpose)


def _require_recipient(world: World, agency: UUID, service: UUID | None) -> None:
    found = world.directory.organisation(agency)
    if found is None or found.kind not in SERVICE_PROVIDERS:
        raise Refusal("unknown_agency", "agency")
    if service is not None:
        of = world.directory.service(service)
        if of is None or of.agency != agency:
            raise Refusal("unknown_service", "service")


def _require_code(world: World, table: str, code: str, command: Command, field: str) -> None:
    if world.directory.code(table, code, command.occurred_on) == "unknown":
        raise Refusal("unknown_code", field, table=table)


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(ObjectToSharing, decide_object, PUPIL_STREAM),
        decides(DecideObjection, decide_about, PUPIL_STREAM),
        decides(RecordCourtOrder, decide_court_order, PUPIL_STREAM),
        decides(EndCourtOrder, decide_end_court_order, PUPIL_STREAM),
    ]
)
