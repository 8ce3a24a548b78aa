"""The name and the size of a file that is recorded: pure functions."""

from __future__ import annotations

import unicodedata

from coordination.errors import Refusal
from coordination.pupil.documents.media_types import BY_MEDIA_TYPE, LARGEST_DOCUMENT

LONGEST_NAME = 150
"""Characters of a file name at most; a longer one keeps its beginning and its ending."""


def checked_size(content: bytes, media_type: str) -> int:
    """The size of a file that may be recorded at all. Raises Refusal `document_empty`, `document_too_large`,
    `document_type_not_accepted`."""
    if not content:
        raise Refusal("document_empty", "content")
    if len(content) > LARGEST_DOCUMENT:
        raise Refusal("document_too_large", "content", most=LARGEST_DOCUMENT // 2**20)
    if media_type not in BY_MEDIA_TYPE:
        raise Refusal("document_type_not_accepted", "content")
    return len(content)


def file_name(given: str, media_type: str) -> str:
    """The name of a file as it is kept: without folders, control characters and signs that a system of files does not
    take, in normal form, with the ending of what the file is."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    ending = BY_MEDIA_TYPE[media_type].ending
    stem, dot, end = kept.rpartition(".")
    same = dot and (end.casefold() == ending or {end.casefold(), ending} == {"jpeg", "jpg"})
    stem = (stem if same else kept).strip(" .") or "document"
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
