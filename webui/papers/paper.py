"""A paper: the blocks of a letter, minutes, a referral or a report, all words ready in one language.

The page and the PDF are made from the same paper, so that they say the same.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

LANGUAGES = {"en": "en-GB", "cy": "cy-GB"}
"""The language of a paper as PDF and HTML name it."""


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading below the title. `level` is 2 or 3."""

    text: str
    level: int = 2


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """A paragraph; line breaks in it are kept. `lead` stands before it in bold. `language`: that of somebody's own
    words, where it is not the paper's."""

    text: str
    lead: str | None = None
    quiet: bool = False
    language: str | None = None


class Items(msgspec.Struct, frozen=True, tag="items"):
    """A list. With `lead`, that stands before it."""

    items: tuple[str, ...]
    lead: str | None = None


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Pairs of a name and a value, one below the other."""

    facts: tuple[tuple[str, str], ...]


class PaperTable(msgspec.Struct, frozen=True, tag="table"):
    """A table. `caption` says what it shows; the first cell of each row is its heading; `figures` are the numbers of
    the columns (from 0) that are aligned as figures."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    caption_shown: bool = True


class Signature(msgspec.Struct, frozen=True, tag="signature"):
    """The end of a letter: the closing words, room to sign, and who signs, a line each."""

    closing: str
    lines: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Items | Facts | PaperTable | Signature


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper in one language ("en" or "cy"). `author` is an organisation. `sender`, `recipient` and `facts_above`
    stand above the title, a line each. `evidence` is the footer: what the paper rests on. `mark`: "Draft" and the
    like. `page` is how its pages are counted, with `%(page)s` and `%(pages)s`. `wide`: on its side."""

    title: str
    language: str
    author: str
    blocks: tuple[Block, ...]
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    facts_above: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    mark: str | None = None
    page: str = ""
    wide: bool = False
