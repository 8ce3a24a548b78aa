"""Two kinds of note: shared, and within the service. What others see of the second: nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.pupil.consent.events import DisclosureMade, SharingStopped
from coordination.pupil.referral.events import ServiceNoteRecorded
from coordination.pupil.referral.milestones.appointments import FirstContact
from coordination.pupil.referral.milestones.ending import Declined
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.milestones.opening import Acknowledged, Redirected
from tests.meeting.hwb import AS_ALNCO, AS_CLINICIAN, AS_PSYCHOLOGIST, BOARD, CAMHS, EDPSYCH, LA_EDUCATION
from tests.pupil.case import NOT_ON_RECORD, PupilCase, agree, reach, sent, told
from tests.pupil.test_passed_on import AGREED_THERE, TO_PSYCHOLOGY, passed_on

WORDS = "Soniodd am ei brawd."


def received() -> PupilCase:
    return sent().does(reach("received", 0), **AS_CLINICIAN)


def test_a_note_within_the_service_is_an_event_of_its_own() -> None:
    case = received()
    command = reach("acknowledged", 1, note=WORDS, note_for="service")
    kept, said = case.happened(command, ServiceNoteRecorded, Acknowledged, **AS_CLINICIAN)
    assert isinstance(kept, ServiceNoteRecorded)
    assert isinstance(said, Acknowledged)
    assert (kept.note, kept.service, kept.agency) == (WORDS, CAMHS, BOARD)
    assert kept.milestone == case.last == case.referral.steps[-1].version
    assert (said.note, said.note_for) == (None, "shared")


def test_a_shared_note_stays_with_its_milestone() -> None:
    command = reach("acknowledged", 1, note=WORDS, note_for="shared")
    (said,) = received().happened(command, Acknowledged, **AS_CLINICIAN)
    assert isinstance(said, Acknowledged)
    assert (said.note, said.note_for) == (WORDS, "shared")


def test_a_note_that_does_not_say_who_reads_it_is_not_handed_on() -> None:
    (said,) = received().happened(reach("acknowledged", 1, note=WORDS), Acknowledged, **AS_CLINICIAN)
    assert isinstance(said, Acknowledged)
    assert (said.note, said.note_for) == (WORDS, None)


def test_the_version_that_others_compare_does_not_tell_of_the_note() -> None:
    without = received().does(reach("acknowledged", 1), **AS_CLINICIAN)
    case = received()
    before = case.referral.last_version
    case.does(reach("acknowledged", 1, note=WORDS, note_for="service"), **AS_CLINICIAN)
    # the milestone alone moves it
    assert case.referral.last_version == case.referral.steps[-1].version > before
    assert [s.name for s in case.referral.steps] == [s.name for s in without.referral.steps]


@pytest.mark.parametrize("by", [AS_ALNCO], ids=["the school"])
def test_only_a_service_keeps_a_note_to_itself(by: dict[str, Any]) -> None:
    reported = reach("acknowledged", 1, reported=told(2), note=WORDS, note_for="service")
    received().refuses(reported, "note_within_a_service", "note_for", **by)


def test_the_reason_that_the_school_is_given_is_shared() -> None:
    case = received()
    error = reach("recorded_in_error", 1, note=WORDS, note_for="service")
    case.refuses(error, "reason_is_shared", "note_for", **AS_CLINICIAN)
    other = reach("declined", 1, details={"reason": "other"}, note=WORDS, note_for="service")
    case.refuses(other, "other_needs_words", "note", **AS_CLINICIAN)
    coded = reach("declined", 1, details={"reason": "below_threshold"}, note=WORDS, note_for="service")
    case.happened(coded, ServiceNoteRecorded, Declined, **AS_CLINICIAN)


def test_a_former_holder_notes_for_itself_what_happened_in_its_time() -> None:
    late = reach("first_contact", 5, details=NOT_ON_RECORD, note=WORDS, note_for="service")
    kept, _said = passed_on(10).happened(late, ServiceNoteRecorded, FirstContact, **AS_CLINICIAN)
    assert isinstance(kept, ServiceNoteRecorded)
    assert kept.service == CAMHS


def test_the_next_holder_notes_for_itself() -> None:
    kept, _said = passed_on(10).happened(
        reach("acknowledged", 12, note=WORDS, note_for="service"),
        ServiceNoteRecorded,
        Acknowledged,
        **AS_PSYCHOLOGIST,
    )
    assert isinstance(kept, ServiceNoteRecorded)
    assert kept.service == EDPSYCH


@pytest.mark.parametrize(
    ("agreed", "carried"),
    [
        (("identity", "referral", "views"), ("identity", "referral", "views")),
        (("identity",), ("identity",)),
        ((), ("identity", "needs", "referral")),
    ],
    ids=["what it names", "less than a referral tells", "one that names none: what a referral tells"],
)
def test_passing_on_carries_what_the_agreement_names(
    agreed: tuple[str, ...], carried: tuple[str, ...]
) -> None:
    case = received().does(agree(consent=AGREED_THERE, agency=LA_EDUCATION, data_classes=agreed))
    passing = reach("redirected", 10, details=TO_PSYCHOLOGY)
    _passed, shared, _ = case.happened(passing, Redirected, DisclosureMade, SharingStopped, **AS_CLINICIAN)
    assert isinstance(shared, DisclosureMade)
    assert shared.data_classes == carried


@settings(max_examples=40)
@given(st.text(max_size=40), st.sampled_from(["service", "shared", None]))
def test_no_milestone_carries_a_note_within_a_service(words: str, note_for: Any) -> None:
    case = received()
    case.does(reach("acknowledged", 1, note=words, note_for=note_for), **AS_CLINICIAN)
    said = [e for e in case.events if isinstance(e, Milestone)]
    kept = [e.note for e in case.events if isinstance(e, ServiceNoteRecorded)]
    assert all(e.note_for != "service" for e in said)
    assert kept == ([words] if note_for == "service" and words else [])
    assert said[-1].note == (None if kept else words)
