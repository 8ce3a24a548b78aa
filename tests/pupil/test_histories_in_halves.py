"""A history that is possible as a whole, imported in two halves in either order, reads the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.intake.recording.sequence import record_in_turn
from coordination.pupil.referral.decide import RecordMilestone, ReportSource
from coordination.pupil.referral.milestones import SAID_BY_AGENCY
from coordination.pupil.referral.phase import ImpossibleOrder, check_order, phase
from coordination.pupil.referral.place_held import place_of
from tests.given import SCHOOL
from tests.meeting.hwb import AS_OPERATOR, BOARD, CAMHS, EDPSYCH, GWYNEDD, LA_EDUCATION, PUPIL
from tests.place.base import BASE, OTHER_BASE, with_bases
from tests.pupil.case import REFERRAL, PupilCase, refer, register, registered
from tests.pupil.test_phase import possible_histories

BY_FILE = {**AS_OPERATOR, "source": "import", "on_behalf_of": SCHOOL}
BY_AUTHORITY = {**BY_FILE, "on_behalf_of": GWYNEDD}
SERVICES = [(EDPSYCH, LA_EDUCATION), (CAMHS, BOARD)]
BASES = [(OTHER_BASE, GWYNEDD), (BASE, GWYNEDD)]
REASONS = {"declined": "outside_area", "place_ended": "family_wish"}

Row = tuple[str, date, tuple[UUID, UUID] | None]
Whose = Callable[[Row], dict[str, Any]]


def rows_of(
    history: Sequence[tuple[str, date]], services: Sequence[tuple[UUID, UUID]] = SERVICES
) -> list[Row]:
    """Each redirection goes to the other service."""
    rows: list[Row] = []
    passed = 0
    for name, on in history:
        to = None
        if name == "redirected":
            to, passed = services[passed % 2], passed + 1
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


def by_the_school(_row: Row) -> dict[str, Any]:
    """The school's file has every row; what the agency says is reported."""
    return BY_FILE


def by_whom_it_belongs_to(row: Row) -> dict[str, Any]:
    """The authority's file has what it says itself."""
    return BY_AUTHORITY if row[0] in SAID_BY_AGENCY else BY_FILE


def referred_to_a_service() -> PupilCase:
    return registered().does(refer(historical=True), **BY_FILE)


def referred_to_a_base() -> PupilCase:
    case = PupilCase(with_bases())
    case.world = msgspec.structs.replace(case.world, places_on=lambda _service, _on: 2)
    return case.does(register()).does(refer(historical=True, service=BASE), **BY_FILE)


def imported(case: PupilCase, half: Sequence[Row], whose: Whose) -> bool:
    """Whether the half was taken; it is taken whole or not at all."""
    before = copy(case.__dict__)
    try:
        record_in_turn(half, lambda row: case.does(command_of(row), **whose(row)))
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
    place = place_of(held)
    return (
        found.name,
        found.since,
        found.ended,
        found.in_error,
        found.received_on,
        steps,
        held.service,
        held.agency,
        msgspec.structs.replace(place, beyond_at=None),
    )


def recorded(
    *halves: Sequence[Row], of: Callable[[], PupilCase] = referred_to_a_service, whose: Whose = by_the_school
) -> tuple[object, bool]:
    """What is read after the halves were imported one after the other, and whether every row was taken. A half that was
    refused, being impossible by itself, is imported again after the other, as a person would."""
    case = of()
    refused = [half for half in halves if not imported(case, half, whose)]
    still_refused = [half for half in refused if not imported(case, half, whose)]
    return read(case), not still_refused


IN_HALVES: dict[str, dict[str, Any]] = {
    "a service": {},
    "a base": {"of": referred_to_a_base, "whose": by_whom_it_belongs_to},
}


def drawn_rows(history: st.DataObject, kind: str) -> list[Row]:
    """The rows of a possible history; only a base's has the steps of a place. What was recorded in error is closed to
    the authority, whose file then tells of nothing: its histories are without it."""
    if kind == "a service":
        return rows_of(history.draw(possible_histories(places=False)), SERVICES)
    drawn = history.draw(possible_histories())
    return rows_of([step for step in drawn if step[0] != "recorded_in_error"], BASES)


@pytest.mark.parametrize("kind", IN_HALVES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_two_halves_in_either_order_read_as_the_whole(data: st.DataObject, kind: str) -> None:
    rows, told = drawn_rows(data, kind), IN_HALVES[kind]
    whole, taken = recorded(rows, **told)
    assert taken, "a history that is possible as a whole is taken whole"
    first = data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    one = [row for place, row in enumerate(rows) if place in first]
    other = [row for place, row in enumerate(rows) if place not in first]
    found, complete = recorded(one, other, **told)
    turned, turned_complete = recorded(other, one, **told)
    event(f"every row taken: {complete}")
    assert complete == turned_complete
    if complete:
        assert found == turned == whole


@pytest.mark.parametrize("kind", IN_HALVES)
@settings(max_examples=100, deadline=None)
@given(data=st.data(), cut=st.integers(0, 20))
def test_earlier_and_later_years_can_come_in_either_order(data: st.DataObject, cut: int, kind: str) -> None:
    rows, told = drawn_rows(data, kind), IN_HALVES[kind]
    whole = recorded(rows, **told)
    early, late = rows[:cut], rows[cut:]
    assert recorded(early, late, **told) == recorded(late, early, **told) == whole
