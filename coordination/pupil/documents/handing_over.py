"""What follows, in the same save, from what was decided: the minutes and actions that reach services, and the documents
that do, each as an event on the pupil's stream that cites its basis.

A document of a referral or minute goes to a service with the disclosure of that, as far as its agreement covers the
document's class of data; one that is attached later goes to those that receive the rest, on the basis in force then.
One of a challenge goes to the challenged service for each pupil that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from coordination.challenge.events import ChallengeDocumentFiled, ChallengeEscalated, ChallengeSent
from coordination.challenge.state import Challenge
from coordination.decisions import AddressedEvent
from coordination.directory.state import Directory
from coordination.event import Event, Header
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.bases import Basis, basis_in_force
from coordination.pupil.consent.events import DisclosureClosed, DisclosureMade
from coordination.pupil.documents.events import DocumentFiled
from coordination.pupil.documents.state import FiledDocument
from coordination.pupil.minutes.handing_over import handed_over


def follows(
    decided: Sequence[AddressedEvent],
    states: Mapping[UUID, Any],
    files: Callable[[Sequence[UUID]], Mapping[UUID, CaseFile]],
    directory: Directory,
) -> list[AddressedEvent]:
    """All that follows from events that were decided: `states` are those of their streams, after them; `files` gives
    the files of pupils."""
    found = handed_over(decided, states, files, directory)
    for stream, event in (*decided, *found):
        match event:
            case DocumentFiled() | DisclosureMade() | DisclosureClosed():
                case = files([stream])[stream]
                found += [AddressedEvent(stream, one) for one in with_documents(case, event)]
            case ChallengeDocumentFiled() | ChallengeSent() | ChallengeEscalated():
                found += to_challenged(states[stream], event, files)
            case _:
                pass
    return found


def with_documents(case: CaseFile, event: Event) -> list[DisclosureMade | DisclosureClosed]:
    """What an event on a pupil's stream, as it leaves the file, gives of documents, or takes back."""
    match event:
        case DocumentFiled(document=key, thing=thing):
            return list(_attached(case, case.documents.filed[key], thing, event.header))
        case DisclosureMade(subject="referral" | "minute"):
            return list(_disclosed(case, event))
        case DisclosureClosed():
            return list(_taken_back(case, event))
        case _:
            return []


def covered(case: CaseFile, consent: UUID | None, data_class: str) -> bool:
    """Whether an agreement covers a class of data: one that names none covers everything. Without an agreement a
    professional's decision or the law is the basis, and covers what is attached."""
    agreed = case.consents.questions.get(consent) if consent is not None else None
    return agreed is None or not agreed.data_classes or data_class in agreed.data_classes


def _disclosed(case: CaseFile, shared: DisclosureMade) -> Iterator[DisclosureMade]:
    """The documents that go with a referral or minute."""
    for filed in case.documents.of(shared.ground):
        told = any(
            (d.ground, d.agency, d.service) == (filed.document, shared.agency, shared.service) and d.receives
            for d in case.consents.disclosures
        )
        if not told and covered(case, shared.consent, filed.data_class):
            yield DisclosureMade(
                header=shared.header,
                agency=shared.agency,
                service=shared.service,
                whole_agency=shared.whole_agency,
                ground=filed.document,
                data_classes=(filed.data_class,),
                lawful_basis=shared.lawful_basis,
                consent=shared.consent,
                subject="document",
                until=shared.until,
                order=shared.order,
                override_reason=None,
            )


def _attached(case: CaseFile, filed: FiledDocument, thing: UUID, header: Header) -> Iterator[DisclosureMade]:
    """A document attached later, to each service that still receives what it is attached to; not to the one that
    attached it."""
    services: dict[tuple[UUID, UUID | None], None] = {}
    for shared in case.consents.disclosures:
        to = (shared.agency, shared.service)
        if shared.ground != thing or not shared.receives or to in services:
            continue
        services[to] = None
        if filed.service is not None and filed.service == shared.service:
            continue
        service = shared.service or _holder(case, thing)
        basis = basis_in_force(case.consents, case.objections, shared.agency, service, header.occurred_on)
        if basis is not None and covered(case, basis.consent, filed.data_class):
            yield _made(case, filed.document, filed.data_class, shared.agency, shared.service, basis, header)


def _holder(case: CaseFile, thing: UUID) -> UUID:
    """Of what the whole agency was told: the service that has the referral (of a minute: none)."""
    held = case.referrals.get(thing)
    return held.service if held is not None else thing


def _made(
    case: CaseFile,
    document: UUID,
    data_class: str,
    agency: UUID,
    service: UUID | None,
    basis: Basis,
    header: Header,
) -> DisclosureMade:
    agreed = case.consents.questions.get(basis.consent) if basis.consent is not None else None
    return DisclosureMade(
        header=header,
        agency=agency,
        service=service,
        whole_agency=service is None,
        ground=document,
        data_classes=(data_class,),
        lawful_basis=basis.lawful_basis,
        consent=basis.consent,
        subject="document",
        until=agreed.expires_on if agreed is not None else None,
        override_reason=None,
    )


def _taken_back(case: CaseFile, closed: DisclosureClosed) -> Iterator[DisclosureClosed]:
    """A service from which a referral or minute is taken back loses its documents too."""
    documents = {filed.document for filed in case.documents.of(closed.ground)}
    for made in case.consents.disclosures:
        if made.ground not in documents or made.closed or made.agency != closed.agency:
            continue
        if closed.service not in (None, made.service):
            continue
        yield DisclosureClosed(
            header=closed.header,
            agency=made.agency,
            ground=made.ground,
            because=closed.because,
            service=made.service,
            whole_agency=made.service is None,
        )


def to_challenged(
    challenge: Challenge, event: Event, files: Callable[[Sequence[UUID]], Mapping[UUID, CaseFile]]
) -> list[AddressedEvent]:
    """The documents of a challenge that name pupils, on each pupil's stream, once the agency has the challenge."""
    if challenge.sent_on is None:
        return []
    held = challenge.documents.values()
    documents = [
        one
        for one in held
        if one.filed_by != challenge.agency
        and (not isinstance(event, ChallengeDocumentFiled) or one.document == event.document)
    ]
    found = []
    for one in documents:
        for pupil, case in files(one.pupils).items():
            to = (challenge.agency, challenge.service)
            told = any(
                (d.ground, d.agency, d.service) == (one.document, *to) for d in case.consents.disclosures
            )
            basis = basis_in_force(case.consents, case.objections, *to, event.header.occurred_on)
            if basis is None or told or not covered(case, basis.consent, one.data_class):
                continue
            made = _made(case, one.document, one.data_class, *to, basis, event.header)
            found.append(AddressedEvent(pupil, made))
    return found
