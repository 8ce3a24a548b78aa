"""Any history is counted right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest

from coordination.challenge.rule import MISSED
from coordination.errors import Refusal
from coordination.event import Command
from coordination.meeting.commands import (
    AddAgendaItem,
    AnswerInvitation,
    CancelMeeting,
    CorrectMark,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    RecordDelivery,
    RemoveAgendaItem,
    RescheduleMeeting,
    ScheduleMeeting,
    SendAgenda,
)
from coordination.meeting.events import PRESENT, Mark
from coordination.meeting.state import MEETING_STREAM
from coordination.meeting.state import Meeting as MeetingState
from coordination.service import Coordination
from projections.attendance.queries import (
    AttendanceCriteria,
    report,
)
from projections.engine import Engine
from projections.reader import Reader
from projections.rebuild import rebuild
from tests.county import (
    ALNCO,
    CAMHS,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    THERAPY,
    order,
)
from tests.projections.attendance.shared import everything, rules
from tests.projections.hwb import (
    FIRST,
    accept_terms,
    held_on,
    meeting_id,
    party,
    viewers,
)

# Any history


MARKS: tuple[Mark, ...] = (
    "attended",
    "late",
    "left_early",
    "apologies",
    "absent",
    "substitute",
    "written_contribution",
)


def some_history(service: Coordination, seed: int) -> list[UUID]:
    """Meetings of one school after many commands drawn at random; those that are refused leave no trace."""
    draw = Random(seed)
    batch = service.batch()
    days = [FIRST + timedelta(days=n) for n in range(90)]
    keys = [meeting_id(n) for n in range(15)]
    for day in days:
        for _ in range(10):
            command = some_command(draw, draw.choice(keys), day, partial(batch.state, MEETING_STREAM))
            try:
                batch.perform(command, order(ALNCO, day))
            except Refusal:
                continue
        batch.commit()
    return keys


def some_command(draw: Random, key: UUID, day: date, state: Callable[[UUID], MeetingState]) -> Command:
    meeting = state(key)
    if not meeting.scheduled:
        ahead = day + timedelta(days=draw.randrange(1, 50))
        return ScheduleMeeting(occurred_on=day, meeting=key, school=SCHOOL, held_on=ahead)
    of = draw.choice((CAMHS, THERAPY, PSYCHOLOGY))
    item = UUID(int=draw.randrange(1, 9))
    on: dict[str, Any] = {"occurred_on": day, "meeting": key}
    if meeting.held_on <= day:
        line = meeting.register.get(of)
        how = draw.choice((*MARKS, "apologies", "absent", "absent"))
        if draw.random() < 0.1:
            return FinaliseMeeting(**on)
        if line is not None:
            return CorrectMark(**on, party=of, mark=how, supersedes=line.version, why="Wrong")
        return MarkPresence(**on, party=party(of), mark=how)
    ahead = day + timedelta(days=draw.randrange(0, 50))
    return draw.choice(
        (
            Invite(**on, party=party(of), whole_meeting=draw.random() < 0.7),
            Invite(**on, party=party(of), whole_meeting=draw.random() < 0.7),
            Invite(**on, party=party(of), whole_meeting=draw.random() < 0.7),
            AnswerInvitation(**on, party=of, answer=draw.choice(("attending", "apologies"))),
            RecordDelivery(**on, party=of, way="letter", arrived=draw.random() < 0.7),
            AddAgendaItem(**on, item=item, about=PUPIL, services=(of,)),
            RemoveAgendaItem(**on, item=item),
            RescheduleMeeting(**on, held_on=ahead) if draw.random() < 0.2 else SendAgenda(**on),
            CancelMeeting(**on) if draw.random() < 0.1 else SendAgenda(**on),
        )
    )


def counted_again(states: list[MeetingState], as_of: date) -> Counter[str]:
    """The figures of the board and of education, counted from the meetings themselves."""
    found: Counter[str] = Counter()
    for state in states:
        if state.cancelled or not state.scheduled or state.held_on > as_of:
            continue
        parties = {k for k in (*state.invitations, *state.register) if k in (CAMHS, THERAPY, PSYCHOLOGY)}
        found["meetings"] += bool(parties)
        for key in parties:
            invitation, line = state.invitations.get(key), state.register.get(key)
            found["invited"] += invitation is not None
            if invitation is None or not invitation.expectation.expected:
                found["others"] += 1
                continue
            found["expected"] += 1
            if line is None:
                found["not_marked"] += 1
            elif line.mark in PRESENT or line.mark == "written_contribution":
                found["attended"] += 1
            else:
                assert line.mark in MISSED
                found[line.mark] += 1
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_is_counted_right_whatever_the_pages(
    county: Coordination, engine: Engine, reader: Reader, database: str, seed: int
) -> None:
    for of in (CAMHS, THERAPY):
        accept_terms(county, of, notice=3)
    keys = some_history(county, seed)
    engine.catch_up()
    states = [county.batch().state(MEETING_STREAM, key) for key in keys]
    drawn = counted_again(states, FIRST + timedelta(days=90))
    assert min(drawn[n] for n in ("attended", "apologies", "absent", "others")) > 0, drawn
    for as_of in (FIRST + timedelta(days=n) for n in (30, 60, 90)):
        total = report(
            reader, viewers()["operator"], county.directory(), AttendanceCriteria(as_of=as_of)
        ).total
        again = counted_again(states, as_of)
        names = ("meetings", "invited", "expected", "attended", "apologies", "absent", "not_marked")
        assert {n: getattr(total, n) for n in names} == {n: again[n] for n in names}
        assert total.not_expected.count == again["others"]
    assert rebuild(database, county.record.outer, page_size=1).differing == ()


def test_disputes_and_the_agenda_come_to_the_same_whatever_the_pages(
    county: Coordination, engine: Engine, reader: Reader, database: str
) -> None:
    everything(county, reader, engine)
    rules(county, "upheld", held_on(4))
    engine.catch_up()
    for size in (1, 1000):
        assert rebuild(database, county.record.outer, page_size=size).differing == ()
