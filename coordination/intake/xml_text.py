"""The bytes of an XML file as UTF-8, whatever encoding it has, and whatever encoding it says it has."""

from __future__ import annotations

import codecs
import re

from coordination.errors import Refusal
from coordination.intake.encodings import decode, unmarked_utf16

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_ALLOWED = re.compile(r"utf-8|ascii|utf-16(-[lb]e)?|iso8859-[0-9]{1,2}|cp125[0-8]|cp437|cp850|mac-roman")
"""Encodings of one byte a letter, and the Unicode ones. Others (several bytes a letter) occur in no school's file, and
readers differ over them."""


def is_xml(data: bytes) -> bool:
    """Whether the file begins as XML does, in whatever encoding."""
    return data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def utf8_xml(data: bytes) -> tuple[bytes, str | None]:
    """The XML as UTF-8 without its declaration, and the encoding if it was another than the file says.

    Raises Refusal: `encoding_unknown`.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _recoded(data, "utf-16"), None
    if wide := unmarked_utf16(data):
        return _recoded(data, wide), None
    declared = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8)[:400])
    name = _codec(declared[1].decode("ascii")) if declared else "utf-8"
    if name.startswith("utf-16"):  # it says so, but every byte is a letter
        name = "utf-8"
    try:
        return _recoded(data, name), None
    except Refusal:
        found = decode(data)
        if found is None:
            raise
        return _without_declaration(found.text), found.encoding


def _codec(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise Refusal("encoding_unknown") from None
    if not _ALLOWED.fullmatch(name):
        raise Refusal("encoding_unknown")
    return name


def _recoded(data: bytes, codec: str) -> bytes:
    try:
        return _without_declaration(data.decode(codec).removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise Refusal("encoding_unknown") from None


def _without_declaration(text: str) -> bytes:
    found = _DECLARATION.match(text)
    # its lines stay, so that a fault is told with the line of the file
    head = "\n" * found.group().count("\n") if found else ""
    return (head + text[found.end() :] if found else text).encode("utf-8", errors="replace")
