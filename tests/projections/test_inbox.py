"""An agency's inbox: in which turn, and what waits for the agency's word; against a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest

from coordination.errors import Refusal
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.decisions.withdrawing import ResumeSharing
from coordination.pupil.referral.decide import StrikeEntry
from coordination.service import Coordination
from projections.engine import Engine
from projections.inbox.queries import InboxCriteria, ReportedCriteria, inbox, reported_milestones
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    THERAPY,
    at,
    register,
)
from tests.projections.casework import (
    AGREED_CAMHS,
    SECOND,
    SECOND_UPN,
    TO_CAMHS,
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
    register(county)
    register(county, SECOND, SECOND_UPN)
    case = RecordedCase(county)
    case.agrees(AGREED_CAMHS, BOARD, day(-27))
    case.agrees(UUID(int=0xE5), BOARD, day(-27), SECOND)
    return case


def received(
    case: RecordedCase, number: int, on: date, priority: str, service: UUID = CAMHS, **more: object
) -> UUID:
    """A referral sent to and received by a service of the board on a day."""
    key = UUID(int=0xD100 + number)
    case.refers(key, service, on, priority=priority, **more)
    case.says(CLINICIAN, key, "received", on)
    return key


def test_danger_first_then_priority_then_the_longest_overdue(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    late_routine = received(case, 1, TODAY - timedelta(days=60), "routine")
    later_routine = received(case, 2, TODAY - timedelta(days=40), "routine")
    urgent = received(case, 3, TODAY - timedelta(days=1), "urgent")
    due = received(case, 4, TODAY - timedelta(days=28), "priority")
    overdue = received(case, 5, TODAY - timedelta(days=29), "priority")
    danger = {"immediate_risk": True, "told": ("crisis_team",), "told_at": at(TODAY, 8)}
    at_risk = received(case, 6, TODAY, "routine", **danger)
    no_clock = UUID(int=0xD107)
    case.refers(no_clock, CAMHS, TODAY - timedelta(days=70))
    engine.catch_up()
    found = inbox(reader, viewer(CLINICIAN), InboxCriteria())
    turn = [(row.referral, row.immediate_risk, row.due) for row in (line.referral for line in found.rows)]
    assert turn == [
        (at_risk, True, "later"),
        (urgent, False, "later"),
        (overdue, False, "overdue"),
        (due, False, "due_this_week"),
        (late_routine, False, "overdue"),
        (later_routine, False, "overdue"),
        (no_clock, False, "no_clock"),
    ]
    assert [line.referral.days_left for line in found.rows[2:4]] == [-1, 0]
    (camhs,) = found.services
    assert (camhs.service, camhs.open, camhs.immediate_risk, camhs.overdue, camhs.due_this_week) == (
        CAMHS,
        7,
        1,
        3,
        1,
    )
    pages = [inbox(reader, viewer(CLINICIAN), InboxCriteria(size=3, page=n)).rows for n in (1, 2, 3)]
    assert [line for page in pages for line in page] == list(found.rows)
    assert found.total == 7


def test_by_service(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    """A manager of two services; a clinician of one of them has that one's alone."""
    case.agrees(UUID(int=0xE7), BOARD, day(-27), service=THERAPY)
    both = msgspec.structs.replace(viewer(CLINICIAN), services=(CAMHS, THERAPY))
    to_camhs = received(case, 1, day(0), "routine")
    to_therapy = received(case, 2, day(0), "routine", THERAPY)
    engine.catch_up()

    def of(service: UUID | None) -> list[UUID]:
        found = inbox(reader, both, InboxCriteria(service=service))
        return [line.referral.referral for line in found.rows]

    assert of(CAMHS) == [to_camhs]
    assert of(THERAPY) == [to_therapy]
    assert set(of(None)) == {to_camhs, to_therapy}
    assert of(PSYCHOLOGY) == []
    counts = {c.service: c.open for c in inbox(reader, both, InboxCriteria()).services}
    assert counts == {CAMHS: 1, THERAPY: 1}
    for service, own in ((CAMHS, to_camhs), (THERAPY, to_therapy)):
        found = inbox(reader, msgspec.structs.replace(both, services=(service,)), InboxCriteria())
        assert ([line.referral.referral for line in found.rows], len(found.services)) == ([own], 1)


