"""Elements of a transfer file. Names are compared without namespace and regardless of case."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

NO_RANK = 999


def local_name(element: Element) -> str:
    """The name of an element without its namespace, in small letters."""
    return element.tag.rpartition("}")[2].casefold()


def children(element: Element | None, name: str) -> list[Element]:
    """The children of that name."""
    return [] if element is None else [child for child in element if local_name(child) == name]


def within(element: Element, name: str) -> list[Element]:
    """The elements of that name at any depth."""
    return [child for child in element.iter() if local_name(child) == name]


def child_text(element: Element | None, *names: str) -> str:
    """The text of the first child found under one of the names; "" if there is none."""
    for name in names:
        for child in children(element, name):
            if child.text and child.text.strip():
                return child.text
    return ""


def number_of(text: str) -> int:
    """A rank as a number; a missing rank sorts last."""
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text.strip()) else NO_RANK
