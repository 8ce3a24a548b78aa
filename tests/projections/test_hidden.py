"""A hidden file is in no table and takes no command; emergency access ends at its instant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.moves.commands import OpenEmergencyFile
from coordination.pupil.profile.commands import RecordViews
from coordination.pupil.restriction.commands import (
    DeclareInterest,
    EndInterest,
    LiftRestriction,
    RestrictPupil,
)
from coordination.service import Coordination
from coordination.store.migrate import APPEND, READ, as_role
from coordination.viewer import Viewer
from projections.catalogue import FIGURES, projections
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    HEAD,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PUPIL,
    SAFEGUARDING,
    SCHOOL,
    at,
    order,
    register,
)
from tests.projections.casework import TO_CAMHS, RecordedCase, viewer

ON = date(2025, 3, 3)
NOON = at(ON)
ENDS = NOON + timedelta(hours=24)
SECOND = timedelta(seconds=1)
ACCESS, INTEREST, AGREED = UUID(int=0xF3), UUID(int=0xF5), UUID(int=0xE1)
COLLEAGUE = UUID(int=0xA9B)
TABLES = [t.name for p in projections() for t in p.tables if "pupil" in t.columns]

RESTRICT = RestrictPupil(occurred_on=ON, pupil=PUPIL, roles=("head",), why="A threat")
LIFT = LiftRestriction(occurred_on=ON, pupil=PUPIL, why="Over")
MINE = DeclareInterest(occurred_on=ON, pupil=PUPIL, interest=INTEREST, person=ALNCO)
END = EndInterest(occurred_on=ON, pupil=PUPIL, interest=INTEREST, why="Recorded in error")
OPEN = OpenEmergencyFile(occurred_on=ON, pupil=PUPIL, access=ACCESS, why="In the ward now")
SAID = RecordViews(occurred_on=ON, pupil=PUPIL, whose="child", words="No.", language="en")


@pytest.fixture
def does(county: Coordination, engine: Engine) -> Any:
    case = RecordedCase(county)
    register(county)
    case.agrees(AGREED, BOARD, ON)
    case.refers(TO_CAMHS, CAMHS, ON)

    def do(person: UUID, command: Command, hour: int = 12) -> None:
        county.perform(command, order(person, ON, hour=hour))
        engine.catch_up()

    engine.catch_up()
    return do


def looking(who: UUID, /, now: Any = NOON, **changed: Any) -> Viewer:
    return msgspec.structs.replace(viewer(who, now.date()), now=now, **changed)


def seen(reader: Reader, who: Viewer) -> set[str]:
    """The tables of which the viewer sees a row about the pupil."""
    found = set()
    with reader.viewing(who) as cursor:
        for table in TABLES:
            query = f"select exists (select from read.{table} where pupil = %s) as there"
            row = cursor.execute(query.encode(), (PUPIL,)).fetchone()
            if row is not None and row["there"]:
                found.add(table)
    return found


def test_a_restricted_file_is_seen_by_those_named_and_leaves_no_trace_for_others(
    does: Any, reader: Reader
) -> None:
    before, clinicians = seen(reader, looking(ALNCO)), seen(reader, looking(CLINICIAN))
    auditors = seen(reader, looking(AUDITOR))
    assert {"pupil", "identity", "timeline", "referral", "wait"} <= before
    does(HEAD, RESTRICT)
    assert seen(reader, looking(ALNCO)) <= FIGURES
    assert seen(reader, looking(HEAD)) >= before
    assert seen(reader, looking(CLINICIAN)) == clinicians, "another organisation restricts its own people"
    assert seen(reader, looking(AUDITOR)) == auditors
    with pytest.raises(NotFound):
        does(ALNCO, SAID)
    does(HEAD, msgspec.structs.replace(RESTRICT, people=(ALNCO,)))
    assert seen(reader, looking(ALNCO)) >= before
    does(ALNCO, SAID)
    does(HEAD, RESTRICT)
    does(HEAD, LIFT)
    assert seen(reader, looking(ALNCO)) >= before


def test_with_a_reason_a_person_sees_the_restricted_file_for_a_day(does: Any, reader: Reader) -> None:
    before = seen(reader, looking(ALNCO))
    does(HEAD, RESTRICT)
    does(ALNCO, OPEN)
    assert seen(reader, looking(ALNCO)) >= before
    assert seen(reader, looking(ALNCO, now=ENDS - SECOND)) >= before
    assert seen(reader, looking(ALNCO, now=ENDS)) <= FIGURES
    assert seen(reader, looking(ALNCO, person=COLLEAGUE)) <= FIGURES


def test_an_interest_hides_the_file_from_that_person_and_is_no_entry(does: Any, reader: Reader) -> None:
    before = seen(reader, looking(ALNCO))
    with reader.viewing(looking(HEAD)) as cursor:
        entries = cursor.execute("select count(*) as n from read.timeline").fetchone()
    does(ALNCO, MINE)
    assert seen(reader, looking(ALNCO)) <= FIGURES
    assert seen(reader, looking(HEAD)) == before
    with reader.viewing(looking(HEAD)) as cursor:
        assert cursor.execute("select count(*) as n from read.timeline").fetchone() == entries
    for command in (SAID, OPEN, END):
        with pytest.raises(NotFound):
            does(ALNCO, command)
    does(HEAD, END)
    assert seen(reader, looking(ALNCO)) == before
    does(ALNCO, SAID)


def test_emergency_access_of_an_agency_is_one_person_s_and_ends_to_the_second(
    does: Any, reader: Reader
) -> None:
    assert not seen(reader, looking(PSYCHOLOGIST)) & {"identity", "contact"}
    does(PSYCHOLOGIST, OPEN)
    part = {"pupil", "identity", "referral", "emergency_access"}
    assert seen(reader, looking(PSYCHOLOGIST)) >= part
    assert "timeline" not in seen(reader, looking(PSYCHOLOGIST)) - seen(reader, looking(CLINICIAN))
    assert seen(reader, looking(PSYCHOLOGIST, now=ENDS - SECOND)) >= part
    assert not seen(reader, looking(PSYCHOLOGIST, now=ENDS)) & {"identity", "contact"}
    colleague = looking(PSYCHOLOGIST, person=COLLEAGUE)
    assert "emergency_access" not in seen(reader, colleague)
    # the school is told, the authority's safeguarding person reviews
    assert "emergency_access" in seen(reader, looking(HEAD))
    assert "emergency_access" in seen(reader, looking(SAFEGUARDING))
    assert "emergency_access" not in seen(reader, looking(OTHER_ALNCO))


def test_the_school_finds_no_trace_of_one_that_only_the_authority_is_told(does: Any, reader: Reader) -> None:
    with reader.viewing(looking(HEAD)) as cursor:
        entries = cursor.execute("select count(*) as n from read.timeline").fetchone()
    does(PSYCHOLOGIST, msgspec.structs.replace(OPEN, told="authority"))
    assert "emergency_access" not in seen(reader, looking(HEAD))
    with reader.viewing(looking(HEAD)) as cursor:
        assert cursor.execute("select count(*) as n from read.timeline").fetchone() == entries
    assert "emergency_access" in seen(reader, looking(SAFEGUARDING))


def test_the_read_role_sees_the_access_rows_of_the_viewer_s_organisation_only(
    does: Any, reader: Reader, database: str
) -> None:
    with reader.viewing(looking(HEAD)) as cursor:
        rows = cursor.execute("select distinct organisation from log.pupil_access").fetchall()
    assert [row["organisation"] for row in rows] == [SCHOOL]
    for nobody in (looking(AUDITOR), looking(HEAD, role="administrator")):
        with reader.viewing(nobody) as cursor:
            assert cursor.execute("select from log.pupil_access").fetchall() == []
    with psycopg.connect(as_role(database, READ)) as unnamed:
        assert unnamed.execute("select from log.pupil_access").fetchall() == []
        for table in ("interest", "restricted_pupil"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), unnamed.transaction():
                unnamed.execute(f"select from log.{table}".encode())
    with psycopg.connect(as_role(database, APPEND)) as service:
        assert len(service.execute("select from log.pupil_access").fetchall()) >= 2
