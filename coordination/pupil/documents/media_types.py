"""The kinds of files that can be attached: their codes, media types and the endings of their names."""

from __future__ import annotations

import msgspec


class DocumentType(msgspec.Struct, frozen=True):
    """A kind of file. `container`: how it is built (pdf, image, ooxml or opendocument), and so how it is checked."""

    code: str
    media_type: str
    ending: str
    container: str


_OOXML = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

DOCUMENT_TYPES: tuple[DocumentType, ...] = (
    DocumentType("pdf", "application/pdf", "pdf", "pdf"),
    DocumentType("png", "image/png", "png", "image"),
    DocumentType("jpeg", "image/jpeg", "jpg", "image"),
    DocumentType("webp", "image/webp", "webp", "image"),
    DocumentType("docx", f"{_OOXML}.wordprocessingml.document", "docx", "ooxml"),
    DocumentType("xlsx", f"{_OOXML}.spreadsheetml.sheet", "xlsx", "ooxml"),
    DocumentType("pptx", f"{_OOXML}.presentationml.presentation", "pptx", "ooxml"),
    DocumentType("odt", f"{_OPEN}.text", "odt", "opendocument"),
    DocumentType("ods", f"{_OPEN}.spreadsheet", "ods", "opendocument"),
    DocumentType("odp", f"{_OPEN}.presentation", "odp", "opendocument"),
)
"""All that the service can check; an installation may accept fewer of them (CYDLYNU_DOCUMENT_TYPES)."""

BY_CODE = {one.code: one for one in DOCUMENT_TYPES}
BY_MEDIA_TYPE = {one.media_type: one for one in DOCUMENT_TYPES}
LARGEST_DOCUMENT = 64 * 1024 * 1024
"""In bytes: what no setting can raise."""
