"""Agreement to sharing, and the basis of a disclosure.

Agreement is requested and recorded per service and purpose; for a whole agency only where that is said. The lawful
basis is separate: public task unless another is recorded. Agreement is checked at the moment of disclosure, and
withdrawing is as easy as giving.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import require_not_in_future
from coordination.decisions import Decision, decides
from coordination.directory.organisation import SERVICE_PROVIDERS
from coordination.errors import Refusal, StaleVersion
from coordination.event import Command, Header
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.events import (
    AnyConsentEvent,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    ConsentWithdrawn,
    LawfulBasisRecorded,
    Meaning,
    SharingStopped,
)
from coordination.pupil.consent.giving import WITH_EVIDENCE, carried_over, giver_fields
from coordination.pupil.consent.recipients import (
    Recipients,
    answered_recipients,
    named_recipients,
    require_service_of,
)
from coordination.pupil.family.speaking import require_holder_or_family, require_own_answer
from coordination.pupil.holders import require_holder
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile
    from coordination.pupil.consent.state import Consent

# Bases on which data may go to an agency without agreement: the override needs a reason and is always visible.
OVERRIDES = frozenset({"vital_interests", "legal_obligation", "safeguarding"})
REFERRAL = "referral"


class RequestConsent(Command, frozen=True, kw_only=True):
    """Asks a contact (with `contact` None, the pupil) whether data may be shared with a service of an agency for a
    purpose; `also_services` as in `recipients.named_recipients`."""

    pupil: UUID
    consent: UUID
    agency: UUID
    purpose: str = REFERRAL
    data_classes: tuple[str, ...] = ()
    contact: UUID | None = None
    route: str = "paper"
    language: str = "en"
    service: UUID | None = None
    whole_agency: bool = False
    also_services: tuple[UUID, ...] | None = None


class GiveConsent(Command, frozen=True, kw_only=True):
    """A person agreed, with or without an earlier request (without one, `consent` is a new id)."""

    pupil: UUID
    consent: UUID
    agency: UUID
    authority: str
    purpose: str = REFERRAL
    data_classes: tuple[str, ...] = ()
    contact: UUID | None = None
    route: str = "paper"
    language: str = "en"
    expires_on: date | None = None
    competence_judged_by: UUID | None = None
    evidence: str | None = None
    words: str | None = None
    local_authority: UUID | None = None
    decided_by: UUID | None = None
    assessed_on: date | None = None
    assessment: str | None = None
    conditions: str | None = None
    kept_from_parents: bool = False
    replaces: UUID | None = None
    service: UUID | None = None
    whole_agency: bool = False
    also_services: tuple[UUID, ...] | None = None
    paper_form: UUID | None = None


class RefuseConsent(Command, frozen=True, kw_only=True):
    pupil: UUID
    consent: UUID
    agency: UUID
    authority: str
    purpose: str = REFERRAL
    contact: UUID | None = None
    words: str | None = None
    service: UUID | None = None
    route: str | None = None
    paper_form: UUID | None = None


class WithdrawConsent(Command, frozen=True, kw_only=True):
    """An agreement is withdrawn; `meaning`: the family only stops the sharing, or ends the referral too."""

    pupil: UUID
    consent: UUID
    contact: UUID | None = None
    words: str | None = None
    meaning: Meaning = "stop_sharing"
    route: str | None = None
    paper_form: UUID | None = None


class RecordLawfulBasis(Command, frozen=True, kw_only=True):
    pupil: UUID
    agency: UUID
    basis: str
    reason: str | None = None
    service: UUID | None = None


def decide_request(
    case: CaseFile, command: RequestConsent, header: Header, world: World
) -> list[AnyConsentEvent]:
    """Records a request. Refuses an unknown agency, service, purpose or contact, and an id that was used
    (`already_asked`)."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    _agency(world, command.agency)
    _code(world, "consent_purpose", command.purpose, command.occurred_on, "purpose")
    if command.contact is not None and case.profile.contact(command.contact) is None:
        raise Refusal("unknown_contact", "contact")
    _shared(world, command.data_classes, command.route, command.language, command.occurred_on)
    if command.consent in case.consents.questions:
        raise Refusal("already_asked", "consent")
    to = named_recipients(world.directory, command, command.occurred_on)
    return [
        ConsentRequested(
            header=header,
            consent=command.consent,
            agency=command.agency,
            purpose=command.purpose,
            data_classes=command.data_classes,
            route=command.route,
            language=command.language,
            contact=command.contact,
            service=to.service,
            whole_agency=to.whole_agency,
            also_services=to.also_services,
        )
    ]


