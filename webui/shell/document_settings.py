"""The operator's settings for documents."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from coordination.intake.documents.inspecting import DocumentLimits
from coordination.pupil.documents.media_types import BY_CODE, LARGEST_DOCUMENT


class DocumentSettings(msgspec.Struct, frozen=True):
    """`limits`: of size and type. `scanner`: the address of clamd, host:port or the path of a socket (None: files are
    not scanned)."""

    limits: DocumentLimits = DocumentLimits()
    scanner: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> DocumentSettings:
        """CYDLYNU_LARGEST_DOCUMENT (in MB), CYDLYNU_DOCUMENT_TYPES (codes, separated by commas) and CYDLYNU_CLAMAV.
        Raises ValueError for a size that is not from 1 to 64, or a type that cannot be checked."""
        usual = DocumentLimits()
        megabytes = environment.get("CYDLYNU_LARGEST_DOCUMENT", "").strip()
        largest = int(megabytes) * 2**20 if megabytes else usual.largest
        if not 0 < largest <= LARGEST_DOCUMENT:
            raise ValueError("CYDLYNU_LARGEST_DOCUMENT must be from 1 to 64 (MB)")
        named = environment.get("CYDLYNU_DOCUMENT_TYPES", "").split(",")
        types = tuple(code.strip().casefold() for code in named if code.strip()) or usual.types
        unknown = [code for code in types if code not in BY_CODE]
        if unknown:
            raise ValueError(f"CYDLYNU_DOCUMENT_TYPES: {unknown[0]} is not one of {', '.join(BY_CODE)}")
        scanner = environment.get("CYDLYNU_CLAMAV", "").strip() or None
        return cls(DocumentLimits(largest, types), scanner)
