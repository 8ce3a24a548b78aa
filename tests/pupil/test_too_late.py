"""What may never come after another milestone, in the part of the service that has the referral."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.phase import ImpossibleOrder, check_order, in_order, phase, possible_next
from tests.meeting.hwb import AS_CLINICIAN
from tests.pupil.case import PupilCase, reach, sent, told
from tests.pupil.test_phase import START, steps_of


def seen_and_treated() -> PupilCase:
    case = sent().does(reach("received", 1), reach("first_contact", 9), **AS_CLINICIAN)
    return case.does(reach("treatment_started", 20), **AS_CLINICIAN)


def test_an_acknowledgement_after_treatment_is_refused_and_a_late_entry_is_welcome() -> None:
    case = seen_and_treated()
    case.refuses(reach("acknowledged", 21), "acknowledged_too_late", "occurred_on", **AS_CLINICIAN)
    case.does(reach("acknowledged", 3), **AS_CLINICIAN)
    # once acknowledged in time is no reason to acknowledge again
    case.refuses(reach("acknowledged", 21), "acknowledged_too_late", "occurred_on", **AS_CLINICIAN)
    assert phase(case.referral.counting()).name == "treatment_started"


def test_who_was_seen_is_discharged_and_not_declined() -> None:
    case = sent().does(reach("received", 1), reach("first_contact", 9), **AS_CLINICIAN)
    decline = reach("declined", 12, details={"reason": "outside_area"})
    refused = case.tries(decline, **AS_CLINICIAN)
    assert refused.code == "declined_too_late"
    assert (refused.facts["step"], refused.facts["other"]) == ("declined", "first_contact")
    assert "declined" not in possible_next(case.referral.counting(), MILESTONES, START)
    case.does(reach("discharged", 12), **AS_CLINICIAN)
    case = sent().does(reach("received", 1), decline, **AS_CLINICIAN)
    # in whichever order they are entered
    case.refuses(reach("first_contact", 9), "declined_too_late", "occurred_on", **AS_CLINICIAN)


CODE_OF = {
    "acknowledged": "acknowledged_too_late",
    "declined": "declined_too_late",
    "panel_decided": "panel_decided_too_late",
    "place_offered": "place_offered_too_late",
    "placed": "placed_twice",
}


def test_what_can_come_too_late() -> None:
    assert {name for name, of in MILESTONES.items() if of.rules.never_after} == set(CODE_OF)


@pytest.mark.parametrize("name", CODE_OF)
def test_each_that_can_come_too_late_has_its_code(name: str) -> None:
    for earlier in MILESTONES[name].rules.never_after:
        with pytest.raises(ImpossibleOrder) as refused:
            check_order(steps_of([(earlier, START), (name, START)]))
        assert refused.value.code == CODE_OF[name]


def test_the_next_service_may_acknowledge_and_decline() -> None:
    steps = [
        ("received", START),
        ("treatment_started", START + timedelta(9)),
        ("redirected", START + timedelta(12)),
        ("acknowledged", START + timedelta(13)),
        ("declined", START + timedelta(14)),
    ]
    check_order(in_order(steps_of(steps)))


@pytest.mark.parametrize("note", [None, "", " "])
def test_another_reason_for_declining_is_given_in_words(note: str | None) -> None:
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    other = {"reason": "other"}
    case.refuses(reach("declined", 2, details=other, note=note), "other_needs_words", "note", **AS_CLINICIAN)
    case.refuses(
        reach("declined", 2, details=other, note=note, reported=told(3)), "other_needs_words", "note"
    )
    case.does(reach("declined", 2, details=other, note="The clinic has closed."), **AS_CLINICIAN)
