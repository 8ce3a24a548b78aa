"""A stream whose key the owner destroyed: erased everywhere, and it never gets another key."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import psycopg
import pytest

from coordination.errors import Refusal
from coordination.event import Command, RecordedEvent
from coordination.pupil.profile.commands import (
    EndRegistration,
    RecordNeeds,
    RecordViews,
    RecordYear,
    RegisterPupil,
)
from coordination.sensitivity import ERASED, Coordinates
from coordination.service import Coordination
from coordination.store.application import SaveConflict
from coordination.viewer import Viewer
from projections.case_file.queries.people import PupilCriteria, pupils
from projections.engine import Engine
from projections.reader import Reader
from tests.county import ALNCO, OTHER_ALNCO, PUPIL, SCHOOL, UPN, order, register
from tests.projections.replays import contents, engine_on, make_schema
from tests.store.histories import OPENING, pupil_id, referral_id, tell
from tests.store.writers import first_event

LATER = date(2025, 6, 2)


def erase(address: str, *streams: UUID) -> None:
    """As the owner does it: the append role may not."""
    with psycopg.connect(address) as connection:
        gone = connection.execute("delete from log.stream_key where stream = any(%s)", [list(streams)])
        assert gone.rowcount == len(streams)


def keys(address: str) -> int:
    with psycopg.connect(address) as connection:
        row = connection.execute("select count(*) from log.stream_key").fetchone()
        assert row is not None
        return int(row[0])


def test_an_erased_stream_opens_as_erased_and_others_as_ever(database: str, county: Coordination) -> None:
    other = UUID(int=0xB2)
    register(county)
    register(county, other, "E670200126001")
    places = [
        Coordinates(r.stream, r.version, r.event.topic, r.event.sealed)
        for stream in (PUPIL, other)
        for r in county.record.load([stream])[stream]
        if r.event.sealed
    ]
    assert all(isinstance(opened, dict) for opened in county.record.open(places))
    erase(database, PUPIL)
    for place, opened in zip(places, county.record.open(places), strict=True):
        assert (opened is ERASED) == (place.stream == PUPIL)
    assert county.record.latest(PUPIL, ("pupil.registered",)) == {}
    assert county.record.latest(other, ("pupil.registered",))["forename"] == "Siân"


WRITES: tuple[Command, ...] = (
    RecordViews(occurred_on=LATER, pupil=PUPIL, whose="child", words="Helo", language="cy"),
    RecordNeeds(occurred_on=LATER, pupil=PUPIL, needs=()),
    RecordYear(occurred_on=LATER, pupil=PUPIL, year=9),
    EndRegistration(occurred_on=LATER, pupil=PUPIL, school=SCHOOL),
)


@pytest.mark.parametrize("command", WRITES, ids=lambda c: type(c).__name__)
def test_nothing_is_ever_written_to_it_again(database: str, county: Coordination, command: Command) -> None:
    """Neither with a sealed part nor without one; and it gets no other key."""
    register(county)
    erase(database, PUPIL)
    held, position = keys(database), county.record.last_position()
    with pytest.raises(Refusal) as refusal:
        county.perform(command, order(ALNCO, LATER))
    assert refusal.value.code == "record_erased"
    assert (keys(database), county.record.last_position()) == (held, position)


def test_it_cannot_be_begun_again(database: str, county: Coordination) -> None:
    register(county)
    erase(database, PUPIL)
    held = keys(database)
    with pytest.raises(SaveConflict):
        county.record.append([RecordedEvent(PUPIL, 1, first_event("another"))], [])
    with pytest.raises(Refusal):
        again = RegisterPupil(
            occurred_on=LATER,
            pupil=PUPIL,
            school=SCHOOL,
            upn=UPN,
            surname="S",
            forename="F",
            date_of_birth=date(2012, 1, 1),
            sex=None,
            language=None,
        )
        county.perform(again, order(ALNCO, LATER))
    assert keys(database) == held


def test_a_save_with_one_erased_stream_writes_nothing_of_the_others(
    database: str, county: Coordination
) -> None:
    other = UUID(int=0xB2)
    register(county)
    register(county, other, "E670200126001")
    erase(database, PUPIL)
    position = county.record.last_position()
    batch = county.batch()
    for pupil in (other, PUPIL):
        batch.perform(RecordYear(occurred_on=LATER, pupil=pupil, year=9), order(ALNCO, LATER))
    with pytest.raises(Refusal):
        batch.commit()
    assert county.record.last_position() == position


def test_a_rebuild_after_it_knows_no_coded_field_of_it_and_parks_nobody(
    database: str, county: Coordination, engine: Engine
) -> None:
    """Only this pupil had the need VI."""
    tell(county, OPENING, [100], lambda: None)
    erased = pupil_id(1)
    county.perform(RecordNeeds(occurred_on=LATER, pupil=erased, needs=("VI",)), order(OTHER_ALNCO, LATER))
    engine.catch_up()
    before = contents(database)
    assert "'VI'" in str(before)
    erase(database, erased)
    make_schema(database, "again")
    with engine_on(database, county, schema="again") as again:
        again.catch_up()
        assert again.parked == set()
    found = contents(database, "again")
    assert "'VI'" not in str(found)
    needs = {
        referral_id(n): ([] if n % 3 == 1 else codes) for n, codes in enumerate((["ASD"], [], [], ["ASD"]))
    }
    assert {referral: list(codes) for referral, _, codes in found["referral_need"]} == needs
    # what is told of it beside its coded fields stays: waits are counted as before
    assert found["wait"] == before["wait"]


def test_a_page_of_pupils_shows_it_without_a_name(
    database: str, county: Coordination, engine: Engine, reader: Reader
) -> None:
    other = UUID(int=0xB2)
    register(county)
    register(county, other, "E670200126001")
    engine.catch_up()
    erase(database, PUPIL)
    viewer = Viewer(person=ALNCO, organisation=SCHOOL, role="alnco", today=LATER)
    rows = pupils(reader, viewer, PupilCriteria()).rows
    opened = dict(
        zip(
            [r.pupil for r in rows], county.record.open([r.identity for r in rows if r.identity]), strict=True
        )
    )
    assert opened[PUPIL] is ERASED
    assert isinstance(opened[other], dict)
    assert opened[other]["surname"] == "Gŵyn-Llŷr"
