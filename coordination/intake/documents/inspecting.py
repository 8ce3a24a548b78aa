"""Whether a file may be attached, by its content. What it is called says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import puremagic

from coordination.errors import Refusal
from coordination.intake.documents.images import checked_image
from coordination.intake.documents.office import checked_office, checked_open_document
from coordination.intake.documents.pdf import checked_pdf
from coordination.pupil.documents.media_types import BY_CODE, DOCUMENT_TYPES, DocumentType

FIELD = "content"
PROGRAMS = frozenset(
    {".exe", ".dll", ".elf", ".so", ".msi", ".com", ".scr", ".class", ".jar", ".apk", ".macho", ".lnk", ".sh"}
)
"""What the library calls the beginnings of programs."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"RIFF", "webp"),
    (b"PK\x03\x04", "zip"),
)
_PDF_WITHIN = 1024


class DocumentLimits(msgspec.Struct, frozen=True):
    """`largest` in bytes; `types`: the codes of what is accepted."""

    largest: int = 10 * 1024 * 1024
    types: tuple[str, ...] = tuple(one.code for one in DOCUMENT_TYPES)


class CheckedFile(msgspec.Struct, frozen=True):
    """The bytes to keep (of an image without its metadata), and what they are."""

    content: bytes
    type: DocumentType


def checked_file(content: bytes, limits: DocumentLimits) -> CheckedFile:
    """The file as it is kept. Raises Refusal at `content`: `document_empty`, `document_too_large`,
    `document_program`, `document_type_not_accepted`, `document_encrypted`, `document_active`, `document_embeds`,
    `document_external`, `document_bomb`, `document_unreadable`."""
    if not content:
        raise Refusal("document_empty", FIELD)
    if len(content) > limits.largest:
        raise Refusal("document_too_large", FIELD, most=limits.largest // 2**20)
    kind = _kind(content)
    check, codes = _CHECKS.get(kind, (None, ()))
    if check is None or not set(codes) & set(limits.types):
        _refuse_kind(content, limits.types)
    assert check is not None
    code, kept = check(content)
    if code not in limits.types:
        _refuse_kind(content, limits.types)
    return CheckedFile(kept, BY_CODE[code])


def _kind(content: bytes) -> str:
    if content.startswith(_OLE):
        return "ole"
    for start, kind in _STARTS:
        if content.startswith(start) and (kind != "webp" or content[8:12] == b"WEBP"):
            return kind
    return "pdf" if b"%PDF-" in content[:_PDF_WITHIN] else ""


def _refuse_kind(content: bytes, types: Sequence[str]) -> None:
    if looks_like_program(content):
        raise Refusal("document_program", FIELD)
    accepted = ", ".join(BY_CODE[code].ending for code in types)
    raise Refusal("document_type_not_accepted", FIELD, accepted=accepted)


def looks_like_program(content: bytes) -> bool:
    """Whether the content begins as a program does, whatever the file is called."""
    if content.startswith((b"MZ", b"\x7fELF", b"#!")):
        return True
    try:
        found = puremagic.magic_string(content[:4096])
    except puremagic.PureError:
        return False
    return any(one.extension in PROGRAMS for one in found[:1])


def _checked_ole(content: bytes) -> tuple[str, bytes]:
    """The old formats of Office, and the shell of an encrypted file: neither is taken."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refusal("document_encrypted", FIELD)
    raise Refusal("document_old_office", FIELD)


def _checked_zip(content: bytes) -> tuple[str, bytes]:
    found = checked_open_document(content) or checked_office(content)
    return found, content


_Check = Callable[[bytes], tuple[str, bytes]]
_OFFICE = tuple(one.code for one in DOCUMENT_TYPES if one.container in ("ooxml", "opendocument"))
_CHECKS: dict[str, tuple[_Check, tuple[str, ...]]] = {
    "pdf": (lambda content: ("pdf", checked_pdf(content)), ("pdf",)),
    "png": (lambda content: ("png", checked_image(content, "PNG")), ("png",)),
    "jpeg": (lambda content: ("jpeg", checked_image(content, "JPEG")), ("jpeg",)),
    "webp": (lambda content: ("webp", checked_image(content, "WEBP")), ("webp",)),
    "zip": (_checked_zip, _OFFICE),
    "ole": (_checked_ole, _OFFICE),
}
