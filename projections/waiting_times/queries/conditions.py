"""Which rows of read.wait (as `w`) a figure counts: the conditions that the queries share, in SQL.

Their parameters: `position` of the log, `from_on` and `to_on` (the period), `as_of` (the day of the report).
"""

from __future__ import annotations

from projections.overdue import overdue

KNOWN = "(w.known_from <= %(position)s and (w.known_to is null or w.known_to > %(position)s))"
STOPPED = "(w.stop_on between %(from_on)s and %(to_on)s)"
RUNNING = "(w.start_on <= %(as_of)s and coalesce(w.stop_on, w.ended_on, 'infinity') > %(as_of)s)"

STOPPED_LATE = overdue("w.due_on", "w.stop_on")
RUNNING_LATE = overdue("w.due_on", "%(as_of)s")
