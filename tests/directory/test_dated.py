"""Laws of dated things: one version in force on any day, in whatever order the versions were recorded."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from coordination.directory.dated import is_in_force, overlap
from coordination.directory.decide import CodeContents, SetCode
from tests.directory.county import (
    BOARD,
    CAMHS,
    NEW,
    REFERENCE,
    TODAY,
    TYWYN,
    county,
    first_appointment,
    hwb_terms,
)

START = date(2020, 1, 1)
days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    first = draw(days)
    length = draw(st.none() | st.integers(0, 200))
    return first, None if length is None else first + timedelta(days=length)


several = st.lists(spans(), min_size=1, max_size=6, unique_by=lambda span: span[0])


def expected(wanted: list[tuple[date, date | None]], on: date) -> date | None:
    """The last begun rules until it ends or the next begins."""
    begun = [span for span in wanted if span[0] <= on]
    if not begun:
        return None
    first, last = max(begun)
    return first if last is None or on <= last else None


@settings(max_examples=60, deadline=None)
@for_all(several, days)
def test_one_version_of_a_standard_is_in_force_whatever_the_order_of_recording(
    wanted: list[tuple[date, date | None]], on: date
) -> None:
    here = county(*(first_appointment(effective_from=a, effective_to=b) for a, b in wanted))
    versions = here.directory.standards_of(CAMHS)
    in_force = [v.effective_from for v in versions if is_in_force(v, on)]
    found = here.directory.standard(CAMHS, "first_appointment", on)
    assert in_force == ([found.effective_from] if found else [])
    assert (found.effective_from if found else None) == expected(wanted, on)
    assert not any(overlap(a, b) for a in versions for b in versions if a is not b)


@settings(max_examples=60, deadline=None)
@for_all(several)
def test_a_file_of_standards_taken_twice_changes_nothing_the_second_time(
    wanted: list[tuple[date, date | None]],
) -> None:
    file = [first_appointment(effective_from=a, effective_to=b) for a, b in wanted]
    here = county(*file)
    assert [here.does(command) for command in file] == [[] for _ in file]


@settings(max_examples=60, deadline=None)
@for_all(several, days)
def test_a_code_past_its_end_is_ended_and_never_unknown_again(
    wanted: list[tuple[date, date | None]], on: date
) -> None:
    here = county(
        *(
            SetCode(
                occurred_on=TODAY,
                organisation=REFERENCE,
                contents=CodeContents(
                    table="sex", code="X", label=first.isoformat(), effective_from=first, effective_to=last
                ),
            )
            for first, last in wanted
        )
    )
    standing = here.directory.code("sex", "X", on)
    if on < min(wanted)[0]:
        assert standing == "unknown"
    else:
        assert standing == ("current" if expected(wanted, on) else "ended")
    assert ("X" in here.directory.codes("sex", on)) == (standing == "current")


@settings(max_examples=60, deadline=None)
@for_all(several, days)
def test_one_set_of_terms_is_in_force_whatever_the_order_of_recording(
    wanted: list[tuple[date, date | None]], on: date
) -> None:
    here = county(
        *(
            hwb_terms(terms=UUID(int=NEW.int + n), effective_from=a, effective_to=b)
            for n, (a, b) in enumerate(wanted)
        )
    )
    found = here.directory.terms(CAMHS, TYWYN, on)
    in_force = [t.effective_from for t in here.state(BOARD).terms.values() if is_in_force(t, on)]
    assert in_force == ([found.effective_from] if found else [])
    assert (found.effective_from if found else None) == expected(wanted, on)
