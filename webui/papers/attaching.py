"""Files inside a PDF: embedded in it, so that the paper stays PDF/UA-1 whatever they are."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import msgspec
import pikepdf


class AttachedFile(msgspec.Struct, frozen=True):
    """A file to embed: its name, its media type, what it is, and its bytes."""

    name: str
    media_type: str
    description: str
    content: bytes


def with_attachments(paper: bytes, files: Iterable[AttachedFile]) -> bytes:
    """A PDF with these files embedded, each with a name of its own and a description, as PDF/UA-1 (7.11) wants. The
    pages, tags, title and language stay as they were. The same paper and files give the same bytes."""
    with pikepdf.open(BytesIO(paper)) as pdf:
        for number, file in enumerate(files, 1):
            name = f"{number:02} {file.name}"
            pdf.attachments[name] = pikepdf.AttachedFileSpec(
                pdf,
                file.content,
                filename=name,
                description=file.description,
                mime_type=file.media_type,
                relationship=pikepdf.Name.Supplement,
            )
        done = BytesIO()
        pdf.save(done, deterministic_id=True)
    return done.getvalue()
