"""The events of documents: attached, filed with the pupil's record, and struck out.

A document is a stream of its own, with a key of its own: `document.attached` seals the file name under it, and the
bytes are sealed with the same key in log.document. Erasing any pupil that it names destroys that key. On the pupil's
stream stands, in the same save, that it was filed there.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from coordination.event import DocumentEvent, PupilEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special

AttachedTo = Literal["referral", "minute", "challenge", "reply"]
"""What a document is attached to; `reply`: to the agency's answer to a challenge."""


class DocumentAttached(DocumentEvent, frozen=True, kw_only=True):
    """A document was attached to `thing` (a referral, minute or challenge). `size` is that of the file in bytes,
    `media_type` what its content was found to be, `sha256` that of the ciphertext (hexadecimal), `pupils` whom it
    concerns. `data_class` is the class of data by which agreements cover it, `requirement` what of the things that a
    service asks for it answers. `service`: the service of an agency that attached it; None: a school or an authority
    did."""

    topic = "document.attached"
    document: Operational[UUID]
    attached_to: Operational[AttachedTo]
    thing: Operational[UUID]
    size: Operational[int]
    media_type: Operational[str]
    sha256: Operational[str]
    pupils: Operational[tuple[UUID, ...]]
    data_class: Operational[str]
    requirement: Operational[str | None] = None
    service: Operational[UUID | None] = None
    file_name: Personal[str] = SEALED


class FiledDocumentEvent(PupilEvent, frozen=True, kw_only=True):
    """On a pupil's stream, about one document."""

    document: Operational[UUID]


class DocumentFiled(FiledDocumentEvent, frozen=True, kw_only=True):
    """A document was attached to a referral or a minute of the pupil; as `DocumentAttached`."""

    topic = "document.filed"
    attached_to: Operational[Literal["referral", "minute"]]
    thing: Operational[UUID]
    data_class: Operational[str]
    requirement: Operational[str | None] = None
    service: Operational[UUID | None] = None


class DocumentStruck(FiledDocumentEvent, frozen=True, kw_only=True):
    """A document was attached in error: it is shown to nobody from here on, and stays on the record."""

    topic = "document.struck"
    why: Special[str] = SEALED


AnyFiledDocumentEvent = DocumentFiled | DocumentStruck
"""Those on a pupil's stream, so that the type checker finds a `match` that forgets one."""
