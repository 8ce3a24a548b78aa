"""The refusals of the domain."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A decision was refused; nothing was written.

    `code` is a permanent lower_snake word, with its sentence in webui/words/refusals. `field` names the field of
    the command that the person can change. `facts` are what the sentence needs (dates, codes, ids), different for each
    code, and never personal data.
    """

    def __init__(self, code: str, field: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts

    def __repr__(self) -> str:
        return f"Refusal({self.code!r}, field={self.field!r}, facts={self.facts!r})"


class StaleVersion(Refusal):
    """Another command has changed what the person was shown."""

    def __init__(self, seen: int, current: int) -> None:
        super().__init__("overtaken", field="seen", seen=seen, current=current)


class NotFound(Refusal):
    """The thing does not exist, or the viewer may not see it: the two look the same on purpose."""

    def __init__(self) -> None:
        super().__init__("not_found")
