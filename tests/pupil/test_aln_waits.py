"""Statutory waits: when a clock starts, with whom, when it is due and how it ends. The last days are counted here
day by day, apart from the code."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.codes import first_statutory_standards
from coordination.directory.commands import SetSchoolTerm
from coordination.directory.state import Directory
from coordination.pupil.aln.state import AlnMatter
from coordination.pupil.aln.steps import AlnStep, AlnStepName, steps_in_order
from coordination.pupil.aln.waits import StatutoryWait, statutory_waits
from coordination.pupil.profile.state import Registration
from tests.directory.county import BALA, GWYNEDD, REFERENCE, TODAY, TYWYN, County, county, school_limit

CONCERN = UUID(int=0xC0)
TERMS = (
    (date(2025, 9, 1), date(2025, 12, 19), [date(2025, 10, 27) + timedelta(n) for n in range(5)]),
    (date(2026, 1, 5), date(2026, 3, 27), []),
)
MONDAY = date(2025, 9, 8)
ON_ROLL = (Registration(TYWYN, date(2020, 9, 1)),)


@cache
def here() -> County:
    made = county()
    for command in first_statutory_standards(REFERENCE, TODAY, made.directory):
        made.does(command)
    for first, last, closed in TERMS:
        term = SetSchoolTerm(
            occurred_on=TODAY, organisation=GWYNEDD, first_day=first, last_day=last, closed=tuple(closed)
        )
        made.does(term)
    return made


def step(name: AlnStepName, on: date, organisation: UUID = TYWYN, **more: Any) -> AlnStep:
    body = "authority" if organisation == GWYNEDD else "school"
    return AlnStep(name, on, 1, organisation, body, organisation, **more)


def raised(on: date = MONDAY, **more: Any) -> AlnStep:
    return step("concern_raised", on, **more)


def passed(on: date) -> AlnStep:
    return AlnStep("passed_to_authority", on, 2, GWYNEDD, "school", TYWYN)


def waits(
    *steps: AlnStep,
    registrations: tuple[Registration, ...] = ON_ROLL,
    directory: Directory | None = None,
) -> dict[str, list[StatutoryWait]]:
    matter = AlnMatter(CONCERN, steps_in_order(steps), len(steps))
    found: dict[str, list[StatutoryWait]] = {}
    for wait in statutory_waits(matter, registrations, directory or here().directory):
        found.setdefault(wait.standard, []).append(wait)
    return found


def one(code: str, *steps: AlnStep, **more: Any) -> StatutoryWait:
    [wait] = waits(*steps, **more)[code]
    return wait


def nth_school_day(start: date, days: int) -> date:
    """Counted day by day: Mondays to Fridays within a term on which the school is not closed. No bank holiday is in
    these terms."""
    on = start
    while days:
        on += timedelta(1)
        days -= on.weekday() < 5 and any(a <= on <= z and on not in shut for a, z, shut in TERMS)
    return on


def test_a_school_decides_within_35_school_days_of_being_told() -> None:
    running = one("school_decision", raised())
    assert (running.holder.organisation, running.start_on, running.end_on) == (TYWYN, MONDAY, None)
    assert running.due_on == nth_school_day(MONDAY, 35) == date(2025, 11, 3)
    last = running.due_on
    for on, days in ((last, 35), (last + timedelta(1), 36)):
        ended = one("school_decision", raised(), step("aln_decided", on))
        assert (ended.end_on, ended.ending) == (on, "stopped")
        assert ended.start_ordinal is not None and ended.end_ordinal is not None
        assert ended.end_ordinal - ended.start_ordinal == days


def test_it_is_due_whatever_the_weekday_on_which_the_school_was_told() -> None:
    for n in range(14):
        on = MONDAY + timedelta(n)
        assert one("school_decision", raised(on)).due_on == nth_school_day(on, 35)


def test_the_authority_has_12_weeks_from_the_day_after_it_was_told() -> None:
    told = date(2025, 10, 1)
    found = waits(raised(), passed(told))
    [school], [authority] = found["school_decision"], found["authority_decision"]
    assert (school.end_on, school.ending) == (told, "passed_on")
    assert (authority.holder.organisation, authority.holder.body) == (GWYNEDD, "authority")
    first_counted = told + timedelta(1)
    assert authority.due_on == first_counted + timedelta(12 * 7 - 1)
    assert (authority.start_on, authority.inherited_days) == (told, 0)


def test_what_was_told_to_a_school_and_is_the_authoritys_to_decide_waits_to_be_passed_on() -> None:
    looked_after = raised(decides="authority")
    found = waits(looked_after)
    assert found.keys() == {"not_passed_on"}
    assert (found["not_passed_on"][0].due_on, found["not_passed_on"][0].end_on) == (None, None)
    found = waits(
        looked_after, passed(MONDAY + timedelta(9)), step("aln_decided", date(2025, 11, 3), GWYNEDD)
    )
    assert found.keys() == {"not_passed_on", "authority_decision", "authority_plan"}
    [first], [second] = found["not_passed_on"], found["authority_decision"]
    assert (first.end_on, first.ending) == (MONDAY + timedelta(9), "stopped")
    assert (second.start_on, second.end_on, second.ending) == (
        MONDAY + timedelta(9),
        date(2025, 11, 3),
        "stopped",
    )


def test_a_child_on_no_roll_is_the_authoritys_from_the_start() -> None:
    found = waits(raised(organisation=GWYNEDD, decides="authority"), registrations=())
    assert found.keys() == {"authority_decision", "authority_plan"}
    assert found["authority_decision"][0].due_on == MONDAY + timedelta(84)


def test_for_a_young_person_the_authoritys_clock_starts_with_consent() -> None:
    attention, consent = date(2025, 10, 1), date(2025, 10, 20)
    before = waits(raised(young_person=True), passed(attention))
    assert "authority_decision" not in before
    [waiting] = before["none"]
    assert (waiting.holder.organisation, waiting.start_on, waiting.due_on) == (GWYNEDD, attention, None)
    given = step("consent_given", consent)
    after = one("authority_decision", raised(young_person=True), passed(attention), given)
    assert (after.holder.organisation, after.start_on) == (GWYNEDD, consent)
    assert after.due_on == consent + timedelta(84)
    early = one(
        "authority_decision", raised(young_person=True), step("consent_given", MONDAY), passed(attention)
    )
    assert early.start_on == attention


def test_no_plan_is_due_where_there_are_no_additional_learning_needs() -> None:
    on = date(2025, 10, 10)
    assert one("school_plan", raised(), step("aln_decided", on)).ending == "declined"
    running = one("school_plan", raised(), step("aln_decided", on, plan_due=True))
    assert (running.ending, running.due_on) == (None, date(2025, 11, 3))
    given = one("school_plan", raised(), step("aln_decided", on, plan_due=True), step("plan_issued", on))
    assert (given.end_on, given.ending) == (on, "stopped")


def test_a_plan_that_was_given_shows_that_it_was_decided() -> None:
    ended = one("school_decision", raised(), step("plan_issued", date(2025, 10, 10)))
    assert (ended.end_on, ended.ending) == (date(2025, 10, 10), "stopped")


def test_reconsidering_takes_seven_weeks() -> None:
    asked = AlnStep("reconsideration_asked", date(2025, 11, 10), 3, GWYNEDD, "school", TYWYN)
    found = one("reconsideration", raised(), step("aln_decided", date(2025, 10, 10)), asked)
    assert found.holder.organisation == GWYNEDD
    assert found.due_on == date(2025, 12, 29)  # 49 days later


@pytest.mark.parametrize(
    "given, due",
    [
        (date(2025, 9, 10), date(2026, 9, 9)),
        (date(2025, 9, 1), date(2026, 8, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2026, 2, 28)),
        (date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_a_plan_is_reviewed_within_each_12_months_that_start_with_the_day(given: date, due: date) -> None:
    assert one("school_review", step("plan_issued", given)).due_on == due


def test_each_review_starts_the_next_period_until_the_plan_ceases() -> None:
    given, first, second = date(2023, 9, 10), date(2024, 6, 3), date(2025, 6, 10)
    steps = [step("plan_issued", given), step("plan_reviewed", first), step("plan_reviewed", second)]
    found = waits(*steps)["school_review"]
    assert [(w.number, w.start_on, w.end_on, w.due_on) for w in found] == [
        (1, given, first, date(2024, 9, 9)),
        (2, first, second, date(2025, 6, 2)),
        (3, second, None, date(2026, 6, 9)),
    ]
    ceased = waits(*steps[:2], step("plan_reviewed", second, ceases=True))["school_review"]
    assert [(w.end_on, w.ending) for w in ceased] == [(first, "stopped"), (second, "stopped")]
    assert "authority_review" not in waits(*steps)
    assert "school_review" not in waits(step("plan_issued", given, GWYNEDD))


def test_the_next_school_inherits_the_days_and_each_keeps_its_own() -> None:
    left, entered = MONDAY + timedelta(10), MONDAY + timedelta(24)
    rolls = (Registration(TYWYN, date(2020, 9, 1), left), Registration(BALA, entered))
    found = waits(raised(), step("aln_decided", date(2025, 11, 10), BALA), registrations=rolls)
    said = [
        (w.holder.organisation, w.begins_on, w.end_on, w.ending, w.inherited_days)
        for w in found["school_decision"]
    ]
    assert said == [
        (TYWYN, MONDAY, left, "moved_away", 0),
        (GWYNEDD, left, entered, "moved_away", 10),
        (BALA, entered, date(2025, 11, 10), "stopped", 24),
    ]
    assert {w.start_on for w in found["school_decision"]} == {MONDAY}
    straight = (Registration(TYWYN, date(2020, 9, 1), left), Registration(BALA, left))
    assert [w.holder.organisation for w in waits(raised(), registrations=straight)["school_decision"]] == [
        TYWYN,
        BALA,
    ]


def test_without_terms_or_before_them_it_cannot_be_counted() -> None:
    early = one("school_decision", raised(date(2024, 1, 8)))
    assert (early.uncountable, early.start_ordinal, early.due_on) == ("terms_unknown", None, None)
    late = one("school_decision", raised(date(2026, 3, 20)))
    assert (late.uncountable, late.due_on) == (None, None)
    assert late.start_ordinal is not None


def test_without_a_limit_in_force_the_wait_is_seen_and_has_no_last_day() -> None:
    old = one("none", raised(date(2019, 5, 1)), step("aln_decided", date(2019, 6, 1)))
    assert (old.version, old.due_on, old.end_on, old.ending) == (None, None, date(2019, 6, 1), "stopped")
    assert one("none", raised(), directory=county().directory).holder.organisation == TYWYN


def test_the_version_in_force_on_the_day_it_begins_counts() -> None:
    changed = county(
        school_limit(unit="weeks", limit=7), school_limit(unit="weeks", limit=5, effective_from=MONDAY)
    )
    at = [
        one("school_decision", raised(on), directory=changed.directory)
        for on in (MONDAY - timedelta(1), MONDAY)
    ]
    assert [(w.version.limit if w.version else None, w.due_on) for w in at] == [
        (7, MONDAY + timedelta(48)),
        (5, MONDAY + timedelta(35)),
    ]