def decide_give(case: CaseFile, command: GiveConsent, header: Header, world: World) -> list[AnyConsentEvent]:
    """Records agreement. Refuses `no_authority` when the person may not agree for this pupil (see `_authority`), and
    an answer to a request about another agency, service or purpose (`already_asked`). What the command does not say of
    services is as the request has it."""
    require_holder_or_family(case, header, world, command.contact)
    require_own_answer(
        case,
        header,
        world,
        consent=command.consent,
        contact=command.contact,
        authority=command.authority,
    )
    require_not_in_future(header, command.occurred_on)
    _agency(world, command.agency)
    _code(world, "consent_purpose", command.purpose, command.occurred_on, "purpose")
    judged = command.competence_judged_by is not None or case.asking.competent(command.purpose) is True
    _authority(case, command.authority, command.contact, judged, command.evidence)
    _shared(world, command.data_classes, command.route, command.language, command.occurred_on)
    _same_question(case, command.consent, command.agency, command.purpose)
    require_current_consent(case, command.consent, command.seen)
    if command.expires_on is not None and command.expires_on < command.occurred_on:
        raise Refusal("ends_before_it_begins", "expires_on")
    asked = case.consents.questions.get(command.consent)
    to = answered_recipients(world.directory, command, asked, command.occurred_on)
    _still_covered(case, command.consent, to)
    given: list[AnyConsentEvent] = [
        ConsentGiven(
            header=header,
            consent=command.consent,
            agency=command.agency,
            purpose=command.purpose,
            data_classes=command.data_classes,
            authority=command.authority,
            route=command.route,
            language=command.language,
            contact=command.contact,
            expires_on=command.expires_on,
            competence_judged_by=command.competence_judged_by,
            evidence=command.evidence,
            words=command.words,
            paper_form=command.paper_form,
            **giver_fields(case, command, world),
            service=to.service,
            whole_agency=to.whole_agency,
            also_services=to.also_services,
        )
    ]
    return [*given, *carried_over(case, command, to, header)]


def decide_refuse(
    case: CaseFile, command: RefuseConsent, header: Header, world: World
) -> list[AnyConsentEvent]:
    """Records a refusal by a person with authority; another person's agreement stays and the conflict is shown. A
    refusal after agreement to the same request withdraws it and closes the access that it opened."""
    require_holder_or_family(case, header, world, command.contact)
    require_own_answer(
        case,
        header,
        world,
        consent=command.consent,
        contact=command.contact,
        authority=command.authority,
    )
    require_not_in_future(header, command.occurred_on)
    _agency(world, command.agency)
    _code(world, "consent_purpose", command.purpose, command.occurred_on, "purpose")
    _authority(case, command.authority, command.contact, True, "said")
    _same_question(case, command.consent, command.agency, command.purpose)
    require_current_consent(case, command.consent, command.seen)
    held = case.consents.questions.get(command.consent)
    if command.service is not None:
        require_service_of(world.directory, command.service, command.agency)
    refused = ConsentRefused(
        header=header,
        consent=command.consent,
        agency=command.agency,
        purpose=command.purpose,
        authority=command.authority,
        contact=command.contact,
        words=command.words,
        service=command.service or (held.service if held is not None else None),
        route=command.route,
        paper_form=command.paper_form,
    )
    if command.route is not None:
        _code(world, "consent_route", command.route, command.occurred_on, "route")
    if held is None or held.standing != "given":
        return [refused]
    return [*withdrawal(case, held, header, contact=command.contact, words=None), refused]


