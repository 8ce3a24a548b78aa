"""The phase: derived from the milestones whatever the order in which they were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.pupil.referral.decide import StrikeEntry
from coordination.pupil.referral.milestones import ENDING, MILESTONES, natural_rank
from coordination.pupil.referral.phase import (
    DatedMilestone,
    ImpossibleOrder,
    check_order,
    in_order,
    phase,
    possible_next,
)
from tests.meeting.hwb import AS_CLINICIAN, AS_PSYCHOLOGIST, BOARD, CAMHS, EDPSYCH, LA_EDUCATION, PUPIL
from tests.pupil.case import REFERRAL, PupilCase, agree, reach, referred, sent, submit, told

START = date(2025, 1, 6)

# Possible histories, drawn without asking the code under test: a small model of how a referral goes.
# What happens once, and only before what, within an episode.
FIRST = {
    "accepted": {"treatment_started"},
    "first_contact": {"assessed", "treatment_started"},
    "assessed": {"treatment_started", "report_issued"},
}
# What does not come any more after what, in the part of the service that has the referral.
TOO_LATE = {
    "acknowledged": "treatment_started",
    "panel_decided": "placed",
    "place_offered": "placed",
    "placed": "placed",
}
# Only a base of an authority says these.
PLACES = {"panel_decided", "place_offered", "placed", "place_ended"}
MIDDLE = tuple(
    sorted(set(MILESTONES) - ENDING - {"decided", "submitted", "received", "redirected", "reopened"})
)
MIDDLE = tuple(name for name in MIDDLE if name != "recorded_in_error")
SEPARATORS = ("redirected", "reopened")


def _opening(draw: Any) -> list[tuple[str, int]]:
    """Some of the opening steps in their order, on the same day or days apart."""
    return [
        (name, draw(st.integers(0, 2)))
        for name in ("decided", "submitted", "received")
        if draw(st.booleans())
    ]


def _middle(draw: Any, *, places: bool) -> list[tuple[str, int]]:
    been: set[str] = set()
    found = []
    names = MIDDLE if places else tuple(name for name in MIDDLE if name not in PLACES)
    for name in draw(st.lists(st.sampled_from(names), max_size=8)):
        if (name in FIRST and (name in been or been & FIRST[name])) or TOO_LATE.get(name) in been:
            continue  # it was there, or what comes after it was
        been.add(name)
        found.append((name, draw(st.integers(1, 9))))
    return found


def _ending(draw: Any, steps: list[tuple[str, int]]) -> tuple[str, int]:
    """An ending; whoever was seen, treated or placed by the service that has the referral is discharged, not declined,
    and only a place that began there ends."""
    names = [name for name, _ in steps]
    part = names[max((place + 1 for place, name in enumerate(names) if name in SEPARATORS), default=0) :]
    seen = {"first_contact", "treatment_started", "placed"} & set(part)
    not_now = ({"declined"} if seen else set()) | ({"place_ended"} if "placed" not in part else set())
    return draw(st.sampled_from(sorted(ENDING - not_now))), 1


@st.composite
def possible_histories(draw: Any, *, places: bool = True) -> list[tuple[str, date]]:
    """`places`: of a base of an authority, with the steps of a place."""
    steps = [*_opening(draw), *_middle(draw, places=places)]
    for _ in range(draw(st.integers(0, 2))):
        if draw(st.booleans()):
            steps += [("redirected", 1)]
        else:
            steps += [_ending(draw, steps), ("reopened", 1)]
        steps += [(n, max(1, d)) for n, d in _opening(draw)][:1]
        steps += _middle(draw, places=places)
    if draw(st.booleans()):
        steps.append(_ending(draw, steps))
        steps += [("report_issued", 1)] * draw(st.integers(0, 1))
    if draw(st.integers(0, 5)) == 0:
        steps.append(("recorded_in_error", 1))
    found, on = [], START
    for name, days in steps:
        on += timedelta(days=days)
        found.append((name, on))
    return found


def steps_of(
    history: Sequence[tuple[str, date]], versions: Sequence[int] | None = None
) -> list[DatedMilestone]:
    return [
        DatedMilestone(n, on, v) for (n, on), v in zip(history, versions or range(len(history)), strict=True)
    ]


def read(found: Any) -> Any:
    """A phase without the versions."""
    return (
        found.name,
        found.since,
        found.received_on,
        found.ended,
        found.in_error,
        [(s.name, s.on) for s in found.steps],
    )


@settings(max_examples=300, deadline=None)
@given(history=possible_histories(), data=st.data())
def test_the_order_of_recording_makes_no_difference(
    history: list[tuple[str, date]], data: st.DataObject
) -> None:
    as_it_happened = steps_of(history)
    check_order(in_order(as_it_happened))
    versions = data.draw(st.permutations(range(len(history))))
    late = steps_of(history, versions)
    check_order(in_order(late))
    assert read(phase(late)) == read(phase(as_it_happened))
    if history:
        assert phase(late).ended == (
            history[-1][0] in ENDING | {"recorded_in_error"} or _ended_before(history)
        )


def _ended_before(history: list[tuple[str, date]]) -> bool:
    """The last word was an ending's, and only the paper that follows came after it."""
    return history[-1][0] == "report_issued" and len(history) > 1 and history[-2][0] in ENDING


