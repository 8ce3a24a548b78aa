"""The worker's part when a school closes, or a service moves or closes: a command for each pupil, meeting and referral.

What is left to do is read from the read models each time, and each command is a save of its own under an id that it
has every time, so the work may be killed anywhere and goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import structlog
from psycopg import Connection

from coordination.authority import OPERATOR
from coordination.calendars import local_date
from coordination.desk.reorganisations import note_progress
from coordination.directory.state import Directory, Organisation
from coordination.errors import NotFound, Refusal
from coordination.event import Command, CommandContext
from coordination.meeting.commands import CancelMeeting
from coordination.pupil.profile.commands import EndRegistration, MovePupil
from coordination.pupil.referral.decide import MoveReferralService
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import OuterKeys
from coordination.store.migrate import APPEND, as_role
from projections.case_file.queries.reorganised import (
    meetings_after,
    pupils_of_closed_schools,
    referrals_elsewhere,
)

DAY = timedelta(days=1)
NOTED_EVERY = 50  # commands between two notes of the progress
WITHOUT_BASIS = "disclosure_without_basis"

log = structlog.get_logger("cydlynu.worker")


class Step(NamedTuple):
    """A command that follows from a change of the directory: of which school or service, and on whose behalf."""

    subject: UUID
    command: Command
    command_id: str
    on_behalf_of: UUID | None


class ReorganisingResult(NamedTuple):
    """How many commands recorded something, and how many were refused, by code."""

    done: int
    refused: dict[str, int]


def carry_out_reorganisation(
    database: str, keys: OuterKeys, now: datetime, stopped: Callable[[], bool] = lambda: False
) -> ReorganisingResult:
    """Carries out what the directory says of closed schools and reorganised services, as far as it is due. Raises the
    errors of a lost database; what was done by then stays done."""
    record = Record(as_role(database, APPEND), keys, pool_size=1)
    try:
        service = Coordination(record)
        with (
            psycopg.connect(database, autocommit=True) as owner,
            psycopg.connect(as_role(database, APPEND), autocommit=True) as desk,
        ):
            steps = steps_due(owner, service.directory(), local_date(now))
            return _carried_out(service, desk, steps, now, stopped)
    finally:
        record.close()


def steps_due(owner: Connection[Any], directory: Directory, today: date) -> list[Step]:
    """The commands that are due on a day, schools first."""
    closed = [s for s in directory.of_kind("school") if s.effective_to is not None]
    return [
        *_cancellations(owner, closed, today),
        *_registrations(owner, [s for s in closed if not s.is_open(today)], directory),
        *_referrals(owner, directory, today),
    ]


def _cancellations(owner: Connection[Any], closed: list[Organisation], today: date) -> Iterable[Step]:
    """Meetings planned for later than the school's last day, as soon as that day is on the record: those invited should
    not come in vain."""
    last_days = {s.id: s.effective_to for s in closed if s.effective_to is not None}
    for planned in meetings_after(owner, last_days):
        command = CancelMeeting(
            occurred_on=today, meeting=planned.meeting, why="Mae’r ysgol wedi cau / The school has closed"
        )
        yield Step(planned.school, command, f"school closed: {planned.meeting}", planned.school)


def _registrations(
    owner: Connection[Any], closed: list[Organisation], directory: Directory
) -> Iterable[Step]:
    """From the day after, each pupil is on the roll of the school that it merged into, or on no roll."""
    merged_into = {school.id: school.merged_into for school in closed}
    for one in pupils_of_closed_schools(owner, merged_into):
        school = directory.organisation(one.school)
        if school is None or school.effective_to is None:
            continue
        on, into = school.effective_to + DAY, school.merged_into
        id = f"school closed: {school.id} {one.pupil} {on}"
        if into is None or one.on_both:
            leave = EndRegistration(occurred_on=on, pupil=one.pupil, school=school.id)
            yield Step(school.id, leave, id, school.id)
        else:
            move = MovePupil(occurred_on=on, pupil=one.pupil, from_school=school.id, to_school=into)
            yield Step(school.id, move, id, into)


def _referrals(owner: Connection[Any], directory: Directory, today: date) -> Iterable[Step]:
    """Open referrals follow their service, dated the first day with the other agency; those of a closed service go to
    the one that inherits them, dated today."""
    now_with: dict[UUID, UUID] = {}
    first_days: dict[UUID, date] = {}
    for service in directory.services:
        taken_on = directory.taken_on_by(service.id, today)
        if service.agency_since is not None or (taken_on is not None and taken_on.id != service.id):
            now_with[service.id] = (taken_on or service).agency
            inherited = taken_on is not None and taken_on.id != service.id
            first_days[service.id] = today if inherited else service.agency_since or today
    for one in referrals_elsewhere(owner, now_with):
        on = max(first_days[one.service], one.opened_on)
        command = MoveReferralService(occurred_on=on, pupil=one.pupil, referral=one.referral)
        id = f"service moved: {one.referral} {now_with[one.service]} {on}"
        yield Step(one.service, command, id, None)


def _carried_out(
    service: Coordination,
    desk: Connection[Any],
    steps: list[Step],
    now: datetime,
    stopped: Callable[[], bool],
) -> ReorganisingResult:
    remaining = Counter(step.subject for step in steps)
    done: Counter[UUID] = Counter()
    without_basis: Counter[UUID] = Counter()
    refused: Counter[str] = Counter()
    total = 0

    def note() -> None:
        for subject in remaining:
            note_progress(
                desk,
                subject,
                done=done.pop(subject, 0),
                remaining=remaining[subject],
                without_basis=without_basis[subject],
                at=now,
            )

    for number, step in enumerate(steps, 1):
        if stopped():
            break
        try:
            receipt = service.perform(step.command, _context(step, now))
        except NotFound:  # changed since the read models were read: looked at again the next time
            refused["not_found"] += 1
        except Refusal as refusal:
            refused[refusal.code] += 1
            without_basis[step.subject] += refusal.code == WITHOUT_BASIS
        else:
            total += receipt.position > 0
            done[step.subject] += receipt.position > 0
            remaining[step.subject] -= 1
        if number % NOTED_EVERY == 0:
            note()
    note()
    if steps:
        log.info("reorganised", done=total, refused=dict(refused))
    return ReorganisingResult(total, dict(refused))


def _context(step: Step, now: datetime) -> CommandContext:
    return CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="command_line",
        command_id=step.command_id[:200],
        recorded_at=now,
        on_behalf_of=step.on_behalf_of,
    )