def test_what_was_not_sent_yet_or_has_ended_is_in_no_inbox(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    case.opens(UUID(int=0xD1), CAMHS, day(0))
    ended = received(case, 1, day(0), "routine")
    case.says(CLINICIAN, ended, "declined", day(3), details={"reason": "below_threshold"})
    engine.catch_up()
    assert inbox(reader, viewer(CLINICIAN), InboxCriteria()).rows == ()


def test_a_referral_passed_on_is_in_the_next_ones_inbox(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    case.agrees(UUID(int=0xE6), EDUCATION, day(0))
    passed = received(case, 1, day(0), "routine")
    to = {"to_service": str(PSYCHOLOGY), "to_agency": str(EDUCATION)}
    case.says(CLINICIAN, passed, "redirected", day(5), details=to)
    engine.catch_up()
    assert inbox(reader, viewer(CLINICIAN), InboxCriteria()).rows == ()
    (line,) = inbox(reader, viewer(PSYCHOLOGIST), InboxCriteria()).rows
    assert (line.referral.referral, line.referral.service) == (passed, PSYCHOLOGY)
    assert line.referral.received_on == day(0)
    assert line.identity is not None


def test_what_was_reported_waits_until_it_is_answered_or_no_longer_counts(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    key = received(case, 1, day(0), "routine")

    def waiting() -> list[int]:
        engine.catch_up()
        return [r.entry for r in reported_milestones(reader, viewer(CLINICIAN), ReportedCriteria()).rows]

    one = case.reports(key, "acknowledged", day(1))
    two = case.reports(key, "triaged", day(2))
    three = case.reports(key, "accepted", day(3))
    four = case.reports(key, "appointment_offered", day(4))
    assert waiting() == [one, two, three, four]
    case.confirms(CLINICIAN, key, one, day(5))
    case.contests(CLINICIAN, key, two, day(5))
    assert waiting() == [three, four]
    five = case.reports(key, "accepted", day(4), supersedes=three, why="A day later.")
    assert waiting() == [four, five]
    strike = {"pupil": PUPIL, "referral": key, "entry": four, "why": "Another child."}
    case.does(ALNCO, day(6), StrikeEntry, **strike)
    assert waiting() == [five]
    found = reported_milestones(reader, viewer(CLINICIAN), ReportedCriteria(service=CAMHS))
    (row,) = found.rows
    assert (row.milestone, row.occurred_on, row.reported_how) == ("accepted", day(4), "telephone")
    assert row.last_version == case.version()
    opened = case.service.record.open([row.said])[0]
    assert isinstance(opened, dict)
    assert opened["reported_by"] == "the secretary"
    assert reported_milestones(reader, viewer(CLINICIAN), ReportedCriteria(service=THERAPY)).total == 0
    assert inbox(reader, viewer(CLINICIAN), InboxCriteria()).reported == 1
    with pytest.raises(Refusal):
        case.confirms(CLINICIAN, key, four, day(7))
    case.says(CLINICIAN, key, "recorded_in_error", day(8), note="Twice.")
    assert waiting() == []


def test_reports_in_pages_the_oldest_first(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    key = received(case, 1, day(0), "routine")
    said = [case.reports(key, "appointment_offered", day(n)) for n in range(1, 6)]
    engine.catch_up()
    pages = [
        reported_milestones(reader, viewer(CLINICIAN), ReportedCriteria(size=2, page=n)) for n in (1, 2, 3)
    ]
    assert [r.entry for page in pages for r in page.rows] == said
    assert pages[0].total == 5


@pytest.mark.parametrize("name", sorted(viewers()))
def test_nobody_else_has_an_inbox(name: str, known: tuple[RecordedCase, Reader]) -> None:
    _, reader = known
    who = viewers()[name]
    found = inbox(reader, who, InboxCriteria())
    assert (found.total > 0) == (name in ("clinician", "psychologist"))
    assert (reported_milestones(reader, who, ReportedCriteria()).total > 0) == (name == "clinician")


def test_a_withdrawal_leaves_the_referral_in_the_inbox_until_it_ends(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    case = told(county)
    case.does(ALNCO, TODAY, WithdrawConsent, pupil=PUPIL, consent=AGREED_CAMHS, contact=MOTHER)
    engine.catch_up()
    found = inbox(reader, viewer(CLINICIAN), InboxCriteria())
    assert [line.referral.referral for line in found.rows] == [TO_CAMHS]
    for person in (OTHER_ALNCO, AUDITOR):
        assert inbox(reader, viewer(person), InboxCriteria()).rows == ()
    case.agrees(UUID(int=0xE7), BOARD, TODAY)
    case.does(ALNCO, TODAY, ResumeSharing, pupil=PUPIL, referral=TO_CAMHS)
    again = {"pupil": PUPIL, "consent": UUID(int=0xE7), "contact": MOTHER, "meaning": "end_referral"}
    case.does(ALNCO, TODAY, WithdrawConsent, **again)
    engine.catch_up()
    found = inbox(reader, viewer(CLINICIAN), InboxCriteria())
    assert (found.rows, found.services) == ((), ())


def test_a_report_waits_for_who_held_it_on_that_day(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    """What happened before the passing on is the former holder's to answer; a passing on that is struck gives back."""
    case.agrees(UUID(int=0xE6), EDUCATION, day(0))
    key = received(case, 1, day(0), "routine")
    to = {"to_service": str(PSYCHOLOGY), "to_agency": str(EDUCATION)}
    case.says(CLINICIAN, key, "redirected", day(5), details=to)
    passing = case.version() - 2  # the disclosure that it is, and the end of the sharing, come after it
    before = case.reports(key, "acknowledged", day(2))
    after = case.reports(key, "acknowledged", day(7))

    def waiting(person: UUID) -> list[int]:
        engine.catch_up()
        return [r.entry for r in reported_milestones(reader, viewer(person), ReportedCriteria()).rows]

    assert (waiting(CLINICIAN), waiting(PSYCHOLOGIST)) == ([before], [after])
    strike = {"pupil": PUPIL, "referral": key, "entry": passing, "why": "Never."}
    case.does(CLINICIAN, day(8), StrikeEntry, **strike)
    assert (waiting(CLINICIAN), waiting(PSYCHOLOGIST)) == ([before, after], [])
    assert inbox(reader, viewer(PSYCHOLOGIST), InboxCriteria()).rows == ()
