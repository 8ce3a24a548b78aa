from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.challenge.commands import WaitEvidence
from coordination.challenge.decisions.raising import decide_raise_attendance, decide_raise_delay
from coordination.challenge.events import ChallengeRaised, DelayEvidence, Measured
from coordination.challenge.rule import AttendanceRule
from coordination.challenge.state import Challenge, evolve
from coordination.directory.decide import SetStandard
from tests.challenge.letters import MARKS, RAISED, REFERRAL, raise_attendance, raise_delay, raised
from tests.challenge.marks import line, lines
from tests.given import SCHOOL, given, header
from tests.meeting.hwb import (
    AS_CLINICIAN,
    AS_OFFICER,
    AS_STRANGER,
    BOARD,
    CAMHS,
    EDPSYCH_TERMS,
    FIRST_APPOINTMENT,
    GWYNEDD,
    PUPIL,
    world,
)


def nothing() -> given:
    return given(evolve, Challenge())


def test_missed_meetings_under_terms_found_a_challenge() -> None:
    marks = lines(("absent", "attended", "apologies", "absent"))
    nothing().when(decide_raise_attendance, raise_attendance(marks=marks), world()).then(
        [
            ChallengeRaised(
                header=header(),
                kind="challenge",
                about="attendance",
                school=SCHOOL,
                agency=BOARD,
                service=CAMHS,
                authority=GWYNEDD,
                measured=Measured(code="missed_of_last", counted=2, threshold=2, window=3, version="1"),
                marks=marks[1:],
            )
        ]
    )


def test_without_terms_it_is_an_enquiry() -> None:
    unasked = lines(("absent", "absent"), expected=False, because="no_terms", terms=None)
    [event] = (
        nothing()
        .when(decide_raise_attendance, raise_attendance(marks=unasked), world())
        .happened(ChallengeRaised)
    )
    assert isinstance(event, ChallengeRaised)
    assert event.kind == "enquiry"
    assert event.marks == unasked


def test_meetings_it_owed_count_before_meetings_it_did_not() -> None:
    """Two absences from meetings it owed nothing do not make a challenge of one from a meeting it owed."""
    mixed = (line(0, "absent"), *lines(("absent", "absent", "absent"), expected=False, terms=None)[1:])
    [event] = (
        nothing()
        .when(decide_raise_attendance, raise_attendance(marks=mixed), world())
        .happened(ChallengeRaised)
    )
    assert isinstance(event, ChallengeRaised)
    assert event.kind == "enquiry"


def test_a_rule_that_is_not_met_founds_nothing() -> None:
    once = raise_attendance(marks=lines(("attended", "attended", "absent")))
    refusal = nothing().when(decide_raise_attendance, once, world()).refused("rule_not_met", "marks")
    assert refusal.facts == {"counted": 1, "threshold": 2}
    lenient = raise_attendance(rule=AttendanceRule(missed=3, absences=3))
    nothing().when(decide_raise_attendance, lenient, world()).refused("rule_not_met", "marks")
    nothing().when(decide_raise_attendance, raise_attendance(marks=()), world()).refused("rule_not_met")


def test_evidence_that_cannot_be_is_refused() -> None:
    twice = raise_attendance(marks=(MARKS[1], MARKS[1]))
    nothing().when(decide_raise_attendance, twice, world()).refused("mark_counted_twice", "marks")
    others_terms = raise_attendance(marks=lines(("absent", "absent"), terms=EDPSYCH_TERMS))
    nothing().when(decide_raise_attendance, others_terms, world()).refused("unknown_terms", "marks")
    invented = raise_attendance(marks=lines(("absent", "absent"), terms=UUID(int=0xFFF)))
    nothing().when(decide_raise_attendance, invented, world()).refused("unknown_terms", "marks")
    to_come = raise_attendance(marks=(MARKS[1], replace(MARKS[2], held_on=date(2026, 3, 3))))
    nothing().when(decide_raise_attendance, to_come, world()).refused("in_the_future", "marks")


def test_raising_is_the_schools() -> None:
    for by in (AS_CLINICIAN, AS_STRANGER, AS_OFFICER):
        nothing().by(**by).when(decide_raise_attendance, raise_attendance(), world()).refused("not_found")
        nothing().by(**by).when(decide_raise_delay, raise_delay(), world()).refused("not_found")
    unknown = raise_attendance(service=UUID(int=0xFFF))
    nothing().when(decide_raise_attendance, unknown, world()).refused("unknown_service", "service")
    late = raise_attendance(occurred_on=date(2026, 3, 3))
    nothing().when(decide_raise_attendance, late, world()).refused("in_the_future", "occurred_on")
    again = given(evolve, Challenge(), raised().events)
    again.when(decide_raise_attendance, raise_attendance(), world()).refused("already_raised")
    again.when(decide_raise_delay, raise_delay(), world()).refused("already_raised")


