"""The keys that stay outside the database, and the sealing of personal fields under one key per stream.

The file of outer keys (`keys.json` in the data folder, mode 0600, or CYDLYNU_KEYS) holds the wrapping keys by name and
the key of the look-up HMACs. It is never part of a database backup: nothing personal opens with the database alone.
Destroying a stream's row in log.stream_key leaves its personal fields unreadable for good; what remains is
pseudonymous, not anonymous.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from coordination.event import Event
from coordination.sensitivity import ERASED, SEALED, Coordinates, Opened, coded_fields, sealed_fields
from coordination.store.secret_files import write_secret
from coordination.topics import event_type

NONCE = 12


class TamperedCiphertext(Exception):
    """A ciphertext does not open at its place: it was moved or changed."""


class WrongKeys(Exception):
    """The outer keys are not those with which the record was written. The record itself is intact."""


class OuterKeys(msgspec.Struct, frozen=True):
    """The keys of the file: `wrapping` by name, the name `current` used for new streams, and the HMAC key."""

    wrapping: dict[str, bytes]
    current: str
    lookup: bytes

    def __repr__(self) -> str:
        return f"OuterKeys(current={self.current!r})"

    def lookup_hmac(self, kind: str, value: str) -> bytes:
        """The 32 bytes under which a personal natural key (`upn`, `referral_ref`) is found."""
        return hmac.new(self.lookup, f"{kind}\x00{value}".encode(), hashlib.sha256).digest()

    def wrap(self, key: bytes) -> bytes:
        return aes_key_wrap(self.wrapping[self.current], key)

    def unwrap(self, wrapped: bytes, name: str) -> bytes:
        """A stream's key. Raises WrongKeys when this is not the file of keys that the record was written with."""
        try:
            return aes_key_unwrap(self.wrapping[name], wrapped)
        except (KeyError, InvalidUnwrap):
            raise WrongKeys(f"the wrapping key {name!r} does not open the record's keys") from None


def load_or_make(path: Path) -> OuterKeys:
    """Reads the file of outer keys; creates it (mode 0600, complete and on the disk, or not at all) when it is missing.

    This does not detect a lost file: `Record.check_keys` checks whether the record was written with these keys.
    """
    if not path.exists():
        _make(path)
    return _keys_of(path.read_text())


def _keys_of(text: str) -> OuterKeys:
    held = json.loads(text)
    return OuterKeys(
        wrapping={name: base64.b64decode(key) for name, key in held["wrapping"].items()},
        current=held["current"],
        lookup=base64.b64decode(held["lookup"]),
    )


def put_given(path: Path, given: str | None) -> None:
    """Write keys that the operator gave as text (that of such a file) to the file, where they are looked for. Does
    nothing without any, or when the file holds them. Raises WrongKeys when it holds others, or the text is no keys.
    """
    if given is None:
        return
    try:
        wanted = _keys_of(given)
    except (KeyError, TypeError, ValueError):
        raise WrongKeys("the text is not that of a file of keys") from None
    if not path.exists():
        write_secret(path, given.encode())
    if load_or_make(path) != wanted:
        raise WrongKeys("the file holds other keys than those given")


def _make(path: Path) -> None:
    keys = {"wrapping": {"1": _text(os.urandom(32))}, "current": "1", "lookup": _text(os.urandom(32))}
    write_secret(path, json.dumps(keys).encode())


NOTHING_WITHHELD: Mapping[UUID, int] = MappingProxyType({})


class Keyring:
    """The opened keys of the streams of one request or one page of the log; never kept longer."""

    def __init__(self, keys: Mapping[UUID, bytes], withheld: Mapping[UUID, int] = NOTHING_WITHHELD) -> None:
        self._keys: dict[UUID, AESGCM] = {stream: AESGCM(key) for stream, key in keys.items()}
        self._withheld = withheld
        self.new: dict[UUID, bytes] = {}

    def __contains__(self, stream: UUID) -> bool:
        return stream in self._keys

    def without_withholding(self) -> Keyring:
        """The same keys for who may open what was sealed before an adoption."""
        whole = Keyring({})
        whole._keys = self._keys
        return whole

    def make(self, stream: UUID, key: bytes | None = None) -> None:
        """Creates a key for a new stream, or takes the one with which its document was sealed."""
        key = key or AESGCM.generate_key(256)
        self.new[stream] = key
        self._keys[stream] = AESGCM(key)

    def seal(self, stream: UUID, version: int, event: Event) -> Event:
        """The event with its sealed fields in one ciphertext bound to stream, version and topic.

        Raises KeyError when the stream has no key (it was erased), TypeError when a sealed field was not given.
        """
        names = sealed_fields(type(event))
        values = {name: getattr(event, name) for name in names}
        if any(v is SEALED for v in values.values()):
            missing = [n for n, v in values.items() if v is SEALED]
            raise TypeError(f"{type(event).__name__} was made without {', '.join(missing)}")
        if all(v is None for v in values.values()):
            ciphertext = ""
        else:
            nonce = os.urandom(NONCE)
            box = self._keys[stream].encrypt(
                nonce, msgspec.json.encode(values), _place(stream, version, event.topic)
            )
            ciphertext = _text(nonce + box)
        if not names:
            return event
        return msgspec.structs.replace(event, sealed=ciphertext, **dict.fromkeys(names, SEALED))

    def open(self, at: Coordinates) -> Opened:
        """The sealed fields by name (an empty seal opens as {}), or ERASED where the stream's key is gone. Of what was
        sealed before the child's identity was replaced only the codes: names, contacts and words are withheld.

        Raises TamperedCiphertext when the ciphertext is not the one sealed at this place.
        """
        if not at.sealed:
            return {}
        key = self._keys.get(at.stream)
        if key is None:
            return ERASED
        box = base64.b64decode(at.sealed)
        try:
            plain = key.decrypt(box[:NONCE], box[NONCE:], _place(at.stream, at.version, at.topic))
        except InvalidTag:
            raise TamperedCiphertext(f"{at.stream} version {at.version}") from None
        opened: dict[str, Any] = msgspec.json.decode(plain)
        withheld = self._withheld.get(at.stream, 0)
        if at.version == withheld:  # the new identity itself: what it rests on is the adoption officer's
            opened.pop("why", None)
        if at.version < withheld:
            coded = coded_fields(event_type(at.topic))
            return {name: value for name, value in opened.items() if name in coded}
        return opened

    def open_coded(self, stream: UUID, version: int, event: Event) -> Opened:
        """Only the `coded` fields, for projectors."""
        opened = self.open(Coordinates(stream, version, event.topic, event.sealed))
        if isinstance(opened, dict):
            wanted = coded_fields(type(event))
            return {name: value for name, value in opened.items() if name in wanted}
        return opened


def keyring(
    outer: OuterKeys,
    rows: Iterable[tuple[UUID, bytes, str]],
    withheld: Mapping[UUID, int] = NOTHING_WITHHELD,
) -> Keyring:
    """A keyring from rows of log.stream_key (stream, wrapped, name of the wrapping key). `withheld`: by stream, the
    version before which only codes open (log.withheld_before)."""
    return Keyring({stream: outer.unwrap(bytes(wrapped), name) for stream, wrapped, name in rows}, withheld)


def _place(stream: UUID, version: int, topic: str) -> bytes:
    return b"%s:%d:%s" % (stream.hex.encode(), version, topic.encode())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
