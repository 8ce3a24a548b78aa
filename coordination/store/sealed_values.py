"""Sealing of values outside the event log: each under its own key, wrapped by an outer key like those of streams."""

from __future__ import annotations

import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from coordination.store.keys import NONCE, OuterKeys, TamperedCiphertext


class SealedValue(msgspec.Struct, frozen=True):
    """A sealed value as a table stores it: its wrapped key, the name of the wrapping key, and the ciphertext."""

    wrapped: bytes
    wrapped_by: str
    sealed: bytes


def seal_value(outer: OuterKeys, plain: bytes, about: bytes) -> SealedValue:
    """`plain` sealed under a fresh key; it opens only together with the same `about`."""
    key = AESGCM.generate_key(256)
    nonce = os.urandom(NONCE)
    return SealedValue(outer.wrap(key), outer.current, nonce + AESGCM(key).encrypt(nonce, plain, about))


def open_value(outer: OuterKeys, apart: SealedValue, about: bytes) -> bytes:
    """The unsealed value. Raises WrongKeys under other outer keys, TamperedCiphertext when it was moved or changed."""
    key = outer.unwrap(apart.wrapped, apart.wrapped_by)
    try:
        return AESGCM(key).decrypt(apart.sealed[:NONCE], apart.sealed[NONCE:], about)
    except InvalidTag:
        raise TamperedCiphertext("something sealed apart") from None
