"""The kind of a browser in a few words, for the list of a person's sessions: enough to know it again, no more."""

from __future__ import annotations

# in the order in which they are looked for: most browsers name others too
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str | None:
    """Such as "Firefox, Windows"; None when neither is known. The words are names, the same in both languages."""
    found = (
        next((words for mark, words in table if mark in user_agent), None) for table in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(words for words in found if words) or None
