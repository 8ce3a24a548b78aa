"""PDF files: whole, not encrypted, and without anything that acts by itself or carries another file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from coordination.errors import Refusal

FIELD = "content"
ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/Movie",
        "/GoToE",
        "/RichMediaExecute",
    }
)
"""Actions that run something, send something away or open another program. A link to a page of the web stays."""
SCRIPTS = frozenset({"/JS", "/JavaScript", "/XFA"})
CARRIERS = frozenset({"/EmbeddedFiles", "/EF"})
ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Screen"})
MOST_OBJECTS = 300_000
DEEPEST = 60
MOST_INFLATED = 64 * 1024 * 1024
"""Bytes to which the streams of objects, which are unpacked when the file is opened, may come together."""

_STREAM = re.compile(rb"stream\r?\n")
_BEFORE = 2048


def checked_pdf(content: bytes) -> bytes:
    """The file. Raises Refusal `document_bomb`, `document_encrypted`, `document_unreadable`, `document_active`,
    `document_embeds`."""
    _refuse_bomb(content)
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Refusal("document_encrypted", FIELD)
            if len(pdf.objects) > MOST_OBJECTS:
                raise Refusal("document_bomb", FIELD)
            if not pdf.pages:
                raise Refusal("document_unreadable", FIELD)
            for held in _dictionaries(pdf):
                _refuse_active(held)
    except pikepdf.PasswordError:
        raise Refusal("document_encrypted", FIELD) from None
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError):
        raise Refusal("document_unreadable", FIELD) from None
    return content


def _refuse_bomb(content: bytes) -> None:
    """Unpacks, up to a limit, what the library would unpack without one."""
    room = MOST_INFLATED
    for found in _STREAM.finditer(content):
        dictionary = content[max(0, found.start() - _BEFORE) : found.start()].rpartition(b" obj")[2]
        if not any(name in dictionary for name in (b"ObjStm", b"XRef", b"#")):
            continue
        inflating = zlib.decompressobj()
        try:
            room -= len(inflating.decompress(content[found.end() :], room + 1))
        except zlib.error:
            continue
        if room < 0:
            raise Refusal("document_bomb", FIELD)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary of the file, also those within others."""
    for whole in [pdf.trailer, *pdf.objects]:
        waiting: list[tuple[Any, int]] = [(whole, 0)]
        while waiting:
            held, depth = waiting.pop()
            if depth > DEEPEST:
                raise Refusal("document_bomb", FIELD)
            if isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
                yield held
                waiting += [(value, depth + 1) for value in dict(held.items()).values() if _within(value)]
            elif isinstance(held, pikepdf.Array):
                waiting += [(value, depth + 1) for value in held if _within(value)]


def _within(value: Any) -> bool:
    """A part of the object itself: what stands elsewhere has its turn there."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _refuse_active(held: Any) -> None:
    keys = set(held.keys())
    if keys & SCRIPTS or str(held.get("/S", "")) in ACTIONS:
        raise Refusal("document_active", FIELD)
    if keys & CARRIERS:
        raise Refusal("document_embeds", FIELD)
    kind = str(held.get("/Subtype", ""))
    if kind in ANNOTATIONS:
        raise Refusal("document_embeds" if kind == "/FileAttachment" else "document_active", FIELD)