@settings(max_examples=150, deadline=None)
@given(history=possible_histories(), data=st.data())
def test_entries_come_in_one_by_one_in_any_order(
    history: list[tuple[str, date]], data: st.DataObject
) -> None:
    """Each is possible when it is recorded, when what separates episodes is recorded first."""
    order = data.draw(st.permutations(range(len(history))))
    order.sort(key=lambda place: history[place][0] not in SEPARATORS)
    recorded: list[DatedMilestone] = []
    for version, place in enumerate(order):
        name, on = history[place]
        recorded.append(DatedMilestone(name, on, version))
        check_order(in_order(recorded))


@settings(max_examples=150, deadline=None)
@given(history=possible_histories(), data=st.data())
def test_any_step_can_have_been_skipped(history: list[tuple[str, date]], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(range(len(history))))) if history else set()
    kept = [s for p, s in enumerate(history) if p not in gone or s[0] in SEPARATORS]
    check_order(in_order(steps_of(kept)))


@settings(max_examples=100, deadline=None)
@given(history=possible_histories(), days=st.integers(1, 30))
def test_after_recorded_in_error_there_is_nothing(history: list[tuple[str, date]], days: int) -> None:
    steps = [s for s in steps_of(history) if s.name != "recorded_in_error"]
    last = max((s.on for s in steps), default=START)
    wrong = DatedMilestone("recorded_in_error", last + timedelta(days=1), 1000)
    check_order(in_order([*steps, wrong]))
    found = phase([*steps, wrong])
    assert (found.name, found.ended, found.in_error) == ("recorded_in_error", True, True)
    for name in MILESTONES:
        with pytest.raises(ImpossibleOrder):
            check_order(
                in_order([*steps, wrong, DatedMilestone(name, wrong.on + timedelta(days=days), 1001)])
            )
    assert possible_next([*steps, wrong], MILESTONES, wrong.on + timedelta(days=days)) == []


IMPOSSIBLE = [
    [("submitted", 0), ("decided", 1)],
    [("received", 0), ("submitted", 1)],
    [("acknowledged", 0), ("received", 1)],
    [("received", 0), ("received", 5)],
    [("assessed", 3), ("first_contact", 4)],
    [("treatment_started", 3), ("accepted", 4)],
    [("report_issued", 3), ("assessed", 4)],
    [("received", 0), ("declined", 3), ("accepted", 4)],
    [("acknowledged", 1), ("treatment_started", 3), ("acknowledged", 4)],
    [("received", 0), ("first_contact", 3), ("declined", 3)],
    [("received", 0), ("treatment_started", 3), ("declined", 4)],
    [("received", 0), ("placed", 3), ("declined", 3)],
    [("received", 0), ("placed", 3), ("declined", 4)],
    [("placed", 3), ("received", 4)],
    [("placed", 3), ("panel_decided", 4)],
    [("panel_decided", 0), ("placed", 3), ("panel_decided", 4)],
    [("placed", 3), ("place_offered", 4)],
    [("placed", 3), ("placed", 4)],
    [("place_ended", 3), ("placed", 4)],
    [("received", 0), ("withdrawn", 3), ("withdrawn", 4)],
    [("received", 0), ("discharged", 3), ("first_contact", 4), ("reopened", 5)],
    [("received", 0), ("redirected", 3), ("received", 4), ("received", 5)],
    [("recorded_in_error", 0), ("received", 1)],
]


