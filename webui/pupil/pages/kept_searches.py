"""Search texts kept with the browser's session: what was typed about a child is never in an address, its key is."""

from __future__ import annotations

from flask import session

from webui.shell.runtime import runtime

# the number of searches kept for a visit: a list in each of a few tabs
KEPT = 5
KEY = "found"
"""The name of the key in an address."""


def keep_search(typed: str, again: str | None = None) -> str:
    """Keep the search text under a new key, or under the key in use while typing; remove the oldest."""
    held = {key for key, _typed in _searches()}
    key = again if again in held and again is not None else runtime().new_token()[:10]
    before = [kept for kept in _searches() if kept[1] != typed and kept[0] != key]
    session["searches"] = [*before[-(KEPT - 1) :], (key, typed)]
    return key


def kept_search(key: str | None) -> str:
    """The search text kept under a key; empty if its visit is over."""
    return next((typed for held, typed in _searches() if held == key), "")


def _searches() -> list[tuple[str, str]]:
    held = session.get("searches")
    if not isinstance(held, list):
        return []
    return [(str(one[0]), str(one[1])) for one in held if isinstance(one, list | tuple) and len(one) == 2]
