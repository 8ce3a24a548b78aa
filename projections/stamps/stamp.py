"""The stamp of a report: everything that is needed to make the same report again, in one line of letters.

A stamp holds the whole question, the log and the position in it, the versions of the directory and of the standards,
the metric version, the version of the program's rules, and whose view it was. It holds nothing about a pupil: kinds of
reports register questions whose fields are codes, days and numbers only. Nothing is stored on the server for it.

Written as `cyd1-` and base64url (letters, digits, `-`, `_`) of: 6 bytes of SHA-256 over the rest, and the compressed
MessagePack of the struct. The check sum finds slips of copying; it proves nothing about who made the stamp, and need
not: a stamp opens nothing that its reader may not see anyway.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from projections.catalogue import definition

FORM = "cyd1-"
CHECK = 6
LONGEST = 4000
"""Letters of a stamp at most; a question with every field filled in takes about 400."""
LARGEST = 16_000
"""Bytes of a stamp at most, unpacked."""
ELSEWHERE = frozenset({"at", "metric"})
"""Fields of a question that stand in the stamp itself: the position and the metric version."""
WRITTEN = re.compile(r"cyd1-[A-Za-z0-9_-]+\Z")


class Stamp(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`question` has the fields of the kind's criteria that are not their default, but for those that have a field
    here. `store` is the id of the log and `chain` the first 16 digits of its ledger's chain there. `directory`
    is the position of the directory's last change by then, `standards` the first day of each version counted against,
    by code. `code` is the beginning of the definition of the read models (a hash of the rules). `organisation` and
    `role` are the viewer's, and at an agency `services` (None: the whole of it)."""

    kind: str
    question: dict[str, str | int | bool | list[str]]
    position: int
    store: UUID
    chain: str
    directory: int
    standards: dict[str, list[str]]
    metric: str
    code: str
    organisation: UUID
    role: str
    services: tuple[UUID, ...] | None = None

    @property
    def short(self) -> str:
        """For print and for the telephone: the position, and 8 letters that tell this stamp from others."""
        return short_form(encode(self))


def code_version() -> str:
    """The version of this program's rules, as stamps name it."""
    return definition()[:16]


def encode(stamp: Stamp) -> str:
    """The stamp as text: the same stamp always gives the same text."""
    packed = zlib.compress(msgspec.msgpack.encode(stamp, order="deterministic"), 9)
    whole = sha256(packed).digest()[:CHECK] + packed
    return FORM + base64.urlsafe_b64encode(whole).decode().rstrip("=")


def decode(text: str) -> Stamp:
    """The stamp in a text. Blanks and line breaks in it (from a letter or a printed page) are left out.

    Raises Refusal `stamp_broken` when letters are missing or changed, `stamp_of_another_program` for a stamp that is
    whole but of a form that this program does not know.
    """
    written = "".join(text.split())
    if len(written) > LONGEST or not WRITTEN.match(written):
        raise Refusal("stamp_broken", "stamp")
    body = written.removeprefix(FORM)
    try:
        whole = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError:
        raise Refusal("stamp_broken", "stamp") from None
    check, packed = whole[:CHECK], whole[CHECK:]
    if (
        sha256(packed).digest()[:CHECK] != check
        or base64.urlsafe_b64encode(whole).decode().rstrip("=") != body
    ):
        raise Refusal("stamp_broken", "stamp")
    try:
        return msgspec.msgpack.decode(_unpacked(packed), type=Stamp)
    except (ValueError, zlib.error):
        raise Refusal("stamp_of_another_program", "stamp") from None


def _unpacked(packed: bytes) -> bytes:
    """Raises ValueError for more than LARGEST bytes."""
    reading = zlib.decompressobj()
    found = reading.decompress(packed, LARGEST)
    if not reading.eof:
        raise ValueError("more than a stamp holds")
    return found


def short_form(text: str) -> str:
    """The short form of a stamp's text: `12345-K7QF2MZD`."""
    position = decode(text).position
    letters = base64.b32encode(sha256(text.encode()).digest()).decode()[:8]
    return f"{position}-{letters}"


def question_of(criteria: msgspec.Struct) -> dict[str, Any]:
    """The fields of a question that are not their default, as plain values, but for those that the stamp has itself."""
    fields = msgspec.structs.fields(criteria)
    plain: Mapping[str, Any] = msgspec.to_builtins(criteria)
    return {
        field.name: plain[field.name]
        for field in fields
        if field.name not in ELSEWHERE and getattr(criteria, field.name) != field.default
    }
