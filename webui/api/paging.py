"""Lists in pages: parameters and the Link header."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import request

from webui.api.reading import ClosedSchema
from webui.forms.fields import WholeNumberField

USUAL, MOST = 50, 200
LAST = 10**9


class PageRequest(msgspec.Struct, frozen=True):
    """A page of a list, counted from 1, and its number of rows."""

    number: int
    size: int

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size

    @property
    def past(self) -> int:
        return self.number * self.size


class PagedQuery(ClosedSchema):
    """The parameters of every list."""

    page = WholeNumberField("Page", least=1, most=LAST, required=False)
    per_page = WholeNumberField("Number of items on a page", least=1, most=MOST, required=False)


def take_page(query: dict[str, Any]) -> PageRequest:
    """The page requested by a query; its parameters are removed from the query."""
    number, size = query.pop("page", None), query.pop("per_page", None)
    return PageRequest(number or 1, size or USUAL)


def page_links(page: PageRequest, total: int) -> str:
    """The Link header (RFC 8288): first, prev, next, last, as addresses from the root. A page past the end links back
    to the last one."""
    last = max(1, -(-total // page.size))
    wanted = {"first": 1, "last": last}
    if page.number > 1:
        wanted["prev"] = min(page.number - 1, last)
    if page.number < last:
        wanted["next"] = page.number + 1
    kept = [(name, value) for name, value in request.args.items() if name not in ("page", "per_page")]
    return ", ".join(
        f'<{request.path}?{urlencode([*kept, ("page", number), ("per_page", page.size)])}>; rel="{name}"'
        for name, number in wanted.items()
    )