@pytest.mark.parametrize("history", IMPOSSIBLE)
def test_an_impossible_order_is_refused_whoever_recorded_first(history: list[tuple[str, int]]) -> None:
    dated = [(name, START + timedelta(days=days)) for name, days in history]
    for versions in (range(len(dated)), range(len(dated), 0, -1)):
        with pytest.raises(ImpossibleOrder) as refusal:
            check_order(in_order(steps_of(dated, list(versions))))
        assert refusal.value.code in ImpossibleOrder.CODES
        assert {"step", "on", "other", "other_on"} == set(refusal.value.facts)


def test_the_first_receipt_is_kept_through_every_redirection() -> None:
    history = [("received", START), ("redirected", START + timedelta(9)), ("received", START + timedelta(12))]
    assert phase(steps_of(history)).received_on == START


def test_passed_on_and_received_by_the_next_on_one_day() -> None:
    """The next agency's receipt is not read before the passing on."""
    history = [("received", START), ("redirected", START + timedelta(9)), ("received", START + timedelta(9))]
    found = phase(steps_of(history))
    check_order(found.steps)
    assert found.name == "received"


def test_ended_reopened_and_sent_anew_on_one_day() -> None:
    one = START + timedelta(9)
    history = [
        ("submitted", START),
        ("received", START),
        ("declined", one),
        ("reopened", one),
        ("submitted", one),
    ]
    found = phase(steps_of(history))
    check_order(found.steps)
    assert (found.name, found.ended) == ("submitted", False)


def test_a_reopening_whose_ending_nobody_recorded_is_a_skipped_step() -> None:
    """History files leave steps out; but nobody is offered to reopen what is open."""
    history = steps_of(
        [("received", START), ("reopened", START + timedelta(9)), ("accepted", START + timedelta(10))]
    )
    check_order(in_order(history))
    assert "reopened" not in possible_next(history, MILESTONES, START + timedelta(20))
    ended = [*history, DatedMilestone("declined", START + timedelta(15), 9)]
    assert "reopened" in possible_next(ended, MILESTONES, START + timedelta(20))
    assert "reopened" not in possible_next(ended, MILESTONES, START + timedelta(12))


@pytest.mark.parametrize(
    "names", [("was_not_brought", "appointment_offered"), ("opt_in_unanswered", "opt_in_asked")]
)
def test_what_is_asked_again_may_have_been_asked_before_without_a_record(names: tuple[str, str]) -> None:
    check_order(
        in_order(
            steps_of([("received", START), *((n, START + timedelta(d)) for d, n in enumerate(names, 3))])
        )
    )


@settings(max_examples=200, deadline=None)
@given(names=st.lists(st.sampled_from(sorted(MILESTONES)), min_size=1, unique=True))
def test_a_file_may_list_a_day_in_any_order(names: list[str]) -> None:
    """In its natural rank a day can have happened, whatever steps are on it (but for what follows an ending)."""
    possible = [n for n in names if n not in ENDING | {"reopened", "recorded_in_error"}]
    ranked = sorted(possible, key=natural_rank)
    check_order([DatedMilestone(name, START, version) for version, name in enumerate(ranked)])
    check_order(in_order([DatedMilestone(name, START, version) for version, name in enumerate(possible)]))


def test_what_was_said_in_time_may_be_said_again_later() -> None:
    names = ("received", "accepted", "treatment_started", "accepted")
    check_order(steps_of([(name, START + timedelta(days)) for days, name in enumerate(names)]))


def test_a_contradiction_names_both_steps_and_their_days() -> None:
    first, second = START, START + timedelta(2)
    with pytest.raises(ImpossibleOrder) as raised:
        check_order(steps_of([("declined", first), ("accepted", second)]))
    assert raised.value.facts == {
        "step": "accepted",
        "on": second.isoformat(),
        "other": "declined",
        "other_on": first.isoformat(),
    }


def test_the_phase_is_since_the_day_of_its_milestone() -> None:
    found = phase(steps_of([("received", START), ("accepted", START + timedelta(3))]))
    assert (found.name, found.since) == ("accepted", START + timedelta(3))
    assert not found.in_error


def test_what_may_be_recorded_for_the_day_of_the_last_step() -> None:
    assert possible_next([], ["decided", "received"], START) == ["decided", "received"]
    held = steps_of([("received", START), ("accepted", START)])
    # a name that is not possible does not hide those after it
    assert possible_next(held, ["reopened", "received", "accepted"], START) == ["accepted"]
    ended = steps_of([("received", START), ("declined", START)])
    assert possible_next(ended, ["reopened"], START) == ["reopened"]


