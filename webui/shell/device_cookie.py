"""The device cookie: to which accounts a browser has signed in before, so that failures of strangers do not keep it
out. It opens nothing by itself. It holds account ids and random texts, signed; no names."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from webui.shell.headers import secure_cookies
from webui.shell.runtime import runtime

MOST = 5
"""How many accounts one browser is remembered for: the computer of a staff room has several."""
_SECONDS = 365 * 24 * 3600


def known_devices() -> dict[UUID, str]:
    """The accounts that this browser is known to, each with its random text; empty for a cookie that is not ours."""
    try:
        held = _serializer().loads(request.cookies.get(_name(), ""))
        return {UUID(account): str(text) for account, text in held}
    except (BadSignature, ValueError, TypeError):
        return {}


def remember_device(response: Response, account: UUID) -> None:
    """Make this browser known to an account that has just signed in with it."""
    known = known_devices()
    text = known.pop(account, None) or runtime().new_token()
    held = [(str(one), words) for one, words in [*known.items(), (account, text)][-MOST:]]
    response.set_cookie(
        _name(),
        _serializer().dumps(held),
        max_age=_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=secure_cookies(),
    )


def _name() -> str:
    return "__Host-cydlynu-device" if secure_cookies() else "cydlynu-device"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="devices")
