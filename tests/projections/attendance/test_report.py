"""The attendance report."""

from __future__ import annotations

from datetime import timedelta

from coordination.meeting.commands import (
    CancelMeeting,
    Invite,
    RecordDelivery,
    RescheduleMeeting,
)
from coordination.meeting.events import Mark
from coordination.service import Coordination
from projections.attendance.queries import (
    meeting,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    CAMHS,
)
from tests.projections.attendance.shared import one, recorded_by
from tests.projections.hwb import (
    accept_terms,
    correct,
    does,
    held_on,
    hold,
    mark,
    meeting_id,
    party,
    schedule,
    viewer,
)

# The report


def test_every_mark_is_counted_once_and_attended_has_its_parts(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    marks: tuple[Mark, ...] = (
        "attended",
        "late",
        "left_early",
        "substitute",
        "written_contribution",
        "apologies",
        "absent",
        "absent",
    )
    for n, how in enumerate(marks):
        hold(county, n, {CAMHS: how})
    schedule(county, 8, CAMHS)
    engine.catch_up()
    assert one(reader, county, as_of=held_on(8)) == {
        "meetings": 9,
        "invited": 9,
        "expected": 9,
        "attended": 5,
        "late": 1,
        "left_early": 1,
        "substitute": 1,
        "written_contribution": 1,
        "apologies": 1,
        "absent": 2,
        "not_marked": 1,
        "percent_attended": 62.5,
    }
    assert one(reader, county, as_of=held_on(8) - timedelta(days=1))["meetings"] == 8


def test_who_did_not_have_to_come_stands_apart_with_the_reason(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    hold(county, 0, {CAMHS: "absent"})  # no terms yet
    accept_terms(county, since=held_on(0) + timedelta(days=1))
    schedule(county, 1, CAMHS, notice_days=7)
    mark(county, 1, {CAMHS: "absent"})
    schedule(county, 2)
    asked = held_on(2) - timedelta(days=21)
    does(
        county,
        ALNCO,
        Invite(occurred_on=asked, meeting=meeting_id(2), party=party(CAMHS), whole_meeting=False),
    )
    mark(county, 2, {CAMHS: "apologies"})
    schedule(county, 3, CAMHS)
    came_back = RecordDelivery(
        occurred_on=held_on(3) - timedelta(days=19),
        meeting=meeting_id(3),
        party=CAMHS,
        way="letter",
        arrived=False,
    )
    does(county, ALNCO, came_back)
    mark(county, 3, {})
    schedule(county, 4)
    mark(county, 4, {CAMHS: "late"})
    engine.catch_up()
    assert one(reader, county) == {
        "meetings": 5,
        "invited": 4,
        "not_expected": {
            "count": 5,
            "no_terms": 1,
            "short_notice": 1,
            "not_needed": 1,
            "not_delivered": 1,
            "uninvited": 1,
            "attended": 1,
            "missed": 3,
            "not_marked": 1,
        },
    }


def test_a_cancelled_meeting_does_not_count_and_a_moved_one_counts_on_its_new_day(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    moved, cancelled = schedule(county, 0, CAMHS), schedule(county, 1, CAMHS, notice_days=40)
    told_on, new_day = held_on(0) - timedelta(days=2), held_on(0) + timedelta(days=28)
    does(county, ALNCO, RescheduleMeeting(occurred_on=told_on, meeting=moved, held_on=new_day))
    does(county, ALNCO, CancelMeeting(occurred_on=held_on(0), meeting=cancelled))
    engine.catch_up()
    assert one(reader, county, to_on=held_on(0)) == {}
    assert one(reader, county) == {"meetings": 1, "invited": 1, "expected": 1, "not_marked": 1}
    assert one(reader, county, from_on=new_day)["meetings"] == 1
    # before anybody knew of either
    then = recorded_by(told_on - timedelta(days=1))
    assert one(reader, county, known_at=then, to_on=held_on(0))["meetings"] == 1
    assert one(reader, county, known_at=then, from_on=held_on(1))["meetings"] == 1


def test_a_correction_after_finalising_changes_the_figure_and_the_old_one_stays_known(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    key = hold(county, 0, {CAMHS: "absent"})
    engine.catch_up()
    correct(county, key, CAMHS, "late", held_on(0) + timedelta(days=9))
    engine.catch_up()
    assert one(reader, county)["percent_attended"] == 100.0
    then = recorded_by(held_on(0) + timedelta(days=8))
    assert one(reader, county, known_at=then)["absent"] == 1
    assert one(reader, county, known_at=then)["percent_attended"] == 0.0
    shown = meeting(reader, viewer(ALNCO), key)
    assert shown is not None
    [seat] = [s for s in shown.seats if s.party == CAMHS]
    assert [(m.mark, m.supersedes, m.afterwards) for m in seat.markings] == [
        ("absent", None, False),
        ("late", seat.markings[0].version, True),
    ]
    assert shown.brief.minutes_version == 2
