"""The few words that every paper has."""

from __future__ import annotations

from flask_babel import gettext as _


def page_words() -> str:
    """How pages are counted, with the places of the two numbers left in."""
    return _("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s")
