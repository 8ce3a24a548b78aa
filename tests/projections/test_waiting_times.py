"""From milestones to the report, against a real PostgreSQL."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from coordination.event import CommandContext
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.referral.decide import (
    OpenReferral,
    RecordMilestone,
    ReportSource,
    StrikeEntry,
    SubmitReferral,
)
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.engine import Engine
from projections.reader import Reader
from projections.waiting_times.queries import WaitingTimesCriteria, report, whose_days
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PUPIL,
    ROLES,
    SCHOOL,
    at,
    looks_for,
    order,
    register,
)

REFERRAL = UUID(int=0xD1)
DAY0 = date(2025, 2, 3)
TODAY = date(2025, 6, 1)


def viewer(person: UUID) -> Viewer:
    organisation, role = ROLES[person]
    return Viewer(
        person=person, organisation=organisation, role=role, today=TODAY, services=looks_for(person)
    )


def day(number: int) -> date:
    return date.fromordinal(DAY0.toordinal() + number)


@pytest.fixture
def story(county: Coordination) -> Coordination:
    """Received on day 0, acknowledged on 3, offered on 20, not brought on 27, offered again, seen on day 41."""
    register(county)

    def perform(command: object, by: CommandContext) -> None:
        county.perform(command, by)  # type: ignore[arg-type]

    on = {"occurred_on": DAY0, "pupil": PUPIL}
    perform(
        GiveConsent(
            consent=UUID(int=0xE1),
            agency=BOARD,
            service=CAMHS,
            authority="parental_responsibility",
            contact=MOTHER,
            **on,
        ),
        order(ALNCO, DAY0),
    )
    perform(
        OpenReferral(referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False, **on),
        order(ALNCO, DAY0),
    )
    perform(SubmitReferral(referral=REFERRAL, **on), order(ALNCO, DAY0))
    steps = (
        ("received", 0),
        ("acknowledged", 3),
        ("appointment_offered", 20),
        ("was_not_brought", 27),
        ("appointment_offered", 28),
        ("first_contact", 41),
    )
    for name, number in steps:
        said = RecordMilestone(occurred_on=day(number), pupil=PUPIL, referral=REFERRAL, milestone=name)
        if name == "was_not_brought":
            reported = ReportSource(by="the team's secretary", how="telephone", on=day(number))
            said = RecordMilestone(
                occurred_on=day(number), pupil=PUPIL, referral=REFERRAL, milestone=name, reported=reported
            )
            perform(said, order(ALNCO, day(number)))
        else:
            perform(said, order(CLINICIAN, day(number)))
    return county


def test_the_wait_is_shown_unadjusted_to_those_whose_it_is(
    story: Coordination, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    for person in (ALNCO, CLINICIAN, AUDITOR):
        found = report(
            reader, viewer(person), story.directory(), WaitingTimesCriteria(service="CAMHS", as_of=TODAY)
        )
        assert [(g.key, g.completed.count, g.completed.median_days) for g in found.groups] == [
            ("CAMHS", 1, 41.0)
        ]
        assert found.groups[0].completed.within_standard == 0
        assert [b.count for b in found.groups[0].completed.bands] == [0, 1, 0]
        assert found.groups[0].waiting.count == 0
        assert found.unconfirmed == 0
    for person in (OTHER_ALNCO, PSYCHOLOGIST, ADMINISTRATOR):
        found = report(
            reader, viewer(person), story.directory(), WaitingTimesCriteria(service="CAMHS", as_of=TODAY)
        )
        assert found.groups[0].completed.count == 0


def test_as_known_a_month_before_it_was_still_waiting(
    story: Coordination, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    ask = WaitingTimesCriteria(service="CAMHS", as_of=day(30), known_at=at(day(30), 23))
    found = report(reader, viewer(AUDITOR), story.directory(), ask)
    assert found.groups[0].completed.count == 0
    assert (found.groups[0].waiting.count, found.groups[0].waiting.longest_days) == (1, 30)
    assert found.groups[0].waiting.over_standard == 1


def test_whose_days_add_up_to_the_elapsed_days(story: Coordination, engine: Engine, reader: Reader) -> None:
    engine.catch_up()
    days = whose_days(
        reader, viewer(AUDITOR), story.directory(), WaitingTimesCriteria(service="CAMHS", as_of=TODAY)
    )
    assert days == {
        "CAMHS": {
            "completed": {
                "agency": 41,
                "school": 0,
                "family": 0,
                "authority": 0,
                "exempt": 0,
                "other_service": 0,
            }
        }
    }


def test_a_struck_entry_reopens_the_wait_and_both_are_known(
    story: Coordination, engine: Engine, reader: Reader
) -> None:
    last = story.batch().state(PUPIL_STREAM, PUPIL).version
    strike = StrikeEntry(
        occurred_on=day(50), pupil=PUPIL, referral=REFERRAL, entry=last, why="Another child."
    )
    story.perform(strike, order(CLINICIAN, day(50)))
    engine.catch_up()
    now = report(
        reader, viewer(AUDITOR), story.directory(), WaitingTimesCriteria(service="CAMHS", as_of=day(60))
    )
    assert (now.groups[0].completed.count, now.groups[0].waiting.longest_days) == (0, 60)
    then = WaitingTimesCriteria(service="CAMHS", as_of=day(60), known_at=at(day(45)))
    assert report(reader, viewer(AUDITOR), story.directory(), then).groups[0].completed.count == 1


def test_by_need_counts_under_each_of_the_pupils_needs(
    story: Coordination, engine: Engine, reader: Reader
) -> None:
    engine.catch_up()
    found = report(
        reader,
        viewer(ALNCO),
        story.directory(),
        WaitingTimesCriteria(service="CAMHS", as_of=TODAY, by="need"),
    )
    assert [(g.key, g.completed.count) for g in found.groups] == [("ASD", 1), ("SLCD", 1)]
