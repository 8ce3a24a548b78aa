"""How long, and whose days they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clocks import (
    PARTIES,
    Attribution,
    PartyPeriod,
    days_by_party,
    is_reasonable_offer,
    party_periods,
    periods_before_sending,
)
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.phase import DatedMilestone
from coordination.pupil.referral.state import Interval
from tests.clocks.story import DAY0, NAMES, day, directory, standard, waits, with_steps


def at(number: int) -> datetime:
    return datetime.combine(day(number), time(10), UTC)


def steps(*said: Any) -> list[DatedMilestone]:
    """Steps from (name, day, more)."""
    return [
        DatedMilestone(s[0], day(s[1]), version, **(s[2] if len(s) > 2 else {}))
        for version, s in enumerate(said, 1)
    ]


PROVED = {"for_when": (at(15), at(20))}

names = st.sampled_from(sorted(MILESTONES))
offers = st.lists(st.integers(0, 80).map(at), max_size=3).map(tuple)
histories = st.lists(
    st.builds(
        lambda name, on, version, when, asked, standing, word: DatedMilestone(
            name, day(on), version, for_when=when, asked_of=asked, standing=standing, word=word
        ),
        names,
        st.integers(-20, 90),
        st.integers(1, 1000),
        offers,
        st.sampled_from(["school", "family"]),
        st.sampled_from(["said", "confirmed", "contested"]),
        st.sampled_from(["own", "reported"]),
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda s: (s.on, s.version)))
spans = st.tuples(st.integers(-10, 60), st.integers(0, 60)).map(lambda s: (day(s[0]), day(s[0] + s[1])))
intervals = st.lists(
    st.tuples(st.integers(-20, 90), st.integers(0, 40)).map(lambda i: Interval(day(i[0]), day(i[0] + i[1]))),
    max_size=4,
)


gaps = st.lists(
    st.tuples(st.integers(-20, 90), st.none() | st.integers(0, 40)).map(
        lambda g: OffRoll(day(g[0]), None if g[1] is None else day(g[0] + g[1]))
    ),
    max_size=3,
)


def tiles(found: Sequence[PartyPeriod], start: date, end: date) -> None:
    """They follow each other from the first day to the last, none of them empty."""
    edges = [start]
    for stretch in found:
        assert stretch.from_on == edges[-1] < stretch.until
        assert stretch.party in PARTIES
        edges.append(stretch.until)
    assert edges[-1] == end


@settings(max_examples=300, deadline=None)
@given(ordered=histories, span=spans, unavailable=intervals, off_roll=gaps)
def test_stretches_tile_the_days_and_add_up_to_them(
    ordered: list[DatedMilestone],
    span: tuple[date, date],
    unavailable: list[Interval],
    off_roll: list[OffRoll],
) -> None:
    start, end = span
    found = party_periods(ordered, start, end, unavailable, off_roll=off_roll)
    tiles(found, start, end)
    assert sum(days_by_party(found).values()) == (end - start).days


@settings(max_examples=200, deadline=None)
@given(ordered=histories, span=spans, unavailable=intervals)
def test_unavailability_only_makes_days_exempt(
    ordered: list[DatedMilestone], span: tuple[date, date], unavailable: list[Interval]
) -> None:
    """Every day is whose it was, or exempt when it lies in an interval."""
    start, end = span
    before, after = (_by_day(party_periods(ordered, start, end, u)) for u in ((), unavailable))
    for on, party in before.items():
        away = any(i.from_on <= on <= i.until for i in unavailable)
        assert after[on] == ("exempt" if away else party)


@settings(max_examples=200, deadline=None)
@given(ordered=histories, span=spans, unavailable=intervals, off_roll=gaps)
def test_on_no_roll_only_the_school_s_days_become_the_authority_s(
    ordered: list[DatedMilestone],
    span: tuple[date, date],
    unavailable: list[Interval],
    off_roll: list[OffRoll],
) -> None:
    """A service's days stay the service's, the family's the family's, and paused days paused."""
    start, end = span
    before = _by_day(party_periods(ordered, start, end, unavailable))
    after = _by_day(party_periods(ordered, start, end, unavailable, off_roll=off_roll))
    assert before.keys() == after.keys()
    for on, party in before.items():
        out = any(gap.from_on <= on and (gap.until is None or on < gap.until) for gap in off_roll)
        assert after[on] == ("authority" if out and party == "school" else party)


def test_the_day_of_leaving_is_the_authority_s_and_the_day_of_joining_the_school_s() -> None:
    """Asked for information on day 5; on no roll from day 8 up to day 20; answered on day 25."""
    ordered = steps(("submitted", 0), ("information_requested", 5), ("information_supplied", 25))
    found = party_periods(ordered, day(0), day(30), off_roll=[OffRoll(day(8), day(20))])
    assert [(s.party, s.from_on, s.until) for s in found] == [
        ("agency", day(0), day(5)),
        ("school", day(5), day(8)),
        ("authority", day(8), day(20)),
        ("school", day(20), day(25)),
        ("agency", day(25), day(30)),
    ]
    unsent = periods_before_sending(day(0), day(12), [OffRoll(day(8), None)])
    assert [(s.party, s.days) for s in unsent] == [("school", 8), ("authority", 4)]
    assert periods_before_sending(day(0), day(0)) == []


def _by_day(found: Sequence[PartyPeriod]) -> dict[date, str]:
    return {s.from_on + timedelta(days=n): s.party for s in found for n in range(s.days)}


@settings(max_examples=200, deadline=None)
@given(ordered=histories, span=spans)
def test_what_was_confirmed_or_only_reported_never_changes_a_day(
    ordered: list[DatedMilestone], span: tuple[date, date]
) -> None:
    plain = [msgspec.structs.replace(s, standing="said", word="own") for s in ordered]
    assert party_periods(ordered, *span) == party_periods(plain, *span)
    one, other = (waits(with_steps(told), directory(standard())) for told in (ordered, plain))
    assert [msgspec.structs.replace(w, unconfirmed=0) for w in one] == [
        msgspec.structs.replace(w, unconfirmed=0) for w in other
    ]


@settings(max_examples=200, deadline=None)
@given(ordered=histories, span=spans, cut=st.integers(0, 60))
def test_the_days_up_to_today_are_the_first_of_the_days_in_the_end(
    ordered: list[DatedMilestone], span: tuple[date, date], cut: int
) -> None:
    """What is shown while it runs is never taken back by the days that follow."""
    start, end = span
    middle = min(end, start + timedelta(days=cut))
    whole, part = _by_day(party_periods(ordered, start, end)), _by_day(party_periods(ordered, start, middle))
    assert part == {on: party for on, party in whole.items() if on < middle}


# The story


def test_the_story_forty_one_days_against_twenty_eight() -> None:
    """Received on day 0, acknowledged 3, offered 20, not brought, offered again, seen 41. Neither offer is proved
    reasonable, so every day is the agency's, and none is taken off."""
    story = steps(
        ("received", 0),
        ("acknowledged", 3),
        ("appointment_offered", 20, {"for_when": (at(27),)}),
        ("was_not_brought", 27),
        ("appointment_offered", 28, {"for_when": (at(41),)}),
        ("first_contact", 41),
    )
    [found] = waits(with_steps(story), directory(standard()))
    assert (found.start_on, found.end_on, found.due_on) == (day(0), day(41), day(28))
    assert (found.start_ordinal, found.end_ordinal) == (day(0).toordinal(), day(41).toordinal())
    assert (found.ending, found.ended_on, found.inherited_days) == ("stopped", None, 0)
    assert {NAMES[p.service] for p in found.periods if p.service is not None} == {"A"}
    assert days_by_party(party_periods(story, day(0), day(41))) == {
        "agency": 41,
        "school": 0,
        "family": 0,
        "authority": 0,
        "exempt": 0,
    }


