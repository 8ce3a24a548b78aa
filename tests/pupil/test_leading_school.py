"""A pupil on the roll of two schools: one leads, and only that one changes who the pupil is."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    EndContact,
    EndRegistration,
    KeepIdentity,
    RecordContact,
    RecordLeadingSchool,
    RecordNeeds,
    RecordProvision,
    RecordYear,
)
from coordination.pupil.profile.events import (
    ContactRecorded,
    IdentityChanged,
    IdentityKept,
    LeadingSchoolRecorded,
    PupilRegistered,
    YearRecorded,
)
from tests.given import SCHOOL
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_FAR_OFFICER,
    AS_OFFICER,
    AS_OPERATOR,
    AS_STRANGER,
    OTHER_SCHOOL,
    PUPIL,
)
from tests.pupil.case import DAY, UNCLE, PupilCase, contact, day, register, registered

ON: dict[str, Any] = {"occurred_on": DAY, "pupil": PUPIL}
IDENTITY: dict[str, Any] = {
    "upn": "E670200126001",
    "surname": "Llŷr",
    "forename": "Siôn",
    "date_of_birth": date(2014, 1, 21),
    "sex": "M",
    "language": "en",
}
OF_THE_LEADING_SCHOOL: tuple[Command, ...] = (
    ChangeIdentity(**ON, **IDENTITY),
    KeepIdentity(**ON, refused="0" * 64, why="The file is old"),
    RecordNeeds(**ON, needs=("ASD",)),
    RecordProvision(**ON, provision="idp_school"),
    RecordContact(**ON, details=contact(UUID(int=0x83))),
    EndContact(**ON, contact=UNCLE),
    RecordLeadingSchool(**ON, school=OTHER_SCHOOL),
)


def at_both() -> PupilCase:
    return registered().does(register(school=OTHER_SCHOOL), **AS_OPERATOR)


def leads(school: UUID, on: date = DAY) -> RecordLeadingSchool:
    return RecordLeadingSchool(occurred_on=on, pupil=PUPIL, school=school)


def test_the_first_registration_still_open_leads_until_another_is_recorded() -> None:
    case = at_both()
    assert case.state.profile.leading_school() == SCHOOL
    case.happened(leads(OTHER_SCHOOL, day(1)), LeadingSchoolRecorded)
    assert case.state.profile.leading_school() == OTHER_SCHOOL
    case.happened(leads(SCHOOL, day(2)), LeadingSchoolRecorded, **AS_STRANGER)
    assert case.state.profile.leading_school() == SCHOOL


def test_when_the_leading_school_loses_the_pupil_the_other_leads() -> None:
    case = at_both().does(EndRegistration(**ON, school=SCHOOL))
    assert case.state.profile.leading_school() == OTHER_SCHOOL
    case.does(EndRegistration(**ON, school=OTHER_SCHOOL), **AS_STRANGER)
    assert (case.state.profile.leading_school(), case.state.profile.last_school()) == (None, OTHER_SCHOOL)


@pytest.mark.parametrize("command", OF_THE_LEADING_SCHOOL, ids=lambda c: type(c).__name__)
def test_only_the_leading_school_changes_what_is_common(command: Command) -> None:
    at_both().refuses(command, "not_leading_school", **AS_STRANGER)
    assert at_both().decided(command, **AS_ALNCO)


def test_the_other_school_records_the_rest() -> None:
    at_both().happened(RecordYear(**ON, year=8), YearRecorded, **AS_STRANGER)


def test_the_leading_school_has_the_pupil_on_its_roll() -> None:
    registered().refuses(leads(OTHER_SCHOOL), "not_on_roll", "school")
    at_both().refuses(leads(OTHER_SCHOOL, date(2026, 12, 2)), "in_the_future", "occurred_on")
    assert at_both().decided(leads(SCHOOL)) == []


def test_two_people_changing_the_leading_school_do_not_overwrite_each_other() -> None:
    case = at_both()
    seen = case.last
    case.does(leads(OTHER_SCHOOL))
    late = RecordLeadingSchool(occurred_on=DAY, pupil=PUPIL, school=SCHOOL, seen=seen)
    case.refuses(late, "overtaken", "seen", **AS_STRANGER)


def test_keeping_the_recorded_identity_needs_a_reason() -> None:
    keep = KeepIdentity(**ON, refused="f" * 64, why=" Typing error at the office ")
    [event] = registered().happened(keep, IdentityKept)
    assert isinstance(event, IdentityKept)
    assert (event.why, event.refused) == ("Typing error at the office", "f" * 64)
    registered().refuses(KeepIdentity(**ON, refused="f" * 64, why=" "), "cannot_be_empty", "why")


def test_the_caseworker_of_the_schools_authority_may_keep_an_identity() -> None:
    keep = KeepIdentity(**ON, refused="f" * 64, why="Two children")
    registered().happened(keep, IdentityKept, **AS_OFFICER)
    with pytest.raises(NotFound):
        registered().decided(keep, **AS_FAR_OFFICER)


def test_of_a_pupil_on_no_roll_the_authority_that_holds_the_file_changes_identity_and_contacts() -> None:
    case = registered().does(EndRegistration(**ON, school=SCHOOL))
    case.happened(ChangeIdentity(**ON, **IDENTITY), IdentityChanged, **AS_OFFICER)
    case.happened(RecordContact(**ON, details=contact()), ContactRecorded, **AS_OFFICER)
    with pytest.raises(NotFound):
        case.decided(ChangeIdentity(**ON, **IDENTITY), **AS_FAR_OFFICER)
    with pytest.raises(NotFound):
        case.decided(ChangeIdentity(**ON, **IDENTITY))


@pytest.mark.parametrize("names", [("Madhavi", ""), ("", "Madhavi")])
def test_one_name_is_enough(names: tuple[str, str]) -> None:
    forename, surname = names
    one = {"forename": forename, "surname": surname}
    PupilCase().does(register(**one))
    registered().happened(ChangeIdentity(**ON, **(IDENTITY | one)), IdentityChanged)


def test_no_name_is_not() -> None:
    none = {"forename": "", "surname": " "}
    PupilCase().refuses(register(**none), "name_missing", "surname")
    registered().refuses(ChangeIdentity(**ON, **(IDENTITY | none)), "name_missing", "surname")


def test_preferred_middle_and_former_names_are_kept() -> None:
    more = {
        "middle_names": "Non Lowri",
        "preferred_forename": "Rhi",
        "preferred_surname": " ",
        "former_surname": "Dros",
    }
    expected = more | {"preferred_surname": None}
    first = PupilCase().decided(register(**more))[0]
    assert isinstance(first, PupilRegistered)
    assert {name: getattr(first, name) for name in more} == expected
    [event] = registered().happened(ChangeIdentity(**ON, **IDENTITY, **more), IdentityChanged)
    assert {name: getattr(event, name) for name in more} == expected


def test_a_contact_says_why_it_changed() -> None:
    told = RecordContact(**ON, details=contact(name="Mair Huws"), why="Married")
    [event] = registered().happened(told, ContactRecorded)
    assert isinstance(event, ContactRecorded)
    assert (event.name, event.why) == ("Mair Huws", "Married")
