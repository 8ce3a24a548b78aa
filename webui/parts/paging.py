"""Paging of lists."""

from __future__ import annotations

import msgspec


class Paging(msgspec.Struct, frozen=True):
    """The rows of a list that are shown: from `first` on and before `past`, of `total`; pages count from 1."""

    number: int
    last: int
    total: int
    first: int
    past: int

    @classmethod
    def of(cls, total: int, number: int, size: int) -> Paging:
        """The page with this number; the last page for a number beyond it."""
        last = max(1, -(-total // size))
        number = min(max(1, number), last)
        return cls(number, last, total, (number - 1) * size, min(number * size, total))

    @property
    def around(self) -> list[int | None]:
        """The page numbers to link to: the first, the last and those next to this one; None for a gap."""
        near = sorted({1, self.last, *range(max(1, self.number - 1), min(self.last, self.number + 1) + 1)})
        found: list[int | None] = []
        for number in near:
            if found and found[-1] is not None and number - found[-1] == 2:
                found.append(number - 1)
            elif found and found[-1] is not None and number - found[-1] > 2:
                found.append(None)
            found.append(number)
        return found


def page_number(text: str | None) -> int:
    """The page number in an address; 1 for any invalid value."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 1
