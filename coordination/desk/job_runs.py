"""Runs of the scheduled jobs: the row of a job and a slot is the claim to do the work, so that it is done once."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from coordination.scheduled_jobs import JOBS, Schedule, latest_slot, next_slot

AGAIN = timedelta(minutes=5)
"""How long after a failure it is tried again."""
MOST_ATTEMPTS = 5
"""After so many failures the next slot is waited for."""
LEASE = timedelta(hours=1)
"""A run that has said nothing for so long is taken to be dead, and is done anew."""
KEPT = timedelta(days=7)
FAILURES_KEPT = timedelta(days=90)


class JobRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run: the last attempt began at `begun_at`. `problem` is the kind of the error of the last one that failed."""

    job: str
    slot: datetime
    begun_at: datetime
    attempts: int
    finished_at: datetime | None
    failed_at: datetime | None
    problem: str | None

    @property
    def state(self) -> str:
        """`done`, `failed` or `running`."""
        return "done" if self.finished_at else "failed" if self.failed_at else "running"


_COLUMNS = ", ".join(JobRun.__struct_fields__)


def claim(conn: Connection, job: str, slot: datetime, now: datetime) -> bool:
    """Whether the caller is to do the work now: for the first who asks, after a failure, and after a death."""
    sql = """insert into desk.job_run as run (job, slot, begun_at) values (%(job)s, %(slot)s, %(now)s)
             on conflict (job, slot) do update set begun_at = excluded.begun_at, attempts = run.attempts + 1,
               failed_at = null, problem = null
             where run.finished_at is null and run.attempts < %(most)s
               and (run.failed_at <= %(again)s or run.failed_at is null and run.begun_at <= %(dead)s)"""
    values = {
        "job": job,
        "slot": slot,
        "now": now,
        "most": MOST_ATTEMPTS,
        "again": now - AGAIN,
        "dead": now - LEASE,
    }
    return conn.execute(sql, values).rowcount == 1


def note_finished(conn: Connection, job: str, slot: datetime, now: datetime) -> None:
    """The work of the slot is done."""
    conn.execute("update desk.job_run set finished_at = %s where job = %s and slot = %s", (now, job, slot))


def note_failed(conn: Connection, job: str, slot: datetime, problem: str, now: datetime) -> None:
    """The work of the slot could not be done; `problem` is the kind of error."""
    sql = "update desk.job_run set failed_at = %s, problem = %s where job = %s and slot = %s"
    conn.execute(sql, (now, problem[:100], job, slot))


class JobOverview(msgspec.Struct, frozen=True, kw_only=True):
    """A job with its last run (None: it never ran) and when it is due next; `overdue`: its last slot was missed."""

    job: str
    schedule: Schedule
    last: JobRun | None
    next_at: datetime
    overdue: bool


def job_overview(conn: Connection, now: datetime) -> list[JobOverview]:
    """Every job, in the order in which they are declared."""
    sql = f"select distinct on (job) {_COLUMNS} from desk.job_run order by job, slot desc"  # noqa: S608 - columns
    with conn.cursor(row_factory=class_row(JobRun)) as cursor:
        last = {run.job: run for run in cursor.execute(sql.encode())}
    return [
        JobOverview(
            job=job,
            schedule=schedule,
            last=last.get(job),
            next_at=next_slot(schedule, now),
            overdue=job not in last or last[job].slot < latest_slot(schedule, now),
        )
        for job, schedule in JOBS.items()
    ]


def failures(conn: Connection, limit: int = 50) -> list[JobRun]:
    """The runs that failed and were not made good, the newest first."""
    sql = f"select {_COLUMNS} from desk.job_run where failed_at is not null order by slot desc, job limit %s"  # noqa: S608
    with conn.cursor(row_factory=class_row(JobRun)) as cursor:
        return cursor.execute(sql.encode(), (limit,)).fetchall()


def forget_runs(conn: Connection, now: datetime) -> int:
    """Delete runs of long ago; how many."""
    sql = """delete from desk.job_run
             where begun_at < case when failed_at is null then %s else %s end::timestamptz"""
    return conn.execute(sql, (now - KEPT, now - FAILURES_KEPT)).rowcount
