"""An appointment is offered, answered, and has one outcome, which names it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import Refusal
from coordination.pupil.referral.appointments import appointments
from coordination.pupil.referral.decide import ContestMilestone, RecordMilestone, StrikeEntry
from tests.given import SCHOOL
from tests.meeting.hwb import AS_CLINICIAN, AS_OPERATOR, PUPIL
from tests.pupil.case import DAY, NOT_ON_RECORD, REFERRAL, PupilCase, day, instant, reach, sent, told

ONE, TWO = UUID(int=0xA1), UUID(int=0xA2)
OUTCOMES = ("was_not_brought", "did_not_attend", "could_not_attend", "cancelled_by_service", "first_contact")
BY_FILE = {**AS_OPERATOR, "source": "import", "on_behalf_of": SCHOOL}


def offer(on: int, *for_days: int, id: UUID | None = ONE) -> RecordMilestone:
    details: dict[str, Any] = {"for_when": tuple(instant(day(number)) for number in for_days)}
    return reach("appointment_offered", on, details=details | ({"appointment": id} if id else {}))


def offered(*offers: RecordMilestone) -> PupilCase:
    """Received on day 1; offered on day 4 for day 20 or 22, unless told otherwise."""
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    return case.does(*(offers or (offer(4, 20, 22),)), **AS_CLINICIAN)


def said(case: PupilCase, command: RecordMilestone) -> UUID | None:
    """The appointment that the event names."""
    [event] = case.decided(command, **AS_CLINICIAN)
    found: UUID | None = event.appointment  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_day_tells_which_appointment_it_was(outcome: str) -> None:
    case = offered(offer(4, 20, 22), offer(5, 30, id=TWO))
    assert said(case, reach(outcome, 20)) == ONE
    assert said(case, reach(outcome, 22)) == ONE
    assert said(case, reach(outcome, 30)) == TWO
    assert said(case, reach(outcome, 30, details={"appointment": TWO})) == TWO


@pytest.mark.parametrize("outcome", ["was_not_brought", "did_not_attend"])
def test_nobody_is_missed_on_a_day_that_no_offer_names(outcome: str) -> None:
    case = offered()
    for number in (19, 21, 23):
        for details in ({}, {"appointment": ONE}):
            command = reach(outcome, number, details=details)
            refused = case.tries(command, **AS_CLINICIAN)
            assert (refused.code, refused.field) == ("no_appointment_that_day", "appointment")
            assert refused.facts == {"on": day(number).isoformat()}
        case.refuses(reach(outcome, number, reported=told(25)), "no_appointment_that_day", "appointment")
    bare = sent().does(reach("received", 1), **AS_CLINICIAN)
    bare.refuses(reach(outcome, 20), "no_appointment_that_day", "appointment", **AS_CLINICIAN)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_none_on_record_is_said(outcome: str) -> None:
    case = offered()
    assert said(case, reach(outcome, 25, details=NOT_ON_RECORD)) is None
    both = {"appointment": ONE, **NOT_ON_RECORD}
    case.refuses(reach(outcome, 20, details=both), "unknown_appointment", "appointment", **AS_CLINICIAN)
    case.does(reach(outcome, 20, details=NOT_ON_RECORD), **AS_CLINICIAN)
    assert appointments(case.referral.counting())[0].outcome is None


@pytest.mark.parametrize("outcome", ["could_not_attend", "cancelled_by_service"])
def test_notice_is_given_of_an_appointment_to_come(outcome: str) -> None:
    case = offered(offer(4, 20, 22), offer(5, 15, id=TWO))
    assert said(case, reach(outcome, 10)) == TWO
    assert said(case, reach(outcome, 16)) == ONE
    case.refuses(reach(outcome, 23), "which_appointment", "appointment", **AS_CLINICIAN)
    case.refuses(reach(outcome, 3), "which_appointment", "appointment", **AS_CLINICIAN)


@pytest.mark.parametrize("first", OUTCOMES)
@pytest.mark.parametrize("second", OUTCOMES)
def test_an_appointment_has_one_outcome(first: str, second: str) -> None:
    case = offered().does(reach(first, 20), **AS_CLINICIAN)
    again = reach(second, 20, details={"appointment": ONE})
    refused = case.tries(again, **AS_CLINICIAN)
    assert (refused.code, refused.field) == ("appointment_has_outcome", "appointment")
    assert refused.facts == {"step": first, "on": day(20).isoformat()}
    if second in ("was_not_brought", "did_not_attend"):
        case.refuses(reach(second, 20), "appointment_has_outcome", "appointment", **AS_CLINICIAN)
    entry = case.referral.steps[-1].version
    correct = reach(second, 20, details={"appointment": ONE}, supersedes=entry, why="Wrong.")
    assert said(case, correct) == ONE
    case.does(
        StrikeEntry(occurred_on=DAY, pupil=PUPIL, referral=REFERRAL, entry=entry, why="No."), **AS_CLINICIAN
    )
    assert said(case, again) == ONE


def test_the_service_may_say_what_happened_where_it_contests_a_report() -> None:
    case = offered().does(reach("was_not_brought", 20, reported=told(21)))
    entry = case.referral.steps[-1].version
    case.refuses(
        reach("first_contact", 20, details={"appointment": ONE}),
        "appointment_has_outcome",
        "appointment",
        **AS_CLINICIAN,
    )
    contest = ContestMilestone(
        occurred_on=DAY, pupil=PUPIL, referral=REFERRAL, milestone=entry, why="She came."
    )
    case.does(contest, **AS_CLINICIAN)
    assert said(case, reach("first_contact", 20)) == ONE


def test_what_is_named_was_offered_and_offered_before() -> None:
    case = offered()
    unknown = {"appointment": UUID(int=9)}
    for name in (*OUTCOMES, "appointment_answered"):
        case.refuses(reach(name, 20, details=unknown), "unknown_appointment", "appointment", **AS_CLINICIAN)
        named = reach(name, 3, details={"appointment": ONE})
        case.refuses(named, "impossible_order", "occurred_on", **AS_CLINICIAN)


def test_an_answer_comes_before_the_outcome_and_before_the_pupil_is_seen() -> None:
    case = offered()
    assert said(case, reach("appointment_answered", 6)) == ONE
    case.does(reach("first_contact", 20), **AS_CLINICIAN)
    for details in ({}, {"appointment": ONE}):
        late = reach("appointment_answered", 21, details={"answer": "declined", **details})
        refused = case.tries(late, **AS_CLINICIAN)
        assert (refused.code, refused.field) == ("answered_too_late", "occurred_on")
        assert refused.facts == {"step": "first_contact", "on": day(20).isoformat()}
    # what did happen before is welcome, however late it is entered
    assert said(case, reach("appointment_answered", 6, details={"appointment": ONE})) == ONE
    case.does(offer(25, 40, id=TWO), **AS_CLINICIAN)
    assert said(case, reach("appointment_answered", 26)) == TWO
    missed = offered().does(reach("was_not_brought", 20), **AS_CLINICIAN)
    named = reach("appointment_answered", 21, details={"appointment": ONE})
    missed.refuses(named, "answered_too_late", "occurred_on", **AS_CLINICIAN)


def test_an_offer_whose_day_is_not_known_may_be_for_any() -> None:
    case = offered(offer(4))
    assert said(case, reach("was_not_brought", 20)) == ONE
    case.refuses(reach("was_not_brought", 3), "no_appointment_that_day", "appointment", **AS_CLINICIAN)
    case.does(reach("was_not_brought", 20), **AS_CLINICIAN)
    case.refuses(reach("was_not_brought", 27), "appointment_has_outcome", "appointment", **AS_CLINICIAN)


def test_a_corrected_offer_is_the_same_appointment() -> None:
    case = offered()
    entry = case.referral.steps[-1].version
    moved = {"for_when": (instant(day(24)),), "appointment": TWO}
    case.does(reach("appointment_offered", 4, details=moved, supersedes=entry, why="Day."), **AS_CLINICIAN)
    [found] = appointments(case.referral.counting())
    assert (found.offer.appointment, found.days) == (ONE, {day(24)})


def test_history_names_no_appointments_and_is_joined_where_the_day_tells() -> None:
    def by_file(name: str, on: int) -> RecordMilestone:
        return reach(name, on, reported=told(on, by="history file", how="file"))

    case = offered()
    [event] = case.decided(by_file("was_not_brought", 20), **BY_FILE)
    assert event.appointment == ONE  # type: ignore[attr-defined]
    for name, on in (("was_not_brought", 23), ("cancelled_by_service", 23), ("appointment_answered", 8)):
        case.does(by_file(name, on), **BY_FILE)
    bare = offered(offer(4, 20, id=None)).does(by_file("was_not_brought", 20), **BY_FILE)
    [found] = appointments(bare.referral.counting())
    assert found.outcome is not None and found.outcome.on == day(20)
    # the service cannot record a second one on screen
    bare.refuses(reach("did_not_attend", 20), "appointment_has_outcome", "appointment", **AS_CLINICIAN)


def test_each_refusal_is_a_refusal_of_its_own() -> None:
    """Not `impossible_order`: the day is right, the appointment is not."""
    found = offered().tries(reach("was_not_brought", date(2026, 3, 30)), **AS_CLINICIAN)
    assert isinstance(found, Refusal) and found.code == "no_appointment_that_day"
