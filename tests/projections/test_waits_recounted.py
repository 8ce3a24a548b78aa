"""The figures of the waiting times, recounted in Python from their rows, at the edges of what they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import product
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from coordination.directory.commands import SetStandard
from coordination.pupil.referral.decide import StrikeEntry
from coordination.service import Coordination
from projections.reader import Reader
from projections.waiting_times.queries import (
    OverviewCriteria,
    ServiceRow,
    WaitingTimesCriteria,
    WaitingTimesGroup,
    WaitsBehind,
    Which,
    months,
    overview,
    percentile,
    report,
    wait_rows,
    whose_days,
)
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    OTHER_SCHOOL,
    PUPIL,
    THERAPY,
    at,
    register,
)
from tests.projections.casework import RecordedCase, day, viewer
from tests.projections.replays import engine_on, fresh_county
from tests.readers import readers

Row = dict[str, Any]
STRUCK = 45
EDGES = (0, 28, 29, 40)
"""Days on which a wait started, stopped or ended otherwise. Day 25 is the last of a month."""
REPORTED = (1, 2, 3, 9)
"""The waits whose last milestone the school only reported."""
# service, start, last milestone and its day
WAITS = (
    (CAMHS, 0, "first_contact", 28),
    (CAMHS, 0, "first_contact", 29),
    (CAMHS, 10, "first_contact", 40),
    (CAMHS, 12, "received", 12),
    (CAMHS, 25, "received", 25),
    (CAMHS, 29, "received", 29),
    (CAMHS, 5, "discharged", 29),
    (THERAPY, 0, "assessed", 28),
    (THERAPY, 12, "received", 12),
    (CAMHS, 20, "first_contact", 40),  # later and shorter than the others
)
FIRST_STANDARD = {CAMHS: "CAMHS-28", THERAPY: "SALT-14W"}
SECOND_STANDARD = {
    "organisation": BOARD,
    "service": CAMHS,
    "code": "CAMHS-ACCEPTED",
    "start": "received",
    "stop": "accepted",
    "limit": 14,
    "unit": "calendar_days",
    "effective_from": day(0),
    "source": "test",
}


@pytest.fixture(scope="module")
def recorded(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Coordination, Reader, list[Row]]]:
    """The waits above, the milestone that stopped the third one struck out later, and their rows."""
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    with fresh_county(postgres, template, keys) as (address, county):
        case = RecordedCase(county)
        register(county)
        case.does(ADMINISTRATOR, day(0), SetStandard, **SECOND_STANDARD)
        case.agrees(UUID(int=0xE1), BOARD, day(0))
        case.agrees(UUID(int=0xE2), BOARD, day(0), service=THERAPY)
        steps = [
            (on, number, name)
            for number, (_, start, last, end) in enumerate(WAITS)
            for on, name in {(start, "received"), (end, last)}
        ]
        versions = {}
        for on, number, name in sorted(steps):
            referral = UUID(int=0xD100 + number)
            if name == "received":
                case.refers(referral, WAITS[number][0], day(on))
            more = {"details": {"reason": "treatment_completed"}} if name == "discharged" else {}
            if name == "assessed" or (number in REPORTED and name == WAITS[number][2]):
                versions[number] = case.reports(referral, name, day(on))
            else:
                versions[number] = case.says(CLINICIAN, referral, name, day(on), **more)
        strike = {
            "pupil": PUPIL,
            "referral": UUID(int=0xD102),
            "entry": versions[2],
            "why": "Another child's.",
        }
        case.says(CLINICIAN, UUID(int=0xD103), "accepted", day(41))
        case.does(ALNCO, day(STRUCK), StrikeEntry, **strike)
        with engine_on(address, county) as engine:
            engine.catch_up()
        with psycopg.connect(address, row_factory=dict_row) as link:
            rows = link.execute("select * from read.wait").fetchall()
        with readers(address) as pool:
            yield county, Reader(pool), rows


def known(rows: list[Row], position: int, service: UUID = CAMHS) -> list[Row]:
    """Those of a service's first standard that counted at a position of the log."""
    return [
        row
        for row in rows
        if (row["service"], row["standard"]) == (service, FIRST_STANDARD[service])
        and row["known_from"] <= position
        and (row["known_to"] is None or position < row["known_to"])
    ]


def ended(rows: list[Row], begin: date, end: date) -> list[Row]:
    return [row for row in rows if row["ending"] == "stopped" and begin <= row["end_on"] <= end]


def running(rows: list[Row], on: date) -> list[Row]:
    return [row for row in rows if row["begins_on"] <= on and not (row["end_on"] and row["end_on"] <= on)]


def figures(of: WaitingTimesGroup | ServiceRow) -> tuple[int, int, int, int]:
    """Ended, of these within the standard; waiting, of these over it."""
    return (
        of.completed.count,
        of.completed.within_standard,
        of.waiting.count,
        of.waiting.over_standard,
    )


