"""What the authority's caseworker has to do, in lists: children on no roll, requests, doubts. The owner of a matter
adds the function that reads its list to `WORKLISTS`; the page shows them in this order."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec


class WorklistItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: its heading, what is known in one sentence, and the page where it is done. `pupil` is noted in
    the read log; `tag` is a short word beside the heading, `late` whether it is overdue."""

    heading: str
    words: str
    address: str
    action: str
    pupil: UUID | None = None
    tag: str = ""
    late: bool = False


class Worklist(msgspec.Struct, frozen=True, kw_only=True):
    """A list of the caseworker's page. `key` is its anchor and the value of `?only=` in addresses; `total` counts also
    the items that are not shown."""

    key: str
    heading: str
    items: tuple[WorklistItem, ...]
    total: int


WORKLISTS: tuple[Callable[[int], Worklist], ...] = ()
"""Each takes the largest number of items to show."""