def test_after_a_proved_reasonable_offer_the_days_of_the_next_are_the_familys() -> None:
    story = steps(
        ("received", 0),
        ("appointment_offered", 2, PROVED),
        ("was_not_brought", 15),
        ("appointment_offered", 18, {"for_when": (at(30),)}),
        ("first_contact", 30),
    )
    assert party_periods(story, day(0), day(30)) == [
        PartyPeriod("agency", day(0), day(18), 1),
        PartyPeriod("family", day(18), day(30), 4),
    ]


def test_what_happens_before_the_offered_appointment_is_in_order_of_days() -> None:
    """The appointment offered again is on day 40; before it the school is asked, and answers."""
    story = steps(
        ("received", 0),
        ("appointment_offered", 2, PROVED),
        ("was_not_brought", 15),
        ("appointment_offered", 18, {"for_when": (at(40),)}),
        ("information_requested", 25),
        ("information_supplied", 30),
        ("appointment_offered", 50, {"for_when": (at(60),)}),
    )
    assert party_periods(story, day(0), day(60)) == [
        PartyPeriod("agency", day(0), day(18), 1),
        PartyPeriod("family", day(18), day(25), 4),
        PartyPeriod("school", day(25), day(30), 5),
        PartyPeriod("agency", day(30), day(60), 6),
    ]


