"""Attaching documents to a referral or a minute, and striking them out."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import AGENCY_ROLES, acting_organisation, require_not_in_future, require_staff
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_words
from coordination.pupil.casefile import PUPIL_STREAM, AnyPupilEvent, CaseFile
from coordination.pupil.consent.events import DisclosureClosed
from coordination.pupil.documents.commands import AttachDocument, StrikeDocument
from coordination.pupil.documents.events import DocumentAttached, DocumentFiled, DocumentStruck
from coordination.pupil.documents.files import checked_size, file_name
from coordination.pupil.documents.state import DOCUMENT_STREAM, Document
from coordination.pupil.holders import require_holder
from coordination.pupil.referral.decisions.checks import held_referral, require_codes
from coordination.world import World


def decide_attach(
    case: CaseFile, document: Document, command: AttachDocument, header: Header, world: World
) -> list[AnyPupilEvent | DocumentAttached]:
    """A document of a referral is attached by whoever holds the pupil's file or the referral, one of a minute by the
    school that took it; for others neither exists (NotFound).

    Refuses `document_exists`, `document_empty`, `document_too_large`, `document_type_not_accepted`, `unknown_code`, a
    requirement of something that is no referral (`requirement_of_referral`), `in_the_future`.
    """
    service = _attacher(case, command, header, world)
    require_not_in_future(header, command.occurred_on)
    require_codes(world, "data_class", command.data_class, command.occurred_on, "data_class")
    if command.requirement is not None:
        if command.attached_to != "referral":
            raise Refusal("requirement_of_referral", "requirement")
        require_codes(world, "requirement", command.requirement, command.occurred_on, "requirement")
    if document.version:
        raise Refusal("document_exists", "document")
    filed = DocumentFiled(
        header=header,
        document=command.document,
        attached_to=command.attached_to,
        thing=command.thing,
        data_class=command.data_class,
        requirement=command.requirement,
        service=service,
    )
    attached = DocumentAttached(
        header=header,
        document=command.document,
        attached_to=command.attached_to,
        thing=command.thing,
        size=checked_size(command.content, command.media_type),
        media_type=command.media_type,
        sha256=world.seal(command.document, command.content),
        pupils=(command.pupil,),
        data_class=command.data_class,
        requirement=command.requirement,
        service=service,
        file_name=file_name(command.file_name, command.media_type),
    )
    return [filed, attached]


def _attacher(case: CaseFile, command: AttachDocument, header: Header, world: World) -> UUID | None:
    """The service of the agency that attaches it, None for whoever holds the pupil's file. Raises NotFound."""
    if command.attached_to == "minute":
        minute = case.minutes.minutes.get(command.thing)
        if minute is None:
            raise NotFound
        require_staff(header, frozenset({minute.school}))
        return None
    held = held_referral(case, command.thing, header, None, world)
    if header.role not in AGENCY_ROLES or acting_organisation(header) not in held.agencies:
        require_holder(case.profile, header)
        return None
    if acting_organisation(header) != held.agency or not world.acts_for(held.service):
        raise Refusal("not_the_holder", "document")
    return held.service


def decide_strike(
    case: CaseFile, command: StrikeDocument, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Struck out by the organisation that attached it; the services to which it went lose it. Raises NotFound; refuses
    `cannot_be_empty`."""
    filed = case.documents.filed.get(command.document)
    if filed is None or filed.struck or acting_organisation(header) != filed.filed_by:
        raise NotFound
    if filed.service is None:
        require_staff_or_holder(case, filed.filed_by, header)
    elif header.role not in AGENCY_ROLES or not world.acts_for(filed.service):
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    struck = DocumentStruck(header=header, document=command.document, why=require_words(command.why, "why"))
    closed = [
        DisclosureClosed(
            header=header,
            agency=made.agency,
            ground=made.ground,
            because="recorded_in_error",
            service=made.service,
            whole_agency=made.service is None,
        )
        for made in case.consents.disclosures
        if made.ground == command.document and not made.closed
    ]
    return [struck, *closed]


def require_staff_or_holder(case: CaseFile, filed_by: UUID, header: Header) -> None:
    """The actor is of the school that filed it, or of whoever holds the file now. Raises NotFound."""
    try:
        require_staff(header, frozenset({filed_by}))
    except NotFound:
        require_holder(case.profile, header)


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(AttachDocument, decide_attach, PUPIL_STREAM, DOCUMENT_STREAM),
        decides(StrikeDocument, decide_strike, PUPIL_STREAM),
    ]
)
