"""The rows of waits: what is set afterwards measures what was there before, and figures are PostgreSQL's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coordination.directory.commands import EndStandard, SetSchoolTerm, SetStandard
from coordination.pupil.referral.decide import RecordMilestone, ReportSource
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.waiting_times.figures import percent, percentile
from projections.waiting_times.queries import WaitingTimesCriteria, report
from projections.waiting_times.rows import WAIT
from tests.county import (
    ADMINISTRATOR,
    AUDITOR,
    AUTHORITY,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    OTHER_ALNCO,
    PSYCHOLOGY,
    ROLES,
    order,
)
from tests.projections.replays import contents, engine_on, fresh_county, replay, same
from tests.store.histories import FIRST_DAY, OPENING, Move, histories, pupil_id, referral_id, tell

few = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LATER = date(2026, 6, 1)


def standard(unit: str = "weeks", **changed: Any) -> SetStandard:
    usual: dict[str, Any] = {
        "occurred_on": LATER,
        "organisation": BOARD,
        "service": CAMHS,
        "code": "LATE",
        "start": "received",
        "stop": "assessed",
        "limit": 2,
        "unit": unit,
        "target_percent": 80,
        "effective_from": FIRST_DAY - timedelta(days=400),
        "source": "test",
    }
    return SetStandard(**{**usual, **changed})


def standing(address: str, code: str = "LATE") -> list[dict[str, Any]]:
    """The rows of a standard that are known now, but for when they came to be known."""
    rows = (dict(zip(WAIT.columns, row, strict=True)) for row in contents(address)["wait"])
    return [
        {name: value for name, value in row.items() if name not in ("known_from", "known_to")}
        for row in rows
        if row["standard"] == code and row["known_to"] is None
    ]


@few
@given(moves=histories(50), page=st.integers(1, 30))
def test_a_standard_set_after_the_fact_measures_what_was_there(
    postgres: str, template: str, tmp_path: Path, moves: list[Move], page: int
) -> None:
    """As if it had been set before everything."""
    found = []
    moves = [m for m in moves if m.what != "standard"]
    for before in (True, False):
        with fresh_county(postgres, template, tmp_path / "keys.json") as (address, county):
            with engine_on(address, county, page_size=page) as engine:
                if before:
                    county.perform(standard(), order(ADMINISTRATOR, LATER))
                tell(county, moves, [20], engine.catch_up)
                if not before:
                    county.perform(standard(), order(ADMINISTRATOR, LATER))
                engine.catch_up()
            found.append(standing(address))
    assert found[0] == found[1]


def test_a_standard_ended_or_changed_afterwards_closes_and_opens_rows(
    database: str, county: Coordination
) -> None:
    tell(county, [*OPENING, *(Move("milestone", n % 3, 0, 0, 1, 0) for n in range(6))], [100], lambda: None)
    with engine_on(database, county) as engine:
        county.perform(standard(), order(ADMINISTRATOR, LATER))
        engine.catch_up()
        first = standing(database)
        assert first
        county.perform(standard(limit=5), order(ADMINISTRATOR, LATER))
        engine.catch_up()
        second = standing(database)
        later = [row["due_on"] - old["due_on"] for row, old in zip(second, first, strict=True)]
        assert later == [timedelta(21)] * len(first)
        ended = EndStandard(
            occurred_on=LATER,
            organisation=BOARD,
            service=CAMHS,
            code="LATE",
            effective_to=FIRST_DAY - timedelta(days=1),
        )
        county.perform(ended, order(ADMINISTRATOR, LATER))
        engine.catch_up()
        assert standing(database) == []
        rows = [row for row in contents(database)["wait"] if row[1] == "LATE"]
        assert len(rows) == 2 * len(first)
    replay(database, county, "again", page_size=3)
    same(contents(database), contents(database, "again"))


def term(first: date, last: date, **changed: Any) -> SetSchoolTerm:
    return SetSchoolTerm(
        **{"occurred_on": LATER, "organisation": AUTHORITY, "first_day": first, "last_day": last, **changed}
    )


def test_school_days_are_counted_once_the_terms_are_known(
    database: str, county: Coordination, reader: Reader
) -> None:
    """Until then the wait is a row that says so; no stream is parked for it, and other standards go on."""
    story = tell(
        county, [*OPENING, *(Move("milestone", 0, 0, 0, 1, 0) for _ in range(3))], [100], lambda: None
    )
    assert story.taken > 10
    with engine_on(database, county) as engine:
        county.perform(standard("school_days", start="submitted", limit=10), order(ADMINISTRATOR, LATER))
        engine.catch_up()
        unknown = [(row["uncountable"], row["start_ordinal"], row["due_on"]) for row in standing(database)]
        assert unknown and set(unknown) == {("terms_unknown", None, None)}
        assert standing(database, "CAMHS-28")
        # known, but not as far as the limit
        county.perform(term(date(2025, 1, 6), date(2025, 1, 10)), order(ADMINISTRATOR, LATER))
        engine.catch_up()
        assert (engine.parked, {row["due_on"] for row in standing(database)}) == (set(), {None})
        assert {row["uncountable"] for row in standing(database)} == {None}
        county.perform(term(date(2025, 1, 6), date(2025, 2, 21)), order(ADMINISTRATOR, LATER))
        engine.catch_up()
        measured = standing(database)
        assert measured
        start, due = measured[0]["start_on"], measured[0]["due_on"]
        assert due == start + timedelta(days=14)
        # half term shut: the limit is later
        shut = tuple(start + timedelta(days=n) for n in range(1, 6))
        county.perform(term(date(2025, 1, 6), date(2025, 2, 21), closed=shut), order(ADMINISTRATOR, LATER))
        engine.catch_up()
        assert standing(database)[0]["due_on"] > due
        assert engine.parked == set()
    replay(database, county, "again", page_size=2)
    same(contents(database), contents(database, "again"))


def test_a_wait_recorded_in_error_is_nobodys_wait_also_when_it_was_over(
    database: str, county: Coordination
) -> None:
    tell(county, OPENING, [100], lambda: None)
    pupil, referral = pupil_id(0), referral_id(0)

    def said(name: str, on: int, **more: Any) -> None:
        when = FIRST_DAY + timedelta(days=on)
        command = RecordMilestone(occurred_on=when, pupil=pupil, referral=referral, milestone=name, **more)
        county.perform(command, order(CLINICIAN, when))

    with engine_on(database, county) as engine:
        said("received", 2)
        said("first_contact", 9)
        engine.catch_up()
        found = [row for row in standing(database, "CAMHS-28") if row["referral"] == referral]
        assert [row["end_on"] for row in found] == [FIRST_DAY + timedelta(days=9)]
        said("recorded_in_error", 10, note="Plentyn arall")
        engine.catch_up()
        rows = [dict(zip(WAIT.columns, row, strict=True)) for row in contents(database)["wait"]]
        assert [row for row in rows if row["referral"] == referral and row["known_to"] is None] == []


def test_unconfirmed_milestones_are_counted_once_however_it_is_grouped(
    database: str, county: Coordination, reader: Reader
) -> None:
    """By need, a pupil with two needs stands in two groups."""
    tell(county, OPENING, [100], lambda: None)
    pupil, referral = pupil_id(1), referral_id(1)
    on = FIRST_DAY + timedelta(days=5)
    command = RecordMilestone(
        occurred_on=on,
        pupil=pupil,
        referral=referral,
        milestone="received",
        reported=ReportSource(by="A voice", how="telephone", on=on),
    )
    county.perform(command, order(OTHER_ALNCO, on))
    county.perform(standard(organisation=EDUCATION, service=PSYCHOLOGY), order(ADMINISTRATOR, LATER))
    with engine_on(database, county) as engine:
        engine.catch_up()
    organisation, role = ROLES[AUDITOR]
    viewer = Viewer(person=AUDITOR, organisation=organisation, role=role, today=LATER)
    for by in ("service", "need", "school", "agency"):
        found = report(
            reader, viewer, county.directory(), WaitingTimesCriteria(service="EPS", as_of=on, by=by)
        )  # type: ignore[arg-type]
        assert found.unconfirmed == 1, by
    assert (
        len(
            report(
                reader, viewer, county.directory(), WaitingTimesCriteria(service="EPS", as_of=on, by="need")
            ).groups
        )
        == 2
    )


# Figures


@pytest.fixture(scope="module")
def calculator(postgres: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield connection


@settings(max_examples=200, deadline=None)
@given(
    days=st.lists(st.integers(0, 400), min_size=1, max_size=60),
    per_cent=st.sampled_from([50, 95, 92, 25]),
)
@example(days=[10, 11] * 10 + [10], per_cent=95)
@example(days=[0, 5], per_cent=95)
@example(days=[10, 15], per_cent=95)
def test_percentiles_are_those_of_postgresql(
    calculator: psycopg.Connection[Any], days: list[int], per_cent: int
) -> None:
    row = calculator.execute(
        "select round((percentile_cont(%s) within group (order by d))::numeric, 1)::float from unnest(%s::int[]) d",
        [per_cent / 100, days],
    ).fetchone()
    assert row is not None
    assert percentile(Counter(days), per_cent) == row[0]


@settings(max_examples=300, deadline=None)
@given(whole=st.integers(1, 100_000), part=st.integers(0, 100_000))
@example(whole=1000, part=1)
@example(whole=2000, part=1)
@example(whole=8, part=5)
def test_percentages_are_those_of_postgresql(
    calculator: psycopg.Connection[Any], whole: int, part: int
) -> None:
    part = min(part, whole)
    row = calculator.execute(
        "select round(100 * %s::numeric / %s::numeric, 1)::float", [part, whole]
    ).fetchone()
    assert row is not None
    assert percent(part, whole) == row[0]


def test_nothing_has_no_figure() -> None:
    assert percent(0, 0) is None
    assert percentile(Counter(), 50) is None
