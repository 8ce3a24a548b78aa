"""Rows of the table of waits as Hypothesis makes them: inherited, ended in every way, reopened, uncountable."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from coordination.calendars import wales
from coordination.clocks import ENDINGS, METRIC_VERSION
from projections.waiting_times.rows import WaitTableRow
from tests.county import AUTHORITY, BOARD, CAMHS, OTHER_SCHOOL, SCHOOL, THERAPY
from tests.projections.casework import day

LAST = 160
FAR = date(9999, 1, 1)
# the first day of a version, its unit, limit and bands
VERSIONS = (
    (day(-400), "calendar_days", 28, [28, 56]),
    (day(20), "working_days", 5, [2, 5, 10]),
    (day(60), "weeks", 4, [4, 8]),
)


def naive_days(start: date, end: date, unit: str) -> int:
    """Day by day: how many limits of one day more it takes until the last day within is not before the end."""
    if unit != "working_days":
        return (end - start).days
    days, on = 0, start
    while on < end:
        days, on = days + 1, on + timedelta(1)
        while not wales().is_working_day(on):
            on += timedelta(1)
    return days


def naive_due(start: date, limit: int, unit: str) -> date:
    if unit != "working_days":
        return start + timedelta(limit * (7 if unit == "weeks" else 1))
    on = start
    for _ in range(limit):
        on += timedelta(1)
        while not wales().is_working_day(on):
            on += timedelta(1)
    return on


@st.composite
def rows(draw: st.DrawFn) -> list[tuple[WaitTableRow, tuple[str, ...]]]:
    """Up to twelve waits with the pupil's needs: inherited, ended in every way, reopened, uncountable."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        version = draw(st.sampled_from(VERSIONS))
        start = draw(st.integers(0, LAST))
        begins = start + draw(st.sampled_from([0, 0, 0, 7, 30]))
        gap = draw(st.one_of(st.none(), st.tuples(st.integers(0, 30), st.integers(1, 40))))
        gaps = (
            []
            if gap is None
            else [
                (
                    begins + gap[0],
                    begins + gap[0] + gap[1],
                    draw(st.sampled_from(["withdrawn", "discharged"])),
                )
            ]
        )
        runs_on = gaps[-1][1] if gaps else begins
        ending = draw(st.sampled_from([None, "stopped", "stopped", *ENDINGS]))
        end = None if ending is None else day(runs_on + draw(st.integers(0, 60)))
        found.append(
            (
                wait_row(
                    number, version, day(start), day(begins), end, ending,
                    [(day(a), day(b), how) for a, b, how in gaps],
                    draw(st.sampled_from([None, None, None, "terms_unknown"])),
                    school=draw(st.sampled_from([SCHOOL, OTHER_SCHOOL])),
                    priority=draw(st.sampled_from(["routine", "urgent"])),
                    age=draw(st.sampled_from([None, 4, 11])),
                ),
                draw(st.sampled_from([(), ("ASD",), ("ASD", "ADHD", "HI")])),
            )
        )  # fmt: skip
    return found


def wait_row(
    number: int,
    version: tuple[date, str, int, list[int]],
    start: date,
    begins: date,
    end: date | None,
    ending: str | None,
    gaps: list[tuple[date, date, str]],
    uncountable: str | None,
    *,
    school: UUID,
    priority: str,
    age: int | None,
) -> WaitTableRow:
    """The row, with the school's days first and then the agency's."""
    first, unit, limit, bands = version
    counted, until = uncountable is None, end or FAR
    middle = min(start + timedelta(9), until)
    stretches = [
        ("school", None, start, middle),
        ("agency", THERAPY if begins > start else CAMHS, middle, until),
    ]
    stretches = [one for one in stretches if one[2] < one[3]]
    return WaitTableRow(
        referral=UUID(int=0xAD00 + number), standard="CAMHS-28", number=1,
        pupil=UUID(int=0xAE00 + number), service=CAMHS, agency=BOARD, school=school, authority=AUTHORITY,
        holder_kind="service", version=first, unit=unit, limit_days=limit, bands=bands, legal_route=None,
        priority=priority, start_on=start, begins_on=begins, held_from=begins,
        due_on=naive_due(start, limit, unit) if counted else None,
        own_due_on=None,
        end_on=end,
        ending=ending,
        age_years=age,
        inherited_days=(begins - start).days,
        inherited_from=THERAPY if begins > start else None,
        uncountable=uncountable,
        start_ordinal=0 if counted else None,
        end_ordinal=naive_days(start, end, unit) if counted and end else None,
        unconfirmed=number % 3,
        metric_version=METRIC_VERSION,
        gap_from=[one[0] for one in gaps],
        gap_until=[one[1] for one in gaps],
        gap_ending=[one[2] for one in gaps],
        stretch_party=[one[0] for one in stretches],
        stretch_service=[one[1] for one in stretches],
        stretch_from=[one[2] for one in stretches],
        stretch_until=[None if one[3] == FAR else one[3] for one in stretches],
        stretch_cause=[0 for _ in stretches],
    )  # fmt: skip


@st.composite
def rows_and_a_day(draw: st.DrawFn) -> tuple[list[tuple[WaitTableRow, tuple[str, ...]]], date]:
    """Some waits, and a day: often one on which something begins or ends, or the day before."""
    waits = draw(rows())
    edges = sorted(
        {
            on
            for wait, _ in waits
            for on in (wait.begins_on, wait.end_on, *wait.gap_from, *wait.gap_until)
            if on
        }
    )
    any_day = st.integers(-5, LAST + 60).map(day)
    on = draw(st.one_of(any_day, st.sampled_from(edges)) if edges else any_day)
    return waits, on - timedelta(draw(st.sampled_from([0, 0, 1])))
