"""The zip archives that Office files are: few and whole entries, none encrypted, none that unpacks without end."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from coordination.errors import Refusal

FIELD = "content"
MOST_ENTRIES = 4000
MOST_UNPACKED = 256 * 1024 * 1024
MOST_RATIO = 200
SMALL = 2 * 1024 * 1024
"""Entries up to this size may be packed as tightly as they like: a form of blanks is."""
_ENCRYPTED = 0x1
_PROGRAMS = (
    ".exe",
    ".dll",
    ".com",
    ".scr",
    ".bat",
    ".cmd",
    ".ps1",
    ".vbs",
    ".js",
    ".jar",
    ".lnk",
    ".hta",
    ".msi",
)


class Archive:
    """An archive whose entries have been looked at. Raises Refusal `document_unreadable`, `document_encrypted`,
    `document_bomb`, `document_active`."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise Refusal("document_unreadable", FIELD) from None
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
            raise Refusal("document_bomb", FIELD)
        for entry in entries:
            _refuse_entry(entry)
        self.names = tuple(entry.filename for entry in entries)
        if len({name.casefold() for name in self.names}) < len(self.names):
            raise Refusal(
                "document_unreadable", FIELD
            )  # two entries of one name: which counts depends on who reads
        for entry in entries:
            self._read_through(entry)

    def _read_through(self, entry: zipfile.ZipInfo) -> None:
        """Unpacks an entry piece by piece: no further than it says, and its check sum fits."""
        try:
            with self._zip.open(entry) as held:
                while held.read(2**20):
                    pass
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
            raise Refusal("document_unreadable", FIELD) from None

    def read(self, name: str) -> bytes:
        """An entry; empty when there is none."""
        return self._zip.read(name) if name in self.names else b""

    def xml(self, name: str) -> Element:
        """An entry as XML. Raises Refusal `document_unreadable`, also for entities that grow."""
        try:
            root: Element = fromstring(self.read(name))
        except (ParseError, DefusedXmlException, ValueError, LookupError):
            raise Refusal("document_unreadable", FIELD) from None
        return root


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise Refusal("document_encrypted", FIELD)
    if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise Refusal("document_bomb", FIELD)
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
        raise Refusal("document_unreadable", FIELD)
    if name.casefold().endswith(_PROGRAMS):
        raise Refusal("document_active", FIELD)
