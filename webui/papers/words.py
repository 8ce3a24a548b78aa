"""The few words that every paper has."""

from __future__ import annotations

from flask_babel import gettext as _

from webui.shell.ledger_heads import latest_head
from webui.words.formats import instant


def page_words() -> str:
    """How pages are counted, with the places of the two numbers left in."""
    return _("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s")


def head_words() -> tuple[str, ...]:
    """The last signed head of the ledger, for the footer of evidence: whoever keeps the paper is a witness of the
    record. Empty while there is none."""
    signed = latest_head()
    if signed is None:
        return ()
    return (
        _(
            "Head of the ledger: %(head)s, %(when)s.",
            head=signed.head.short,
            when=instant(signed.head.made_at),
        ),
    )
