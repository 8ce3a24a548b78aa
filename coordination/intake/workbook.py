"""Open a workbook (XLSX) from an untrusted source.

Two guards. First the archive is opened here, with caps on what it may unfold to, and the XML parts that a
reader needs are packed again: what the library then reads is what was measured, byte for byte, whatever else
the archive said of itself. Then the library runs in a process with limits of its own (`workbook_child.py`).
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from coordination.errors import Refusal
from coordination.intake.limits import FileLimits

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHILD = Path(__file__).with_name("workbook_child.py")
_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true)["']""")
_MEMORY = 2**30
_SECONDS = 60
_SMALL = 2**20
_PIECE = 2**16
_ARCHIVES = (
    ".zip",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".docx",
    ".docm",
    ".pptx",
    ".ods",
    ".jar",
    ".gz",
    ".7z",
)


class WorkbookSheet(msgspec.Struct, frozen=True):
    """A visible sheet of a workbook: its rows as texts from A1, or the code with which it is `refused`."""

    name: str
    rows: list[list[str]] = []
    refused: str | None = None

    def __repr__(self) -> str:
        return "WorkbookSheet()"


class Workbook(msgspec.Struct, frozen=True):
    """The visible sheets that hold anything. `from_1904`: its day numbers count from 1904, not from 1900."""

    sheets: tuple[WorkbookSheet, ...]
    from_1904: bool = False


def read_workbook(data: bytes, limits: FileLimits) -> Workbook:
    """The visible sheets of a workbook.

    Raises Refusal: `not_a_spreadsheet`, `zip_bomb` (with `reason`: entries, total or ratio),
    `spreadsheet_encrypted`, `spreadsheet_has_macros`, `spreadsheet_has_embedded_files`, `xml_entities`,
    `spreadsheet_unreadable`. A sheet that is too large says so itself (`too_many_rows`, `too_many_columns`).
    """
    parts = _parts(data, limits)
    book = next((part for name, part in parts.items() if name.lower() == "xl/workbook.xml"), b"")
    return Workbook(_read(_packed_again(parts), limits), bool(_FROM_1904.search(book)))


def refuse_ole2(data: bytes) -> Refusal:
    """Why a file in Microsoft's older container is refused: it has a password, or it is an .xls."""
    locked = "EncryptedPackage".encode("utf-16-le") in data
    return Refusal("spreadsheet_encrypted" if locked else "spreadsheet_old_format")


def _parts(data: bytes, limits: FileLimits) -> dict[str, bytes]:
    """The XML parts of the archive, measured while they unfold."""
    try:
        archive = ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except Exception:  # a broken archive raises whatever its bytes lead to
        raise Refusal("not_a_spreadsheet") from None
    _measure(entries, limits)
    _inspect(entries)
    parts: dict[str, bytes] = {}
    try:
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                parts[entry.filename] = _unfold(archive, entry)
    except Exception:
        raise Refusal("not_a_spreadsheet") from None
    for name, part in parts.items():
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise Refusal("xml_entities")
        if b"\0" in part:
            raise Refusal("not_a_spreadsheet")
        if name.lower() == "[content_types].xml" and b"macroenabled" in part.lower():
            raise Refusal("spreadsheet_has_macros")
    return parts


def _unfold(archive: ZipFile, entry: ZipInfo) -> bytes:
    """A part, never more than the size it declares (which was measured).

    In pieces: reading at once would unfold all there is in memory before cutting it to the declared size.
    """
    pieces: list[bytes] = []
    with archive.open(entry) as part:
        while piece := part.read(_PIECE):
            pieces.append(piece)
    return b"".join(pieces)


def _measure(entries: list[ZipInfo], limits: FileLimits) -> None:
    if len(entries) > limits.entries:
        raise Refusal("zip_bomb", reason="entries", limit=limits.entries)
    if sum(entry.file_size for entry in entries) > limits.unzipped_bytes:
        raise Refusal("zip_bomb", reason="total", limit=limits.unzipped_bytes)
    for entry in entries:
        if entry.file_size > max(_SMALL, limits.ratio * entry.compress_size):
            raise Refusal("zip_bomb", reason="ratio", limit=limits.ratio)


def _inspect(entries: list[ZipInfo]) -> None:
    """Refuse what a list of pupils has no use for."""
    names = [entry.filename.lower() for entry in entries]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refusal("spreadsheet_encrypted")
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Refusal("spreadsheet_has_macros")
    if any("/embeddings/" in name or name.endswith(_ARCHIVES) for name in names):
        raise Refusal("spreadsheet_has_embedded_files")
    if len(set(names)) != len(names) or any("\\" in name or ".." in name for name in names):
        raise Refusal("not_a_spreadsheet")
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Refusal("not_a_spreadsheet")
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refusal("not_a_spreadsheet")


def _packed_again(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part)
    return packed.getvalue()


class _Answer(msgspec.Struct):
    """What the child writes."""

    sheets: tuple[WorkbookSheet, ...]


def _read(data: bytes, limits: FileLimits) -> tuple[WorkbookSheet, ...]:
    """Run the child. Whatever way it ends other than with an answer, the workbook cannot be read."""
    # -I: no PYTHON* variables, no current folder; and no environment but what finds the shared libraries
    environment = {key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ}
    bounds = (limits.rows + 1, limits.columns, _MEMORY, _SECONDS)  # one row for the header
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), *map(str, bounds)],
            input=data,
            capture_output=True,
            env=environment,
            timeout=2 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refusal("spreadsheet_unreadable") from None
    if done.returncode == 3:
        raise RuntimeError("python-calamine is not installed")
    if done.returncode != 0:
        raise Refusal("spreadsheet_unreadable")
    try:
        return msgspec.json.decode(done.stdout, type=_Answer).sheets
    except msgspec.DecodeError:
        raise Refusal("spreadsheet_unreadable") from None
