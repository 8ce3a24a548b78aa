"""(c) The waiting-time report over 200,000 referrals of one service, against `select count(*)` of its table.

The county has some thousands of referrals to its busiest service. Their rows of `read.wait` and `read.referral_need`,
the closed ones included, are copied by SQL under new referral ids until there are 200,000 referrals, and the tables
are vacuumed and analysed as they would be in time. Both questions are put as the authority's auditor, through the
Reader, with row-level security: the count reads every row the auditor may see, the report all of the service's, whole
history, by service, by school and by need. Rounds alternate; the ratio is that of the medians.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

from coordination.directory.state import Directory
from coordination.store.migrate import READ, as_role
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.waiting_times.queries import By, WaitingTimesCriteria, report
from projections.waiting_times.rows import REFERRAL_NEED, WAIT
from scripts.demonstration.county import AUDITOR, AUTHORITY
from scripts.measure.database import UNTIL, BenchmarkDatabase

ROUNDS = 5
REFERRALS = 200_000
GROUPINGS: tuple[By, ...] = ("service", "school", "need")


class ReportTimes(msgspec.Struct, frozen=True):
    """Medians in milliseconds: the count, and the report by each grouping; of how many referrals and rows."""

    referrals: int
    rows: int
    count: float
    by: dict[str, float]

    def vs_scan(self, by: str) -> float:
        """How many sequential scans of the table a report takes as long as."""
        return self.by[by] / self.count


def measure(ground: BenchmarkDatabase, referrals: int = REFERRALS) -> ReportTimes:
    """Adds rows to the live schema that the log knows nothing of: nothing may be measured on it afterwards."""
    with psycopg.connect(ground.database, autocommit=True) as connection:
        service, referrals, rows = _multiply(connection, referrals)
    with ground.service() as coordination:
        directory = coordination.directory()
    found = directory.service(service)
    assert found is not None
    with ConnectionPool(as_role(ground.database, READ, jit="off"), min_size=1, max_size=1) as pool:
        reader = Reader(pool)
        counts: list[float] = []
        reports: dict[str, list[float]] = {by: [] for by in GROUPINGS}
        for _ in range(ROUNDS + 1):
            counts.append(_count(reader))
            for by in GROUPINGS:
                reports[by].append(
                    _report(reader, directory, WaitingTimesCriteria(service=found.code, as_of=UNTIL, by=by))
                )
    # the first round fills the caches and does not count
    return ReportTimes(
        referrals,
        rows,
        median(counts[1:]) * 1e3,
        {by: median(times[1:]) * 1e3 for by, times in reports.items()},
    )


def auditor_viewer() -> Viewer:
    """The auditor as whom the report is requested."""
    return Viewer(person=AUDITOR, organisation=AUTHORITY, role="auditor", today=UNTIL)


def _count(reader: Reader) -> float:
    begun = perf_counter()
    with reader.viewing(auditor_viewer()) as cursor:
        cursor.execute("select count(*) as n from read.wait").fetchone()
    return perf_counter() - begun


def _report(reader: Reader, directory: Directory, ask: WaitingTimesCriteria) -> float:
    begun = perf_counter()
    report(reader, auditor_viewer(), directory, ask)
    return perf_counter() - begun


def _multiply(connection: Connection, referrals: int) -> tuple[UUID, int, int]:
    """Copies the busiest service's waits; the service, its referrals then, and how many rows the table then has."""
    row = connection.execute(
        "select service, count(distinct referral) from read.wait group by 1 order by 2 desc limit 1"
    ).fetchone()
    assert row is not None
    service, real = row
    with connection.transaction():
        connection.execute(
            "create temporary table twin on commit drop as"
            " select referral, md5(referral::text || copy)::uuid as copied from"
            " (select referral, row_number() over (order by referral) as n"
            "  from (select distinct referral from read.wait where service = %(service)s) as r) as numbered"
            " cross join generate_series(1, %(referrals)s / %(real)s + 1) as copy"
            " where (copy - 1) * %(real)s + n <= %(referrals)s - %(real)s",
            {"service": service, "real": real, "referrals": referrals},
        )
        for table in (WAIT, REFERRAL_NEED):
            _copy(connection, table.name, table.columns, service if table is WAIT else None)
    connection.execute("vacuum (analyze) read.wait")
    connection.execute("vacuum (analyze) read.referral_need")
    counted = connection.execute(
        "select count(distinct referral) filter (where service = %s), count(*) from read.wait", (service,)
    ).fetchone()
    assert counted is not None
    return service, counted[0], counted[1]


def _copy(connection: Connection, table: str, columns: tuple[str, ...], service: object) -> None:
    values = [
        sql.SQL("twin.copied") if c == "referral" else sql.SQL("t.{}").format(sql.Identifier(c))
        for c in columns
    ]
    statement = sql.SQL(
        "insert into read.{table} ({columns}) select {values} from read.{table} t join twin using (referral)"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
    )
    if service is not None:
        connection.execute(statement + sql.SQL(" where t.service = %s"), (service,))
    else:
        connection.execute(statement)
