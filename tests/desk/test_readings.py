"""What the read log says, to whom; what of it is unusual, to the file, the hour and the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination.desk.read_log import note_reading
from coordination.desk.readings import (
    FAILED_LOOK_UPS,
    HIDDEN_PURPOSE,
    MANY_PUPILS,
    UnusualReading,
    failed_look_ups_since,
    files_opened,
    readings_by_person,
    readings_of,
    review_reading,
    reviewed_readings,
    unusual_readings,
)
from coordination.viewer import Viewer
from tests.desk.conftest import NOW

SCHOOL, AGENCY, PUPIL = UUID(int=0x51), UUID(int=0x61), UUID(int=0x21)
READER, OTHER = UUID(int=0xA1), UUID(int=0xA2)
CAMHS = UUID(int=0x71)
DAY = NOW.date()
WEEK = NOW - timedelta(days=7)


def note(conn: Any, pupils: list[UUID], at: datetime = NOW, **changed: Any) -> None:
    given = {"person": READER, "organisation": SCHOOL, "role": "alnco", "services": ()}
    kind, purpose = changed.pop("kind", "case_file"), changed.pop("purpose", "own_pupil")
    cites = changed.pop("cites", ())
    viewer = Viewer(today=at.date(), **{**given, **changed})
    note_reading(conn, viewer, kind=kind, ids=pupils, at=at, purpose=purpose, cites=cites)


def access(
    database: str, pupil: UUID, opened: date, closed: date | None, basis: str = "registration"
) -> None:
    with psycopg.connect(database) as owner:
        owner.execute(
            "insert into log.pupil_access (pupil, organisation, basis, ground, opened_on, closed_on)"
            " values (%s, %s, %s, %s, %s, %s)",
            (pupil, SCHOOL, basis, uuid4(), opened, closed),
        )


def unusual(conn: Any) -> set[tuple[str, date, int, UUID | None]]:
    return {(u.signal, u.day, u.count, u.pupil) for u in unusual_readings(conn, SCHOOL, WEEK)}


def test_the_services_and_the_cited_disclosures_are_noted(conn: Any) -> None:
    note(conn, [PUPIL], organisation=AGENCY, role="clinician", services=(CAMHS,), cites=[(PUPIL, 7)])
    row = conn.execute("select services, cited_pupils, cited_versions from desk.read_log").fetchone()
    assert row == ([CAMHS], [PUPIL], [7])


def who(conn: Any, organisation: UUID = SCHOOL, role: str = "head", only_own: bool = False) -> list[str]:
    found = readings_of(conn, [PUPIL], organisation=organisation, role=role, only_own=only_own)
    return [one.kind for one in found]


def test_who_looked_the_newest_first_lists_and_searches_included(conn: Any) -> None:
    note(conn, [PUPIL])
    note(conn, [uuid4(), PUPIL], NOW + timedelta(seconds=1), kind="pupil_search")
    note(conn, [uuid4()], kind="today")
    note(conn, [PUPIL], NOW + timedelta(seconds=2), organisation=AGENCY, role="clinician", kind="referral")
    assert who(conn) == ["referral", "pupil_search", "case_file"]
    assert who(conn, AGENCY, "service_manager", only_own=True) == ["referral"]


def test_what_must_leave_no_trace_is_not_told_to_the_school(conn: Any) -> None:
    note(conn, [PUPIL], organisation=AGENCY, kind="emergency_access", purpose=HIDDEN_PURPOSE)
    note(conn, [PUPIL], organisation=AGENCY, role="la_safeguarding")
    note(conn, [PUPIL], organisation=AGENCY, role="adoption_officer", kind="earlier_identity")
    assert who(conn) == []
    assert who(conn, AGENCY, "la_safeguarding") == ["case_file", "emergency_access"]


def test_many_files_in_an_hour_of_the_clock(conn: Any, database: str) -> None:
    pupils = [uuid4() for _ in range(MANY_PUPILS + 1)]
    for pupil in pupils:
        access(database, pupil, DAY, None)
    hour = NOW.replace(minute=0)
    for pupil in pupils[:-1]:
        note(conn, [pupil], hour)
    note(conn, [pupils[0]], hour)  # the same one again
    note(conn, pupils, hour, kind="pupil_list")  # a list is no opening
    note(conn, [pupils[-1]], hour + timedelta(hours=1))
    assert unusual(conn) == set()
    note(conn, [pupils[-1]], hour + timedelta(minutes=59, seconds=59))
    assert unusual(conn) == {("many_pupils", DAY, MANY_PUPILS + 1, None)}


@pytest.mark.parametrize(
    ("opened", "closed", "basis", "found"),
    [
        (DAY, None, "registration", False),
        (DAY, DAY, "registration", False),
        (DAY + timedelta(days=1), None, "registration", True),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), "registration", True),
        (DAY, None, "emergency", True),
    ],
)
def test_a_pupil_of_another_school(
    conn: Any, database: str, opened: date, closed: date | None, basis: str, found: bool
) -> None:
    access(database, PUPIL, opened, closed, basis)
    note(conn, [PUPIL])
    note(conn, [PUPIL], kind="referral")
    assert unusual(conn) == ({("no_access", DAY, 2, PUPIL)} if found else set())


def test_emergency_look_ups_that_found_nobody(conn: Any) -> None:
    for number in range(FAILED_LOOK_UPS):
        assert unusual(conn) == set()
        note(conn, [], NOW + timedelta(minutes=number), kind="emergency_look_up", purpose=HIDDEN_PURPOSE)
    note(conn, [PUPIL], kind="emergency_look_up", purpose=HIDDEN_PURPOSE)  # found
    assert unusual(conn) == {("failed_look_ups", DAY, FAILED_LOOK_UPS, None)}
    assert failed_look_ups_since(conn, READER, NOW) == FAILED_LOOK_UPS
    assert failed_look_ups_since(conn, READER, NOW + timedelta(seconds=1)) == FAILED_LOOK_UPS - 1
    assert failed_look_ups_since(conn, OTHER, NOW) == 0


def test_only_the_own_organisation_and_the_period(conn: Any) -> None:
    note(conn, [PUPIL], organisation=AGENCY)
    note(conn, [PUPIL], WEEK - timedelta(seconds=1))
    assert unusual(conn) == set()
    assert files_opened(conn, SCHOOL, WEEK) == []
    note(conn, [PUPIL], WEEK)
    assert unusual(conn) == {("no_access", WEEK.date(), 1, PUPIL)}
    assert [(one.person, one.pupil, one.count) for one in files_opened(conn, SCHOOL, WEEK)] == [
        (READER, PUPIL, 1)
    ]
    [person] = readings_by_person(conn, SCHOOL, WEEK)
    assert (person.person, person.readings, person.pupils) == (READER, 1, 1)


def test_a_finding_is_recorded_once(conn: Any) -> None:
    one = UnusualReading(READER, "many_pupils", DAY, 40)
    assert review_reading(conn, SCHOOL, one, "explained", by=OTHER, at=NOW)
    assert not review_reading(conn, SCHOOL, one, "not_explained", by=OTHER, at=NOW)
    about = UnusualReading(READER, "no_access", DAY, 1, PUPIL)
    assert review_reading(conn, SCHOOL, about, "passed_on", by=OTHER, at=NOW)
    assert reviewed_readings(conn, SCHOOL) == {
        (READER, "many_pupils", DAY, None): "explained",
        (READER, "no_access", DAY, PUPIL): "passed_on",
    }
    assert reviewed_readings(conn, AGENCY) == {}
