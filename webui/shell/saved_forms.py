"""The values typed in a form, kept when the session ended or the form became stale.

The page itself carries the form, and nothing is stored. Through a new sign-in it is signed, and returned only to the
account that typed it.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from coordination.struct_types import prepared

_LARGEST = 100_000
_HOURS = 12
# never sent on: the token is generated again, and a password is not kept
_DROPPED = frozenset({"csrf_token", "password", "new_password", "one_time_code"})


class SavedForm(msgspec.Struct, frozen=True):
    """The address of a form and its fields in order; `account` is the owner, if it is kept through a sign-in."""

    path: str
    fields: list[tuple[str, str]]
    account: str = ""


def submitted_form(account: UUID | None = None) -> SavedForm | None:
    """The values of this request's form; None if there is nothing to keep.

    Only a form sent from one of our own pages is kept: otherwise another site could have its own text offered for
    sending.
    """
    if request.method != "POST" or not _from_our_page() or request.files:
        return None
    fields = [(k, v) for k, v in request.form.items(multi=True) if k not in _DROPPED]
    if not fields or sum(len(name) + len(value) for name, value in fields) > _LARGEST:
        return None
    return SavedForm(request.full_path.rstrip("?"), fields, str(account or ""))


def seal_form(kept: SavedForm) -> str:
    """Sign a form for a hidden field."""
    return _serializer().dumps(msgspec.to_builtins(kept))


def open_form(text: str | None, account: UUID) -> SavedForm | None:
    """The signed form, if the signature is ours, it is at most half a day old, and it belongs to this account."""
    if not text:
        return None
    try:
        kept = msgspec.convert(_serializer().loads(text, max_age=_HOURS * 3600), prepared(SavedForm))
    except (BadSignature, msgspec.ValidationError):
        return None
    return kept if kept.account == str(account) else None


def _from_our_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "") == request.host_url.rstrip("/")


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kept")
