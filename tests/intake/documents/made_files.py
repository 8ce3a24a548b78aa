"""Files for the tests, made anew: good ones, and the bad ones of the issue."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

PROGRAM = b"MZ\x90\x00\x03" + b"\x00" * 500 + b"This program cannot be run in DOS mode."
OOXML = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{OOXML}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OOXML}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OOXML}.presentationml.presentation.main+xml"),
}
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(words: str = "Adroddiad", change: Any = None, **save: Any) -> bytes:
    """A page with a few words; `change(pdf)` does something to it."""
    out = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.pages[0].Contents = made.make_stream(f"BT ({words}) Tj ET".encode())
        if change is not None:
            change(made)
        made.save(out, **save)
    return out.getvalue()


def action(kind: str, **more: Any) -> Any:
    """Opens with an action."""

    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)

    return change


def with_file(made: pikepdf.Pdf) -> None:
    made.attachments["a.exe"] = pikepdf.AttachedFileSpec(made, PROGRAM)


def pdf_bomb() -> bytes:
    """A stream of objects of 200 MB, packed into 200 kB."""
    packed = zlib.compress(b" " * (200 * 2**20), 9)
    head = f"%PDF-1.7\n1 0 obj <</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(packed)}>>\nstream\n"
    return head.encode() + packed + b"\nendstream\nendobj\ntrailer <<>>\n%%EOF"


def image(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **save: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(out, kind, **save)
    return out.getvalue()


def taken_at(kind: str = "JPEG", orientation: int = 6) -> bytes:
    """A picture that says where it was taken, by whom, and how to turn it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "Ty Siân"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (52.0, 24.0, 57.0)
    return image(kind, exif=exif.tobytes(), **({"comment": b"by Mair"} if kind == "JPEG" else {}))


def png_bomb() -> bytes:
    """A PNG of 60,000 by 60,000 pixels, in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def zipped(entries: Mapping[str, bytes | str], stored: tuple[str, ...] = ()) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, how)
    return out.getvalue()


def office(kind: str = "docx", content_type: str | None = None, **more: bytes | str) -> bytes:
    """A small Office file; `more` are further entries, with `__` for a slash and the last `_` for a dot."""
    part, usual = MAIN[kind]
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{part}" ContentType="{content_type or usual}"/></Types>'
    )
    entries: dict[str, bytes | str] = {"[Content_Types].xml": types, part: "<w><p>Adroddiad</p></w>"}
    return zipped(entries | {_path(name): content for name, content in more.items()})


def _path(name: str) -> str:
    stem, _, end = name.replace("__", "/").rpartition("_")
    return f"{stem}.{end}"


def relation(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def open_document(content: str = "<o/>", manifest: str = "<m/>", **more: bytes | str) -> bytes:
    entries: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": manifest,
        "content.xml": content,
    }
    return zipped(entries | {_path(name): held for name, held in more.items()}, stored=("mimetype",))


def encrypted_zip() -> bytes:
    """An Office file whose entries say that they are encrypted."""
    whole = bytearray(office())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(signature)
        while at >= 0:
            whole[at + flags] |= 1
            at = whole.find(signature, at + 4)
    return bytes(whole)
