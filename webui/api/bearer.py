"""Authentication of API requests by bearer token only; cookies are ignored."""

from __future__ import annotations

import math
from datetime import datetime

from flask import g, request

from coordination.desk.tokens import Token, TokenUse, count_use, use_token
from webui.api.problems import Problem
from webui.shell.runtime import runtime


def authenticate(scope: str) -> Token:
    """Check the token of this request, make it the actor, and count the request against its limit.

    Raises Problem: 401 for a token that is missing, unknown or expired, 429 for too many requests, 403 without `scope`
    (empty: any token will do).
    """
    held = _held(request.headers.get("Authorization", ""))
    settings, now = runtime().settings, runtime().now()
    with runtime().desk() as desk:
        token = use_token(desk, held, now)
        over = _over(token, now)
        if token is None or over:
            raise _not_let_in(over or "token_unknown", "invalid_token")
        used = count_use(desk, token.token, now=now, window=settings.api_window)
    g.token = token
    g.rate_headers = _rate_headers(used, now)
    if used.requests > settings.api_requests:
        wait = max(1, math.ceil((used.ends_at - now).total_seconds()))
        raise Problem("too_many_requests", headers={"Retry-After": str(wait)})
    if scope and scope not in token.scopes:
        challenge = f'Bearer realm="cydlynu", error="insufficient_scope", scope="{scope}"'
        raise Problem("scope_missing", scope=scope, headers={"WWW-Authenticate": challenge})
    return token


def current_token() -> Token:
    """The token of this request, which was let in."""
    token: Token = g.token
    return token


def _held(header: str) -> str:
    kind, _, held = header.partition(" ")
    held = held.strip()
    if kind.lower() != "bearer" or not held:
        raise _not_let_in("token_missing")
    if not (held.isascii() and held.isprintable()):
        raise _not_let_in("token_unknown", "invalid_token")
    return held


def _over(token: Token | None, now: datetime) -> str | None:
    if token is not None and token.revoked_at is not None:
        return "token_revoked"
    if token is not None and token.expires_at <= now:
        return "token_expired"
    if token is not None and token.waiting:
        return "token_not_co_signed"
    return None


def _not_let_in(code: str, error: str | None = None) -> Problem:
    challenge = 'Bearer realm="cydlynu"' + (f', error="{error}"' if error else "")
    return Problem(code, headers={"WWW-Authenticate": challenge})


def _rate_headers(used: TokenUse, now: datetime) -> dict[str, str]:
    """The fields of the IETF draft "RateLimit header fields for HTTP"; seconds are whole numbers."""
    settings = runtime().settings
    left = max(0, settings.api_requests - used.requests)
    until = max(0, math.ceil((used.ends_at - now).total_seconds()))
    return {
        "RateLimit-Policy": f'"token";q={settings.api_requests};w={int(settings.api_window.total_seconds())}',
        "RateLimit": f'"token";r={left};t={until}',
    }
