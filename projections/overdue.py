"""When a last permitted day has passed, as SQL: the one definition for every query.

The same definition for Python is `coordination.clocks.limits.overdue`. The arguments are SQL expressions, never values.
"""

from __future__ import annotations


def overdue(due_on: str, on: str) -> str:
    """A condition: the last permitted day `due_on` has passed on the day `on`. Null where there is no such day."""
    return f"({due_on} < {on})"


def due_between(due_on: str, on: str, last: str) -> str:
    """A condition: on the day `on` it is not overdue, and it is due by the day `last`."""
    return f"(not {overdue(due_on, on)} and {due_on} <= {last})"


def first_overdue(due_on: str, days: str) -> str:
    """The index (from 0) of the first of some days, in order, on which it is overdue; their number when there is none.

    PostgreSQL's width_bucket counts the days up to and including `due_on`: on none of those is it overdue.
    """
    return f"width_bucket({due_on}, {days})"
