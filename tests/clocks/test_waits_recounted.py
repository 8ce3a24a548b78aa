"""The waits of generated histories, recounted in another way: day by day, and by one pass forward over the steps.

Nothing here uses the rules of coordination/clocks but the order of the steps: the recount has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clocks import FAR, Wait, days_by_party, episodes
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.phase import DatedMilestone, ImpossibleOrder, check_order, in_order
from coordination.pupil.referral.state import Interval, Referral
from tests.clocks.story import NAMES, SERVICES, day, directory, standard, step, waits, with_steps

KNOWN = directory(
    standard("A"), standard("B", stop="report_issued"), standard("C", stop="assessed", on_transfer="restarts")
)
STOPS = {"A": "first_contact", "B": "report_issued", "C": "assessed"}
CONTINUES = {"A", "B"}
ENDS = ("declined", "advice_given", "withdrawn", "discharged")
OWN = (
    "acknowledged", "triaged", "accepted", "information_requested", "appointment_offered", "opt_in_asked",
    "opt_in_unanswered", "waiting_list_reviewed",
)  # fmt: skip
NAMED = (
    "decided", "submitted", "received", "received", "acknowledged", "accepted", "appointment_offered", "redirected",
    "redirected", "was_not_brought", "first_contact", "assessed", "report_issued", "withdrawn", "discharged",
    "declined", "reopened", "reopened", "information_requested", "information_supplied",
)  # fmt: skip

offered = st.lists(st.integers(1, 40), max_size=2)
drawn = st.lists(
    st.tuples(
        st.sampled_from(NAMED), st.integers(0, 25), st.sampled_from("ABC"), st.booleans(),
        st.sampled_from([None, None, "moved_away", "aged_out"]), offered,
    ),
    min_size=1, max_size=14,
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> Referral:
    """A referral to A with a history that is possible as a whole."""
    found: list[DatedMilestone] = []
    on = 0
    for name, later, to, new, ending, dates in draw(drawn):
        on += later
        more: dict[str, Any] = {"asked_of": "family" if new else "school"}
        if name == "redirected":
            more["to"] = to
        if name == "reopened":
            more["new_episode"] = new
        if name in ("withdrawn", "discharged", "declined"):
            more["ending"] = ending
        if name == "appointment_offered":
            more["for_when"] = tuple(_noon(on + number) for number in dates)
        said = step(name, on, len(found) + 2, by="A" if new else "B", **more)
        if _possible([*found, said]):
            found.append(said)
    first, last = draw(st.tuples(st.integers(-5, 90), st.integers(0, 20)))
    return with_steps(found, unavailable=[Interval(day(first), day(first + last))])


def _noon(number: int) -> Any:
    from datetime import UTC, datetime, time

    return datetime.combine(day(number), time(12), UTC)


def _possible(steps: Sequence[DatedMilestone]) -> bool:
    try:
        check_order(in_order(steps))
    except ImpossibleOrder:
        return False
    ended = False
    for said in in_order(steps):
        if said.name == "reopened":
            if not ended:
                return False
            ended = False
        ended = ended or said.name in ENDS
    return True


# One pass forward


class Shadow(msgspec.Struct):
    """What the clock of one service's standard would have done in this episode, whoever held it."""

    state: str = "idle"
    start: date | None = None


class Line(msgspec.Struct):
    service: str
    start: date
    begins: date
    end: date | None = None
    ending: str | None = None


def receipts_of(steps: Sequence[DatedMilestone]) -> set[int]:
    """Places of receipts: in each stretch between two redirections or reopenings the recorded ones, or else the first
    own step that is no contact or outcome."""
    found: set[int] = set()
    stretches: list[list[int]] = [[]]
    for place, said in enumerate(steps):
        if said.name == "reopened":
            stretches.append([])
        stretches[-1].append(place)
        if said.to_service is not None:
            stretches.append([])
    holder_agency = UUID(int=0x101)
    for stretch in stretches:
        recorded = [p for p in stretch if steps[p].name == "received"]
        shown = [
            p
            for p in stretch
            if steps[p].name in OWN
            or steps[p].name == "redirected"
            or (steps[p].name == "reopened" and steps[p].new_episode and steps[p].said_by == holder_agency)
        ]
        found.update(recorded or shown[:1])
        if stretch and steps[stretch[-1]].to_service is not None:
            to_agency = steps[stretch[-1]].to_agency
            assert to_agency is not None
            holder_agency = to_agency
    return found


