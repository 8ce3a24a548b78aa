"""What a row of read.wait (as `w`) is on the day of a report: the SQL that the queries share.

Their parameters: `position` of the log, `from_on` and `to_on` (the period, which ends by `as_of` at the latest), and
`as_of` (the day of the report). What happened after that day counts as not happened.
"""

from __future__ import annotations

from projections.overdue import overdue

KNOWN = "(w.known_from <= %(position)s and (w.known_to is null or w.known_to > %(position)s))"
BEGUN = "(w.begins_on <= %(as_of)s)"
BEGAN = "(w.begins_on between %(from_on)s and %(to_on)s)"


def waits_on(day: str) -> str:
    """A condition: the wait has begun by a day (an SQL expression), has not ended, and is in no gap."""
    return f"(w.begins_on <= {day} and {ended_on(day)} is null)"


def ended_on(day: str) -> str:
    """When the wait had ended by a day; null: it had not. Between an ending and what continued it nobody waits."""
    return f"""(case when w.end_on <= {day} then w.end_on
     when cardinality(w.gap_from) > 0 then (
       select g.from_on from unnest(w.gap_from, w.gap_until) as g(from_on, until)
       where g.from_on <= {day} and {day} < g.until limit 1) end)"""


def ending(day: str) -> str:
    """How it had ended by a day: 'stopped' or one of ENDINGS; null: it had not."""
    return f"""(case when w.end_on <= {day} then w.ending
     when cardinality(w.gap_from) > 0 then (
       select g.ending from unnest(w.gap_from, w.gap_until, w.gap_ending) as g(from_on, until, ending)
       where g.from_on <= {day} and {day} < g.until limit 1) end)"""


ENDED_ON = ended_on("%(as_of)s")
ENDING = ending("%(as_of)s")

# as WaitTally has it
STATE = """case when c.ending is null then case when c.uncountable is null then 'running' else 'uncountable' end
      when c.ended_on < %(from_on)s or c.ended_on > %(to_on)s then 'outside'
      when c.ending <> 'stopped' then c.ending
      when c.uncountable is null then 'stopped' else 'uncountable' end"""

STOPPED_LATE = overdue("c.due_on", "c.ended_on")
RUNNING_LATE = overdue("c.due_on", "%(as_of)s")
