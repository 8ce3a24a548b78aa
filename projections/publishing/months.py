"""What a published report may be asked: one whole month, and fixed groupings."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from coordination.errors import Refusal


def whole_month(from_on: date | None, to_on: date | None, as_of: date) -> tuple[date, date]:
    """The first and the last day of the month: of the two days given, or, without them, the last month that was over on
    `as_of`. Raises Refusal `not_a_whole_month` for other days, and for a month that was not over by `as_of`."""
    if from_on is None and to_on is None:
        end = as_of if (as_of + timedelta(days=1)).day == 1 else as_of.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    first = from_on or (to_on or as_of).replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if first.day != 1 or to_on not in (None, last) or last > as_of:
        raise Refusal("not_a_whole_month", "from_on")
    return first, last
