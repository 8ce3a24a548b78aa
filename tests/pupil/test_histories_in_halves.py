"""A history that is possible as a whole, imported in two halves in either order, reads the same."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date
from uuid import UUID

from hypothesis import event, given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.recording.sequence import record_in_turn
from coordination.pupil.referral.decide import RecordMilestone, ReportSource
from coordination.pupil.referral.milestones import SAID_BY_AGENCY
from coordination.pupil.referral.phase import ImpossibleOrder, check_order, phase
from tests.given import SCHOOL
from tests.meeting.hwb import AS_OPERATOR, BOARD, CAMHS, EDPSYCH, LA_EDUCATION, PUPIL
from tests.pupil.case import REFERRAL, PupilCase, refer, registered
from tests.pupil.test_phase import possible_histories

BY_FILE = {**AS_OPERATOR, "source": "import", "on_behalf_of": SCHOOL}
SERVICES = [(EDPSYCH, LA_EDUCATION), (CAMHS, BOARD)]
REASONS = {"declined": "outside_area"}

Row = tuple[str, date, tuple[UUID, UUID] | None]


def rows_of(history: Sequence[tuple[str, date]]) -> list[Row]:
    """Each redirection goes to the other service."""
    rows: list[Row] = []
    passed = 0
    for name, on in history:
        to = None
        if name == "redirected":
            to, passed = SERVICES[passed % 2], passed + 1
        rows.append((name, on, to))
    return rows


def command_of(row: Row) -> RecordMilestone:
    name, on, to = row
    details: dict[str, object] = {"reason": REASONS[name]} if name in REASONS else {}
    if to is not None:
        details |= {"to_service": to[0], "to_agency": to[1]}
    reported = ReportSource(by="history file", how="file", on=on) if name in SAID_BY_AGENCY else None
    return RecordMilestone(
        occurred_on=on,
        pupil=PUPIL,
        referral=REFERRAL,
        milestone=name,
        details=details,
        reported=reported,
        note="Entered twice." if name == "recorded_in_error" else None,
    )


def imported(case: PupilCase, half: Sequence[Row]) -> bool:
    """Whether the half was taken; it is taken whole or not at all."""
    before = copy(case.__dict__)
    try:
        record_in_turn(half, lambda row: case.does(command_of(row), **BY_FILE))
    except Refusal as refused:
        assert refused.code in ImpossibleOrder.CODES
        case.__dict__.update(before)
        return False
    return True


def read(case: PupilCase) -> object:
    found = phase(case.referral.counting())
    check_order(found.steps)
    steps = [(s.name, s.on, s.to_service) for s in found.steps]
    held = case.referral
    return (
        found.name,
        found.since,
        found.ended,
        found.in_error,
        found.received_on,
        steps,
        held.service,
        held.agency,
    )


def recorded(*halves: Sequence[Row]) -> tuple[object, bool]:
    """What is read after the halves were imported one after the other, and whether every row was taken. A half that was
    refused, being impossible by itself, is imported again after the other, as a person would."""
    case = registered().does(refer(historical=True), **BY_FILE)
    refused = [half for half in halves if not imported(case, half)]
    still_refused = [half for half in refused if not imported(case, half)]
    return read(case), not still_refused


@settings(max_examples=150, deadline=None)
@given(history=possible_histories(), data=st.data())
def test_two_halves_in_either_order_read_as_the_whole(
    history: list[tuple[str, date]], data: st.DataObject
) -> None:
    rows = rows_of(history)
    whole, taken = recorded(rows)
    assert taken, "a history that is possible as a whole is taken whole"
    first = data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    one = [row for place, row in enumerate(rows) if place in first]
    other = [row for place, row in enumerate(rows) if place not in first]
    found, complete = recorded(one, other)
    turned, turned_complete = recorded(other, one)
    event(f"every row taken: {complete}")
    assert complete == turned_complete
    if complete:
        assert found == turned == whole


@settings(max_examples=100, deadline=None)
@given(history=possible_histories(), cut=st.integers(0, 20))
def test_earlier_and_later_years_can_come_in_either_order(history: list[tuple[str, date]], cut: int) -> None:
    rows = rows_of(history)
    whole = recorded(rows)
    early, late = rows[:cut], rows[cut:]
    assert recorded(early, late) == recorded(late, early) == whole
