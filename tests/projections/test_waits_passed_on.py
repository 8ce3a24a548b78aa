"""A referral passed on after 200 days: what each service, the school and a challenge are told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from coordination.directory.commands import SetStandard
from projections.challenges.queries.delays import delays
from projections.reader import Reader
from projections.waiting_times.clocks import clock_rows
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    SCHOOL,
    register,
)
from tests.projections.casework import DAY0, RecordedCase, day, viewer
from tests.projections.replays import contents, engine_on, fresh_county, replay, same
from tests.readers import readers

PASSED_ON = UUID(int=0xD1)
NOW = 240


@pytest.fixture(scope="module")
def reader(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """CAMHS (a health board) has it for 200 days, then the educational psychologists (the authority's), each against
    28 days from receipt to the first contact. Replayed, the rows are the same."""
    with fresh_county(postgres, template, tmp_path_factory.mktemp("keys") / "keys.json") as (address, county):
        case = RecordedCase(county)
        register(county)
        case.does(
            ADMINISTRATOR,
            DAY0,
            SetStandard,
            organisation=EDUCATION,
            service=PSYCHOLOGY,
            code="EPS-28",
            start="received",
            stop="first_contact",
            limit=28,
            unit="calendar_days",
            effective_from=day(-400),
            source="test",
        )
        for number, agency in enumerate((BOARD, EDUCATION)):
            case.agrees(UUID(int=0xE1 + number), agency, DAY0)
        case.refers(PASSED_ON, CAMHS, DAY0)
        case.says(CLINICIAN, PASSED_ON, "received", DAY0)
        to = {"to_service": PSYCHOLOGY, "to_agency": EDUCATION}
        case.says(CLINICIAN, PASSED_ON, "redirected", day(200), details=to)
        case.says(PSYCHOLOGIST, PASSED_ON, "received", day(202))
        with engine_on(address, county) as engine:
            engine.catch_up()
        replay(address, county, "again", page_size=2)
        same(contents(address), contents(address, "again"))
        with readers(address) as pool:
            yield Reader(pool)


def services_of_rows(reader: Reader, person: UUID) -> dict[str, tuple[date, date, str | None, int]]:
    """What a person may see: by standard, when the clock started, its last day, how it ended, its inherited days."""
    with reader.viewing(viewer(person, day(NOW))) as cursor:
        found = cursor.execute(
            "select standard, start_on, begins_on, ending, inherited_days from read.wait"
            " where referral = %s and known_to is null and limit_days is not null",
            [PASSED_ON],
        ).fetchall()
    return {
        row["standard"]: (row["start_on"], row["begins_on"], row["ending"], row["inherited_days"])
        for row in found
    }


def test_each_service_sees_its_own_row_for_ever_and_the_school_both(reader: Reader) -> None:
    first = {"CAMHS-28": (DAY0, DAY0, "passed_on", 0)}
    second = {"EPS-28": (DAY0, day(200), None, 200)}
    assert services_of_rows(reader, CLINICIAN) == first
    assert services_of_rows(reader, PSYCHOLOGIST) == second
    assert services_of_rows(reader, ALNCO) == first | second


def test_the_case_file_draws_the_clock_that_runs_last(reader: Reader) -> None:
    rows = clock_rows(reader, viewer(ALNCO, day(NOW)), [PASSED_ON])[PASSED_ON]
    assert [(row.standard, row.runs) for row in rows] == [("CAMHS-28", False), ("EPS-28", True)]


@pytest.mark.parametrize(("held", "offered"), [(7, False), (28, False), (29, True), (40, True)])
def test_a_challenge_of_delay_cites_only_days_that_the_service_held(
    reader: Reader, held: int, offered: bool
) -> None:
    """Held for 7 of 207 days it is not late by its own days; the former holder is never offered."""
    as_of = day(200 + held)
    found = delays(reader, viewer(ALNCO, as_of), SCHOOL, as_of)
    cited = [(g.service, w.started_on, g.due_on[w.referral]) for g in found for w in g.waits]
    assert cited == ([(PSYCHOLOGY, day(200), day(200) + timedelta(28))] if offered else [])
