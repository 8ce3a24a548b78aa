"""Decisions on the pupil as a person: registrations, moves, identity, needs, contacts, views."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.authority import OPERATOR
from coordination.errors import NotFound
from coordination.event import Command, Event
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    EndContact,
    EndRegistration,
    MovePupil,
    RecordContact,
    RecordLanguageWish,
    RecordLookedAfter,
    RecordNeeds,
    RecordProvision,
    RecordViews,
    RecordYear,
)
from coordination.pupil.profile.events import (
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
    LanguageWishRecorded,
    LookedAfterRecorded,
    NeedsRecorded,
    ProvisionRecorded,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
    ViewsRecorded,
    YearRecorded,
)
from coordination.pupil.profile.state import OffRoll
from tests.given import SCHOOL
from tests.meeting.hwb import (
    AS_ACCOUNTS,
    AS_ALNCO,
    AS_CLINICIAN,
    AS_HEAD,
    AS_OFFICER,
    AS_OPERATOR,
    AS_STRANGER,
    BOARD,
    GWYNEDD,
    OTHER_SCHOOL,
    PUPIL,
)
from tests.pupil.case import DAY, MOTHER, UNCLE, PupilCase, contact, day, register, registered

ON: dict[str, Any] = {"occurred_on": DAY, "pupil": PUPIL}
LATE = date(2026, 12, 2)
IDENTITY: dict[str, Any] = {
    "upn": "E670200126001",
    "surname": "Llŷr",
    "forename": "Siôn",
    "date_of_birth": date(2014, 1, 21),
    "sex": "M",
    "language": "en",
}


def views(**changed: Any) -> RecordViews:
    return RecordViews(**{**ON, "whose": "child", "words": "Dw i'n drist", "language": "cy", **changed})


CHANGES: tuple[tuple[Command, type[Event]], ...] = (
    (ChangeIdentity(**ON, **IDENTITY, why="Camgymeriad"), IdentityChanged),
    (RecordNeeds(**ON, needs=("ASD", "SLCD")), NeedsRecorded),
    (RecordProvision(**ON, provision="idp_school"), ProvisionRecorded),
    (RecordLookedAfter(**ON, looked_after=True), LookedAfterRecorded),
    (RecordYear(**ON, year=8), YearRecorded),
    (RecordLanguageWish(**ON, language="en"), LanguageWishRecorded),
    (RecordContact(**ON, details=contact(UUID(int=0x83))), ContactRecorded),
    (EndContact(**ON, contact=UNCLE), ContactEnded),
    (views(), ViewsRecorded),
    (EndRegistration(**ON, school=SCHOOL), RegistrationEnded),
)


@pytest.mark.parametrize(
    ("command", "event"), CHANGES, ids=lambda c: getattr(c, "__name__", type(c).__name__)
)
def test_the_schools_staff_change_what_is_known(command: Command, event: type[Event]) -> None:
    for who in (AS_ALNCO, AS_HEAD, {**AS_ALNCO, "role": "designated_safeguarding_person"}):
        registered().happened(command, event, **who)
    operator = {"person": OPERATOR, "organisation": OPERATOR, "role": "operator", "on_behalf_of": SCHOOL}
    registered().happened(command, event, **operator)


@pytest.mark.parametrize("command", [c for c, _ in CHANGES], ids=lambda c: type(c).__name__)
@pytest.mark.parametrize(
    "who",
    [
        AS_STRANGER,
        AS_CLINICIAN,
        AS_OFFICER,
        AS_ACCOUNTS,
        {**AS_ALNCO, "role": "auditor"},
        {**AS_ALNCO, "role": "administrator"},
        {**AS_ALNCO, "role": "clinician"},
        {"person": OPERATOR, "organisation": OPERATOR, "role": "operator"},
    ],
    ids=[
        "another school",
        "an agency",
        "officer",
        "administrator",
        "auditor",
        "admin",
        "clinician",
        "operator",
    ],
)
def test_to_others_there_is_no_such_pupil(command: Command, who: dict[str, Any]) -> None:
    assert isinstance(registered().tries(command, **who), NotFound)
    assert isinstance(PupilCase().tries(command, **who), NotFound)


@pytest.mark.parametrize("command", [c for c, _ in CHANGES], ids=lambda c: type(c).__name__)
def test_once_the_pupil_left_the_roll_the_school_changes_nothing(command: Command) -> None:
    left = registered().does(EndRegistration(**ON, school=SCHOOL))
    assert isinstance(left.tries(command), NotFound)


# Registering


def test_a_pupil_is_registered_with_what_the_file_knows() -> None:
    command = register(needs=("ASD", "ASD", "SLCD"), provision="idp_la", looked_after=False)
    events = PupilCase().happened(
        command,
        PupilRegistered,
        NeedsRecorded,
        ProvisionRecorded,
        LookedAfterRecorded,
        ContactRecorded,
        ContactRecorded,
    )
    assert events[1].needs == ("ASD", "SLCD")  # type: ignore[attr-defined]
    assert events[4].parental_responsibility and not events[5].parental_responsibility  # type: ignore[attr-defined]


def test_a_pupil_is_registered_once_at_a_school() -> None:
    registered().refuses(register(), "already_registered", "upn")


def test_a_second_registration_elsewhere_is_no_error() -> None:
    case = registered()
    case.happened(register(school=OTHER_SCHOOL), RegistrationAdded, **AS_OPERATOR)
    assert case.state.profile.schools() == {SCHOOL, OTHER_SCHOOL}
    case.happened(EndRegistration(**ON, school=SCHOOL), RegistrationEnded)
    assert case.state.profile.school() == OTHER_SCHOOL
    assert case.state.profile.holders() == {OTHER_SCHOOL}
    assert isinstance(case.tries(register()), NotFound)


def test_off_the_last_roll_the_authority_of_the_last_school_holds_the_child() -> None:
    case = registered()
    [left] = case.happened(EndRegistration(occurred_on=day(5), pupil=PUPIL, school=SCHOOL), RegistrationEnded)
    assert left.held_by == GWYNEDD
    assert case.state.profile.holders() == {GWYNEDD}
    assert case.state.profile.off_roll() == (OffRoll(day(5), None),)
    case.happened(register(school=OTHER_SCHOOL, occurred_on=day(9)), RegistrationAdded, **AS_OPERATOR)
    assert case.state.profile.holders() == {OTHER_SCHOOL}
    assert case.state.profile.off_roll() == (OffRoll(day(5), day(9)),)


def test_a_school_that_had_the_child_all_along_leaves_no_gap() -> None:
    """The next school records its registration late, for a day before the child left."""
    case = registered()
    case.happened(EndRegistration(occurred_on=day(5), pupil=PUPIL, school=SCHOOL), RegistrationEnded)
    case.happened(register(school=OTHER_SCHOOL, occurred_on=day(3)), RegistrationAdded, **AS_OPERATOR)
    assert case.state.profile.off_roll() == ()


def test_a_move_leaves_no_day_without_a_school() -> None:
    case = registered()
    case.happened(
        MovePupil(occurred_on=day(5), pupil=PUPIL, from_school=SCHOOL, to_school=OTHER_SCHOOL),
        SchoolMoved,
        **AS_OPERATOR,
    )
    assert case.state.profile.holders() == {OTHER_SCHOOL}
    assert case.state.profile.off_roll() == ()


@pytest.mark.parametrize(
    "who", [AS_STRANGER, AS_CLINICIAN, {**AS_ALNCO, "role": "auditor"}, {**AS_ALNCO, "role": "clinician"}]
)
def test_a_school_registers_for_itself_only(who: dict[str, Any]) -> None:
    assert isinstance(PupilCase().tries(register(), **who), NotFound)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"occurred_on": LATE}, "in_the_future", "occurred_on"),
        ({"date_of_birth": LATE}, "in_the_future", "date_of_birth"),
        ({"sex": "X"}, "unknown_code", "sex"),
        ({"language": "la"}, "unknown_code", "language"),
        ({"needs": ("SADNESS",)}, "unknown_code", "needs"),
        ({"provision": "a hug"}, "unknown_code", "provision"),
        ({"contacts": (contact(name=" "),)}, "cannot_be_empty", "name"),
    ],
)
def test_what_cannot_be_registered(changed: dict[str, Any], code: str, field: str) -> None:
    PupilCase().refuses(register(**changed), code, field)


def test_a_school_is_a_school() -> None:
    agency = {**AS_ALNCO, "organisation": BOARD}
    PupilCase().refuses(register(school=BOARD), "unknown_school", "school_number", **agency)
    nowhere = {**AS_ALNCO, "organisation": UUID(int=5)}
    PupilCase().refuses(register(school=UUID(int=5)), "unknown_school", "school_number", **nowhere)


def test_a_code_past_its_end_is_taken_and_one_not_begun_is_not() -> None:
    PupilCase().does(register(provision="statement", occurred_on=date(2026, 3, 2)))
    PupilCase().refuses(
        register(
            provision="statement",
            occurred_on=date(1990, 3, 2),
            date_of_birth=date(1980, 1, 1),
            sex=None,
            language=None,
        ),
        "unknown_code",
        "provision",
    )


def test_what_nobody_has_said_is_not_known() -> None:
    [event] = PupilCase().happened(register(sex=None, language=None, contacts=()), PupilRegistered)
    assert (event.sex, event.language) == (None, None)  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", [AS_STRANGER, {**AS_STRANGER, "role": "head"}])
def test_no_school_takes_a_pupil_of_another_unasked(who: dict[str, Any]) -> None:
    assert isinstance(registered().tries(register(school=OTHER_SCHOOL), **who), NotFound)
    assert isinstance(registered().tries(move(), **who), NotFound)
    left = registered().does(EndRegistration(**ON, school=SCHOOL))
    assert isinstance(left.tries(register(school=OTHER_SCHOOL), **who), NotFound)
    left.happened(register(), RegistrationAdded)  # the school that the pupil left has them back


# Moving


def move(**changed: Any) -> MovePupil:
    return MovePupil(**{**ON, "from_school": SCHOOL, "to_school": OTHER_SCHOOL, **changed})


def test_the_service_moves_a_pupil_for_the_receiving_school() -> None:
    case = registered()
    case.happened(move(), SchoolMoved, **AS_OPERATOR)
    assert case.state.profile.schools() == {OTHER_SCHOOL}
    assert isinstance(case.tries(views()), NotFound)
    case.does(views(), **AS_STRANGER)


def test_a_move_to_a_school_where_the_pupil_is_already_only_ends_the_other() -> None:
    case = registered().does(register(school=OTHER_SCHOOL), **AS_OPERATOR)
    case.happened(move(), SchoolMoved, **AS_OPERATOR)
    assert [r.school for r in case.state.profile.registrations if r.until is None] == [OTHER_SCHOOL]


def test_what_is_no_move() -> None:
    case = registered()
    for who in (AS_ALNCO, AS_CLINICIAN, {**AS_STRANGER, "role": "auditor"}):
        assert isinstance(case.tries(move(), **who), NotFound)
    case.refuses(move(from_school=OTHER_SCHOOL), "not_on_roll", "from_school", **AS_OPERATOR)
    case.refuses(move(occurred_on=LATE), "in_the_future", "occurred_on", **AS_OPERATOR)
    nowhere = {**AS_OPERATOR, "on_behalf_of": UUID(int=5)}
    case.refuses(move(to_school=UUID(int=5)), "unknown_school", "school_number", **nowhere)


# What is known of the pupil


def test_the_whole_identity_as_it_is_now() -> None:
    [event] = registered().happened(ChangeIdentity(**ON, **IDENTITY), IdentityChanged)
    assert {name: getattr(event, name) for name in IDENTITY} == IDENTITY


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (ChangeIdentity(**ON, **{**IDENTITY, "date_of_birth": LATE}), "in_the_future", "date_of_birth"),
        (ChangeIdentity(**ON, **{**IDENTITY, "sex": "X"}), "unknown_code", "sex"),
        (ChangeIdentity(**ON, **{**IDENTITY, "language": "la"}), "unknown_code", "language"),
        (RecordNeeds(**ON, needs=("SADNESS",)), "unknown_code", "needs"),
        (RecordNeeds(**{**ON, "occurred_on": LATE}, needs=()), "in_the_future", "occurred_on"),
        (RecordProvision(**ON, provision="a hug"), "unknown_code", "provision"),
        (RecordProvision(**{**ON, "occurred_on": LATE}, provision="idp_la"), "in_the_future", "occurred_on"),
        (RecordLookedAfter(**{**ON, "occurred_on": LATE}, looked_after=True), "in_the_future", "occurred_on"),
        (RecordYear(**ON, year=15), "year_out_of_range", "year"),
        (RecordYear(**ON, year=-3), "year_out_of_range", "year"),
        (RecordLanguageWish(**ON, language="la"), "unknown_code", "language"),
        (RecordContact(**ON, details=contact(name="  ")), "cannot_be_empty", "name"),
        (views(words=" \n"), "cannot_be_empty", "words"),
        (views(language="la"), "unknown_code", "language"),
        (views(contact=UUID(int=5)), "unknown_contact", "contact"),
        (views(occurred_on=LATE), "in_the_future", "occurred_on"),
        (EndRegistration(**{**ON, "occurred_on": LATE}, school=SCHOOL), "in_the_future", "occurred_on"),
    ],
    ids=lambda v: v if isinstance(v, str) else type(v).__name__,
)
def test_what_is_refused(command: Command, code: str, field: str) -> None:
    registered().refuses(command, code, field)


def test_the_same_year_again_says_nothing() -> None:
    registered().happened(RecordYear(**ON, year=7))
    registered().happened(RecordYear(**ON, year=-2), YearRecorded)


def test_words_are_kept_as_they_were_said() -> None:
    [event] = registered().happened(
        views(whose="parent", words="  Mae hi'n ŵyl \n", contact=MOTHER), ViewsRecorded
    )
    assert event.words == "  Mae hi'n ŵyl \n"  # type: ignore[attr-defined]


def test_a_contact_is_as_last_recorded_and_ends_once() -> None:
    case = registered().does(RecordContact(**ON, details=contact(UNCLE, parental_responsibility=True)))
    held = case.state.profile.contact(UNCLE)
    assert held is not None and held.parental_responsibility
    case.does(EndContact(**ON, contact=UNCLE, why="Symud"))
    assert isinstance(case.tries(EndContact(**ON, contact=UNCLE)), NotFound)
    assert isinstance(case.tries(EndContact(**ON, contact=UUID(int=5))), NotFound)
    case.does(RecordContact(**ON, details=contact(UNCLE)))
    assert case.state.profile.contact(UNCLE) is not None


def test_a_registration_holds_from_its_day_to_its_day() -> None:
    case = registered().does(EndRegistration(**{**ON, "occurred_on": day(9)}, school=SCHOOL))
    [registration] = case.state.profile.registrations
    assert (registration.from_on, registration.until) == (DAY, day(9))