def test_the_first_day_of_a_file_may_be_recorded_in_the_wrong_order() -> None:
    recorded = steps_of([("treatment_started", START), ("accepted", START)])
    assert [s.name for s in in_order(recorded)] == ["accepted", "treatment_started"]


def test_the_first_step_after_a_reopening_is_checked_too() -> None:
    names = ("received", "declined", "reopened", "received", "submitted")
    with pytest.raises(ImpossibleOrder):
        check_order(steps_of([(name, START + timedelta(days)) for days, name in enumerate(names)]))


def test_an_ending_may_follow_the_reopening_of_its_day() -> None:
    held = steps_of([("received", START), ("discharged", START), ("reopened", START)])
    assert possible_next(held, ["discharged"], START) == ["discharged"]


# Through the decisions


def test_a_struck_entry_frees_the_order_again() -> None:
    case = sent().does(
        reach("received", 1), reach("declined", 9, details={"reason": "below_threshold"}), **AS_CLINICIAN
    )
    declined = case.last
    case.refuses(reach("accepted", 12), "impossible_order", "occurred_on", **AS_CLINICIAN)
    strike = StrikeEntry(
        occurred_on=START, pupil=PUPIL, referral=REFERRAL, entry=declined, why="Another child's."
    )
    case.does(strike, **AS_CLINICIAN)
    case.does(reach("accepted", 12), **AS_CLINICIAN)
    assert phase(case.referral.counting()).name == "accepted"
    assert [s.name for s in case.referral.steps] == ["submitted", "received", "declined", "accepted"]


def test_a_strike_that_leaves_an_impossible_rest_is_refused() -> None:
    case = sent().does(
        reach("received", 1), reach("declined", 9, details={"reason": "below_threshold"}), **AS_CLINICIAN
    )
    case.does(reach("reopened", 12), **AS_CLINICIAN)
    reopened = case.last
    case.does(reach("accepted", 14), **AS_CLINICIAN)
    strike = StrikeEntry(occurred_on=START, pupil=PUPIL, referral=REFERRAL, entry=reopened, why="Never.")
    case.refuses(strike, "impossible_order", "occurred_on", **AS_CLINICIAN)


TO_EDUCATION = {"to_service": EDPSYCH, "to_agency": LA_EDUCATION}
TO_BOARD = {"to_service": CAMHS, "to_agency": BOARD}


def passed_on() -> PupilCase:
    case = referred().does(agree(consent=UUID(int=0xE2), agency=LA_EDUCATION)).does(submit())
    return case.does(reach("received", 1), **AS_CLINICIAN)


def test_who_holds_a_referral_follows_the_days_and_not_the_order_of_recording() -> None:
    there_and_back = (("redirected", 5, TO_EDUCATION), ("redirected", 9, TO_BOARD))
    for recorded in (there_and_back, there_and_back[::-1]):
        case = passed_on()
        for name, on, where in recorded:
            case.does(reach(name, on, details=where, reported=told(20)))
        assert (case.referral.service, case.referral.agency) == (CAMHS, BOARD)


def test_a_redirection_struck_out_or_corrected_gives_the_referral_back() -> None:
    case = passed_on().does(reach("redirected", 5, details=TO_EDUCATION), **AS_CLINICIAN)
    assert case.referral.agency == LA_EDUCATION
    passing = case.referral.steps[-1].version
    strike = StrikeEntry(occurred_on=START, pupil=PUPIL, referral=REFERRAL, entry=passing, why="Never.")
    case.does(strike, **AS_CLINICIAN)
    assert (case.referral.service, case.referral.agency) == (CAMHS, BOARD)
    case.does(reach("first_contact", 6), **AS_CLINICIAN)
    # its sight is closed with the passing on
    case.refuses(reach("assessed", 7), "not_found", **AS_PSYCHOLOGIST)


def test_the_priority_and_what_is_missing_follow_the_counting_steps() -> None:
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    case.does(reach("triaged", 9, details={"priority": "urgent"}), **AS_CLINICIAN)
    last = case.last
    case.does(reach("triaged", 3, details={"priority": "priority"}), **AS_CLINICIAN)
    assert case.referral.priority == "urgent"
    case.does(reach("triaged", 2, supersedes=last, why="Day."), **AS_CLINICIAN)
    assert case.referral.priority == "priority"
