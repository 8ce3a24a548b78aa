"""Signed heads of the ledger: what is signed, the file that organisations keep, and the short form for print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coordination.store.ledger.signing import public_bytes, signed_by
from coordination.store.ledger.tree import root_of
from coordination.struct_types import prepared

FORM = "cydlynu-head-1"
SHORT_ROOT = 32
"""Digits of the root in the short form: 128 bits."""
MOST_MARKS = 1024
LARGEST_FILE = 200_000
_SHORT = re.compile(r"([0-9]{1,18}):([0-9a-f]{32,64})")


class BrokenHead(ValueError):
    """The text is no head: letters are missing or changed, or it is of a form that this program does not know."""


class ForeignHead(ValueError):
    """The head is whole, but not one of this store. `code`: `head_of_another_store` or `head_by_another_key`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Head(msgspec.Struct, frozen=True):
    """The state of a store's ledger at an instant: `size` leaves with this `root`, up to a `position` of the log."""

    store: UUID
    size: int
    root: bytes
    position: int
    made_at: datetime

    @property
    def text(self) -> str:
        """What is signed: one fact a line."""
        return (
            f"{FORM}\nstore {self.store}\nsize {self.size}\nroot {self.root.hex()}\n"
            f"position {self.position}\nmade {self.instant}\n"
        )

    @property
    def instant(self) -> str:
        """When it was made, in UTC, to the second."""
        return self.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def short(self) -> str:
        """For print and the telephone: the number of leaves and the first digits of the root."""
        return f"{self.size}:{self.root.hex()[:SHORT_ROOT]}"

    @property
    def dated(self) -> str:
        """The short form with its instant."""
        return f"{self.short} {self.made_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


class SignedHead(msgspec.Struct, frozen=True):
    """A head with its signature (64 bytes) and the public key (32 bytes)."""

    head: Head
    key: bytes
    signature: bytes

    @property
    def signed(self) -> bool:
        return signed_by(self.key, self.signature, self.head.text.encode())

    @property
    def plain(self) -> dict[str, Any]:
        """The fields of its file, without marks."""
        head = self.head
        return {
            "form": FORM,
            "store": str(head.store),
            "size": head.size,
            "root": head.root.hex(),
            "position": head.position,
            "made_at": head.instant,
            "key": self.key.hex(),
            "signature": self.signature.hex(),
        }


class NotedHead(msgspec.Struct, frozen=True):
    """What somebody noted of a head: `root` in hexadecimal, whole or its first 32 digits or more. `marks`: the roots of
    the complete subtrees of 2**`level` leaves, and of the remaining leaves as one, which show where a change is."""

    size: int
    root: str
    level: int = 0
    marks: tuple[bytes, ...] = ()

    def agrees(self, root: bytes) -> bool:
        return root.hex().startswith(self.root)


class _HeadFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    form: str
    store: UUID
    size: int
    root: str
    position: int
    made_at: datetime
    key: str
    signature: str
    level: int = 0
    marks: list[str] = []


def sign(head: Head, key: Ed25519PrivateKey) -> SignedHead:
    """The head with its signature."""
    return SignedHead(head, public_bytes(key), key.sign(head.text.encode()))


def mark_level(size: int) -> int:
    """The level of the marks of a head: the lowest at which they are at most 1,024."""
    level = 0
    while -(-size >> level) > MOST_MARKS:
        level += 1
    return level


def write_head(signed: SignedHead, level: int = 0, marks: Sequence[bytes] = ()) -> bytes:
    """The file of a head: JSON."""
    held = signed.plain | {"level": level, "marks": [mark.hex() for mark in marks]}
    return msgspec.json.format(msgspec.json.encode(held), indent=1) + b"\n"


def read_head(raw: bytes) -> tuple[SignedHead, NotedHead]:
    """The head in a file. Raises BrokenHead, also when its signature or its marks do not fit it."""
    try:
        if len(raw) > LARGEST_FILE:
            raise ValueError
        held = msgspec.json.decode(raw, type=prepared(_HeadFile))
        root, marks = bytes.fromhex(held.root), tuple(bytes.fromhex(mark) for mark in held.marks)
        head = Head(held.store, held.size, root, held.position, held.made_at)
        signed = SignedHead(head, bytes.fromhex(held.key), bytes.fromhex(held.signature))
    except ValueError:
        raise BrokenHead("not the file of a head") from None
    fits = not marks or (len(marks) == -(-held.size >> held.level) and root_of(marks) == root)
    if held.form != FORM or not fits or not signed.signed:
        raise BrokenHead("the head or its signature was changed")
    return signed, NotedHead(held.size, root.hex(), held.level, marks)


def read_short(text: str) -> NotedHead:
    """The short form of a head, as printed. Raises BrokenHead."""
    found = _SHORT.fullmatch("".join(text.split()).lower())
    if found is None:
        raise BrokenHead("not the short form of a head")
    return NotedHead(int(found[1]), found[2])


def check_own(signed: SignedHead, store: UUID, keys: Sequence[bytes]) -> None:
    """Raises ForeignHead when a head names another store or none of the store's own keys signed it."""
    if signed.head.store != store:
        raise ForeignHead("head_of_another_store")
    if signed.key not in keys:
        raise ForeignHead("head_by_another_key")
