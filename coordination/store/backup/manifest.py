"""What a backup says of itself: `manifest.json`, written last, so that a folder without it is no backup."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from coordination.errors import Refusal

FORMAT = 1
NAME = "manifest.json"
PIECE = 1 << 20


class CopiedTable(msgspec.Struct, frozen=True):
    """One table: `file` holds its rows in PostgreSQL's COPY text format, gzipped; `sha256` is that of the file."""

    name: str
    columns: tuple[str, ...]
    file: str
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A backup of everything up to the log position `position`. `migrations` are the names of those that had made its
    tables; `sequences` the last value of each sequence; `tables` in the order in which they are restored, keys first.
    `keys` is a fingerprint of the outer keys that belong to it."""

    format: int
    made_at: datetime
    store: str
    position: int
    events: int
    migrations: tuple[str, ...]
    tables: tuple[CopiedTable, ...]
    sequences: dict[str, int]
    keys: str

    def rows(self, table: str) -> int:
        """The rows of a table; 0 for one that the backup does not have."""
        return next((t.rows for t in self.tables if t.name == table), 0)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest."""
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Refusal `not_a_backup`, `newer_backup`."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        raise Refusal("not_a_backup", place=str(folder)) from None
    if manifest.format != FORMAT:
        raise Refusal("newer_backup", place=str(folder))
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raises Refusal `backup_changed` when a file is missing or is not as it was written."""
    for table in manifest.tables:
        path = folder / table.file
        if not path.is_file() or digest_of(path) != table.sha256:
            raise Refusal("backup_changed", file=table.file)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pieces(path: Path) -> Iterator[bytes]:
    """The unpacked contents of a file, in pieces of a mebibyte."""
    with gzip.open(path) as file:
        while piece := file.read(PIECE):
            yield piece