def test_a_wait_beyond_the_standard_founds_a_challenge() -> None:
    nothing().when(decide_raise_delay, raise_delay(), world()).then(
        [
            ChallengeRaised(
                header=header(),
                kind="challenge",
                about="delay",
                school=SCHOOL,
                agency=BOARD,
                service=CAMHS,
                authority=GWYNEDD,
                measured=Measured(
                    code="first_appointment", counted=60, threshold=28, unit="calendar_days", version="2"
                ),
                delays=(
                    DelayEvidence(
                        referral=REFERRAL,
                        pupil=PUPIL,
                        started_on=date(2026, 1, 1),
                        as_of=RAISED,
                        elapsed=60,
                        due_on=date(2026, 1, 29),
                        position=4711,
                    ),
                ),
            )
        ]
    )


def test_a_wait_that_ended_late_counts_to_its_end_and_the_longest_is_measured() -> None:
    ended = WaitEvidence(
        referral=UUID(int=0x64), pupil=PUPIL, started_on=date(2025, 6, 1), stopped_on=date(2025, 7, 12)
    )
    running = WaitEvidence(referral=REFERRAL, pupil=PUPIL, started_on=date(2026, 2, 1))
    [event] = (
        nothing()
        .when(decide_raise_delay, raise_delay(waits=(ended, running)), world())
        .happened(ChallengeRaised)
    )
    assert isinstance(event, ChallengeRaised)
    assert [d.elapsed for d in event.delays] == [41, 29]
    assert event.measured.counted == 41


@pytest.mark.parametrize("started_on", [date(2026, 2, 2), date(2026, 3, 2)])
def test_a_wait_within_the_standard_founds_nothing(started_on: date) -> None:
    short = WaitEvidence(referral=REFERRAL, pupil=PUPIL, started_on=started_on)
    refusal = (
        nothing()
        .when(decide_raise_delay, raise_delay(waits=(short,)), world())
        .refused("within_standard", "waits")
    )
    assert refusal.facts["referral"] == REFERRAL


def test_weeks_and_working_days_are_counted_in_their_own_days() -> None:
    def measured(unit: str, limit: int) -> Measured:
        other = replace(FIRST_APPOINTMENT, code="other", unit=unit, limit=limit, bands=())
        [event] = (
            nothing()
            .when(decide_raise_delay, raise_delay(standard="other"), world(other))
            .happened(ChallengeRaised)
        )
        assert isinstance(event, ChallengeRaised)
        return event.measured

    assert (measured("weeks", 6).counted, measured("weeks", 6).threshold) == (60, 42)
    assert (measured("working_days", 20).counted, measured("working_days", 20).threshold) == (42, 20)


def test_a_delay_without_a_standard_is_an_enquiry() -> None:
    [event] = (
        nothing().when(decide_raise_delay, raise_delay(standard=None), world()).happened(ChallengeRaised)
    )
    assert isinstance(event, ChallengeRaised)
    assert event.kind == "enquiry"
    assert event.measured == Measured(code=None, counted=60, unit="calendar_days", version="2")
    assert event.delays[0].due_on is None


def test_delays_that_cannot_be_are_refused() -> None:
    def refused(code: str, field: str, **changed: object) -> None:
        nothing().when(decide_raise_delay, raise_delay(**changed), world()).refused(code, field)

    refused("unknown_standard", "standard", standard="no_such")
    refused("cannot_be_empty", "waits", waits=())
    refused("in_the_future", "as_of", as_of=date(2026, 3, 3))
    begun_after = WaitEvidence(referral=REFERRAL, pupil=PUPIL, started_on=date(2026, 3, 2))
    refused("in_the_future", "waits", waits=(begun_after,), as_of=date(2026, 3, 1))
    ended_after = WaitEvidence(
        referral=REFERRAL, pupil=PUPIL, started_on=date(2026, 1, 1), stopped_on=date(2026, 3, 2)
    )
    refused("in_the_future", "waits", waits=(ended_after,), as_of=date(2026, 3, 1))


def test_the_standard_is_that_in_force_when_the_wait_began() -> None:
    later: SetStandard = replace(
        FIRST_APPOINTMENT, effective_from=date(2026, 2, 1), limit=14, occurred_on=date(2026, 2, 1)
    )
    [event] = nothing().when(decide_raise_delay, raise_delay(), world(later)).happened(ChallengeRaised)
    assert isinstance(event, ChallengeRaised)
    assert event.measured.threshold == 28


def test_school_days_need_the_terms_of_the_school() -> None:
    other = replace(FIRST_APPOINTMENT, code="other", unit="school_days", limit=5, bands=())
    nothing().when(decide_raise_delay, raise_delay(standard="other"), world(other)).refused(
        "school_terms_unknown", "standard"
    )
