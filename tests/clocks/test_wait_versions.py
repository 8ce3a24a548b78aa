"""What a row of a wait is measured by, what cannot be counted, and whose days it tells."""

from __future__ import annotations

from datetime import date
from typing import Any

from coordination.clocks import Attribution, episodes, runs_of
from coordination.directory.organisation import SchoolTerm
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.state import Interval
from tests.clocks.story import (
    NAMES,
    day,
    directory,
    referral,
    standard,
    told,
    waits,
)

BOTH = directory(standard("A"), standard("B"))


def whose(wait: Any) -> list[tuple[str, str | None, int]]:
    """Party, service and days, in order."""
    return [(p.party, NAMES.get(p.service), p.days) for p in wait.periods]


# Versions


def test_10_a_wait_is_measured_by_the_version_in_force_on_the_day_its_row_begins() -> None:
    old = standard("B", limit=28, effective_to=day(9))
    new = standard("B", limit=6, unit="weeks", bands=(6, 12), effective_from=day(10))
    known = directory(standard("A"), old, new)
    for begun, expected in ((9, old), (10, new)):
        [own] = waits(referral(("received", begun), to="B"), known, "std-B")
        assert own.version == expected
        [passed] = waits(referral(("received", 0), ("redirected", begun, {"to": "B"})), known, "std-B")
        assert passed.version == expected
    [changed] = waits(referral(("received", 9), to="B"), known, "std-B")
    assert (changed.unit, changed.due_on) == ("calendar_days", day(37))


def test_a_later_version_with_other_milestones_has_waits_of_its_own() -> None:
    old = standard(effective_to=day(99))
    new = standard(stop="assessed", effective_from=day(100))
    held = referral(
        ("received", 0), ("first_contact", 10), ("discharged", 50), ("reopened", 120), ("received", 121),
        ("first_contact", 130),
    )  # fmt: skip
    assert told(waits(held, directory(old, new), "std-A")) == [
        ("A", 0, 0, 10, "stopped"), ("A", 121, 121, None, None),
    ]  # fmt: skip


# What cannot be counted

TERMS = (
    SchoolTerm(first_day=date(2025, 1, 6), last_day=date(2025, 4, 11)),
    SchoolTerm(first_day=date(2025, 9, 1), last_day=date(2025, 12, 19)),
)
IN_SCHOOL_DAYS = standard(unit="school_days", limit=35)


def test_11_a_hole_in_the_terms_costs_only_the_waits_that_fall_in_it() -> None:
    known = directory(IN_SCHOOL_DAYS, terms=TERMS)

    def counted(*said: tuple[Any, ...]) -> tuple[Any, ...]:
        [found] = waits(referral(*said), known, "std-A")
        return found.uncountable, found.due_on is None, found.start_ordinal is None, found.end_ordinal is None

    assert counted(("received", 0), ("first_contact", 20)) == (None, False, False, False)
    assert counted(("received", 60), ("first_contact", 67)) == (None, True, False, False), "due in the hole"
    assert counted(("received", 60)) == (None, True, False, True), "its days so far can be counted"
    assert counted(("received", 60), ("first_contact", 80)) == ("terms_unknown", True, False, True)
    assert counted(("received", 60), ("first_contact", 230)) == ("terms_unknown", True, False, True), (
        "across it"
    )
    assert counted(("received", 80)) == ("terms_unknown", True, True, True)
    assert counted(("received", 210), ("first_contact", 231)) == (None, False, False, False), "after it"


def test_without_any_terms_the_wait_is_a_row_that_says_so() -> None:
    [found] = waits(referral(("received", 0)), directory(IN_SCHOOL_DAYS), "std-A")
    assert (found.uncountable, found.due_on, told([found])) == (
        "terms_unknown", None, [("A", 0, 0, None, None)],
    )  # fmt: skip


# Whose days, and what else a row tells


def test_whose_days_names_the_service_beside_the_other_parties() -> None:
    held = referral(
        ("decided", 0), ("submitted", 5), ("received", 8),
        ("information_requested", 10, {"asked_of": "family"}), ("redirected", 20, {"to": "B"}),
        unavailable=[Interval(day(25), day(29))],
    )  # fmt: skip
    found = waits(held, directory(standard("B", start="decided")), "std-B", [OffRoll(day(2), day(4))])
    assert whose(found[0])[:-1] == [
        ("school", None, 2), ("authority", None, 2), ("school", None, 1), ("agency", "A", 5), ("family", None, 10),
        ("agency", "B", 5), ("exempt", None, 5),
    ]  # fmt: skip
    assert whose(found[0])[-1][:2] == ("agency", "B")
    by_cause = {p.cause for p in found[0].periods if p.service == found[0].service}
    assert by_cause == {6}, "the redirection"


def test_a_row_tells_the_age_on_the_day_the_clock_starts_and_what_is_only_reported() -> None:
    held = referral(
        ("received", 0, {"age_years": 9, "word": "reported"}),
        ("first_contact", 9, {"word": "reported", "standing": "confirmed"}),
    )
    [found] = waits(held, BOTH, "std-A")
    assert (found.age_years, found.unconfirmed) == (9, 1)


def test_a_clock_of_another_legal_route_does_not_run() -> None:
    known = directory(standard(legal_route="s20_nhs"))
    assert waits(referral(("received", 0)), known, "std-A") == []
    assert len(waits(referral(("received", 0), legal_route="s20_nhs"), known, "std-A")) == 1


def test_a_struck_redirection_takes_the_second_holding_away() -> None:
    held = referral(("received", 0), ("redirected", 10, {"to": "B"}), ("received", 12))
    struck = type(held)(
        **{**{f: getattr(held, f) for f in held.__struct_fields__}, "superseded": frozenset({3, 4})}
    )
    assert told(waits(struck, BOTH, "std-A")) == [("A", 0, 0, None, None)]
    assert [len(e.holdings) for e in episodes(struck)] == [1]


def test_the_settings_of_a_reasonable_offer_are_those_of_the_rules() -> None:
    assert Attribution() == Attribution(offered_dates=2, notice_days=10)
    assert [r.standard for r in runs_of(referral(("received", 0)), BOTH)] == ["std-A"]
