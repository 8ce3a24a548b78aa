"""Security headers of every response: only our own files, no framing, no type guessing, no caching."""

from __future__ import annotations

import re

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # same-origin: Flask-WTF checks the referrer of a form over https; other sites learn nothing
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def secure_cookies() -> bool:
    """Whether cookies have the Secure flag: always, except for plain http on the local machine."""
    # not request.host: that raises for a host that is not ours, and then even the error could not be told
    host = re.sub(r":\d+$", "", request.environ.get("HTTP_HOST", ""))
    return request.is_secure or host not in _LOOPBACK


class FormCookie(SecureCookieSessionInterface):
    """Flask's signed cookie: the token of forms, what the last form did, where the last five led (sent_once), and the
    text of the last five searches of this visit, which may be a pupil's name and is therefore never in an address. It
    is signed but not encrypted, ends with the browser's session, and is emptied at sign-in and sign-out."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        return secure_cookies()


def send_headers(app: Flask) -> None:
    """Set the headers on every response. The service redirects no request, so a health check is never redirected."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in response.headers:
            # a shared computer must not show a case file after sign-out
            response.headers["Cache-Control"] = "no-store" if g.get("session") else "private, no-cache"
        return response
