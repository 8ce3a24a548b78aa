"""Documents to rows. The file name stays sealed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.authority import acting_organisation
from coordination.event import Event
from coordination.pupil.documents.events import DocumentAttached, DocumentStruck
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.table import Table


class DocumentTableRow(msgspec.Struct, frozen=True):
    """A document of a referral or a minute."""

    document: UUID
    pupil: UUID
    attached_to: str
    thing: UUID
    organisation: UUID
    service: UUID | None
    person: UUID
    attached_on: date
    size: int
    media_type: str
    data_class: str
    requirement: str | None
    sealed: str


class ChallengeDocumentTableRow(msgspec.Struct, frozen=True):
    """A document of a challenge or of the reply to it."""

    document: UUID
    challenge: UUID
    attached_to: str
    pupils: list[UUID]
    organisation: UUID
    service: UUID | None
    person: UUID
    attached_on: date
    size: int
    media_type: str
    data_class: str
    sealed: str


DOCUMENT = Table("document", DocumentTableRow, key=1)
CHALLENGE_DOCUMENT = Table("challenge_document", ChallengeDocumentTableRow, key=1)


class DocumentProjection:
    """A row for each document that was attached, none for one that was struck out."""

    name = "documents"
    tables: tuple[AnyTable, ...] = (DOCUMENT, CHALLENGE_DOCUMENT)
    topics: frozenset[type[Event]] = frozenset({DocumentAttached, DocumentStruck})
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """The row of a document."""
        match change.event:
            case DocumentAttached(attached_to="referral" | "minute") as attached:
                rows.put(DOCUMENT, _document(attached))
            case DocumentAttached() as attached:
                rows.put(CHALLENGE_DOCUMENT, _challenge_document(attached))
            case DocumentStruck(document=key):
                rows.remove(DOCUMENT, (key,))
            case _:
                pass


def _document(attached: DocumentAttached) -> DocumentTableRow:
    return DocumentTableRow(
        document=attached.document,
        pupil=attached.pupils[0],
        attached_to=attached.attached_to,
        thing=attached.thing,
        organisation=acting_organisation(attached.header),
        service=attached.service,
        person=attached.header.person,
        attached_on=attached.header.occurred_on,
        size=attached.size,
        media_type=attached.media_type,
        data_class=attached.data_class,
        requirement=attached.requirement,
        sealed=attached.sealed,
    )


def _challenge_document(attached: DocumentAttached) -> ChallengeDocumentTableRow:
    return ChallengeDocumentTableRow(
        document=attached.document,
        challenge=attached.thing,
        attached_to=attached.attached_to,
        pupils=list(attached.pupils),
        organisation=acting_organisation(attached.header),
        service=attached.service,
        person=attached.header.person,
        attached_on=attached.header.occurred_on,
        size=attached.size,
        media_type=attached.media_type,
        data_class=attached.data_class,
        sealed=attached.sealed,
    )


PROJECTION = DocumentProjection()
