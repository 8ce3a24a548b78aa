"""Safe redirects: only to a path of our own."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(wanted: str | None) -> str | None:
    """`wanted` when it is a path on this site, else None.

    Browsers read `//host`, `/\\host` and control characters in surprising ways: all are refused.
    """
    if not wanted or not wanted.startswith("/") or len(wanted) > 2000:
        return None
    if wanted.startswith(("//", "/\\")) or "\\" in wanted or any(ord(letter) < 33 for letter in wanted):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted
