"""A paper as PDF/UA-1: tagged, titled, with its language, so that a screen reader reads it as it is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import typst
from flask_babel import gettext as _

from coordination.struct_types import prepared
from webui.papers.paper import Paper

TYPESET = Path(__file__).resolve().parent / "typeset"
NO_GLYPH = "▯"
"""Stands for a sign that no font of the machine has."""

_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


class SignsMissing(Exception):
    """No font has a sign of the paper."""

    def __init__(self, sign: str) -> None:
        super().__init__("a sign that no font has")
        self.sign = sign


def pdf_of(paper: Paper, made_at: datetime) -> bytes:
    """The PDF. The same paper and instant give the same bytes as long as the fonts that typst brings have its signs;
    for other scripts the machine's fonts are used, and what they do not have either is marked and said in the footer.

    typst checks PDF/UA-1 as it writes and raises typst.TypstError where a paper cannot meet it (no title, a table
    without a heading); no paper of ours may.
    """
    clean = msgspec.convert(
        _each_text(msgspec.to_builtins(paper), lambda words: _CONTROL.sub("", words)), prepared(Paper)
    )
    text = msgspec.json.encode(clean).decode()
    try:
        return _compiled(text, made_at, own_fonts=True)
    except SignsMissing:
        pass
    note = _(
        "Signs that cannot be printed here are shown as %(sign)s; the page in Cydlynu has them.",
        sign=NO_GLYPH,
    )
    while True:
        try:
            return _compiled(text, made_at, own_fonts=False)
        except SignsMissing as missing:
            before = msgspec.json.decode(text, type=prepared(Paper))
            without = _without_script_of(missing.sign, before)
            if without == before:
                raise
            evidence = without.evidence if note in without.evidence else (*without.evidence, note)
            text = msgspec.json.encode(msgspec.structs.replace(without, evidence=evidence)).decode()


def _compiled(paper: str, made_at: datetime, *, own_fonts: bool) -> bytes:
    try:
        return typst.compile(
            str(TYPESET / "paper.typ"),
            root=str(TYPESET),
            ignore_system_fonts=own_fonts,
            format="pdf",
            sys_inputs={"paper": paper},
            pdf_standards="ua-1",
            timestamp=made_at,
        )
    except typst.TypstError as refused:
        found = _NOT_SHOWN.search(str(refused))
        if found is None:
            raise
        raise SignsMissing(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])) from None


def _without_script_of(sign: str, paper: Paper) -> Paper:
    """The paper with the signs of one script replaced, so that a text in it costs one attempt and not one a sign."""
    scripts = {_script(one) for one in sign}

    def replaced(words: str) -> str:
        return "".join(NO_GLYPH if one in sign or _script(one) in scripts else one for one in words)

    return msgspec.convert(_each_text(msgspec.to_builtins(paper), replaced), prepared(Paper))


def _script(sign: str) -> str:
    """The script of a sign by the first word of its name; of a sign of a common script its own name."""
    name = unicodedata.name(sign, f"U+{ord(sign):X}")
    first = name.split(" ")[0]
    return name if first in ("LATIN", "DIGIT", "SPACE", "FULL", "COMMA") else first


def _each_text(value: object, change: Callable[[str], str]) -> object:
    match value:
        case str():
            return change(value)
        case list() | tuple():
            return [_each_text(one, change) for one in value]
        case dict():
            # what a block is, and in which language, are not words
            return {k: v if k in ("type", "language") else _each_text(v, change) for k, v in value.items()}
        case _:
            return value
