"""Every wait row carries the version of the rules that made it, and a report reads the version from its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.clocks import METRIC_VERSION
from coordination.service import Coordination
from projections.reader import Reader
from projections.waiting_times.queries import (
    OverviewCriteria,
    WaitingTimesCriteria,
    months,
    overview,
    report,
    wait_history,
    wait_rows,
)
from tests.county import ALNCO, AUDITOR, BOARD, CAMHS, CLINICIAN, PUPIL, register
from tests.projections.casework import SECOND, SECOND_UPN, RecordedCase, day, viewer
from tests.projections.replays import engine_on, fresh_county
from tests.readers import readers

Plant = Callable[[UUID, str], None]

STOPPED, RUNNING, WITHDRAWN = (UUID(int=0xD21 + n) for n in range(3))
THIRD, THIRD_UPN = UUID(int=0xB3), "A670200126001"
OF = WaitingTimesCriteria(service="CAMHS", as_of=day(60))
SPAN = OverviewCriteria(as_of=day(60))


@pytest.fixture(scope="module")
def database(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Coordination]]:
    """Three waits for CAMHS: one stopped on day 20, one runs, one was withdrawn on day 50."""
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    with fresh_county(postgres, template, keys) as (address, county):
        case = RecordedCase(county)
        register(county)
        register(county, SECOND, SECOND_UPN)
        register(county, THIRD, THIRD_UPN)
        for number, (pupil, referral) in enumerate(((PUPIL, STOPPED), (SECOND, RUNNING), (THIRD, WITHDRAWN))):
            case.agrees(UUID(int=0xE1 + number), BOARD, day(0), pupil=pupil)
            case.refers(referral, CAMHS, day(0), pupil=pupil)
            case.says(CLINICIAN, referral, "received", day(0), pupil=pupil)
        case.says(CLINICIAN, STOPPED, "first_contact", day(20), pupil=PUPIL)
        case.says(ALNCO, WITHDRAWN, "withdrawn", day(50), pupil=THIRD, details={"reason": "family_asked"})
        with engine_on(address, county) as engine:
            engine.catch_up()
        yield address, county


@pytest.fixture
def county(database: tuple[str, Coordination]) -> Coordination:
    return database[1]


@pytest.fixture
def reader(database: tuple[str, Coordination]) -> Iterator[Reader]:
    with readers(database[0]) as pool:
        yield Reader(pool)


@pytest.fixture
def plant(database: tuple[str, Coordination]) -> Iterator[Plant]:
    """Makes the rows of a referral those of another metric version, for one test."""

    with psycopg.connect(database[0], autocommit=True) as connection:

        def plant(referral: UUID, version: str) -> None:
            connection.execute(
                "update read.wait set metric_version = %s where referral = %s", (version, referral)
            )

        yield plant
        connection.execute("update read.wait set metric_version = %s", (METRIC_VERSION,))


def versions(reader: Reader, county: Coordination) -> dict[str, str]:
    """What each of the queries says."""
    who, directory = viewer(AUDITOR), county.directory()
    return {
        "report": report(reader, who, directory, OF).metric_version,
        "overview": overview(reader, who, directory, SPAN).metric_version,
        "months": months(reader, who, directory, OF).metric_version,
        "ended": wait_rows(reader, who, directory, OF, "ended").metric_version,
        "waiting": wait_rows(reader, who, directory, OF, "waiting").metric_version,
        "stopped": wait_history(reader, who, directory, STOPPED, day(60)).metric_version,
        "running": wait_history(reader, who, directory, RUNNING, day(60)).metric_version,
    }


def test_every_row_carries_the_version_that_made_it(database: tuple[str, Coordination]) -> None:
    with psycopg.connect(database[0]) as connection:
        found = connection.execute("select metric_version, count(*) from read.wait group by 1").fetchall()
    assert [version for version, _ in found] == [METRIC_VERSION]


def test_a_report_names_the_version_of_its_rows(reader: Reader, county: Coordination) -> None:
    assert set(versions(reader, county).values()) == {METRIC_VERSION}


def test_rows_of_another_version_are_not_said_to_be_of_this_programs(
    reader: Reader, county: Coordination, plant: Plant
) -> None:
    for referral in (STOPPED, RUNNING, WITHDRAWN):
        plant(referral, "0")
    assert set(versions(reader, county).values()) == {"0"}


def test_without_rows_it_is_the_version_of_this_program(reader: Reader, county: Coordination) -> None:
    nothing = WaitingTimesCriteria(service="CAMHS", as_of=day(-30))
    who, directory = viewer(AUDITOR), county.directory()
    assert report(reader, who, directory, nothing).metric_version == METRIC_VERSION
    before_it_begins = WaitingTimesCriteria(
        service="CAMHS", as_of=date(2025, 1, 1), from_on=date(2025, 1, 1) + timedelta(days=90)
    )
    assert months(reader, who, directory, before_it_begins).metric_version == METRIC_VERSION
