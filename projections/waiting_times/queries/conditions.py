"""Which rows of read.wait (as `w`) a figure counts: the conditions that the queries share, in SQL.

Their parameters: `position` of the log, `from_on` and `to_on` (the period), `as_of` (the day of the report).
"""

from __future__ import annotations

from projections.overdue import overdue

KNOWN = "(w.known_from <= %(position)s and (w.known_to is null or w.known_to > %(position)s))"
STOPPED = "(w.ending = 'stopped' and w.uncountable is null and w.end_on between %(from_on)s and %(to_on)s)"


def waits_on(day: str) -> str:
    """A condition: the wait has begun by a day (an SQL expression), has not ended, and is in no gap."""
    return (
        f"(w.begins_on <= {day} and coalesce(w.end_on, 'infinity') > {day} and (w.gap_from = '{{}}' or not exists"
        f" (select from unnest(w.gap_from, w.gap_until) as g(since, until) where since <= {day} and {day} < until)))"
    )


RUNNING = f"({waits_on('%(as_of)s')} and w.uncountable is null)"

# A last day that is not known lies beyond the terms that are: it has not passed.
STOPPED_LATE = f"coalesce({overdue('w.due_on', 'w.end_on')}, false)"
RUNNING_LATE = f"coalesce({overdue('w.due_on', '%(as_of)s')}, false)"
