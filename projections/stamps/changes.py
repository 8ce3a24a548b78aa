"""What was recorded between two positions of the log that changes the figures of a report, as counts.

Each kind of report has one function here. They read as the viewer: what is hidden from someone is in no count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.directory.state import Directory
from projections.attendance.queries.figures import statement_parameters
from projections.waiting_times.queries.report import service_and_standard


class ReportChange(msgspec.Struct, frozen=True):
    """One reason why two reports may differ. `code` names its sentence (`webui/reports/stamp_words.py`); `count` is how
    often, `first` and `last` the positions of the first and the last time."""

    code: str
    count: int
    first: int
    last: int


# Entries of the referrals whose waits the report counts, or counted. Who may not read the entries sees the rows only.
OF_WAITS = """
select case
         when e.kind = 'entry_struck' then 'entries_struck'
         when e.kind in ('milestone_confirmed', 'milestone_contested') then 'entries_reviewed'
         when e.about is not null then 'entries_corrected'
         when e.occurred_on <= %(as_of)s then 'late_entries'
         else 'later_entries'
       end as code, count(*) as count, min(e.position) as first, max(e.position) as last
from read.wait_entry e
where e.position > %(after)s and e.position <= %(until)s
  and exists (select from read.wait w
              where w.referral = e.referral
                and (%(service)s::uuid is null or w.service = %(service)s and w.standard = %(standard)s))
group by 1
"""

WAIT_ROWS = """
with changed as (
    select w.referral, w.standard, w.number,
           min(w.known_from) filter (where w.known_from > %(after)s) as begun,
           max(w.known_from) filter (where w.known_from > %(after)s) as last,
           max(w.known_to) filter (where w.known_to > %(after)s and w.known_to <= %(until)s) as ended,
           bool_or(w.known_from <= %(after)s and (w.known_to is null or w.known_to > %(after)s)) as before,
           bool_or(w.known_to is null or w.known_to > %(until)s) as afterwards
    from read.wait w
    where (%(service)s::uuid is null or w.service = %(service)s and w.standard = %(standard)s)
      and w.known_from <= %(until)s
      and (w.known_from > %(after)s or w.known_to > %(after)s and w.known_to <= %(until)s)
    group by 1, 2, 3
)
select case when not before then 'waits_new' when afterwards then 'waits_changed' else 'waits_gone' end as code,
       count(*) as count, min(least(begun, ended)) as first, max(greatest(last, ended)) as last
from changed where before or afterwards
group by 1
"""

ATTENDANCE_ROWS = """
with changed as (
    select a.meeting, a.party,
           min(a.known_from) filter (where a.known_from > %(after)s) as begun,
           max(a.known_from) filter (where a.known_from > %(after)s) as last,
           max(a.known_to) filter (where a.known_to > %(after)s and a.known_to <= %(until)s) as ended,
           bool_or(a.known_from <= %(after)s and (a.known_to is null or a.known_to > %(after)s)) as before,
           bool_or(a.known_to is null or a.known_to > %(until)s) as afterwards
    from read.attendance a
    where a.in_figures and a.known_from <= %(until)s
      and (a.known_from > %(after)s or a.known_to > %(after)s and a.known_to <= %(until)s)
      and (%(school)s::uuid is null or a.school = %(school)s)
      and (%(agency)s::uuid is null or a.agency = %(agency)s)
      and (%(service)s::uuid is null or a.service = %(service)s)
    group by 1, 2
)
select case when not before then 'lines_new' when afterwards then 'lines_changed' else 'lines_gone' end as code,
       count(*) as count, min(least(begun, ended)) as first, max(greatest(last, ended)) as last
from changed where before or afterwards
group by 1
"""

DISPUTES = """
select case when d.ruling is null then 'marks_disputed' else 'marks_ruled_on' end as code, count(*) as count,
       min(d.known_from) as first, max(d.known_from) as last
from read.mark_dispute d
where d.known_from > %(after)s and d.known_from <= %(until)s
  and (%(school)s::uuid is null or d.school = %(school)s)
  and (%(agency)s::uuid is null or d.agency = %(agency)s)
  and (%(service)s::uuid is null or d.service = %(service)s)
group by 1
"""


def changes_of_waits(
    cursor: Cursor[DictRow], directory: Directory, ask: Any, after: int, until: int
) -> list[ReportChange]:
    """Late entries (dated on or before the day of the report), later ones, corrections and reviews, and the waits that
    came, changed and went by them."""
    service, standard = service_and_standard(directory, ask)
    given = {
        "service": service,
        "standard": standard,
        "as_of": ask.as_of,
        "after": after,
        "until": until,
    }
    return _found(cursor, given, OF_WAITS, WAIT_ROWS)


def changes_of_all_waits(
    cursor: Cursor[DictRow], _directory: Directory, ask: Any, after: int, until: int
) -> list[ReportChange]:
    """As `changes_of_waits`, of all services and standards."""
    given = {"service": None, "standard": None, "as_of": ask.as_of, "after": after, "until": until}
    return _found(cursor, given, OF_WAITS, WAIT_ROWS)


def changes_of_attendance(
    cursor: Cursor[DictRow], directory: Directory, ask: Any, after: int, until: int
) -> list[ReportChange]:
    """The lines of registers that came, changed and went, and disputes and rulings."""
    given = statement_parameters(directory, ask) | {"after": after, "until": until}
    return _found(cursor, given, ATTENDANCE_ROWS, DISPUTES)


def _found(cursor: Cursor[DictRow], given: Mapping[str, Any], *statements: str) -> list[ReportChange]:
    return [
        ReportChange(row["code"], int(row["count"]), int(row["first"]), int(row["last"]))
        for statement in statements
        for row in sorted(
            cursor.execute(statement.encode(), given).fetchall(), key=lambda row: str(row["code"])
        )
    ]
