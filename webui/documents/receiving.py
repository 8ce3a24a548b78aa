"""A file taken from a page, a link, the API or the command line: checked, and only then recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from coordination.intake.documents.inspecting import CheckedFile, checked_file
from coordination.pupil.documents.commands import AttachDocument
from webui.documents.virus_scanner import scan
from webui.shell.document_settings import DocumentSettings


class ReceivedFile(msgspec.Struct, frozen=True):
    """A file as it arrived."""

    name: str
    content: bytes


def checked(received: ReceivedFile, settings: DocumentSettings) -> CheckedFile:
    """The file as it is kept. Raises Refusal: see `checked_file` and `scan`."""
    found = checked_file(received.content, settings.limits)
    if settings.scanner is not None:
        scan(settings.scanner, received.content)
    return found


def attaching(
    received: ReceivedFile,
    settings: DocumentSettings,
    *,
    pupil: UUID,
    document: UUID,
    thing: UUID,
    **more: Any,
) -> AttachDocument:
    """The command that attaches a file to a referral or minute. Raises Refusal as `checked`."""
    found = checked(received, settings)
    return AttachDocument(
        pupil=pupil,
        document=document,
        thing=thing,
        content=found.content,
        media_type=found.type.media_type,
        file_name=received.name,
        **more,
    )
