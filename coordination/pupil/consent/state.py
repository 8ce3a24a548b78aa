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
    """One request for agreement and its answer. `contact` None: the pupil. `followed_to` are agencies to which a
    service moved that the agreement is about."""

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

    def covers(self, agency: UUID) -> bool:
        """Whether it is about sharing with the agency, or followed a service there."""
        return agency == self.agency or agency in self.followed_to

    def in_force(self, on: date) -> bool:
        """Given, not withdrawn, begun and not past its last day."""
        return (
            self.standing == "given"
            and self.since <= on
            and (self.expires_on is None or on <= self.expires_on)
        )


class Disclosure(msgspec.Struct, frozen=True):
    """`in_error`: its access was closed because the referral was recorded in error, not because an agreement was
    withdrawn. `until`: the version of the stream after which the service receives nothing new, since
    `stopped_on`, because of a withdrawal or because the referral was passed on. `version`: of the disclosure."""

    ground: UUID
    agency: UUID
    consent: UUID | None
    closed: bool = False
    in_error: bool = False
    data_classes: tuple[str, ...] = ()
    lawful_basis: str = ""
    service: UUID | None = None
    subject: Subject = "referral"
    until: int | None = None
    version: int = 0
    made_on: date = date.min
    stopped_on: date | None = None
    stopped_because: str | None = None

    @property
    def receives(self) -> bool:
        """Whether what is recorded now still goes to the service."""
        return not self.closed and self.until is None


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
    bases: dict[UUID, str] = {}
    heard: frozenset[tuple[UUID, UUID]] = frozenset()
    asked: frozenset[tuple[UUID, UUID]] = frozenset()

    def agreement(self, agency: UUID, purpose: str, on: date) -> Consent | None:
        """The newest agreement in force with an agency for a purpose on a day."""
        live = [
            c for c in self.questions.values() if c.covers(agency) and c.purpose == purpose and c.in_force(on)
        ]
        return max(live, key=lambda c: (c.since, c.last_version)) if live else None

    def conflict(self, agency: UUID, purpose: str) -> bool:
        """Whether one person with authority agrees and another refuses; both are shown."""
        asked = [c for c in self.questions.values() if c.agency == agency and c.purpose == purpose]
        return in_conflict((c.standing, c.contact) for c in asked)

    def disclosed(self, ground: UUID, agency: UUID) -> bool:
        """Whether this ground (a referral) was disclosed to the agency and the access is still open, for what it had
        received by then where the sharing has stopped."""
        return any(d.ground == ground and d.agency == agency and not d.closed for d in self.disclosures)

    def receives(self, ground: UUID, agency: UUID) -> bool:
        """Whether what is recorded now on this ground still goes to the agency."""
        return any(d.ground == ground and d.agency == agency and d.receives for d in self.disclosures)

    def open_disclosure(self, ground: UUID, agency: UUID) -> Disclosure | None:
        """The newest disclosure of a ground to the agency whose access is still open."""
        live = [d for d in self.disclosures if (d.ground, d.agency, d.closed) == (ground, agency, False)]
        return live[-1] if live else None

    def closed_in_error(self, ground: UUID, agency: UUID) -> Disclosure | None:
        """The last disclosure to the agency, where its access was closed because of an error in the record."""
        last = next((d for d in reversed(self.disclosures) if (d.ground, d.agency) == (ground, agency)), None)
        return last if last is not None and last.closed and last.in_error else None

    def rests(self, disclosure: Disclosure, on: date) -> bool:
        """Whether the basis of a disclosure is valid on a day: its agreement, or a basis other than agreement."""
        if disclosure.consent is None:
            return True
        agreed = self.questions.get(disclosure.consent)
        return agreed is not None and agreed.in_force(on)

    def lawful_basis(self, agency: UUID) -> str:
        """The recorded lawful basis, public task unless another was recorded."""
        return self.bases.get(agency, "public_task")


def evolve(consents: Consents, event: AnyConsentEvent, version: int) -> Consents:
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
            return _with(_superseded(consents, event), _as_given(given, event))
        case ConsentRefused(consent=key, agency=agency, purpose=purpose, contact=contact):
            return _with(consents, Consent(key, agency, purpose, "refused", on, version, contact))
        case ConsentWithdrawn():
            return _withdrawn(consents, event, version)
        case LawfulBasisRecorded(agency=agency, basis=basis):
            return msgspec.structs.replace(consents, bases={**consents.bases, agency: basis})
        case AgreementFollowed(consent=key, agency=agency):
            followed = consents.questions[key]
            to = (*followed.followed_to, agency)
            return _with(consents, msgspec.structs.replace(followed, followed_to=to, last_version=version))
        case SharingStopped():
            return _stopped(consents, event, version)
        case InformationShared(ground=ground, organisation=organisation, service=service):
            heard = consents.heard | {(ground, service or organisation)}
            return msgspec.structs.replace(consents, heard=heard)
        case BasisRequested(referral=referral, service=of):
            return msgspec.structs.replace(consents, asked=consents.asked | {(referral, of)})
        case DisclosureClosed(ground=ground, agency=agency, because=because):
            in_error = because in ("recorded_in_error", "not_passed_on")
            closed = tuple(
                msgspec.structs.replace(d, closed=True, in_error=in_error)
                if (d.ground, d.agency, d.closed) == (ground, agency, False)
                else d
                for d in consents.disclosures
            )
            return msgspec.structs.replace(consents, disclosures=closed)
        case DisclosureMade(ground=ground, agency=agency, consent=key):
            made = Disclosure(
                ground,
                agency,
                key,
                data_classes=event.data_classes,
                lawful_basis=event.lawful_basis,
                service=event.service,
                subject=event.subject,
                version=version,
                made_on=on,
            )
            return msgspec.structs.replace(consents, disclosures=(*consents.disclosures, made))
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
        if d.ground in event.grounds and d.agency == event.agency
        else d
        for d in changed.disclosures
    )
    return msgspec.structs.replace(changed, disclosures=closed)


def _stopped(consents: Consents, event: SharingStopped, version: int) -> Consents:
    of = (event.agency, event.service)
    stopped = tuple(
        msgspec.structs.replace(
            d, until=version, stopped_on=event.header.occurred_on, stopped_because=event.because
        )
        if d.ground in event.grounds and (d.agency, d.service) == of and d.receives
        else d
        for d in consents.disclosures
    )
    return msgspec.structs.replace(consents, disclosures=stopped)


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
