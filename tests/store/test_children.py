"""The files of one child on the record: joined, separated, erased; numbers that a child had; a replaced identity."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.errors import Refusal
from coordination.event import RecordedEvent
from coordination.pupil.adoption.commands import ReplaceIdentity
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.joining.commands import JoinPupils, SeparatePupils
from coordination.pupil.joining.events import PupilsJoined
from coordination.pupil.profile.commands import ChangeIdentity, ContactDetails, EndRegistration, RecordNeeds
from coordination.sensitivity import Coordinates
from coordination.service import Coordination
from coordination.store.earlier import mark_former_numbers, open_earlier
from tests.county import (
    ADOPTION_OFFICER,
    ALNCO,
    MOTHER,
    PUPIL,
    SCHOOL,
    UPN,
    order,
    register,
)
from tests.store.test_erasure import erase

OTHER, THIRD = UUID(int=0xB2), UUID(int=0xB3)
OTHER_UPN, NEW_UPN = "E670200126001", "A801200005019"
ON = date(2025, 3, 3)
IDENTITY = ("pupil.registered", "pupil.identity_changed", "pupil.identity_replaced")


def two(service: Coordination) -> None:
    register(service)
    register(service, OTHER, OTHER_UPN)


def join(service: Coordination, pupil: UUID = PUPIL, other: UUID = OTHER) -> None:
    service.perform(
        JoinPupils(occurred_on=ON, pupil=pupil, other=other, why="The same child"), order(ALNCO, ON)
    )


def separate(service: Coordination, pupil: UUID = PUPIL, other: UUID = OTHER) -> None:
    service.perform(SeparatePupils(occurred_on=ON, pupil=pupil, other=other, why="Cousins"), order(ALNCO, ON))


def rename(service: Coordination, pupil: UUID, upn: str, **changed: Any) -> None:
    usual: dict[str, Any] = {
        "surname": "Gŵyn-Llŷr",
        "forename": "Siân",
        "date_of_birth": date(2011, 5, 20),
        "sex": "F",
        "language": "cy",
    }
    service.perform(
        ChangeIdentity(occurred_on=ON, pupil=pupil, upn=upn, **{**usual, **changed}), order(ALNCO, ON)
    )


def adopt(service: Coordination, pupil: UUID = PUPIL, upn: str = NEW_UPN) -> None:
    command = ReplaceIdentity(
        occurred_on=ON,
        pupil=pupil,
        upn=upn,
        surname="Newydd",
        forename="Nia",
        date_of_birth=date(2011, 5, 20),
        sex="F",
        language="cy",
        why="Order of 3 March",
        contacts=(
            ContactDetails(
                occurred_on=ON, contact=UUID(int=0xC9), name="Non Newydd", parental_responsibility=True
            ),
        ),
    )
    service.perform(command, order(ADOPTION_OFFICER, ON))


def case(service: Coordination, pupil: UUID) -> CaseFile:
    return service.batch().state(PUPIL_STREAM, pupil)


def test_both_streams_are_written_in_one_save(county: Coordination) -> None:
    two(county)
    join(county)
    written = {
        pupil: [r for r in events if isinstance(r.event, PupilsJoined)]
        for pupil, events in county.record.load([PUPIL, OTHER]).items()
    }
    (one,), (other,) = written[PUPIL], written[OTHER]
    assert other.position == one.position + 1
    assert case(county, PUPIL).joining.following == (OTHER,)
    assert case(county, OTHER).joining.leading == PUPIL


def test_two_dates_of_birth_are_compared_as_they_are_recorded_now(county: Coordination) -> None:
    two(county)
    rename(county, OTHER, OTHER_UPN, date_of_birth=date(2011, 5, 21))
    with pytest.raises(Refusal) as refused:
        join(county)
    assert refused.value.code == "birth_dates_differ"
    rename(county, OTHER, OTHER_UPN)
    join(county)


def test_either_number_finds_the_file_that_leads_and_after_separation_its_own(county: Coordination) -> None:
    two(county)
    join(county)
    assert county.record.pupils_by_upn([UPN, OTHER_UPN]) == {UPN: PUPIL, OTHER_UPN: PUPIL}
    separate(county)
    assert county.record.pupils_by_upn([UPN, OTHER_UPN]) == {UPN: PUPIL, OTHER_UPN: OTHER}


def test_a_third_file_joins_the_group(county: Coordination) -> None:
    two(county)
    register(county, THIRD, NEW_UPN)
    join(county)
    join(county, PUPIL, THIRD)
    files = (PUPIL, OTHER, THIRD)
    assert county.record.files_of_children(files) == dict.fromkeys(files, files)


def test_leaving_the_roll_is_recorded_on_every_file(county: Coordination) -> None:
    two(county)
    register(county, THIRD, NEW_UPN)
    join(county)
    join(county, PUPIL, THIRD)
    command = EndRegistration(occurred_on=ON, pupil=THIRD, school=SCHOOL)
    county.perform(command, order(ALNCO, ON))
    assert [case(county, pupil).profile.schools() for pupil in (PUPIL, OTHER, THIRD)] == [frozenset()] * 3


def test_what_is_recorded_while_joined_stays_where_it_was_written(county: Coordination) -> None:
    two(county)
    join(county)
    before = case(county, OTHER).version
    county.perform(RecordNeeds(occurred_on=ON, pupil=PUPIL, needs=("ADHD",)), order(ALNCO, ON))
    assert case(county, OTHER).version == before
    separate(county)
    assert county.record.latest(PUPIL, ("pupil.needs_recorded",)) == {"needs": ["ADHD"]}


def test_files_are_not_separated_after_erasure(database: str, county: Coordination) -> None:
    two(county)
    join(county)
    erase(database, OTHER)
    with pytest.raises(Refusal) as refused:
        separate(county)
    assert refused.value.code == "record_erased"
    assert case(county, PUPIL).joining.following == (OTHER,)


def test_erasing_a_child_covers_every_file(database: str, county: Coordination) -> None:
    two(county)
    join(county)
    erase(database, *county.record.files_of_children([OTHER])[OTHER])
    assert county.record.latest(PUPIL, IDENTITY) == county.record.latest(OTHER, IDENTITY) == {}


# Numbers


def test_a_number_that_a_child_had_before_still_finds_the_child(county: Coordination) -> None:
    register(county)
    rename(county, PUPIL, OTHER_UPN)
    assert county.record.pupils_by_upn([UPN, OTHER_UPN]) == {UPN: PUPIL, OTHER_UPN: PUPIL}


def test_a_current_number_may_be_a_former_one_of_another_and_goes_before_it(county: Coordination) -> None:
    register(county)
    rename(county, PUPIL, NEW_UPN)
    register(county, OTHER, UPN)
    assert county.record.pupils_by_upn([UPN, NEW_UPN]) == {UPN: OTHER, NEW_UPN: PUPIL}
    with pytest.raises(Refusal) as refused:
        rename(county, PUPIL, UPN)
    assert refused.value.code == "upn_of_another_pupil"


def test_a_number_that_two_children_had_finds_nobody(county: Coordination) -> None:
    register(county)
    rename(county, PUPIL, NEW_UPN)
    register(county, OTHER, UPN)
    rename(county, OTHER, OTHER_UPN)
    assert county.record.pupils_by_upn([UPN]) == {}


def test_numbers_exchanged_and_taken_back_are_unique_among_current_ones(county: Coordination) -> None:
    two(county)
    rename(county, PUPIL, NEW_UPN)
    rename(county, OTHER, UPN)
    rename(county, PUPIL, OTHER_UPN)
    assert county.record.pupils_by_upn([UPN, OTHER_UPN]) == {UPN: OTHER, OTHER_UPN: PUPIL}


def test_the_next_start_marks_the_former_numbers_of_an_older_record(
    database: str, county: Coordination
) -> None:
    register(county)
    rename(county, PUPIL, OTHER_UPN)
    with psycopg.connect(database) as owner:
        owner.execute("update log.pupil_upn set former = false")
    assert mark_former_numbers(county.record) == 1
    assert mark_former_numbers(county.record) == 0
    register(county, OTHER, UPN)
    assert county.record.pupils_by_upn([UPN, OTHER_UPN]) == {UPN: OTHER, OTHER_UPN: PUPIL}


# Adoption


def opened(service: Coordination, pupil: UUID) -> list[tuple[str, Any]]:
    events = service.record.load([pupil])[pupil]
    places = [Coordinates(pupil, r.version, r.event.topic, r.event.sealed) for r in events if r.event.sealed]
    return list(zip((p.topic for p in places), service.record.open(places), strict=True))


def test_nothing_sealed_before_opens_but_codes(county: Coordination) -> None:
    register(county)
    adopt(county)
    found = opened(county, PUPIL)
    assert [(topic, fields) for topic, fields in found[:4]] == [
        ("pupil.registered", {"language": "cy"}),
        ("pupil.needs_recorded", {"needs": ["ASD", "SLCD"]}),
        ("pupil.provision_recorded", {"provision": "idp_school"}),
        ("pupil.contact_recorded", {}),
    ]
    assert county.record.latest(PUPIL, IDENTITY)["forename"] == "Nia"
    for old in ("Siân", "Gŵyn", "Mair"):
        assert old not in str(found)


def test_the_earlier_number_finds_nobody_and_is_free_again(county: Coordination) -> None:
    register(county)
    adopt(county)
    assert county.record.pupils_by_upn([UPN, NEW_UPN]) == {NEW_UPN: PUPIL}
    assert county.record.pupils_by_withheld_upn([UPN, NEW_UPN]) == {UPN: PUPIL}
    register(county, OTHER, UPN)
    assert county.record.pupils_by_upn([UPN]) == {UPN: OTHER}


def test_a_number_that_is_kept_still_finds_the_child(county: Coordination) -> None:
    register(county)
    adopt(county, upn=UPN)
    assert county.record.pupils_by_upn([UPN]) == {UPN: PUPIL}


def test_the_adoption_officer_opens_the_earlier_identity(county: Coordination) -> None:
    register(county)
    rename(county, PUPIL, UPN, surname="Gwyn")
    adopt(county)
    found = open_earlier(county.record, PUPIL, ("pupil.registered", "pupil.identity_changed"))
    assert county.record.latest(PUPIL, IDENTITY).get("why") is None
    assert [(topic, fields["surname"]) for topic, _, fields in found] == [  # type: ignore[index]
        ("pupil.identity_changed", "Gwyn"),
        ("pupil.registered", "Gŵyn-Llŷr"),
    ]


def test_every_file_of_a_joined_child_gets_the_new_identity(county: Coordination) -> None:
    two(county)
    join(county)
    adopt(county)
    for pupil in (PUPIL, OTHER):
        assert county.record.latest(pupil, IDENTITY)["surname"] == "Newydd"
        assert case(county, pupil).profile.contact(MOTHER) is None
        assert "Mair" not in str(opened(county, pupil))
    assert county.record.pupils_by_upn([UPN, OTHER_UPN, NEW_UPN]) == {NEW_UPN: PUPIL}


def test_a_contact_recorded_after_an_adoption_opens(county: Coordination) -> None:
    register(county)
    adopt(county)
    last: RecordedEvent = county.record.load([PUPIL])[PUPIL][-1]
    place = Coordinates(PUPIL, last.version, last.event.topic, last.event.sealed)
    (fields,) = county.record.open([place])
    assert isinstance(fields, dict)
    assert fields["name"] == "Non Newydd"
