"""Appending: what loses a race leaves nothing behind, on the record or in the program."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.event import RecordedEvent
from coordination.pupil.profile.events import IdentityChanged, YearRecorded
from coordination.pupil.referral.decide import OpenReferral
from coordination.service import Coordination
from coordination.store.application import Record, SaveConflict
from coordination.store.keys import WrongKeys, load_or_make
from coordination.store.migrate import as_role
from tests.county import ALNCO, BOARD, CAMHS, PUPIL, SCHOOL, order, register
from tests.store.writers import HEADER, first_event

COMMAND = (SCHOOL, "the same", b"digest", UUID(int=1), 1)


def begun(stream: int) -> RecordedEvent:
    return RecordedEvent(UUID(int=stream), 1, first_event(str(stream)))


def again(stream: int, version: int) -> RecordedEvent:
    return RecordedEvent(UUID(int=stream), version, YearRecorded(header=HEADER, year=7))


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("lost", ["the stream", "the command"])
def test_a_lost_race_does_not_spoil_the_connection(service: Coordination, before: int, lost: str) -> None:
    """The statement that would have been prepared by itself in the refused save is not believed to be there."""
    record = service.record
    record.append([begun(1), again(1, 2)], [COMMAND])
    for number in range(before):
        record.append([again(1, number + 3)], [(SCHOOL, f"{number}", b"", UUID(int=1), 1)])
    for _ in range(2):
        with pytest.raises(SaveConflict) as conflict:
            if lost == "the stream":
                record.append([again(1, 2)], [(SCHOOL, "new", b"", UUID(int=1), 1)])
            else:
                record.append([again(1, before + 3)], [COMMAND])
        expected = {"the stream": "event_pkey", "the command": "command_pkey"}
        assert conflict.value.constraint == expected[lost]
    assert record.append([again(1, before + 3)], [(SCHOOL, "after", b"", UUID(int=1), 1)]) > 0


def test_two_that_want_one_number_in_one_save_meet_in_the_database(service: Coordination) -> None:
    record = service.record
    one = RecordedEvent(UUID(int=1), 1, first_event("the same"))
    other = RecordedEvent(UUID(int=2), 1, first_event("the same"))
    with pytest.raises(SaveConflict) as conflict:
        record.append([one, other], [])
    assert conflict.value.constraint == "pupil_upn_current"
    assert record.load([UUID(int=1)]) == {UUID(int=1): []}
    changed = IdentityChanged(
        header=HEADER,
        upn="the same",
        surname="S",
        forename="F",
        date_of_birth=date(2012, 1, 1),
        sex=None,
        language=None,
        why=None,
        middle_names=None,
        preferred_surname=None,
        preferred_forename=None,
        former_surname=None,
    )
    record.append([one, RecordedEvent(UUID(int=1), 2, changed)], [])
    assert record.pupils_by_upn(["the same"]) == {"the same": UUID(int=1)}


def test_two_referrals_that_want_one_reference_in_one_save_are_refused(county: Coordination) -> None:
    register(county)
    batch = county.batch()
    for number in (1, 2):
        opened = OpenReferral(
            occurred_on=date(2025, 1, 13),
            pupil=PUPIL,
            referral=UUID(int=0xD0 + number),
            service=CAMHS,
            school=SCHOOL,
            immediate_risk=False,
            reference="R/1",
            second_referral=number == 2,
        )
        batch.perform(opened, order(ALNCO, date(2025, 1, 13)))
    with pytest.raises(SaveConflict) as conflict:
        batch.commit()
    assert conflict.value.constraint == "referral_ref_pkey"


def test_an_id_of_something_else_is_not_found(county: Coordination) -> None:
    """No event is ever written to a stream of another kind."""
    for stream in (SCHOOL, BOARD):
        with pytest.raises(NotFound):
            register(county, pupil=stream)
    assert county.batch().directory().organisation(SCHOOL) is not None


def test_the_record_knows_its_keys(county: Coordination, database: str, tmp_path: Path) -> None:
    county.record.check_keys()
    other = Record(as_role(database, "cydlynu_append"), load_or_make(tmp_path / "other.json"))
    with pytest.raises(WrongKeys):
        other.check_keys()
    other.close()
