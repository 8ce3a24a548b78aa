"""What people ask to be recorded of documents."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from coordination.event import Command

REFERRAL_CLASS = "referral"
"""The class of data of a document that names no other."""


class AttachDocument(Command, frozen=True, kw_only=True):
    """Attach a checked file to a referral or minute of a pupil. `document` is a new random id, `content` the bytes,
    `media_type` what the content was found to be (never what its name says)."""

    pupil: UUID
    document: UUID
    attached_to: Literal["referral", "minute"]
    thing: UUID
    content: bytes
    media_type: str
    file_name: str
    data_class: str = REFERRAL_CLASS
    requirement: str | None = None


class StrikeDocument(Command, frozen=True, kw_only=True):
    """A document was attached in error: nobody is shown it any more."""

    pupil: UUID
    document: UUID
    why: str
