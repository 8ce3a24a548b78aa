"""What each milestone declares of itself, and what is read from that."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from coordination.clocks import days_by_party, party_periods
from coordination.directory import codes
from coordination.pupil.referral.milestones import ENDING, MILESTONES, PHASES
from coordination.pupil.referral.milestones.milestone import Milestone, MilestoneRules
from coordination.pupil.referral.phase import DatedMilestone, ImpossibleOrder, check_order, phase
from coordination.sensitivity import Sensitivity, classes
from coordination.topics import registry
from tests.meeting.hwb import AS_CLINICIAN
from tests.pupil.case import NOT_ON_RECORD, day, reach, sent, told

README = Path(__file__).parents[2] / "README.md"
START = date(2025, 1, 6)
ALL = sorted(MILESTONES)


def history(*names: str) -> list[DatedMilestone]:
    """The milestones five days apart."""
    return [DatedMilestone(name, START + timedelta(days=5 * n), n + 1) for n, name in enumerate(names)]


def own_fields(of: type[Milestone]) -> set[str]:
    return set(of.__struct_fields__) - set(Milestone.__struct_fields__)


@pytest.mark.parametrize("name", ALL)
def test_a_milestone_answers_every_question_itself(name: str) -> None:
    of = MILESTONES[name]
    assert isinstance(vars(of)["rules"], MilestoneRules)
    assert of.__doc__, "what it is"
    assert of.topic == f"referral.{name}"
    # each value is one that the rules know
    msgspec.convert(msgspec.structs.asdict(of.rules), MilestoneRules)
    for field in msgspec.structs.fields(MilestoneRules):
        assert field.required, f"{field.name} has a default, which hides an omission"


def test_every_milestone_event_is_found() -> None:
    events = {of for of in registry().values() if issubclass(of, Milestone)}
    assert events == set(MILESTONES.values())


def test_each_has_a_place_of_its_own_within_a_day() -> None:
    ranks = [of.rules.rank for of in MILESTONES.values()]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("name", ALL)
def test_the_milestones_that_it_names_exist_and_can_happen_so(name: str) -> None:
    rules = MILESTONES[name].rules
    assert {*rules.comes_after, *rules.usually_next} <= set(MILESTONES)
    assert name not in rules.comes_after
    for earlier in rules.comes_after:
        check_order(history(earlier, name))
        if rules.effect != "passes_on":  # the next service receives it too
            with pytest.raises(ImpossibleOrder):
                check_order(history(name, earlier))
    for later in rules.usually_next:
        check_order(history(name, later))


@pytest.mark.parametrize("name", ALL)
def test_its_coded_fields_have_a_code_table(name: str) -> None:
    """A field of text that is not sealed as personal or special holds a code."""
    of = MILESTONES[name]
    text = {field for field in own_fields(of) if "str" in str(get_type_hints(of)[field])}
    coded = {f for f in text if classes(of)[f] in (Sensitivity.operational, Sensitivity.coded)}
    assert set(of.rules.codes) == coded
    assert set(of.rules.codes.values()) <= {code.table for code in codes.initial()}
    assert of.rules.detail_field in {None, *own_fields(of)}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("was_not_brought", "illness"),
        ("did_not_attend", "illness"),
        ("could_not_attend", "illness"),
        ("declined", "below_threshold"),
        ("discharged", "treatment_completed"),
        ("withdrawn", "no_longer_needed"),
        ("reopened", "need_returned"),
    ],
)
def test_a_reason_is_of_the_milestones_own_table(name: str, reason: str) -> None:
    before = ["received", *(["discharged"] if name == "reopened" else [])]
    case = sent()
    for number, earlier in enumerate(before, 1):
        case.does(reach(earlier, number), **AS_CLINICIAN)
    others = {"illness", "below_threshold", "treatment_completed", "no_longer_needed", "need_returned"} - {
        reason
    }
    missed = NOT_ON_RECORD if MILESTONES[name].rules.appointment == "missed" else {}
    for other in others:
        said = reach(name, 9, details={"reason": other, **missed})
        case.refuses(said, "unknown_code", "reason", **AS_CLINICIAN)
    case.does(reach(name, 9, details={"reason": reason, **missed}), **AS_CLINICIAN)


@pytest.mark.parametrize("ending", sorted(ENDING))
def test_what_may_still_be_said_after_an_ending(ending: str) -> None:
    """The paper that follows, the reopening, and that the whole of it was an error."""
    possible = set()
    for name in ALL:
        try:
            check_order(history("received", ending, name))
        except ImpossibleOrder:
            continue
        possible.add(name)
    assert possible == {"report_issued", "s21_answer", "reopened", "recorded_in_error"}


def test_a_referral_can_be_followed_from_the_sending_to_the_discharge() -> None:
    way = ["submitted", "received", "acknowledged", "triaged", "accepted", "appointment_offered"]
    way += ["appointment_answered", "first_contact", "assessed", "report_issued", "treatment_started"]
    for now, then in zip(way, [*way[1:], "discharged"], strict=True):
        assert then in MILESTONES[now].rules.usually_next, (now, then)
    for name, of in MILESTONES.items():
        goes_on = of.rules.sets_phase != "never" and of.rules.effect not in ("ends", "voids")
        if goes_on and name != "decided":  # after it comes the sending, which has a button of its own
            assert of.rules.usually_next, f"{name} leads nowhere"


@pytest.mark.parametrize("name", ALL)
def test_with_whom_the_next_step_is(name: str) -> None:
    """Ten days from the receipt; the milestone on the fifth."""
    asked = "family" if name == "information_requested" else None
    steps = [
        DatedMilestone("received", START, 1),
        DatedMilestone(name, START + timedelta(days=5), 2, asked_of=asked),
    ]
    found = days_by_party(party_periods(steps, START, START + timedelta(days=10)))
    school = {"decided"}
    family = {"information_requested", "opt_in_asked", "place_offered", "withdrawn"}
    assert found["school"] == (5 if name in school else 0)
    assert found["family"] == (5 if name in family else 0)
    assert found["agency"] == (5 if name in school | family else 10)
    if name == "information_requested":
        steps = [steps[0], msgspec.structs.replace(steps[1], asked_of="school")]
        assert days_by_party(party_periods(steps, START, START + timedelta(days=10)))["school"] == 5


def test_what_leaves_the_next_step_where_it_was() -> None:
    unmoved = set()
    for name in ALL:
        steps = history("received", "opt_in_asked", name)
        if days_by_party(party_periods(steps, START, START + timedelta(days=15)))["family"] == 10:
            unmoved.add(name)
    paper = {"appointment_answered", "report_issued", "s21_answer", "waiting_list_reviewed"}
    to_the_family = {"withdrawn", "opt_in_asked", "place_offered"}
    assert unmoved - to_the_family == paper


@pytest.mark.parametrize("name", ALL)
def test_a_phase_is_named_after_the_milestones_that_set_it(name: str) -> None:
    found: Any = phase(history(name))
    assert found.name in PHASES
    assert (found.name == name) == (name in PHASES)
    assert found.ended == (name in {*ENDING, "recorded_in_error"})


def test_a_review_of_the_waiting_list_leaves_everything_as_it_was() -> None:
    case = sent().does(reach("received", 1), **AS_CLINICIAN).does(reach("opt_in_asked", 3), **AS_CLINICIAN)
    before = phase(case.referral.counting())
    case.does(reach("waiting_list_reviewed", 9, note="Still waiting for a room."), **AS_CLINICIAN)
    after = phase(case.referral.counting())
    assert (after.name, after.since, after.ended) == (before.name, before.since, before.ended)
    found = days_by_party(party_periods(after.steps, day(1), day(13)))
    assert (found["agency"], found["family"]) == (2, 10)
    case.refuses(reach("waiting_list_reviewed", 10), "reported_by_whom", "reported_by")
    case.does(reach("waiting_list_reviewed", 10, reported=told(11)))
    case.refuses(reach("waiting_list_reviewed", 0), "impossible_order", "occurred_on", **AS_CLINICIAN)
    case.does(reach("discharged", 20), **AS_CLINICIAN)
    case.refuses(reach("waiting_list_reviewed", 21), "impossible_order", "occurred_on", **AS_CLINICIAN)


def test_the_readme_lists_them_in_their_order() -> None:
    listed = re.search(r"^Milestones: ([^.]+)\.", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed is not None
    assert listed[1].replace("\n", " ").split(", ") == list(MILESTONES)
