"""Lists in pages: the server cuts, the page leads on."""

from __future__ import annotations

import msgspec


class Paging(msgspec.Struct, frozen=True):
    """Which rows of a list are shown: those from `first` on and before `past`, of `total`; pages count from 1."""

    number: int
    last: int
    total: int
    first: int
    past: int

    @classmethod
    def of(cls, total: int, number: int, size: int) -> Paging:
        """The page of this number; the last one for a number beyond it."""
        last = max(1, -(-total // size))
        number = min(max(1, number), last)
        return cls(number, last, total, (number - 1) * size, min(number * size, total))

    @property
    def around(self) -> list[int | None]:
        """The numbers to lead to: the first, the last and those beside this one; None for a gap."""
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
    """The page that an address asks for; 1 for anything that is no page."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 1
