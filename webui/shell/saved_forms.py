"""What somebody typed, kept through a lost session or a form gone stale.

It travels in the page itself, and nothing is stored. Through a new sign-in it goes signed, and is given
back only
to the account that typed it.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

_LARGEST = 100_000
_HOURS = 12
# never sent on: the token is made anew, a password is nobody's text
_DROPPED = frozenset({"csrf_token", "password"})


class SavedForm(msgspec.Struct, frozen=True):
    """The address of a form and its fields in order; `account` says whose it is, for a way through a
    sign-in."""

    path: str
    fields: list[tuple[str, str]]
    account: str = ""


def submitted_form(account: UUID | None = None) -> SavedForm | None:
    """What this request's form held; None when there is nothing to keep.

    Only a form sent from one of our own pages is kept: else another site could have its words offered for
    sending.
    """
    if request.method != "POST" or not _from_our_page() or request.files:
        return None
    fields = [(k, v) for k, v in request.form.items(multi=True) if k not in _DROPPED]
    if not fields or sum(len(name) + len(value) for name, value in fields) > _LARGEST:
        return None
    return SavedForm(request.full_path.rstrip("?"), fields, str(account or ""))


def seal_form(kept: SavedForm) -> str:
    """For a hidden field."""
    return _serializer().dumps(msgspec.to_builtins(kept))


def open_form(text: str | None, account: UUID) -> SavedForm | None:
    """What was sealed, if it is ours, not older than half a day, and this account's."""
    if not text:
        return None
    try:
        kept = msgspec.convert(_serializer().loads(text, max_age=_HOURS * 3600), SavedForm)
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
