"""The key that signs heads: an Ed25519 key in a file of its own outside the database, beside the outer keys.

The file (`keys.json.ledger` beside `keys.json`, mode 0600, or CYDLYNU_LEDGER_KEY) is made with the first head.
Organisations that keep heads know the public half.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from coordination.store.secret_files import write_secret


def signing_file(outer_keys: Path) -> Path:
    """The file of the key: `keys.json.ledger`, unless CYDLYNU_LEDGER_KEY names another. Backups copy each file whose
    name begins with that of the outer keys.
    """
    return outer_keys.with_name(f"{outer_keys.name}.ledger")


class SigningKeyMissing(Exception):
    """Heads were signed before, and the file of their key is not there."""


class SigningKeyBroken(Exception):
    """The file holds no Ed25519 key."""


def signing_key(path: Path, *, make: bool) -> Ed25519PrivateKey:
    """The key in a file. `make`: a missing file is made, complete and on the disk, or not at all.

    Raises SigningKeyMissing and SigningKeyBroken.
    """
    if not path.exists():
        if not make:
            raise SigningKeyMissing(str(path))
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        raise SigningKeyBroken(str(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyBroken(str(path))
    return key


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public half."""
    return key.public_key().public_bytes_raw()


def signed_by(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the signature of a text is by this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_secret(path, pem)
