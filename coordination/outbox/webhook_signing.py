"""Signatures of webhooks as in the Standard Webhooks specification (https://www.standardwebhooks.com): HMAC-SHA256 over
the id, the time and the body. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

SECRET_BYTES = 32
_PREFIX = "whsec_"


def secret_text(secret: bytes) -> str:
    """The secret as it is shown and as libraries take it."""
    return _PREFIX + base64.b64encode(secret).decode()


def signed_headers(id: str, at: datetime, body: bytes, secrets: Iterable[bytes]) -> Mapping[str, str]:
    """The headers of a delivery. It has one signature for each secret, so that a receiver can change from one to the
    next without losing any."""
    stamp = str(int(at.timestamp()))
    signed = f"{id}.{stamp}.".encode() + body
    made = (base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets)
    return {
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in made),
    }
