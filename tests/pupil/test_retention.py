"""How long a record is kept: the longest rule, to the day; and rules as dated data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coordination.directory.retention import RetentionRule, first_rules, retention_rules
from coordination.pupil.rights.commands import ProposeErasure
from coordination.pupil.rights.events import ErasureProposed
from coordination.pupil.rights.retention import RetentionFacts, cases_of, retention_of
from tests.meeting import hwb
from tests.meeting.hwb import AS_CLINICIAN, PUPIL, at_noon
from tests.pupil.case import day, reach, registered, sent

BORN = date(2000, 2, 29)
DAY = timedelta(days=1)
RULES = retention_rules({}, date(2026, 3, 2))


@pytest.mark.parametrize(
    ("cases", "until"),
    [
        (set(), date(2025, 3, 1)),  # who was born on 29 February is 25 on 1 March
        ({"health"}, date(2025, 3, 1)),
        ({"health", "health_at_17"}, date(2026, 3, 1)),
        ({"aln"}, date(2031, 3, 1)),
        ({"aln", "health", "health_at_17"}, date(2031, 3, 1)),
        ({"aln", "looked_after"}, date(2075, 3, 1)),
    ],
)
def test_the_longest_rule_wins_and_its_anniversary_is_the_last_day(cases: set[str], until: date) -> None:
    kept = retention_of(RULES, RetentionFacts(born=BORN, cases=frozenset(cases)))
    assert kept.until == until
    assert kept.periods[0].until == until
    assert not kept.is_due(until)
    assert kept.is_due(until + DAY)
    assert kept.due_by(until)
    assert not kept.due_by(until - DAY)


def test_an_adopted_childs_record_is_kept_from_the_order() -> None:
    facts = RetentionFacts(born=BORN, cases=frozenset({"adopted"}), adopted_on=date(2004, 5, 6))
    assert retention_of(RULES, facts).until == date(2104, 5, 6)


def test_what_has_no_known_day_is_kept() -> None:
    kept = retention_of(RULES, RetentionFacts(born=None, cases=frozenset({"aln"})))
    assert (kept.until, kept.is_due(date(2999, 1, 1))) == (None, False)
    adopted = RetentionFacts(born=BORN, cases=frozenset({"adopted"}))
    assert retention_of(RULES, adopted).until is None


def test_every_rule_of_the_first_set_names_its_source_and_a_case() -> None:
    assert {rule.code: rule.years for rule in first_rules()} == {
        "pupil_record": 25,
        "aln_record": 31,
        "looked_after": 75,
        "adopted": 100,
        "child_health": 25,
        "child_health_17": 26,
    }
    assert all(len(rule.source) > 20 for rule in first_rules())


def test_a_later_version_counts_from_its_first_day_and_until_its_last() -> None:
    later = RetentionRule(
        code="pupil_record",
        applies="every",
        begins="birth",
        years=30,
        effective_from=date(2026, 9, 1),
        effective_to=date(2027, 8, 31),
        source="A county's schedule",
    )

    def years(on: date) -> int | None:
        found = {rule.code: rule.years for rule in retention_rules({"pupil_record": (later,)}, on)}
        return found.get("pupil_record")

    assert [years(date(2026, 8, 31)), years(date(2026, 9, 1))] == [25, 30]
    assert [years(date(2027, 8, 31)), years(date(2027, 9, 1))] == [30, None]


def test_the_record_says_which_cases_are_so() -> None:
    directory = hwb.world().directory
    born = date(2014, 1, 20)
    assert cases_of(registered().state, directory, born) == frozenset()
    assert cases_of(sent().state, directory, born) == {"aln", "health"}
    ends = {"details": {"reason": "family_asked"}, **AS_CLINICIAN}
    for born, at_17 in ((date(2009, 3, 7), True), (date(2009, 3, 8), False), (date(2008, 3, 7), False)):
        case = sent().does(reach("withdrawn", 5, details=ends["details"]), **AS_CLINICIAN)
        # it ended on 7 March 2026
        assert ("health_at_17" in cases_of(case.state, directory, born)) is at_17


def test_retention_is_no_ground_until_it_is_over() -> None:
    """Born on 20 January 2014: kept until 20 January 2039."""
    propose = ProposeErasure(
        occurred_on=day(9), pupil=PUPIL, proposal=PUPIL, ground="retention", why="Aged 25"
    )
    last = at_noon(date(2039, 1, 20))
    refusal = registered().tries(propose, recorded_at=last)
    assert (refusal.code, refusal.facts) == ("retention_not_over", {"until": "2039-01-20"})
    registered().happened(propose, ErasureProposed, recorded_at=last + DAY)
