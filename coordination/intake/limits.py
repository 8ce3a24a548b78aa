"""How large a file may be."""

from __future__ import annotations

import msgspec


class FileLimits(msgspec.Struct, frozen=True):
    """Caps on a file that comes in; a page for uploads passes smaller ones than the command line does.

    `file_bytes` of the file as sent; `rows` and `columns` of the sheet; for workbooks, which are zip
    archives: `unzipped_bytes` of all parts together, `ratio` of a part's size to what it takes up in the
    archive (only for parts over a megabyte), and `entries` in the archive.
    """

    file_bytes: int = 64 * 2**20
    rows: int = 300_000
    columns: int = 200
    unzipped_bytes: int = 128 * 2**20
    ratio: int = 250
    entries: int = 1_000


LIMITS = FileLimits()