def recounted(steps: Sequence[DatedMilestone]) -> list[Line]:
    """The rows of the standards of A, B and C, in one pass forward."""
    lines: list[Line] = []
    shadows = {name: Shadow() for name in SERVICES}
    row: Line | None = None
    holder = "A"
    ended: DatedMilestone | None = None
    sent = False
    received = receipts_of(steps)

    def close(on: date, how: str) -> None:
        nonlocal row
        if row is not None:
            row.end, row.ending = on, how
        row = None

    for place, said in enumerate(steps):
        if said.name == "reopened" and ended is not None:
            if said.new_episode:
                close(ended.on, ended.ending or ended.name)
                shadows = {name: Shadow() for name in SERVICES}
            for shadow in shadows.values():
                shadow.state = "idle" if shadow.state == "stopped" else shadow.state
            ended = None
        sent = sent or said.name not in ("decided", "withdrawn", "reopened")
        for name, shadow in shadows.items():
            if shadow.state == "running" and said.name == STOPS[name]:
                shadow.state = "stopped"
                if name == holder:
                    close(said.on, "stopped")
            elif shadow.state == "idle" and ended is None and sent and place in received:
                shadow.state, shadow.start = "running", said.on
                if name == holder:
                    row = Line(name, said.on, said.on)
                    lines.append(row)
        if said.name in ENDS:
            ended = said
        if said.to_service is not None:
            close(said.on, "passed_on")
            holder = NAMES[said.to_service]
            taken = shadows[holder]
            for shadow in shadows.values():
                shadow.state = "idle" if shadow.state == "stopped" else shadow.state
            if holder in CONTINUES and taken.state == "running":
                assert taken.start is not None
                row = Line(holder, taken.start, said.on)
                lines.append(row)
            else:
                taken.state = "idle"
    if ended is not None:
        close(ended.on, ended.ending or ended.name)
    return lines


many = settings(max_examples=250, deadline=None)


@many
@given(held=histories())
def test_every_row_is_the_one_that_a_pass_forward_finds(held: Referral) -> None:
    found = [w for w in waits(held, KNOWN) if w.standard.startswith("std")]
    shown = sorted((NAMES[w.service], w.begins_on, w.start_on, w.end_on or FAR, w.ending) for w in found)
    expected = [
        (one.service, one.begins, one.start, one.end or FAR, one.ending)
        for one in recounted(in_order(held.counting()))
    ]
    assert shown == sorted(expected, key=lambda one: (*one[:4], one[4] or ""))


# Day by day


@many
@given(held=histories(), away=st.tuples(st.integers(0, 60), st.integers(0, 30)))
def test_the_periods_of_a_wait_add_up_to_its_elapsed_days(held: Referral, away: tuple[int, int]) -> None:
    gap = OffRoll(day(away[0]), day(away[0] + away[1]))
    for wait in waits(held, KNOWN, off_roll=[gap]):
        end = wait.end_on or FAR
        assert sum(days_by_party(wait.periods).values()) == (end - wait.start_on).days
        assert all(one.until == after.from_on for one, after in pairwise(wait.periods))
        assert all(one.from_on < one.until for one in wait.periods)
        assert {one.party == "agency" for one in wait.periods if one.service is not None} <= {True}
        assert all(one.service is not None for one in wait.periods if one.party == "agency")
        assert wait.start_on <= wait.begins_on and wait.begins_on <= end
        assert sum(((g.until - g.from_on).days for g in wait.gaps), 0) <= (end - wait.start_on).days


