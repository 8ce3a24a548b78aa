"""Referrals that nobody can see: there are none, and one that there is would be shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from coordination.event import RecordedEvent
from coordination.pupil.placement import placement, with_access
from coordination.pupil.profile.commands import EndRegistration
from coordination.pupil.profile.events import RegistrationEnded
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.case_file.queries.no_roll import children_on_no_roll
from projections.case_file.queries.unplaced import all_unplaced_referrals, unplaced_referrals
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUTHORITY,
    CASEWORKER,
    CLINICIAN,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PUPIL,
    ROLES,
    SCHOOL,
    SERVICES_OF,
    THERAPIST,
    looks_for,
    order,
)
from tests.given import header
from tests.projections.casework import TO_CAMHS, TO_PSYCHOLOGY, day, told, viewer
from tests.projections.replays import engine_on, fresh_county
from tests.readers import readers
from tests.scripts.conftest import Cydlynu
from tests.store.histories import Move, RandomHistory, histories, pupil_id

DESKS = (ALNCO, OTHER_ALNCO, CASEWORKER, CLINICIAN, THERAPIST, PSYCHOLOGIST)


def seen(reader: Reader, person: UUID, today: date) -> set[UUID]:
    """The open referrals that somebody sees as a person's; a caseworker's coded lines are none."""
    with reader.viewing(viewer(person, today)) as cursor:
        rows = cursor.execute(
            "select f.referral from read.referral f where not f.ended"
            " and (exists (select from read.pupil p where p.pupil = f.pupil) or %s)",
            (person in SERVICES_OF,),
        )
        return {row["referral"] for row in rows}


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=histories())
def test_the_row_policies_show_an_open_referral_to_just_who_has_access(
    postgres: str, template: str, tmp_path: Path, moves: list[Move]
) -> None:
    """The same as `placement` says, for every desk of the county, and at an agency the same as was disclosed to the
    person's service; every other pupil leaves the last roll at the end."""
    with fresh_county(postgres, template, tmp_path / "keys.json") as (address, county):
        story = RandomHistory(county.batch()).play(moves)
        for number in range(0, story.pupils, 2):
            for school in sorted(story.case(number).profile.schools()):
                person = ALNCO if school == SCHOOL else OTHER_ALNCO
                left = EndRegistration(occurred_on=story.day, pupil=pupil_id(number), school=school)
                story.batch.perform(left, order(person, story.day))
        story.batch.commit()
        with engine_on(address, county) as engine:
            engine.catch_up()
        directory, today = county.directory(), story.day
        with readers(address) as pool:
            sights = {person: seen(Reader(pool), person, today) for person in DESKS}
        for number in range(story.pupils):
            case = story.case(number)
            for held in case.referrals.values():
                if placement(case, held, directory, today) is None:
                    continue
                told_to = with_access(case, held)
                assert told_to
                by_desk = {person for person in DESKS if held.referral in sights[person]}
                for person in DESKS:
                    agency, services = ROLES[person][0], looks_for(person)
                    told = case.consents.disclosed_within(held.referral, agency, services)
                    expected = told if services else agency in told_to
                    assert (person in by_desk) == expected
        with psycopg.connect(address) as owner:
            assert all_unplaced_referrals(owner, today, ()) == ()


@pytest.fixture
def lost(county: Coordination, engine: Engine, database: str) -> Coordination:
    """A child who left the roll, whose access rows are gone as only a fault could do it."""
    case = told(county)
    case.does(ALNCO, day(45), EndRegistration, pupil=PUPIL, school=SCHOOL)
    engine.catch_up()
    with psycopg.connect(database) as owner:
        assert all_unplaced_referrals(owner, day(46), ()) == ()
        owner.execute("delete from log.pupil_access where ground <> %s", (TO_PSYCHOLOGY,))
    return county


def test_what_nobody_can_see_is_shown_to_the_authority_and_its_administrator(
    lost: Coordination, reader: Reader
) -> None:
    today = day(46)
    far = Viewer(person=UUID(int=0), organisation=UUID(int=0x29), role="administrator", today=today)
    for who in (viewer(CASEWORKER, today), viewer(ADMINISTRATOR, today)):
        assert [one.referral for one in unplaced_referrals(reader, who)] == [TO_CAMHS]
    for who in (viewer(ALNCO, today), viewer(CLINICIAN, today), far):
        assert unplaced_referrals(reader, who) == ()


def test_the_desks_of_closed_organisations_do_not_count(
    county: Coordination, engine: Engine, database: str
) -> None:
    case = told(county)
    case.does(ALNCO, day(45), EndRegistration, pupil=PUPIL, school=SCHOOL)
    engine.catch_up()
    with psycopg.connect(database) as owner:
        closed = [AUTHORITY, ROLES[PSYCHOLOGIST][0]]
        assert [one.referral for one in all_unplaced_referrals(owner, day(46), closed)] == [TO_PSYCHOLOGY]


@pytest.fixture
def command(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cydlynu:
    """The command on this database, on the day after the child left."""
    found = Cydlynu(database, tmp_path, capsys)
    found.now = datetime.combine(day(46), time(9), UTC)
    return found


def test_the_command_prints_what_nobody_can_see(command: Cydlynu, lost: Coordination) -> None:
    found = command("pupils", "unplaced")
    assert found.status == 2, found.err
    assert str(TO_CAMHS) in found.out and "nobody can see it" in found.out
    assert str(TO_PSYCHOLOGY) not in found.out and str(PUPIL) not in found.out


def test_the_command_says_that_there_is_none(command: Cydlynu, county: Coordination) -> None:
    told(county)
    found = command("pupils", "unplaced")
    assert (found.status, found.out.strip()) == (
        0,
        "Every open referral can be seen by a desk and has a next step.",
    )


def test_a_child_of_an_older_record_is_placed_with_the_authority(
    command: Cydlynu, county: Coordination
) -> None:
    """There the event of leaving did not say who holds the file."""
    case = told(county)
    stamp = header(day(45), recorded_at=datetime.combine(day(45), time(12), UTC))
    left = RegistrationEnded(header=stamp, school=SCHOOL)
    county.record.append([RecordedEvent(PUPIL, case.version() + 1, left)], [])
    with psycopg.connect(command.database) as owner:
        owner.execute("update log.pupil_access set closed_on = %s where basis = 'public_task'", (day(45),))
    assert command("pupils", "unplaced").status == 2
    placed = command("pupils", "unplaced", "--place")
    assert (placed.status, placed.out.count("\n")) == (0, 1)
    with readers(command.database) as pool:
        [child] = children_on_no_roll(Reader(pool), viewer(CASEWORKER, day(46)), 10).rows
        assert (child.pupil, child.since) == (PUPIL, day(45))
        assert {one.held_by for one in child.referrals} == {AUTHORITY}


def test_an_open_referral_of_an_erased_record_is_found(command: Cydlynu, county: Coordination) -> None:
    told(county)
    assert command("pupils", "unplaced").status == 0
    with psycopg.connect(command.database) as owner:
        owner.execute("delete from log.stream_key where stream = %s", (PUPIL,))
    found = command("pupils", "unplaced", "--place")
    assert found.status == 2
    assert found.out.count("erased while it was open") == 2
