"""The documents of a pupil, and a document's own stream, as decisions need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.authority import acting_organisation
from coordination.event import DocumentEvent
from coordination.pupil.documents.events import (
    AnyFiledDocumentEvent,
    AttachedTo,
    DocumentAttached,
    DocumentFiled,
    DocumentStruck,
)
from coordination.streams import StreamKind, ToDocument


class Document(msgspec.Struct, frozen=True):
    """A document's own stream; not attached while `version` is 0."""

    version: int = 0
    pupils: tuple[UUID, ...] = ()


class FiledDocument(msgspec.Struct, frozen=True):
    """A document of a pupil. `filed_by` is the organisation that attached it, `service` its service where it is an
    agency."""

    document: UUID
    attached_to: AttachedTo
    thing: UUID
    data_class: str
    requirement: str | None
    filed_by: UUID
    service: UUID | None
    struck: bool = False


class Documents(msgspec.Struct, frozen=True):
    """All documents of a pupil by id, those struck out included."""

    filed: dict[UUID, FiledDocument] = {}

    def of(self, thing: UUID) -> Iterator[FiledDocument]:
        """The documents of a referral or minute that are not struck out."""
        return (one for one in self.filed.values() if one.thing == thing and not one.struck)


def evolve(documents: Documents, event: AnyFiledDocumentEvent) -> Documents:
    """The pupil's documents after the event."""
    match event:
        case DocumentFiled():
            filed = FiledDocument(
                event.document,
                event.attached_to,
                event.thing,
                event.data_class,
                event.requirement,
                acting_organisation(event.header),
                event.service,
            )
        case DocumentStruck(document=key):
            filed = msgspec.structs.replace(documents.filed[key], struck=True)
        case _:
            assert_never(event)
    return Documents({**documents.filed, event.document: filed})


def _attached(document: Document, event: DocumentAttached) -> Document:
    return Document(document.version + 1, event.pupils)


DOCUMENT_STREAM: StreamKind[Document, DocumentAttached, ToDocument] = StreamKind(
    "document", DocumentEvent, Document(), _attached, lambda command: command.document
)
