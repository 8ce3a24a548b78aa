"""Runs the scheduled jobs of `coordination.scheduled_jobs`: each once for each slot, one that was missed at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from coordination.desk.job_runs import claim, note_failed, note_finished
from coordination.scheduled_jobs import JOBS, latest_slot
from scripts.service.rebuilding import LOST, code_location

LOOKED_EVERY = 5
"""Seconds between two looks at whether a slot has come."""

Work = Callable[[], object]
log = structlog.get_logger("cydlynu.worker")


class JobRunner:
    """Does the work of slots that nobody has claimed. `database` is the append role's address."""

    def __init__(self, database: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now
        self._done: dict[str, datetime] = {}

    def run(self, job: str, work: Work) -> bool:
        """Do the work of the job's latest slot, unless it is done or somebody does it; whether it was done here."""
        slot = latest_slot(JOBS[job], self._now())
        if self._done.get(job) == slot:
            return False
        try:
            if not self._claim(job, slot):
                return False
            work()
        except Exception as problem:
            log.warning("job_failed", job=job, kind=type(problem).__name__, at=code_location(problem))
            with suppress(*LOST), psycopg.connect(self._database) as conn:
                note_failed(conn, job, slot, type(problem).__name__, self._now())
            return False
        self._done[job] = slot
        with suppress(*LOST), psycopg.connect(self._database) as conn:
            note_finished(conn, job, slot, self._now())
        return True

    def _claim(self, job: str, slot: datetime) -> bool:
        with psycopg.connect(self._database) as conn:
            return claim(conn, job, slot, self._now())

    def schedule(self, scheduler: BackgroundScheduler, works: Mapping[str, Work]) -> None:
        """Have the scheduler look again and again whether a job is due, from now on."""
        if works.keys() != JOBS.keys():
            raise ValueError(f"not every job has its work: {sorted(works.keys() ^ JOBS.keys())}")
        for job, work in works.items():
            scheduler.add_job(self.run, "interval", seconds=LOOKED_EVERY, args=[job, work], **from_now_on())


def from_now_on() -> dict[str, Any]:
    """The schedule of work that is also done at once, and once only for all the times that were missed."""
    return {
        "next_run_time": datetime.now(UTC),
        "misfire_grace_time": None,
        "coalesce": True,
        "max_instances": 1,
    }
