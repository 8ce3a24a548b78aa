"""What the worker does about moves: carries out requests for a file, puts unanswered ones to the authority, and moves
the pupils of agreed lists on their day."""

from __future__ import annotations

from datetime import datetime

import msgspec
import psycopg

from coordination.calendars import local_date
from coordination.errors import NotFound, Refusal
from coordination.intake.file_requests import carry_out_requests, escalate_requests, schedule_order
from coordination.pupil.moves.commands import CompleteMove
from coordination.service import Coordination
from projections.moves.due import moves_due


def carry_out(service: Coordination, now: datetime) -> int:
    """Carries out the requests that wait: how many."""
    return carry_out_requests(service, now=now)


def do_what_is_due(service: Coordination, database: str, now: datetime) -> tuple[int, int]:
    """Puts unanswered requests to the authority, and moves pupils: how many of each. `database` is the owner's."""
    today = local_date(now)
    with psycopg.connect(database) as connection:
        due = moves_due(connection, today)
    moved = 0
    for move in due:
        context = msgspec.structs.replace(
            schedule_order(f"move {move.move}", now), on_behalf_of=move.from_school
        )
        command = CompleteMove(occurred_on=today, pupil=move.pupil, move=move.move)
        try:
            service.perform(command, context)
        except (NotFound, Refusal):
            continue
        moved += 1
    return escalate_requests(service, now=now), moved
