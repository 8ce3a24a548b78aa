"""The bytes of documents: sealed under a key of their own before they are recorded, and opened again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Cursor

from coordination.event import Event
from coordination.pupil.documents.events import DocumentAttached
from coordination.store.keys import NONCE, OuterKeys, TamperedCiphertext

_INSERT = "insert into log.document (document, pupils, attached_at, ciphertext) values (%s, %s, %s, %s)"
_OPEN = """
select d.ciphertext, k.wrapped, k.wrapping_key from log.document d join log.stream_key k on k.stream = d.document
where d.document = %s and not exists (select from log.withheld_before w where w.stream = d.document)
"""
# Once the identity of a pupil was replaced, earlier documents open no more: their name neither, which is in the first
# version of their stream.
_WITHHOLD = """
insert into log.withheld_before (stream, version, since)
select d.document, 2, w.since from unnest(%s::uuid[], %s::timestamptz[]) as w(pupil, since)
join log.document d on w.pupil = any (d.pupils) on conflict (stream) do nothing
"""


class SealedDocument(msgspec.Struct, frozen=True):
    """The ciphertext of a document and its new key, until both are recorded."""

    key: bytes
    ciphertext: bytes

    def __repr__(self) -> str:
        return f"SealedDocument({len(self.ciphertext)} bytes)"


class DocumentSeals(dict[UUID, SealedDocument]):
    """The documents sealed for one save."""

    def seal(self, document: UUID, content: bytes) -> str:
        """Seals the bytes of a document under a new key, bound to its id; the SHA-256 of the ciphertext in
        hexadecimal."""
        key, nonce = AESGCM.generate_key(256), os.urandom(NONCE)
        ciphertext = nonce + AESGCM(key).encrypt(nonce, content, _place(document))
        self[document] = SealedDocument(key, ciphertext)
        return sha256(ciphertext).hexdigest()


class DocumentRows:
    """The rows of log.document of one save."""

    def __init__(self) -> None:
        self.attached: list[tuple[UUID, tuple[UUID, ...], datetime]] = []

    def gather(self, event: Event) -> None:
        """Collects a document that an event attaches."""
        if isinstance(event, DocumentAttached):
            self.attached.append((event.document, event.pupils, event.header.recorded_at))

    def write(self, cursor: Cursor[Any], sealed: DocumentSeals) -> None:
        """Writes them, each by itself: a document may be large."""
        for document, pupils, at in self.attached:
            row = (document, list(pupils), at, sealed[document].ciphertext)
            cursor.execute(_INSERT, row)

    @staticmethod
    def withhold(cursor: Cursor[Any], replaced: Sequence[tuple[UUID, datetime]]) -> None:
        """Withholds the documents of pupils whose identity was replaced."""
        cursor.execute(_WITHHOLD, ([pupil for pupil, _ in replaced], [since for _, since in replaced]))


class DocumentContents:
    """Opens documents; the record has the keys and the connections."""

    outer: OuterKeys

    def _cursor(self) -> AbstractContextManager[Cursor[Any]]:
        raise NotImplementedError

    def document(self, document: UUID) -> bytes | None:
        """The bytes of a document. None: there is none, a pupil that it names was erased, or it is from before the
        identity of one was replaced. Raises TamperedCiphertext when they are not those that were sealed."""
        with self._cursor() as cursor:
            row = cursor.execute(_OPEN, (document,), binary=True).fetchone()
        if row is None:
            return None
        box, key = bytes(row[0]), self.outer.unwrap(bytes(row[1]), row[2])
        try:
            return AESGCM(key).decrypt(box[:NONCE], box[NONCE:], _place(document))
        except InvalidTag:
            raise TamperedCiphertext(f"document {document}") from None


def _place(document: UUID) -> bytes:
    return b"%s:content" % document.hex.encode()
