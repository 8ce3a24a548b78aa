"""What the domain says when it will not do something."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A decision was refused; nothing was written.

    `code` is a permanent lower_snake word that the edges put into English and Welsh; `field` names the
    command's field that the person can change; `facts` are what the sentence needs (dates, codes, ids),
    never personal data.
    """

    def __init__(self, code: str, field: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts

    def __repr__(self) -> str:
        return f"Refused({self.code!r}, field={self.field!r}, facts={self.facts!r})"


class Overtaken(Refused):
    """Somebody recorded something on the thing shown after it was shown (a lost race)."""

    def __init__(self, seen: int, current: int) -> None:
        super().__init__("overtaken", field="seen", seen=seen, current=current)


class NotFound(Refused):
    """No such thing, or not the asker's: the two look the same on purpose."""

    def __init__(self) -> None:
        super().__init__("not_found")