def test_only_the_offer_that_follows_a_missed_appointment_is_the_familys() -> None:
    story = steps(
        ("received", 0),
        ("appointment_offered", 2, PROVED),
        ("was_not_brought", 15),
        ("appointment_offered", 18, {"for_when": (at(30),)}),
        ("appointment_offered", 25, {"for_when": (at(40),)}),
    )
    assert party_periods(story, day(0), day(50)) == [
        PartyPeriod("agency", day(0), day(18), 1),
        PartyPeriod("family", day(18), day(25), 4),
        PartyPeriod("agency", day(25), day(50), 5),
    ]


def test_what_was_asked_and_answered_on_one_day_leaves_the_days_the_agencys() -> None:
    story = steps(("received", 0), ("information_requested", 5), ("information_supplied", 5))
    assert days_by_party(party_periods(story, day(0), day(9)))["agency"] == 9


def test_unavailable_days_are_no_steps_and_the_days_around_them_keep_theirs() -> None:
    """The two intervals overlap from day 8 to day 10."""
    away = (Interval(day(5), day(10)), Interval(day(8), day(12)))
    assert party_periods(steps(("received", 0)), day(0), day(20), away) == [
        PartyPeriod("agency", day(0), day(5), 1),
        PartyPeriod("exempt", day(5), day(11), 0),
        PartyPeriod("exempt", day(11), day(13), 0),
        PartyPeriod("agency", day(13), day(20), 1),
    ]
    assert party_periods([], day(0), day(5)) == [PartyPeriod("agency", day(0), day(5), 0)]


@pytest.mark.parametrize(
    ("when", "proved"),
    [
        ((), False),
        ((10,), False),
        ((10, 11), True),
        ((9, 10), False),
        ((9, 10, 11), True),
        ((30, 1), False),
    ],
)
def test_a_reasonable_offer_names_two_dates_with_ten_days_notice(when: tuple[int, ...], proved: bool) -> None:
    offer = DatedMilestone("appointment_offered", DAY0, 1, for_when=tuple(at(n) for n in when))
    assert is_reasonable_offer(offer, Attribution()) == proved
    assert is_reasonable_offer(offer, Attribution(offered_dates=0, notice_days=0))


def test_the_notice_of_an_offer_is_counted_in_days_of_wales() -> None:
    """Half past eleven at night in UTC is the next day in summer."""
    late = datetime(2025, 7, 11, 23, 30, tzinfo=UTC)
    offer = DatedMilestone("appointment_offered", date(2025, 7, 2), 1, for_when=(late, late))
    assert is_reasonable_offer(offer, Attribution())


def test_whose_move_it_is() -> None:
    story = steps(
        ("decided", 0),
        ("submitted", 4),
        ("information_requested", 6, {"asked_of": "school"}),
        ("information_supplied", 9),
        ("information_requested", 11, {"asked_of": "family"}),
        ("information_supplied", 14),
        ("opt_in_asked", 15),
        ("opt_in_unanswered", 25),
        ("withdrawn", 30),
        ("reopened", 33),
        ("discharged", 40),
        ("reopened", 45),
        ("first_contact", 50),
    )
    found = [(s.party, s.days) for s in party_periods(story, day(0), day(50))]
    assert found == [
        ("school", 4),
        ("agency", 2),
        ("school", 3),
        ("agency", 2),
        ("family", 3),
        ("agency", 1),
        ("family", 10),
        ("agency", 5),
        ("family", 3),
        ("agency", 17),
    ]


def test_paper_and_answers_move_nothing() -> None:
    story = steps(
        ("received", 0),
        ("opt_in_asked", 5),
        ("report_issued", 6),
        ("appointment_answered", 7),
        ("s21_answer", 8),
    )
    assert [(s.party, s.days) for s in party_periods(story, day(0), day(10))] == [
        ("agency", 5),
        ("family", 5),
    ]


def test_unavailable_for_ever_is_exempt_for_ever() -> None:
    away = [Interval(day(3), date.max)]
    found = party_periods(steps(("received", 0)), day(0), day(9), away)
    assert [(s.party, s.days) for s in found] == [("agency", 3), ("exempt", 6)]
