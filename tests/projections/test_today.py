"""A school's day, against a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from coordination.directory.commands import SetStandard
from coordination.meeting.commands import (
    AddAgendaItem,
    CancelMeeting,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    ScheduleMeeting,
)
from coordination.meeting.events import Party
from coordination.pupil.actions.decide import AgreeAction, CompleteAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.consent.decide import GiveConsent, RefuseConsent
from coordination.pupil.referral.decide import StrikeEntry
from coordination.service import Coordination
from projections.case_file.queries import ReferralRow
from projections.engine import Engine
from projections.reader import Reader
from projections.today.queries import Today, TodaySection, today
from tests.county import (
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    HEAD,
    MOTHER,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    operator_order,
)
from tests.projections.casework import (
    ASKED,
    DAY0,
    FOR_CAMHS,
    FOR_SCHOOL,
    MEETING,
    TO_CAMHS,
    TO_PSYCHOLOGY,
    TODAY,
    RecordedCase,
    day,
    known_story,
    told,
    viewer,
    viewers,
)


@pytest.fixture(scope="module")
def known(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RecordedCase, Reader]]:
    with known_story(postgres, template, tmp_path_factory.mktemp("keys") / "keys.json") as story:
        yield story


@pytest.fixture
def case(county: Coordination) -> RecordedCase:
    return told(county)


def of_school(reader: Reader, on: date = TODAY, since: date = DAY0, size: int = 20) -> Today:
    return today(reader, viewer(ALNCO, on), since, size)


def test_what_is_overdue_and_with_whom(known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    found = of_school(reader)
    (late,) = found.overdue.rows
    assert (late.referral.referral, late.referral.agency, late.referral.whose_move) == (
        TO_CAMHS,
        BOARD,
        "agency",
    )
    assert late.referral.days_left == -17
    assert found.due.rows == ()
    (soon,) = of_school(reader, day(22)).due.rows
    assert (soon.referral.referral, soon.referral.days_left) == (TO_CAMHS, 6)
    assert of_school(reader, day(21)).due.rows == ()
    assert [line.referral.referral for line in of_school(reader, day(28)).due.rows] == [TO_CAMHS]
    assert [line.referral.referral for line in of_school(reader, day(29)).overdue.rows] == [TO_CAMHS]


def test_what_waits_for_the_school_itself(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    asked = {"asked_of": "school"}
    case.says(CLINICIAN, TO_CAMHS, "information_requested", day(40), details=asked)
    case.opens(UUID(int=0xD9), CAMHS, day(41))
    engine.catch_up()
    assert {line.referral.referral for line in of_school(reader).ours.rows} == {TO_CAMHS, UUID(int=0xD9)}
    case.says(ALNCO, TO_CAMHS, "information_supplied", day(42))
    engine.catch_up()
    assert {line.referral.referral for line in of_school(reader).ours.rows} == {UUID(int=0xD9)}


def waits(section: TodaySection[ReferralRow]) -> list[tuple[UUID, int]]:
    """The referrals of a part, and for how many days their clock without a limit has run."""
    return [
        (row.referral.referral, (TODAY - row.referral.open_from).days)
        for row in section.rows
        if row.referral.open_from is not None
    ]


def test_what_has_no_limit_is_listed_with_its_days(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    found = of_school(reader)
    # psychology has no standard: it waits from the receipt
    assert waits(found.no_standard) == [(TO_PSYCHOLOGY, (TODAY - day(1)).days)]
    assert (found.not_sent.total, found.not_received.total, found.terms_unknown.total) == (0, 0, 0)
    (psychology,) = found.no_standard.rows
    assert psychology.referral.waited == (TODAY - day(1)).days

    new = UUID(int=0xD8)
    case.opens(new, CAMHS, day(38))
    case.says(ALNCO, new, "decided", day(39))
    engine.catch_up()
    assert waits(of_school(reader).not_sent) == [(new, (TODAY - day(39)).days)]
    case.sends(new, day(41))
    engine.catch_up()
    found = of_school(reader)
    assert found.not_sent.total == 0
    assert waits(found.not_received) == [(new, (TODAY - day(41)).days)]
    case.says(CLINICIAN, new, "acknowledged", day(42))
    engine.catch_up()
    assert of_school(reader).not_received.total == 0

    case.says(PSYCHOLOGIST, TO_PSYCHOLOGY, "first_contact", day(43))
    engine.catch_up()
    assert of_school(reader).no_standard.total == 0


def test_what_cannot_be_counted_is_listed(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    standard = SetStandard(
        occurred_on=DAY0,
        organisation=EDUCATION,
        service=PSYCHOLOGY,
        code="EP-30",
        start="received",
        stop="first_contact",
        limit=30,
        unit="school_days",
        effective_from=DAY0,
        source="test",
    )
    case.service.perform(standard, operator_order(EDUCATION, DAY0))
    case.says(PSYCHOLOGIST, TO_PSYCHOLOGY, "acknowledged", day(2))
    engine.catch_up()
    found = of_school(reader)
    (row,) = found.terms_unknown.rows
    assert (row.referral.referral, row.referral.terms_unknown) == (TO_PSYCHOLOGY, "EP-30")
    assert (row.referral.due_on, row.referral.open_clock) == (None, None)
    assert found.no_standard.total == 0


def test_agreements_are_chased_until_there_is_an_answer(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    (asked,) = of_school(reader).agreements.rows
    assert (asked.consent, asked.agency, asked.purpose, asked.days) == (ASKED, EDUCATION, "meeting", 14)
    assert asked.contact_at is not None
    assert asked.identity is not None
    mother, child = case.service.record.open([asked.contact_at, asked.identity])
    assert isinstance(mother, dict)
    assert isinstance(child, dict)
    assert (mother["name"], child["forename"]) == ("Mair Gŵyn", "Siân")
    answer = {
        "authority": "parental_responsibility",
        "contact": MOTHER,
        "consent": ASKED,
        "agency": EDUCATION,
    }
    case.does(ALNCO, TODAY, RefuseConsent, pupil=PUPIL, purpose="meeting", **answer)
    engine.catch_up()
    assert of_school(reader).agreements.total == 0
    case.does(ALNCO, TODAY, GiveConsent, pupil=PUPIL, purpose="meeting", **answer)
    engine.catch_up()
    assert of_school(reader).agreements.total == 0


def test_a_missed_appointment_is_told_the_same_day_with_a_check(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    (missed,) = of_school(reader, since=day(20)).missed.rows
    assert (missed.milestone, missed.occurred_on, missed.check_safety) == ("was_not_brought", day(27), True)
    assert (missed.referral, missed.service, missed.phase) == (TO_CAMHS, CAMHS, "appointment_offered")
    assert of_school(reader, since=day(28)).missed.rows == ()
    assert of_school(reader, day(27), since=day(27)).missed.total == 1
    case.says(CLINICIAN, TO_CAMHS, "appointment_offered", day(31))
    late = case.says(CLINICIAN, TO_CAMHS, "did_not_attend", day(38))
    engine.catch_up()
    (newest, _) = of_school(reader).missed.rows
    assert (newest.milestone, newest.check_safety, newest.entry) == ("did_not_attend", False, late)
    strike = {"pupil": PUPIL, "referral": TO_CAMHS, "entry": late, "why": "Another child."}
    case.does(CLINICIAN, TODAY, StrikeEntry, **strike)
    engine.catch_up()
    assert [m.entry for m in of_school(reader).missed.rows] == [missed.entry]
    case.says(CLINICIAN, TO_CAMHS, "recorded_in_error", TODAY, note="Twice.")
    engine.catch_up()
    assert of_school(reader).missed.rows == ()


def test_a_corrected_miss_stands_once(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    first = case.reports(TO_CAMHS, "could_not_attend", day(33))
    second = case.reports(TO_CAMHS, "was_not_brought", day(33), supersedes=first, why="No notice was given.")
    engine.catch_up()
    assert [m.entry for m in of_school(reader, since=day(33)).missed.rows] == [second]


def test_actions_overdue_and_due(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    far = {"pupil": PUPIL, "action": UUID(int=0xAC9), "what": "Review", "due_on": TODAY + timedelta(days=30)}
    case.does(ALNCO, day(40), AgreeAction, owner=Owner(organisation=SCHOOL, person=ALNCO), **far)
    engine.catch_up()
    found = of_school(reader).actions
    assert [(a.action.action, a.action.phase, a.action.owner_organisation) for a in found.rows] == [
        (FOR_CAMHS, "overdue", BOARD),
        (FOR_SCHOOL, "open", SCHOOL),
    ]
    opened = case.service.record.open([a.action.at for a in found.rows])
    assert opened == [{"what": "Write to the mother"}, {"what": "Ask again"}]
    case.does(ALNCO, TODAY, CompleteAction, pupil=PUPIL, action=FOR_CAMHS)
    engine.catch_up()
    assert [a.action.action for a in of_school(reader).actions.rows] == [FOR_SCHOOL]
    assert of_school(reader, TODAY + timedelta(days=30)).actions.total == 2


def test_the_next_meeting_and_those_not_finished(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    known = {"school": SCHOOL}
    for number, held in ((1, day(60)), (2, day(50)), (3, day(48))):
        case.does(ALNCO, day(40), ScheduleMeeting, meeting=UUID(int=0xEE0 + number), held_on=held, **known)
    case.does(ALNCO, day(41), CancelMeeting, meeting=UUID(int=0xEE3))
    coming = UUID(int=0xEE2)
    case.does(ALNCO, day(41), Invite, meeting=coming, party=Party(organisation=BOARD, service=CAMHS))
    item = {"item": UUID(int=0xEE9), "about": PUPIL, "services": (CAMHS,)}
    case.does(ALNCO, day(41), AddAgendaItem, meeting=coming, **item)
    engine.catch_up()
    found = of_school(reader)
    assert found.next_meeting is not None
    soon = found.next_meeting
    assert (soon.meeting, soon.held_on, soon.items, soon.invited, soon.unanswered) == (
        coming,
        day(50),
        1,
        1,
        1,
    )
    assert [m.meeting for m in found.unfinished] == [MEETING]
    staff = Party(organisation=SCHOOL, person=ALNCO)
    case.does(ALNCO, TODAY, MarkPresence, meeting=MEETING, party=staff, mark="attended")
    case.does(ALNCO, TODAY, FinaliseMeeting, meeting=MEETING)
    engine.catch_up()
    assert of_school(reader).unfinished == ()


def test_parts_are_cut_and_say_how_many_there_are(known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    actions = of_school(reader, size=1).actions
    assert (len(actions.rows), actions.total) == (1, 2)


@pytest.mark.parametrize("name", sorted(viewers()))
def test_only_the_school_has_a_day(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    found = today(reader, viewers()[name], day(0))
    parts = (found.overdue, found.agreements, found.missed, found.actions)
    expected = name in ("alnco", "head")
    assert [part.total > 0 for part in parts] == [expected] * 4
    assert (found.unfinished != ()) == expected


def test_the_head_has_the_same_day(known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    assert today(reader, viewer(HEAD), day(0)) == of_school(reader)
    assert TO_PSYCHOLOGY not in {line.referral.referral for line in of_school(reader).ours.rows}
