"""What the authority's caseworker has to do, in lists: children on no roll, requests, doubts. Each is read by
a function that takes the largest number of items to show; `pages/caseworker.py` lists these functions."""

from __future__ import annotations

from uuid import UUID

import msgspec


class WorklistItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: its heading, what is known in one sentence and further `lines`, and the page where it is done.
    `pupil` is noted in the read log; `tag` is a short word beside the heading, `late` whether it is overdue."""

    heading: str
    words: str
    address: str
    action: str
    lines: tuple[str, ...] = ()
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
