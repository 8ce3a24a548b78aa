"""The state of agreements and disclosures for decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, assert_never
from uuid import UUID

import msgspec

from coordination.pupil.consent.events import (
    AgreementFollowed,
    AnyConsentEvent,
    BasisRequested,
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    ConsentWithdrawn,
    DisclosureClosed,
    DisclosureMade,
    InformationShared,
    LawfulBasisRecorded,
    SharingStopped,
    Subject,
)

Standing = Literal["requested", "given", "refused", "withdrawn", "superseded", "ended"]
"""`ended`: it was the word of somebody who had parental responsibility before an adoption, and counts no longer."""


class Consent(msgspec.Struct, frozen=True):
    """One request for agreement and its answer. `contact` None: the pupil.

    It is about sharing with `service` and with `also_services` (those for which it sorts referrals, less those that
    the family struck out), or with the whole agency where that was said. One recorded before agreements were for a
    service has neither: it is about the services that were told under it (`disclosed_to`). `followed_to` are agencies
    to which a service moved that the agreement is about, `followed` those services.
    """

    consent: UUID
    agency: UUID
    purpose: str
    standing: Standing
    since: date
    last_version: int
    contact: UUID | None = None
    expires_on: date | None = None
    data_classes: tuple[str, ...] = ()
    followed_to: tuple[UUID, ...] = ()
    authority: str = ""
    kept_from_parents: bool = False
    replaced_by: UUID | None = None
    service: UUID | None = None
    whole_agency: bool = False
    also_services: tuple[UUID, ...] = ()
    disclosed_to: tuple[UUID, ...] = ()
    followed: tuple[UUID, ...] = ()

    @property
    def services(self) -> tuple[UUID, ...]:
        """The services that it is about by name; none: of the whole agency, or from before."""
        return (self.service, *self.also_services) if self.service is not None else ()

    def covers(self, agency: UUID, service: UUID) -> bool:
        """Whether it is about sharing with the service of the agency."""
        if service in self.services or service in self.followed:
            return True
        return agency == self.agency and (self.whole_agency or service in self.disclosed_to)

    def in_force(self, on: date) -> bool:
        """Given, not withdrawn, begun and not past its last day."""
        return (
            self.standing == "given"
            and self.since <= on
            and (self.expires_on is None or on <= self.expires_on)
        )


class Disclosure(msgspec.Struct, frozen=True):
    """`service` None: to the whole agency, because the agreement says so. `in_error`: its access was closed because the
    referral was recorded in error, not because an agreement was withdrawn. `until`: the version of the stream after
    which the service receives nothing new, since `stopped_on`, because of a withdrawal or because the referral was
    passed on. `version`: of the disclosure. `from_before`: recorded before access was for a service."""

    ground: UUID
    agency: UUID
    service: UUID | None
    consent: UUID | None
    closed: bool = False
    in_error: bool = False
    data_classes: tuple[str, ...] = ()
    lawful_basis: str = ""
    subject: Subject = "referral"
    until: int | None = None
    version: int = 0
    made_on: date = date.min
    stopped_on: date | None = None
    stopped_because: str | None = None
    from_before: bool = False

    @property
    def receives(self) -> bool:
        """Whether what is recorded now still goes to the service."""
        return not self.closed and self.until is None

    def shown_to(self, ground: UUID, agency: UUID, service: UUID) -> bool:
        """Whether the service sees what was disclosed on the ground: its access is open."""
        return (self.ground, self.agency, self.closed) == (ground, agency, False) and (
            self.service in (None, service)
        )


def in_conflict(answers: Iterable[tuple[str, UUID | None]]) -> bool:
    """Whether one person with authority agrees and another refuses, by standing and contact of each answer. A child
    judged competent, a young person or a court (contact None) agrees alone: a parent's refusal beside it is recorded
    and is no conflict."""
    held = list(answers)
    given = [contact for standing, contact in held if standing == "given"]
    refused = any(standing == "refused" for standing, _ in held)
    return refused and bool(given) and None not in given


class Consents(msgspec.Struct, frozen=True):
    """`heard`: the grounds (minutes, actions) that are listed as having reached a service or organisation. `asked`: the
    referrals, each with a service to which the holder would pass it on, for which a basis was asked."""

    questions: dict[UUID, Consent] = {}
    disclosures: tuple[Disclosure, ...] = ()
    bases: dict[tuple[UUID, UUID | None], str] = {}
    heard: frozenset[tuple[UUID, UUID]] = frozenset()
    asked: frozenset[tuple[UUID, UUID]] = frozenset()

    def agreement(self, agency: UUID, service: UUID, purpose: str, on: date) -> Consent | None:
        """The newest agreement in force with a service of an agency for a purpose on a day."""
        live = [
            c
            for c in self.questions.values()
            if c.covers(agency, service) and c.purpose == purpose and c.in_force(on)
        ]
        return max(live, key=lambda c: (c.since, c.last_version)) if live else None

    def conflict(self, agency: UUID, service: UUID, purpose: str) -> bool:
        """Whether one person with authority agrees to sharing with the service and another refuses; both are shown."""
        asked = [
            c
            for c in self.questions.values()
            if c.agency == agency and c.purpose == purpose and (not c.services or service in c.services)
        ]
        return in_conflict((c.standing, c.contact) for c in asked)

    def disclosed(self, ground: UUID, agency: UUID, service: UUID) -> bool:
        """Whether this ground (a referral) was disclosed to the service and the access is still open, for what it had
        received by then where the sharing has stopped."""
        return any(d.shown_to(ground, agency, service) for d in self.disclosures)

    def disclosed_within(self, ground: UUID, agency: UUID, services: tuple[UUID, ...] | None) -> bool:
        """Whether the ground was disclosed to one of these services of the agency (None: to any) and the access is
        still open."""
        return any(
            (d.ground, d.agency, d.closed) == (ground, agency, False)
            and (services is None or d.service is None or d.service in services)
            for d in self.disclosures
        )

    def receives(self, ground: UUID, agency: UUID, service: UUID) -> bool:
        """Whether what is recorded now on this ground still goes to the service."""
        return any(d.receives and d.shown_to(ground, agency, service) for d in self.disclosures)

    def open_disclosure(self, ground: UUID, agency: UUID, service: UUID) -> Disclosure | None:
        """The newest disclosure of a ground to the service whose access is still open."""
        return next((d for d in reversed(self.disclosures) if d.shown_to(ground, agency, service)), None)

    def closed_in_error(self, ground: UUID, agency: UUID, service: UUID) -> Disclosure | None:
        """The last disclosure to the service, where its access was closed because of an error in the record."""
        to = (d for d in reversed(self.disclosures) if (d.ground, d.agency) == (ground, agency))
        last = next((d for d in to if d.service in (None, service)), None)
        return last if last is not None and last.closed and last.in_error else None

    def rests(self, disclosure: Disclosure, on: date) -> bool:
        """Whether the basis of a disclosure is valid on a day: its agreement, or a basis other than agreement."""
        if disclosure.consent is None:
            return True
        agreed = self.questions.get(disclosure.consent)
        return agreed is not None and agreed.in_force(on)

    def lawful_basis(self, agency: UUID, service: UUID) -> str:
        """The lawful basis recorded for the service, else for its agency, public task unless another was recorded."""
        of_agency = self.bases.get((agency, None), "public_task")
        return self.bases.get((agency, service), of_agency)

    def with_disclosure(self, made: Disclosure) -> Consents:
        """With one more disclosure; an agreement from before that it rests on is about its service from now on."""
        changed = msgspec.structs.replace(self, disclosures=(*self.disclosures, made))
        held = self.questions.get(made.consent) if made.consent is not None else None
        if held is None or made.service is None or not made.from_before or made.service in held.disclosed_to:
            return changed
        told = (*held.disclosed_to, made.service)
        return _with(changed, msgspec.structs.replace(held, disclosed_to=told))


def evolve(consents: Consents, event: AnyConsentEvent, version: int, holder: UUID | None = None) -> Consents:
    """The agreements after the event; `version` is its place in the pupil's stream. `holder` is the service of the
    agency of a disclosure that names none that has its referral at this point: it was disclosed to that one."""
    on = event.header.occurred_on
    match event:
        case ConsentRequested():
            return _with(consents, _asked(event, version))
        case ConsentGiven():
            return _with(_superseded(consents, event), _as_given(_asked(event, version), event))
        case ConsentRefused(consent=key, agency=agency, purpose=purpose, contact=contact):
            refused = Consent(key, agency, purpose, "refused", on, version, contact, service=event.service)
            return _with(consents, refused)
        case ConsentWithdrawn():
            return _withdrawn(consents, event, version)
        case LawfulBasisRecorded(agency=agency, basis=basis):
            bases = {**consents.bases, (agency, event.service): basis}
            return msgspec.structs.replace(consents, bases=bases)
        case AgreementFollowed(consent=key, agency=agency):
            old = consents.questions[key]
            new = msgspec.structs.replace(
                old,
                followed_to=(*old.followed_to, agency),
                followed=(*old.followed, event.service),
                last_version=version,
            )
            return _with(consents, new)
        case SharingStopped():
            return _stopped(consents, event, version)
        case InformationShared(ground=ground, organisation=organisation, service=service):
            heard = consents.heard | {(ground, service or organisation)}
            return msgspec.structs.replace(consents, heard=heard)
        case BasisRequested(referral=referral, service=of):
            return msgspec.structs.replace(consents, asked=consents.asked | {(referral, of)})
        case DisclosureClosed():
            return _closed(consents, event)
        case DisclosureMade(ground=ground, agency=agency, consent=key):
            before = event.service is None and not event.whole_agency
            made = Disclosure(
                ground,
                agency,
                holder if before else event.service,
                key,
                data_classes=event.data_classes,
                lawful_basis=event.lawful_basis,
                subject=event.subject,
                version=version,
                made_on=on,
                from_before=before,
            )
            return consents.with_disclosure(made)
        case _:
            assert_never(event)


def _withdrawn(consents: Consents, event: ConsentWithdrawn, version: int) -> Consents:
    changed = consents
    old = consents.questions.get(event.consent)
    if old is not None:
        on = event.header.occurred_on
        new = msgspec.structs.replace(old, standing="withdrawn", since=on, last_version=version)
        changed = _with(consents, new)
    # a disclosure of the same referral to another agency has its own agreement
    closed = tuple(
        msgspec.structs.replace(d, closed=True)
        if d.ground in event.grounds and d.agency == event.agency and event.service in (None, d.service)
        else d
        for d in changed.disclosures
    )
    return msgspec.structs.replace(changed, disclosures=closed)


def _stopped(consents: Consents, event: SharingStopped, version: int) -> Consents:
    """For the service that the event names; without one, for the whole agency where that was told, and for those that
    were told before access was for a service."""
    stopped = tuple(
        msgspec.structs.replace(
            d, until=version, stopped_on=event.header.occurred_on, stopped_because=event.because
        )
        if d.ground in event.grounds
        and d.agency == event.agency
        and d.receives
        and (d.service == event.service or (event.service is None and d.from_before))
        else d
        for d in consents.disclosures
    )
    return msgspec.structs.replace(consents, disclosures=stopped)


def _asked(event: ConsentRequested | ConsentGiven, version: int) -> Consent:
    """The question as asked or answered with yes."""
    given = event if isinstance(event, ConsentGiven) else None
    return Consent(
        event.consent,
        event.agency,
        event.purpose,
        "given" if given else "requested",
        event.header.occurred_on,
        version,
        event.contact,
        given.expires_on if given else None,
        event.data_classes,
        service=event.service,
        whole_agency=event.whole_agency,
        also_services=event.also_services,
    )


def _closed(consents: Consents, event: DisclosureClosed) -> Consents:
    """The access that the disclosure opened is closed: for one service, or (from before) for each of the agency."""
    in_error = event.because in ("recorded_in_error", "not_passed_on")
    closed = tuple(
        msgspec.structs.replace(d, closed=True, in_error=in_error)
        if (d.ground, d.agency, d.closed) == (event.ground, event.agency, False)
        and (event.service == d.service or not (event.service or event.whole_agency))
        else d
        for d in consents.disclosures
    )
    return msgspec.structs.replace(consents, disclosures=closed)


def passed_on_from_before(consents: Consents, ground: UUID, agency: UUID, service: UUID) -> Consents:
    """A referral was passed on within an agency to which it was disclosed before access was for a service: the agency
    had sight of it then, so the next service has."""
    open_before = [
        d
        for d in consents.disclosures
        if (d.ground, d.agency, d.closed, d.from_before) == (ground, agency, False, True)
    ]
    if not open_before or consents.disclosed(ground, agency, service):
        return consents
    return consents.with_disclosure(msgspec.structs.replace(open_before[-1], service=service))


def identity_replaced(consents: Consents) -> Consents:
    """The agreements after an adoption: what contacts agreed, refused or were asked before counts no longer. What was
    disclosed stays disclosed; the child's own word stands."""
    ended = {
        key: msgspec.structs.replace(held, standing="ended") if held.contact is not None else held
        for key, held in consents.questions.items()
    }
    return msgspec.structs.replace(consents, questions=ended)


def _as_given(given: Consent, event: ConsentGiven) -> Consent:
    return msgspec.structs.replace(
        given, authority=event.authority, kept_from_parents=event.kept_from_parents
    )


def _superseded(consents: Consents, event: ConsentGiven) -> Consents:
    """The agreements after one of them has taken the place of another."""
    old = consents.questions.get(event.replaces) if event.replaces is not None else None
    if old is None:
        return consents
    on = event.header.occurred_on
    return _with(
        consents, msgspec.structs.replace(old, standing="superseded", since=on, replaced_by=event.consent)
    )


def _with(consents: Consents, consent: Consent) -> Consents:
    return msgspec.structs.replace(consents, questions={**consents.questions, consent.consent: consent})
