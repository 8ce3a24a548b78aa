"""The browser that holds a one-time link: its cookie, and the headers and addresses of the pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from webui.shell.headers import secure_cookies

HEADERS = {
    # the address is a secret: no other page may learn it
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def keep_secret(blueprint: Blueprint) -> None:
    """Keep the addresses of a blueprint's pages from other pages, robots and caches."""

    @blueprint.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response


def browser_token() -> str:
    """The token of this browser, if it gave a second proof; else empty."""
    return request.cookies.get(cookie_name(), "")


def cookie_name() -> str:
    """The name of the cookie: another than that of people who are signed in."""
    return "__Host-cydlynu-link" if secure_cookies() else "cydlynu-link"


def link_url(endpoint: str, **values: Any) -> str:
    """The address of a page behind the link of this request."""
    return url_for(endpoint, token=(request.view_args or {})["token"], **values)
