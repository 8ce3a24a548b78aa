"""Scheduled jobs are done once for each slot, by whoever claims it first; one that was missed is made up for."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from coordination.desk.job_runs import AGAIN, KEPT, LEASE, MOST_ATTEMPTS, claim, forget_runs, job_overview
from coordination.scheduled_jobs import JOBS, latest_slot
from coordination.store.migrate import APPEND, as_role
from scripts.service.jobs import JobRunner
from tests.scripts.conftest import Cydlynu, one

JOB = "forget_what_ended"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def runner(database: str, clock: Clock) -> JobRunner:
    return JobRunner(as_role(database, APPEND), clock)


def test_of_many_workers_one_does_the_work(database: str) -> None:
    done: list[int] = []
    clock = Clock(AT)
    together = threading.Barrier(8)

    def worker(number: int) -> None:
        own = runner(database, clock)
        together.wait()
        own.run(JOB, lambda: done.append(number))

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert one(database, "select count(*) from desk.job_run where finished_at is not null") == 1


def test_what_was_missed_is_made_up_for_once_and_the_next_slot_has_its_own_run(database: str) -> None:
    done: list[datetime] = []
    clock = Clock(AT)
    assert runner(database, clock).run(JOB, lambda: done.append(clock.at))
    clock.at = AT + timedelta(days=5)  # the worker was stopped for five days
    again = runner(database, clock)
    assert again.run(JOB, lambda: done.append(clock.at))
    assert not again.run(JOB, lambda: done.append(clock.at))
    assert done == [AT, AT + timedelta(days=5)]


@pytest.mark.parametrize(
    ("begin", "looks", "times"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 36, 1),  # the lost hour
        (datetime(2026, 10, 24, 23, tzinfo=UTC), 36, 1),  # the double hour
    ],
)
def test_the_lost_and_the_double_hour_see_it_once(
    database: str, begin: datetime, looks: int, times: int
) -> None:
    done: list[datetime] = []
    clock = Clock(begin - timedelta(minutes=1))
    own = runner(database, clock)
    own.run(JOB, lambda: None)  # yesterday's
    for number in range(looks):
        clock.at = begin + number * timedelta(minutes=5)
        own.run(JOB, lambda: done.append(clock.at))
    assert len(done) == times


def test_a_failure_is_noted_and_tried_again_a_few_times(database: str) -> None:
    clock = Clock(AT)
    own = runner(database, clock)
    tried: list[datetime] = []

    def fails() -> None:
        tried.append(clock.at)
        raise ValueError("the name of a child")

    for _ in range(MOST_ATTEMPTS + 3):
        own.run(JOB, fails)
        own.run(JOB, fails)  # too early
        clock.at += AGAIN
    assert len(tried) == MOST_ATTEMPTS
    with psycopg.connect(database) as conn:
        found = next(row for row in job_overview(conn, clock.at) if row.job == JOB)
    assert found.last is not None
    assert (found.last.state, found.last.problem, found.last.attempts) == (
        "failed",
        "ValueError",
        MOST_ATTEMPTS,
    )


def test_the_work_of_a_worker_that_died_is_done_anew(database: str) -> None:
    clock = Clock(AT)
    with psycopg.connect(database) as conn:
        assert claim(conn, JOB, latest_slot(JOBS[JOB], AT), AT)
    clock.at = AT + LEASE - timedelta(seconds=1)
    assert not runner(database, clock).run(JOB, lambda: None)
    clock.at = AT + LEASE
    assert runner(database, clock).run(JOB, lambda: None)


def test_runs_of_long_ago_are_forgotten(database: str) -> None:
    with psycopg.connect(database) as conn:
        claim(conn, JOB, AT, AT)
        claim(conn, JOB, AT + KEPT, AT + KEPT)
        assert forget_runs(conn, AT + KEPT) == 0
        assert forget_runs(conn, AT + KEPT + timedelta(seconds=1)) == 1


def test_the_command_shows_what_ran_and_what_failed(cydlynu: Cydlynu, database: str) -> None:
    said = cydlynu("jobs")
    assert said.status == 2, "no worker ran: everything is overdue"
    clock = Clock(cydlynu.now)
    own = runner(database, clock)
    for job in JOBS:
        own.run(job, lambda: None)
    assert cydlynu("jobs").status == 0
    clock.at = cydlynu.now = cydlynu.now + timedelta(minutes=30)

    def fails() -> None:
        raise OSError("/a/path")

    own.run("moves_due", fails)
    said = cydlynu("jobs", "--format", "json")
    assert said.status == 2
    assert [(run["job"], run["problem"]) for run in said.json["failures"]] == [("moves_due", "OSError")]
    assert "/a/path" not in said.out
    assert "moves_due" in cydlynu("jobs").out
