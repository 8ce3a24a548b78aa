"""The encoding of a text file that does not say it.

UTF-8 and UTF-16 prove themselves. An 8-bit file proves nothing: the same byte is `â` to an old Macintosh, `ë` to DOS
and `‰` to Windows. The readings are compared by what they make of the words: letters of Welsh names count for a
reading; a sign inside a word, or a capital after a small letter, counts against it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

Encoding = Literal["utf-8", "utf-16", "windows-1252", "iso-8859-14", "mac-roman", "cp850", "cp437"]
CODE_PAGES: tuple[Encoding, ...] = ("windows-1252", "mac-roman", "cp850", "cp437")
"""The 8-bit encodings that are tried, the likeliest first; ISO 8859-14 is only read where someone names it."""
OLD_CODE_PAGES = frozenset({"mac-roman", "cp850", "cp437"})
EIGHT_BIT = frozenset({*CODE_PAGES, "iso-8859-14"})

_CODECS = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "mac-roman": "mac_roman"}
_MOST_WORDS = 5_000
_LONGEST_WORD = 60
_WORD = re.compile(rb"[A-Za-z'\x80-\xff]+")
_CIRCUMFLEX = set("âêîôûŵŷ")
_WELSH = set("áàäéèëíìïóòöúùüẃẁẅýỳÿ") | _CIRCUMFLEX
_APOSTROPHES = set("'’‘ʼ")
_AROUND = set("\u00a0“”‘’–—…·•£€°´")
_IMPOSSIBLE = -10


class DecodedText(msgspec.Struct, frozen=True):
    """The text of a file, and the encoding it was read with."""

    text: str
    encoding: str

    def __repr__(self) -> str:
        return f"DecodedText({self.encoding})"


def decode(data: bytes, encoding: Encoding | None = None) -> DecodedText | None:
    """The text of the bytes; None if no known encoding explains them. `encoding` is what the sender says it is."""
    for name in _candidates(data, encoding):
        try:
            return DecodedText(data.decode(_CODECS.get(name, name)).removeprefix("\ufeff"), _family(name))
        except UnicodeDecodeError:
            continue
    return None


def _candidates(data: bytes, encoding: Encoding | None) -> Iterator[str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16"
    elif encoding:
        yield encoding
    elif wide := unmarked_utf16(data):
        yield wide
    else:
        yield "utf-8"
        yield from _likeliest_code_page(data)


def _family(name: str) -> str:
    return "utf-16" if name.startswith("utf-16") else name


def unmarked_utf16(data: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """Whether bytes without a byte order mark are UTF-16: in a text with Latin letters every second byte is zero."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd >= half * 0.4 and even <= half * 0.02:
        return "utf-16-le"
    if even >= half * 0.4 and odd <= half * 0.02:
        return "utf-16-be"
    return None


def _likeliest_code_page(data: bytes) -> list[str]:
    """The code pages that can decode the bytes, the one that makes most sense of the words first."""
    words: dict[bytes, None] = {}
    for found in _WORD.finditer(data):
        word = found.group()
        if not word.isascii() and len(word) <= _LONGEST_WORD:
            words[word] = None
        if len(words) >= _MOST_WORDS:
            break
    scores = {page: _score(words, page) for page in CODE_PAGES}
    readable = {page: score for page, score in scores.items() if score is not None}
    best = sorted(readable, key=lambda page: -readable[page])
    if not best or "windows-1252" in readable or readable[best[0]] >= 0:
        return list(best)
    return []


def _score(words: Iterable[bytes], page: str) -> int | None:
    """How much sense a code page makes of the words; None if one cannot be decoded."""
    total = 0
    codec = _CODECS.get(page, page)
    for word in words:
        try:
            total += sense(word.decode(codec))
        except UnicodeDecodeError:
            return None
    return total


def sense(word: str) -> int:
    """How likely a word with letters beyond ASCII is to be a name: below zero if it cannot be one."""
    inner = word.strip("".join(_AROUND))
    points = 0
    for at, letter in enumerate(inner):
        if ord(letter) < 0x80:
            continue
        before, after = inner[at - 1 : at] if at else "", inner[at + 1 : at + 2]
        if letter in _APOSTROPHES:
            points += 2 if before.isalpha() and after.isalpha() else 0
        elif not letter.isalpha() or unicodedata.category(letter) == "Lm":
            points += _IMPOSSIBLE
        elif _case_is_odd(before, letter, after):
            points += _IMPOSSIBLE // 2
        elif letter.casefold() in _CIRCUMFLEX:
            points += 3
        elif letter.casefold() in _WELSH:
            points += 2
    return points


def _case_is_odd(before: str, letter: str, after: str) -> bool:
    """A capital after a small letter or within a word of small ones, or a small letter between capitals."""
    if letter.isupper():
        return before.islower() or (before.isupper() and after.islower())
    return letter.islower() and before.isupper() and after.isupper()


def has_other_reading(name: str, encoding: str) -> bool:
    """Whether a name of an 8-bit file may be another: it makes no sense as read, or an old code page was chosen and
    another one makes sense of the same bytes too."""
    if name.isascii() or encoding not in EIGHT_BIT:
        return False
    words = name.split()
    if any(sense(word) < 0 for word in words):
        return True
    if encoding not in OLD_CODE_PAGES:
        return False
    given = name.encode(_CODECS.get(encoding, encoding), errors="replace")
    for page in CODE_PAGES:
        try:
            other = given.decode(_CODECS.get(page, page))
        except UnicodeDecodeError:
            continue
        if other != name and all(sense(word) >= 0 for word in other.split()):
            return True
    return False