@pytest.mark.parametrize("as_of", [*EDGES, 41, 60])
@pytest.mark.parametrize(("begin", "end"), [(28, 28), (28, 29), (29, 40), (0, 60)])
@pytest.mark.parametrize("known_on", [28, 40, 44, 45, 60])
def test_every_figure_is_that_of_its_rows(
    recorded: tuple[Coordination, Reader, list[Row]], as_of: int, begin: int, end: int, known_on: int
) -> None:
    county, reader, rows = recorded
    instant: datetime = at(day(known_on))
    asked = {"as_of": day(as_of), "from_on": day(begin), "to_on": day(end), "known_at": instant}
    ask, who, directory = WaitingTimesCriteria(service="CAMHS", **asked), viewer(AUDITOR), county.directory()
    found = report(reader, who, directory, ask)
    counted = known(rows, found.log_position)
    last = min(day(end), day(as_of))  # what happened after the day of the report had not happened
    stopped, open_ = ended(counted, day(begin), last), running(counted, day(as_of))
    late = [row for row in stopped if row["end_on"] > row["due_on"]]
    over = [row for row in open_ if day(as_of) > row["due_on"]]

    [group] = found.groups
    assert figures(group) == (len(stopped), len(stopped) - len(late), len(open_), len(over))
    by_need = report(reader, who, directory, msgspec.structs.replace(ask, by="need"))
    unconfirmed = sum(
        row["unconfirmed"] for row in {row["referral"]: row for row in (*stopped, *open_)}.values()
    )
    assert by_need.unconfirmed == unconfirmed

    behind: dict[Which, list[Row]] = {
        "ended": stopped,
        "ended_late": late,
        "waiting": open_,
        "waiting_over": over,
    }
    for which, expected in behind.items():
        listed = [line.referral for line in wait_rows(reader, who, directory, ask, which).rows]
        assert sorted(listed) == sorted(row["referral"] for row in expected), which
        elsewhere = wait_rows(reader, who, directory, ask, which, behind=WaitsBehind(school=OTHER_SCHOOL))
        assert elsewhere.rows == ()
    lengths = [line.elapsed for line in wait_rows(reader, who, directory, ask, "ended").rows]
    assert lengths == sorted(lengths, reverse=True)

    lines = {
        line.service: line
        for line in overview(reader, who, directory, OverviewCriteria(**asked)).services
        if line.standard.code == FIRST_STANDARD[line.service]
    }
    for service, own in ((CAMHS, counted), (THERAPY, known(rows, found.log_position, THERAPY))):
        own_stopped, own_open = ended(own, day(begin), last), running(own, day(as_of))
        if not own_stopped and not own_open and service not in lines:
            continue
        in_time = [row for row in own_stopped if row["end_on"] <= row["due_on"]]
        past = [row for row in own_open if day(as_of) > row["due_on"]]
        assert figures(lines[service]) == (len(own_stopped), len(in_time), len(own_open), len(past))
        elapsed = Counter(row["end_ordinal"] - row["start_ordinal"] for row in own_stopped)
        assert lines[service].completed.median_days == percentile(elapsed, 50)

    parts: dict[str, int] = {}
    for row in {row["referral"]: row for row in (*stopped, *open_)}.values():
        part = "completed" if row["end_on"] and row["end_on"] <= day(as_of) else "waiting"
        end_on = min(row["end_on"] or day(as_of), day(as_of))
        parts[part] = parts.get(part, 0) + max(0, (end_on - row["start_on"]).days)
    days = whose_days(reader, who, directory, ask).get("CAMHS", {})
    assert {part: sum(of.values()) for part, of in days.items()} == parts


@pytest.mark.parametrize(("begin", "end"), list(product((0, 28, 29), (29, 40, 60))))
@pytest.mark.parametrize("known_on", [29, 44, 60])
def test_the_months_are_those_of_their_rows(
    recorded: tuple[Coordination, Reader, list[Row]], begin: int, end: int, known_on: int
) -> None:
    county, reader, rows = recorded
    ask = WaitingTimesCriteria(
        service="CAMHS", as_of=day(60), from_on=day(begin), to_on=day(end), known_at=at(day(known_on))
    )
    who, directory = viewer(AUDITOR), county.directory()
    counted = known(rows, report(reader, who, directory, ask).log_position)
    for month in months(reader, who, directory, ask).rows:
        stopped = ended(counted, max(month.first, day(begin)), month.until)
        open_ = running(counted, month.until)
        assert month.completed.count == len(stopped)
        assert month.completed.within_standard == sum(row["end_on"] <= row["due_on"] for row in stopped)
        elapsed = Counter(row["end_ordinal"] - row["start_ordinal"] for row in stopped)
        assert month.completed.median_days == percentile(elapsed, 50)
        assert month.started == sum(
            max(month.first, day(begin)) <= row["begins_on"] <= month.until for row in counted
        )
        assert month.waiting == len(open_)
        assert month.over_standard == sum(month.until > row["due_on"] for row in open_)
