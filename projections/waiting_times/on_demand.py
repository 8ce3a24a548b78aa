"""The waits as another version of the metric rules finds them: computed for one report, from the log.

The rows stand in a temporary table of the report's own transaction, under the same row policy as those of the newest
version, and every query of this room reads them there. It takes about as long as a rebuild of the waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from psycopg import Connection, sql

from coordination.clocks.metric import MetricRules
from coordination.directory.state import Directory
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.store.application import Record
from coordination.viewer import Viewer
from projections.reader import Reader, ViewingCursor
from projections.waiting_times.policies import POLICIES
from projections.waiting_times.project import wait_row
from projections.waiting_times.rows import WAIT, WaitTableRow

TABLE = "wait_on_demand"
TOGETHER = 500
"""So many pupils' streams are read at once."""
STANDING = re.compile(r"\bread\.wait\b")


class OnDemandCursor(ViewingCursor):
    """A viewer's cursor for which the waits are those of the temporary table."""

    def execute(self, query: Any, *given: Any, **how: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else query
        return super().execute(STANDING.sub(TABLE, text).encode(), *given, **how)


class OnDemandReader(Reader):
    """Reads waits that were computed, and everything else as it is in the read models."""

    reads_only = False  # until the temporary table is filled

    def __init__(self, reader: Reader, rows: Sequence[WaitTableRow]) -> None:
        super().__init__(reader.pool)
        self._rows = rows

    @contextmanager
    def viewing(self, viewer: Viewer) -> Iterator[OnDemandCursor]:
        """A cursor that sees what the viewer may see of these waits."""
        with self._looking(viewer) as (connection, at):
            _fill(connection, self._rows)
            with OnDemandCursor.of(connection, at) as cursor:
                yield cursor


def waits_under(
    rules: MetricRules, record: Record, directory: Directory, position: int
) -> list[WaitTableRow]:
    """The rows of every referral, as known at a position of the log, under a version of the rules. `directory` is that
    of the position."""
    found: list[WaitTableRow] = []
    pupils = record.streams_with("referral.opened", position)
    for start in range(0, len(pupils), TOGETHER):
        for pupil, events in record.load_until(pupils[start : start + TOGETHER], position).items():
            case = PUPIL_STREAM.fold(events)
            off_roll = case.profile.off_roll()
            for referral in case.referrals.values():
                if not referral.steps:
                    continue
                authority = directory.authority_of(referral.school)
                found.extend(
                    msgspec.structs.replace(
                        wait_row(wait, referral, pupil, authority), metric_version=rules.version
                    )
                    for wait in rules.waits_of(referral, directory, off_roll)
                )
    return found


def _fill(connection: Connection, rows: Sequence[WaitTableRow]) -> None:
    """Makes the table and its policy; nothing is written after it."""
    columns = WAIT.row.__struct_fields__
    table = sql.Identifier(TABLE)
    [policy] = [policy for policy in POLICIES if policy.table == WAIT.name]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("create temporary table {} (like read.wait) on commit drop").format(table), prepare=False
        )
        cursor.execute(sql.SQL("alter table {} alter known_from set default 0").format(table), prepare=False)
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(table, names)) as copy:
            for row in rows:
                copy.write_row([getattr(row, column) for column in columns])
        cursor.execute(
            sql.SQL(
                "alter table {table} enable row level security; alter table {table} force row level security;"
                " create policy seen on {table} for select using ({condition}); set transaction read only"
            ).format(table=table, condition=sql.SQL(policy.condition)),
            prepare=False,
        )
