"""Documents opened for the user: their names, and the bytes of one, which is noted in the read log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.pupil.documents.media_types import BY_MEDIA_TYPE
from projections.documents import queries
from projections.documents.queries import DocumentSummary
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK
from webui.shell.runtime import runtime


class DocumentLine(msgspec.Struct, frozen=True):
    """A document with its name. `own`: the user's organisation attached it, and may take it back."""

    document: DocumentSummary
    name: str
    own: bool

    @property
    def kind(self) -> str:
        """The short name of its type, as the ending of a file."""
        return BY_MEDIA_TYPE[self.document.media_type].ending.upper()


class OpenedDocument(msgspec.Struct, frozen=True):
    """A document with its name and its bytes."""

    document: DocumentSummary
    name: str
    content: bytes


def documents_of(thing: UUID) -> list[DocumentLine]:
    """The documents of a referral, minute or challenge that the user may see, with their names. Part of a page that
    notes its own reading."""
    found = queries.documents_of(casework.reader(), viewer(), thing)
    opened = casework.open_sealed([one.at for one in found])
    own = viewer().organisation
    return [
        DocumentLine(one, name_of(names), one.organisation == own)
        for one, names in zip(found, opened, strict=True)
    ]


def documents_opened(lines: Sequence[DocumentLine], most: int) -> list[tuple[DocumentLine, bytes | None]]:
    """Documents of a page with their bytes, as many as `most` bytes hold in their order; None for the others, and where
    a pupil that one names was erased. Those opened are noted in the read log together."""
    found: list[tuple[DocumentLine, bytes | None]] = []
    shown: list[DocumentSummary] = []
    left = most
    for line in lines:
        content = None
        if line.document.size <= left:
            content = runtime().coordination.record.document(line.document.document)
        if content is not None:
            left -= len(content)
            shown.append(line.document)
        found.append((line, content))
    if shown:
        ids = dict.fromkeys(one for held in shown for one in (held.document, *held.pupils))
        purpose = "disclosed" if viewer().role in AGENCY_DESK else "own_pupil"
        casework.note_shown("document", list(ids), purpose, [cite for held in shown for cite in held.cites])
    return found


def name_of(opened: object) -> str:
    """The name of a file from the sealed fields."""
    held = opened.get("file_name") if isinstance(opened, Mapping) else None
    return str(held) if held else _("A document that can no longer be opened")


def open_document(document: UUID) -> OpenedDocument:
    """A document with its bytes; that it was opened is noted in the read log, with the disclosures on which that rests.
    Raises NotFound, also where a pupil that it names was erased."""
    found = queries.document(casework.reader(), viewer(), document)
    content = runtime().coordination.record.document(document)
    if content is None:
        raise NotFound
    name = name_of(casework.open_sealed([found.at])[0])
    purpose = "disclosed" if viewer().role in AGENCY_DESK else "own_pupil"
    casework.note_shown("document", [document, *found.pupils], purpose, found.cites)
    return OpenedDocument(found, name, content)
