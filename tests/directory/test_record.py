"""What goes into the log and comes back from it, and what folding may look at."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from coordination.directory import (
    challenge_rules,
    letter_wordings,
    meeting_series,
    no_answer_events,
    programmes,
)
from coordination.directory import events as happened
from coordination.directory.challenge_rules import SetChallengeRule
from coordination.directory.commands import AssignClassTeacher, SetMailbox
from coordination.directory.decide import (
    ChangeOrganisation,
    ChangePersonName,
    CloseOrganisation,
    CloseService,
    MoveService,
    ReceiveService,
    RecordPersonLeft,
    SetSchoolTerm,
)
from coordination.directory.evolve import evolve
from coordination.directory.letter_wordings import SetLetterWording
from coordination.directory.meeting_series import Rhythm, SeriesMember, SetMeetingSeries
from coordination.directory.programmes import SetProgramme
from coordination.directory.state import Directory, Organisation
from coordination.event import Event
from coordination.sensitivity import SEALED, Sensitivity, classes, sealed_fields
from coordination.store.mapper import decode, encode
from tests.directory.county import (
    BALA,
    BOARD,
    CAMHS,
    COUNSEL,
    GWYNEDD,
    NIA,
    TODAY,
    TYWYN,
    County,
    full_county,
    manager,
)

RULE = SetChallengeRule(
    occurred_on=TODAY, organisation=GWYNEDD, code="delay", least=1, source="Panel", effective_from=TODAY
)


CLASS = AssignClassTeacher(
    occurred_on=TODAY,
    organisation=TYWYN,
    assignment=UUID(int=0x7EAC),
    person=NIA,
    class_name="9B",
    effective_from=TODAY,
)


def lived_in() -> County:
    """A county in which every kind of event but the rarest has happened."""
    here = full_county()
    for command in (
        manager(organisation=TYWYN, role="class_teacher", service=None),
        CLASS,
        SetProgramme(
            occurred_on=TODAY,
            organisation=TYWYN,
            code="TALK",
            name="Talk Boost",
            level=2,
            entry_criteria="Below the language screen",
            exit_criteria="Passes the screen",
            usual_weeks=10,
            effective_from=TODAY,
        ),
        SetMeetingSeries(
            occurred_on=TODAY,
            organisation=TYWYN,
            series=UUID(int=0x5E1),
            kind="hwb",
            name="Hwb Aber",
            rhythm=Rhythm(every="month", weekday=2, week=2, starts_at=time(13, 30), ends_at=time(15)),
            members=(SeriesMember(organisation=BOARD, service=CAMHS),),
            effective_from=TODAY,
        ),
        RULE,
        SetLetterWording(occurred_on=TODAY, organisation=GWYNEDD, subject="delay", effective_from=TODAY),
        SetMailbox(occurred_on=TODAY, organisation=TYWYN, address="ysgol@school.example"),
        ChangeOrganisation(
            occurred_on=TODAY, organisation=TYWYN, effective_from=TODAY, name="Tywyn", name_cy=None
        ),
        manager(role="clinician", email=None),
        ChangePersonName(occurred_on=TODAY, organisation=BOARD, person=NIA, name="Nia Price"),
        RecordPersonLeft(
            occurred_on=TODAY, organisation=BOARD, person=NIA, role="clinician", effective_to=TODAY
        ),
        CloseOrganisation(occurred_on=TODAY, organisation=BALA, effective_to=TODAY),
        MoveService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, to_agency=COUNSEL),
        ReceiveService(occurred_on=TODAY, organisation=COUNSEL, service=CAMHS, from_agency=BOARD),
        CloseService(occurred_on=TODAY, organisation=COUNSEL, service=CAMHS, open_to=TODAY),
        SetSchoolTerm(
            occurred_on=TODAY,
            organisation=GWYNEDD,
            first_day=date(2026, 1, 5),
            last_day=date(2026, 3, 27),
            closed=(date(2026, 2, 16),),
        ),
    ):
        here.does(command)
    return here


def sealed(event: Event) -> Event:
    """The event as the log gives it back: sealed fields unopened."""
    return msgspec.structs.replace(event, **dict.fromkeys(sealed_fields(type(event)), SEALED))


@pytest.mark.parametrize("event_type", happened.EVENTS, ids=lambda e: e.__name__)
def test_every_field_has_a_class_and_sealed_fields_default_to_sealed(event_type: type[Event]) -> None:
    of = classes(event_type)
    defaults = dict(
        zip(event_type.__struct_fields__[::-1], event_type.__struct_defaults__[::-1], strict=False)
    )
    for name, sensitivity in of.items():
        if sensitivity is not Sensitivity.operational:
            assert defaults[name] is SEALED


def test_names_and_addresses_are_personal_and_all_topics_differ() -> None:
    personal = {
        (event.__name__, name)
        for event in happened.EVENTS
        for name, sensitivity in classes(event).items()
        if sensitivity is not Sensitivity.operational
    }
    assert personal == {
        ("PersonAppointed", "name"),
        ("PersonAppointed", "email"),
        ("PersonNameChanged", "name"),
        ("PersonNameChanged", "email"),
        ("ClassTeacherAssigned", "class_name"),
        ("MailboxSet", "address"),
    }
    assert len({event.topic for event in happened.EVENTS}) == len(happened.EVENTS)
    modules = (happened, challenge_rules, letter_wordings, meeting_series, no_answer_events, programmes)
    rooms = {module.__name__ for module in modules}
    declared = {v for v in vars(happened).values() if isinstance(v, type) and v.__module__ in rooms}
    assert declared == set(happened.EVENTS)


def test_folding_sealed_events_gives_what_folding_open_ones_gives() -> None:
    here = lived_in()
    for stream, events in here.events.items():
        open_, closed = Organisation(), Organisation()
        for event in events:
            open_, closed = evolve(open_, event), evolve(closed, sealed(event))
        assert open_ == closed == here.state(stream)
        assert open_.version == len(events)


names = st.none() | st.text(max_size=20)


@settings(max_examples=40, deadline=None)
@for_all(names, names)
def test_whatever_a_person_is_called_the_fold_is_the_same(name: str | None, email: str | None) -> None:
    events = full_county().events[BOARD]
    renamed = happened.PersonNameChanged(header=events[0].header, person=NIA, name=name, email=email)
    one, other = Organisation(), Organisation()
    for event in [*events, renamed]:
        filled = msgspec.structs.replace(
            event,
            **dict.fromkeys(sealed_fields(type(event)), name),  # type: ignore[arg-type]
        )
        one, other = evolve(one, filled), evolve(other, sealed(event))
    assert one == other


def test_every_event_comes_back_from_its_stored_form_as_it_was() -> None:
    seen = set()
    for events in lived_in().events.values():
        for event in events:
            kept = sealed(event)
            assert decode(event.topic, encode(kept)) == kept
            seen.add(type(event))
    assert seen >= set(happened.EVENTS) - {
        happened.CodeEnded,
        happened.StandardEnded,
        happened.StatutoryStandardEnded,
        happened.RetentionRuleSet,
        happened.ServiceCapacitySet,
        no_answer_events.NoAnswerRuleSet,
        happened.ServiceTriagesSet,
        happened.TermsEnded,
        happened.ServiceChanged,
        happened.ServiceTriagesSet,
    }


def test_what_was_not_changed_and_what_was_taken_away_come_back_apart() -> None:
    event = lived_in().events[TYWYN][-1]
    again = decode(event.topic, encode(event))
    assert isinstance(again, happened.OrganisationChanged)
    assert (again.name, again.phase) == ("Tywyn", msgspec.UNSET)


def test_a_directory_grown_event_by_event_equals_one_made_at_once() -> None:
    here = lived_in()
    grown, made = here.directory, Directory.of(here.states.values())
    assert grown == made
    services = [s.id for s in made.services]
    assert services == [s.id for s in grown.services]
    for look in (
        lambda d: [d.standards_of(s) for s in services],
        lambda d: [d.terms_for(o.id, TODAY) for o in d.of_kind("school")],
        lambda d: d.person(NIA),
        lambda d: [d.codes(t, TODAY) for t in ("need", "role", "phase")],
        lambda d: [d.by_code(o.kind, o.code) for o in here.states.values()],
    ):
        assert look(grown) == look(made)


def test_a_directory_is_never_changed_by_the_next() -> None:
    here = full_county()
    before, person = here.directory, here.directory.person(NIA)
    here.does(RecordPersonLeft(occurred_on=TODAY, organisation=BOARD, person=NIA, effective_to=TODAY))
    assert before.person(NIA) == person != here.directory.person(NIA)
    assert before.organisation(BOARD) != here.directory.organisation(BOARD)


def test_look_ups_of_what_is_not_there_say_none() -> None:
    known = full_county().directory
    nowhere = UUID(int=404)
    assert known.organisation(nowhere) is known.organisation(None) is None
    assert known.by_code("school", "661") is known.service(nowhere) is known.service_by_code("x") is None
    assert known.service(None) is known.person(None) is known.agency_of(nowhere) is None
    assert known.authority_of(nowhere) is known.authority_of(BOARD) is None
    assert known.services_of(nowhere) == known.standards_of(nowhere) == known.people_of(nowhere, TODAY) == ()


def test_look_ups_across_organisations() -> None:
    known = full_county().directory
    assert known.authority_of(TYWYN) == known.authority_of(GWYNEDD) == GWYNEDD
    assert [o.id for o in known.schools_of(GWYNEDD)] == [TYWYN, BALA]
    (service,) = known.services_of(BOARD)
    agency = known.agency_of(service)
    assert agency is not None and agency.id == BOARD == service.agency
    assert known.agency_of(service.id) == agency
    assert [o.code for o in known.of_kind("agency")] == ["BCU", "SGWRS"]
    assert Directory.of([Organisation()]).organisations == {}