@many
@given(held=histories())
def test_every_day_of_an_open_referral_has_exactly_one_holder(held: Referral) -> None:
    """A service, or the school that has not sent it; in a gap it is with whom it was."""
    steps = in_order(held.counting())
    holdings = [h for e in episodes(held) for h in e.holdings]
    not_sent = waits(held, KNOWN, "not_sent")
    if not steps or steps[0].name == "withdrawn":
        return
    last = steps[-1].on + timedelta(days=3)
    on = steps[0].on
    while on <= last:
        if _open_on(steps, on):
            with_a_service = [h for h in holdings if h.from_on <= on < (h.until or FAR)]
            with_the_school = [w for w in not_sent if w.start_on <= on < (w.end_on or FAR)]
            assert len(with_a_service) + len(with_the_school) == 1, on
            passed = [s for s in steps if s.on <= on and s.to_service is not None]
            expected = NAMES[passed[-1].to_service] if passed and passed[-1].to_service else "A"
            assert [NAMES[h.service] for h in with_a_service] in ([], [expected])
        on += timedelta(days=1)


def _open_on(steps: Sequence[DatedMilestone], on: date) -> bool:
    is_open = False
    for said in steps:
        if said.on > on:
            break
        is_open = said.name not in ENDS if said.name not in ("report_issued", "s21_answer") else is_open
    return is_open


# Cut at a day

COMPARED = ("standard", "number", "service", "agency", "holder_kind", "version", "start_on", "begins_on", "due_on",
            "end_on", "ending", "age_years", "inherited_from", "start_ordinal", "end_ordinal")  # fmt: skip


def cut(found: Sequence[Wait], on: date) -> list[dict[str, Any]]:
    """The rows as they are read on a day: the state of a row is that of the README."""
    shown = []
    for wait in found:
        if wait.begins_on > on:
            continue
        row = {name: getattr(wait, name) for name in COMPARED}
        gap = next((g for g in wait.gaps if g.from_on <= on < g.until), None)
        if gap is not None:
            row |= {"end_on": gap.from_on, "ending": gap.ending, "end_ordinal": gap.from_on.toordinal()}
        elif wait.end_on is not None and wait.end_on > on:
            row |= {"end_on": None, "ending": None, "end_ordinal": None}
        row["gaps"] = [g for g in wait.gaps if g.until <= on]
        end = min(row["end_on"] or on, on)
        row["periods"] = [
            (p.party, p.service, p.from_on, min(p.until, end)) for p in wait.periods if p.from_on < end
        ]
        shown.append(row)
    return shown


@many
@given(held=histories(), number=st.integers(0, 200))
def test_6_rows_cut_at_a_day_are_those_of_the_steps_up_to_that_day(held: Referral, number: int) -> None:
    on = day(number)
    before = with_steps([s for s in held.steps if s.on <= on], unavailable=held.unavailable)
    assert cut(waits(held, KNOWN), on) == cut(waits(before, KNOWN), on)


@many
@given(held=histories(), order=st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter(held: Referral, order: Any) -> None:
    versions = [s.version for s in held.steps]
    order.shuffle(versions)
    other = with_steps(
        [msgspec.structs.replace(s, version=v) for s, v in zip(held.steps, versions, strict=True)],
        unavailable=held.unavailable,
    )
    one, two = cut(waits(held, KNOWN), FAR), cut(waits(other, KNOWN), FAR)
    assert one == two


def test_a_referral_recorded_in_error_has_no_row_on_any_day() -> None:
    """The exception to the rule of cutting: it counts on no day, also before the error was found."""
    said = [step("received", 0, 2), step("first_contact", 9, 3), step("recorded_in_error", 20, 4)]
    assert waits(with_steps(said), KNOWN) == []
    assert waits(with_steps(said[:2]), KNOWN) != []


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_the_standards_of_the_recount_are_those_of_the_directory(name: str) -> None:
    [one] = KNOWN.standards_of(SERVICES[name])
    assert (one.stop, one.on_transfer == "continues") == (STOPS[name], name in CONTINUES)