def withdrawal(
    case: CaseFile,
    held: Consent,
    header: Header,
    *,
    contact: UUID | None,
    words: str | None,
    meaning: Meaning = "stop_sharing",
    route: str | None = None,
    paper_form: UUID | None = None,
) -> list[AnyConsentEvent]:
    """The withdrawal of an agreement. Every service that shared on it receives nothing new from here on, those included
    to which the agreement followed; what it wrote or had received stays its own. Refuses `before_it_was_given`."""
    if header.occurred_on < held.since:
        raise Refusal("before_it_was_given", "occurred_on", given=held.since.isoformat())
    withdrawn = ConsentWithdrawn(
        header=header,
        consent=held.consent,
        agency=held.agency,
        contact=contact,
        service=held.service,
        meaning=meaning,
        words=words,
        route=route,
        paper_form=paper_form,
    )
    resting = [d for d in case.consents.disclosures if d.consent == held.consent and d.receives]
    grounds: dict[tuple[UUID, UUID | None], dict[UUID, None]] = {}
    for disclosure in resting:
        grounds.setdefault((disclosure.agency, disclosure.service), {})[disclosure.ground] = None
    stopped = [
        SharingStopped(
            header=header,
            agency=agency,
            service=service,
            grounds=tuple(stops),
            because="agreement_withdrawn",
        )
        for (agency, service), stops in grounds.items()
    ]
    return [withdrawn, *stopped]


def decide_lawful_basis(
    case: CaseFile, command: RecordLawfulBasis, header: Header, world: World
) -> list[AnyConsentEvent]:
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    _agency(world, command.agency)
    if command.service is not None:
        require_service_of(world.directory, command.service, command.agency)
    _code(world, "lawful_basis", command.basis, command.occurred_on, "basis")
    return [
        LawfulBasisRecorded(
            header=header,
            agency=command.agency,
            service=command.service,
            basis=command.basis,
            reason=command.reason,
        )
    ]


def _authority(
    case: CaseFile, authority: str, contact: UUID | None, judged: bool, evidence: str | None
) -> None:
    """Refused `no_authority`. Parental responsibility: a contact of this pupil who has it. Young person: the pupil.
    Competent child: the pupil, where the competence was judged. A court, a lawful representative, best
    interests: evidence (see `giving`)."""
    held = case.profile.contact(contact) if contact is not None else None
    may = {
        "parental_responsibility": held is not None and held.parental_responsibility,
        "young_person": contact is None,
        "competent_child": contact is None and judged,
        "local_authority": contact is None,
        **dict.fromkeys(WITH_EVIDENCE, bool((evidence or "").strip())),
    }
    if not may.get(authority, False):
        raise Refusal("no_authority", "authority", authority=authority)


def _shared(world: World, data_classes: tuple[str, ...], route: str, language: str, on: date) -> None:
    """The codes of an agreement, which are stored in the clear, are in their tables."""
    for code in data_classes:
        _code(world, "data_class", code, on, "data_classes")
    _code(world, "consent_route", route, on, "route")
    _code(world, "language", language, on, "language")


def _agency(world: World, agency: UUID) -> None:
    found = world.directory.organisation(agency)
    if found is None or found.kind not in SERVICE_PROVIDERS:
        raise Refusal("unknown_agency", "agency")


def _code(world: World, table: str, code: str, on: date, field: str) -> None:
    if world.directory.code(table, code, on) == "unknown":
        raise Refusal("unknown_code", field, table=table)


def _same_question(case: CaseFile, consent: UUID, agency: UUID, purpose: str) -> None:
    """Refused `already_asked`: with another agency or purpose under its id, the disclosures that cite it would lose
    their basis."""
    held = case.consents.questions.get(consent)
    if held is not None and (held.agency, held.purpose) != (agency, purpose):
        raise Refusal("already_asked", "consent")


def _still_covered(case: CaseFile, consent: UUID, to: Recipients) -> None:
    """Refused `already_asked`: a service that was told under the agreement cannot be struck out of it, only taken back
    by withdrawing."""
    held = case.consents.questions.get(consent)
    if held is None:
        return
    for service in (d.service for d in case.consents.disclosures if d.consent == consent and d.receives):
        named = held.whole_agency if service is None else held.covers(held.agency, service)
        if named and not to.covers(service):
            raise Refusal("already_asked", "consent")


def require_current_consent(case: CaseFile, consent: UUID, seen: int | None) -> None:
    """Raises StaleVersion when an agreement has changed since the actor saw it."""
    held = case.consents.questions.get(consent)
    if seen is not None and held is not None and held.last_version > seen:
        raise StaleVersion(seen, held.last_version)


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(RequestConsent, decide_request, PUPIL_STREAM),
        decides(GiveConsent, decide_give, PUPIL_STREAM),
        decides(RefuseConsent, decide_refuse, PUPIL_STREAM),
        decides(RecordLawfulBasis, decide_lawful_basis, PUPIL_STREAM),
    ]
)
