"""From registers to the attendance report and the evidence, against a real PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.challenge.commands import DisputeMark, RuleOnDispute, WithdrawChallenge
from coordination.challenge.rule import MISSED, MarkEvidence
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.errors import Refusal
from coordination.event import Command
from coordination.meeting.commands import (
    AddAgendaItem,
    AnswerInvitation,
    CancelMeeting,
    CorrectMark,
    DeclareConflict,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    RecordDelivery,
    RemoveAgendaItem,
    RescheduleMeeting,
    ScheduleMeeting,
    SendAgenda,
)
from coordination.meeting.events import PRESENT, Mark, Party
from coordination.meeting.state import MEETING_STREAM
from coordination.meeting.state import Meeting as MeetingState
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.minutes.decide import TakeMinute
from coordination.pupil.referral.decide import OpenReferral, SubmitReferral
from coordination.service import Coordination
from projections.attendance.queries import (
    AttendanceCriteria,
    AttendanceGroup,
    attendance_evidence,
    meeting,
    meetings,
    months,
    report,
    suggestions,
)
from projections.engine import Engine
from projections.reader import Reader
from projections.rebuild import rebuild
from tests.county import (
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    MOTHER,
    OTHER_SCHOOL,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    THERAPY,
    at,
    order,
    register,
)
from tests.projections.hwb import (
    FIRST,
    TODAY,
    accept_terms,
    answers,
    correct,
    does,
    held_on,
    hold,
    mark,
    meeting_id,
    party,
    put_on_agenda,
    raise_challenge,
    schedule,
    viewer,
    viewers,
)

REFERRAL, ITEM, OTHER_ITEM, MINUTE, DISPUTE = (UUID(int=0xD00 + n) for n in range(5))
OTHER_PUPIL = UUID(int=0xB2)


def told(group: AttendanceGroup) -> dict[str, Any]:
    """A group's figures without the counts that are nought."""
    figures = msgspec.to_builtins(group)
    figures["not_expected"] = {name: n for name, n in figures["not_expected"].items() if n}
    percent = figures.pop("percent_attended")
    kept = {name: n for name, n in figures.items() if n and name != "key"}
    return kept if percent is None else {**kept, "percent_attended": percent}


def one(reader: Reader, service: Coordination, **asked: Any) -> dict[str, Any]:
    """What the auditor is told of CAMHS."""
    asked = {"as_of": TODAY, "service": "CAMHS", **asked}
    found = report(reader, viewer(AUDITOR), service.directory(), AttendanceCriteria(**asked))
    assert found.parked == 0
    assert told(found.total) == (told(found.groups[0]) if found.groups else {})
    return told(found.groups[0]) if found.groups else {}


def recorded_by(day: date) -> Any:
    """The end of a day, as an instant."""
    return at(day, 23)


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


def disputed(
    service: Coordination, reader: Reader, engine: Engine, claims: Mark | None = "attended"
) -> MarkEvidence:
    """Three meetings missed, a challenge sent, the last mark disputed."""
    accept_terms(service)
    for n in range(3):
        hold(service, n, {CAMHS: "absent"})
    engine.catch_up()
    day = held_on(3)
    marks = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, day).marks
    raise_challenge(service, marks, day)
    dispute = DisputeMark(
        occurred_on=day,
        challenge=UUID(int=0xF01),
        dispute=DISPUTE,
        of_meeting=marks[2].meeting,
        mark_version=marks[2].version,
        why="We were there",
        claims=claims,
    )
    does(service, CLINICIAN, dispute)
    return marks[2]


def rules(service: Coordination, ruling: Any, on: date, reads: Mark | None = None) -> None:
    command = RuleOnDispute(
        occurred_on=on,
        challenge=UUID(int=0xF01),
        dispute=DISPUTE,
        ruling=ruling,
        reasons="The book",
        reads=reads,
    )
    does(service, AUDITOR, command)


def test_a_contested_mark_stands_apart_until_it_is_ruled_on(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    disputed(county, reader, engine)
    ruled_on = held_on(3) + timedelta(days=5)
    rules(county, "upheld", ruled_on)
    engine.catch_up()
    before, between, after = (
        one(reader, county, known_at=recorded_by(day))
        for day in (held_on(3) - timedelta(days=1), held_on(3), ruled_on)
    )
    assert (before["absent"], before["percent_attended"]) == (3, 0.0)
    assert (between["absent"], between["contested"], between["percent_attended"]) == (2, 1, 0.0)
    assert "attended" not in between
    assert (after["absent"], after["attended"], after["rulings_changed"]) == (2, 1, 1)
    assert after["percent_attended"] == 33.3


@pytest.mark.parametrize(
    ("claims", "ruling", "reads", "figures"),
    [
        ("attended", "not_upheld", None, {"absent": 3, "rulings_unchanged": 1}),
        ("attended", "partly", "apologies", {"absent": 2, "apologies": 1, "rulings_changed": 1}),
        (None, "upheld", None, {"absent": 2, "struck_out": 1, "rulings_changed": 1}),
    ],
)
def test_a_ruling_is_read_as_it_says(
    county: Coordination,
    engine: Engine,
    reader: Reader,
    claims: Mark | None,
    ruling: str,
    reads: Mark | None,
    figures: dict[str, int],
) -> None:
    disputed(county, reader, engine, claims)
    rules(county, ruling, held_on(3), reads)
    engine.catch_up()
    found = one(reader, county)
    marks = (
        "attended",
        "apologies",
        "absent",
        "contested",
        "struck_out",
        "rulings_changed",
        "rulings_unchanged",
    )
    assert {name: found[name] for name in marks if name in found} == figures
    assert found["expected"] == 3


def test_a_party_does_not_undo_a_ruling_by_correcting_its_register(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    line = disputed(county, reader, engine)
    rules(county, "upheld", held_on(3))
    correct(county, line.meeting, CAMHS, "apologies", held_on(3) + timedelta(days=1))
    engine.catch_up()
    assert one(reader, county)["attended"] == 1
    now = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY).marks[2]
    assert (now.mark, now.ruled, now.reads, now.counts_as) == ("apologies", True, "attended", "attended")


def test_a_dispute_ends_when_the_school_corrects_the_line_to_what_is_claimed(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    line = disputed(county, reader, engine)
    correct(county, line.meeting, CAMHS, "late", held_on(3))
    engine.catch_up()
    assert one(reader, county)["contested"] == 1
    correct(county, line.meeting, CAMHS, "attended", held_on(3))
    engine.catch_up()
    assert "contested" not in one(reader, county)
    assert one(reader, county)["attended"] == 1


def test_no_mark_stays_contested_because_the_challenge_is_withdrawn(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    disputed(county, reader, engine)
    withdrawn = WithdrawChallenge(occurred_on=held_on(3), challenge=UUID(int=0xF01), why="Settled")
    with pytest.raises(Refusal, match="dispute_open"):
        does(county, ALNCO, withdrawn)
    rules(county, "not_upheld", held_on(3))
    does(county, ALNCO, withdrawn)
    engine.catch_up()
    assert "contested" not in one(reader, county)
    assert one(reader, county)["absent"] == 3


def test_month_by_month_adds_up_to_the_report(county: Coordination, engine: Engine, reader: Reader) -> None:
    accept_terms(county)
    for n, how in enumerate(("attended", "apologies", "absent", "attended")):
        hold(county, n, {CAMHS: how})
    engine.catch_up()
    directory, looking = county.directory(), viewer(ALNCO)
    ask = AttendanceCriteria(as_of=TODAY)
    found = months(reader, looking, directory, ask)
    whole = report(reader, looking, directory, ask).total
    firsts = [month.first for month in found]
    assert firsts == sorted(firsts) and {first.day for first in firsts} == {1}
    last = firsts[-1]
    assert len(found) == (last.year - firsts[0].year) * 12 + last.month - firsts[0].month + 1, (
        "no month is left out"
    )
    for name in ("meetings", "expected", "attended", "apologies", "absent", "not_marked", "contested"):
        assert sum(getattr(month.group, name) for month in found) == getattr(whole, name) > -1, name
    assert [m.group.key for m in found if m.group.meetings] == sorted(
        {f"{held_on(n):%Y-%m}" for n in range(4)}
    )
    for month in found:
        days = [n for n in range(4) if held_on(n).replace(day=1) == month.first]
        assert month.group.meetings == len(days)
        until = report(
            reader,
            looking,
            directory,
            AttendanceCriteria(as_of=TODAY, from_on=month.first, to_on=_last(month.first)),
        )
        assert until.total.percent_attended == month.group.percent_attended
    assert months(reader, looking, directory, AttendanceCriteria(as_of=held_on(0) - timedelta(days=1))) == ()
    # as it was known before the last meeting was marked
    then = months(reader, looking, directory, AttendanceCriteria(as_of=TODAY, known_at=at(held_on(2))))
    assert sum(month.group.attended for month in then) == 1


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def test_groups_and_filters(county: Coordination, engine: Engine, reader: Reader) -> None:
    accept_terms(county)
    accept_terms(county, PSYCHOLOGY, OTHER_SCHOOL)
    hold(county, 0, {CAMHS: "attended", THERAPY: "attended"})
    hold(county, 1, {CAMHS: "absent"})
    hold(county, 0, {PSYCHOLOGY: "absent", CAMHS: "late"}, school=OTHER_SCHOOL)
    engine.catch_up()
    directory = county.directory()

    def keys(**asked: Any) -> list[tuple[str, int, int, int]]:
        found = report(reader, viewer(AUDITOR), directory, AttendanceCriteria(as_of=TODAY, **asked))
        assert sum(g.invited for g in found.groups) == found.total.invited
        return [(g.key, g.meetings, g.expected, g.attended) for g in (*found.groups, found.total)]

    assert keys() == [("CAMHS", 3, 2, 1), ("EPS", 1, 1, 0), ("SALT", 1, 0, 0), ("all", 3, 3, 1)]
    assert keys(by="agency") == [("BOARD", 3, 2, 1), ("EDUCATION", 1, 1, 0), ("all", 3, 3, 1)]
    assert keys(by="school") == [("6994001", 2, 2, 1), ("6994002", 1, 1, 0), ("all", 3, 3, 1)]
    assert keys(school="6994002") == [("CAMHS", 1, 0, 0), ("EPS", 1, 1, 0), ("all", 1, 1, 0)]
    assert keys(agency="BOARD", by="school") == [("6994001", 2, 2, 1), ("6994002", 1, 0, 0), ("all", 3, 2, 1)]
    assert keys(service="CAMHS", from_on=held_on(1)) == [("CAMHS", 1, 1, 0), ("all", 1, 1, 0)]
    assert keys(to_on=FIRST - timedelta(days=1)) == [("all", 0, 0, 0)]


def test_an_unknown_code_is_refused_by_name(county: Coordination, engine: Engine, reader: Reader) -> None:
    for field in ("school", "agency", "service"):
        with pytest.raises(Refusal, match=f"unknown_{field}") as refusal:
            report(
                reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY, **{field: "?"})
            )
        assert refusal.value.field == field
    with pytest.raises(Refusal, match="ends_before_it_begins"):
        ask = AttendanceCriteria(as_of=TODAY, from_on=TODAY, to_on=FIRST)
        report(reader, viewer(AUDITOR), county.directory(), ask)


def test_figures_show_services_and_agencies_never_staff(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    schedule(county, 0)
    day = held_on(0)
    board, named = Party(organisation=BOARD), Party(organisation=BOARD, person=CLINICIAN)
    for invited in (board, named):
        does(
            county,
            ALNCO,
            MarkPresence(occurred_on=day, meeting=meeting_id(0), party=invited, mark="attended"),
        )
    mark(county, 0, {})
    engine.catch_up()
    found = report(reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY))
    assert [(g.key, told(g)) for g in found.groups] == [
        ("BOARD", {"meetings": 1, "not_expected": {"count": 1, "uninvited": 1, "attended": 1}})
    ]
    for person, seats in ((ALNCO, 3), (CLINICIAN, 2), (AUDITOR, 1)):
        shown = meeting(reader, viewer(person), meeting_id(0))
        assert shown is not None
        assert len(shown.seats) == seats


def test_the_report_says_on_what_it_rests_and_is_json(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    hold(county, 0, {CAMHS: "attended"})
    last = engine.catch_up()
    found = report(
        reader, viewer(AUDITOR), county.directory(), AttendanceCriteria(as_of=TODAY, school="6994001")
    )
    said = msgspec.json.decode(msgspec.json.encode(found))
    assert (said["log_position"], said["metric_version"], said["parked"], said["school"]) == (
        last,
        "1",
        0,
        "6994001",
    )
    assert said["groups"][0]["not_expected"]["no_terms"] == 1


# The evidence


def test_evidence_is_what_raising_wants_and_says_which_rule_is_met(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    terms = accept_terms(county)
    for n, how in enumerate(("attended", "attended", "attended", "absent", "attended", "absent")):
        hold(county, n, {CAMHS: how})  # type: ignore[dict-item]
    last = engine.catch_up()
    early = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, held_on(4))
    assert (early.met, early.kind, early.code, early.counted, early.threshold) == (
        False,
        None,
        "missed_of_last",
        1,
        2,
    )
    found = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, held_on(5))
    assert (found.met, found.kind, found.code, found.counted, found.threshold, found.window) == (
        True,
        "challenge",
        "missed_of_last",
        2,
        2,
        3,
    )
    assert [m.held_on for m in found.considered] == [held_on(3), held_on(4), held_on(5)]
    assert {m.position for m in found.marks} == {last} == {found.log_position}
    assert {m.terms for m in found.marks} == {terms}
    raise_challenge(county, found.marks, held_on(5), send=False)
    assert county.batch().state(CHALLENGE_STREAM, UUID(int=0xF01)).marks == found.considered
    engine.catch_up()
    again = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, held_on(5))
    assert again.open_challenge == UUID(int=0xF01)
    assert again.agency == BOARD


def test_the_second_rule_speaks_of_unannounced_absences(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    for n, how in enumerate(("absent", "attended", "attended", "absent", "attended", "attended")):
        hold(county, n, {CAMHS: how})  # type: ignore[dict-item]
    engine.catch_up()
    found = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY)
    assert (found.kind, found.code, found.counted, found.window) == (
        "challenge",
        "absent_without_apology",
        2,
        6,
    )
    raise_challenge(county, found.marks, TODAY, send=False)


def test_without_terms_there_is_an_enquiry_and_the_rebuttal_is_on_record(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    hold(county, 0, {CAMHS: "absent"})
    accept_terms(county, since=held_on(0) + timedelta(days=1))
    schedule(county, 1, CAMHS, notice_days=7)
    mark(county, 1, {CAMHS: "absent"})
    schedule(county, 2, CAMHS)
    answers(county, meeting_id(2), CAMHS, "apologies", held_on(2) - timedelta(days=1))
    mark(county, 2, {CAMHS: "apologies"}, finalise=False)
    engine.catch_up()
    found = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY)
    assert (found.met, found.kind) == (True, "enquiry")
    grounds = [(r.held_on, r.ground, r.notice, r.notice_required) for r in found.rebuttals]
    assert grounds[:2] == [(held_on(0), "no_terms", 12, None), (held_on(1), "short_notice", 5, 10)]
    assert [g[1] for g in grounds[2:]] == ["apologies", "register_open"]
    raise_challenge(county, found.marks, TODAY, send=False)
    assert county.batch().state(CHALLENGE_STREAM, UUID(int=0xF01)).kind == "enquiry"


def test_contested_and_corrected_lines_are_rebuttals(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    disputed(county, reader, engine)
    correct(county, meeting_id(1), CAMHS, "apologies", held_on(3))
    engine.catch_up()
    found = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY)
    assert (found.met, found.counted) == (True, 2)
    assert [(r.held_on, r.ground) for r in found.rebuttals] == [
        (held_on(1), "apologies"),
        (held_on(1), "corrected_afterwards"),
        (held_on(2), "contested"),
    ]
    rules(county, "upheld", held_on(3))
    engine.catch_up()
    ruled = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY)
    assert [m.counts_as for m in ruled.marks] == ["absent", "apologies", "attended"]
    assert ruled.rebuttals[-1].ground == "ruled"


def test_suggestions_put_first_what_can_be_challenged(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county, THERAPY)
    accept_terms(county, CAMHS)
    for n in range(3):
        hold(county, n, {CAMHS: "attended", THERAPY: "absent", PSYCHOLOGY: "absent"})
    engine.catch_up()
    found = suggestions(reader, viewer(ALNCO), SCHOOL, TODAY)
    assert [(e.service, e.kind) for e in found] == [
        (THERAPY, "challenge"),
        (PSYCHOLOGY, "enquiry"),
        (CAMHS, None),
    ]
    assert attendance_evidence(reader, viewer(ALNCO), SCHOOL, THERAPY, TODAY) == found[0]
    nothing = attendance_evidence(reader, viewer(ALNCO), SCHOOL, UUID(int=0x99), TODAY)
    assert (nothing.marks, nothing.met, nothing.kind) == ((), False, None)


# Meetings


def disclosed(service: Coordination) -> None:
    """The mother agrees that the board may know of the pupil, and the school refers."""
    register(service)
    register(service, OTHER_PUPIL, "E670200126001")
    on = {"occurred_on": date(2025, 1, 6), "pupil": PUPIL}
    given = GiveConsent(
        consent=UUID(int=0xE1), agency=BOARD, authority="parental_responsibility", contact=MOTHER, **on
    )
    opened = OpenReferral(referral=REFERRAL, service=CAMHS, school=SCHOOL, immediate_risk=False, **on)
    does(service, ALNCO, given, opened, SubmitReferral(referral=REFERRAL, **on))


def test_a_meeting_with_its_agenda_invitations_and_steps(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    disclosed(county)
    key = schedule(county, 1, CAMHS, THERAPY, name="Hwb Ysgol", place="Room 4", quorum=2, chair=ALNCO)
    put_on_agenda(county, 1, ITEM, PUPIL, CAMHS)
    put_on_agenda(county, 1, OTHER_ITEM, OTHER_PUPIL)
    asked = held_on(1) - timedelta(days=10)
    does(county, ALNCO, SendAgenda(occurred_on=asked, meeting=key))
    answers(county, key, CAMHS, "attending", asked)
    engine.catch_up()
    before = meeting(reader, viewer(ALNCO), key)
    assert before is not None
    assert (before.brief.invited, before.brief.unanswered, before.brief.expected, before.brief.unmarked) == (
        2,
        1,
        1,
        1,
    )
    assert [i.item for i in before.agenda] == [ITEM, OTHER_ITEM]
    assert (before.brief.agenda_sent_on, before.brief.finalised, before.brief.quorate) == (
        asked,
        False,
        False,
    )
    mark(county, 1, {CAMHS: "attended"})
    engine.catch_up()
    after = meeting(reader, viewer(ALNCO), key)
    assert after is not None
    assert (after.brief.finalised_on, after.brief.present, after.brief.quorate) == (held_on(1), 2, True)
    assert after.brief.last_version == county.batch().state(MEETING_STREAM, key).version
    [seat] = [s for s in after.seats if s.party == CAMHS]
    assert (seat.answer, seat.own_word, seat.mark, seat.items, seat.notice_required) == (
        "attending",
        False,
        "attended",
        (ITEM,),
        10,
    )
    [scheduled] = [s for s in after.steps if s.topic == "meeting.scheduled"]
    assert scheduled.text is not None
    [opened] = county.record.open([scheduled.text])
    assert opened == {"name": "Hwb Ysgol", "place": "Room 4"}


def test_an_agenda_item_taken_off_is_gone(county: Coordination, engine: Engine, reader: Reader) -> None:
    schedule(county, 1, CAMHS)
    put_on_agenda(county, 1, ITEM, PUPIL)
    put_on_agenda(county, 1, OTHER_ITEM, OTHER_PUPIL)
    engine.catch_up()
    on = held_on(1) - timedelta(days=5)
    does(county, ALNCO, RemoveAgendaItem(occurred_on=on, meeting=meeting_id(1), item=ITEM))
    engine.catch_up()
    shown = meeting(reader, viewer(ALNCO), meeting_id(1))
    assert shown is not None
    assert [i.pupil for i in shown.agenda] == [OTHER_PUPIL]


def test_meetings_of_a_school_a_series_and_a_service(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    hold(county, 0, {CAMHS: "attended"})
    hold(county, 1, {PSYCHOLOGY: "attended"})
    hold(county, 0, {CAMHS: "absent"}, school=OTHER_SCHOOL)
    does(county, ALNCO, CancelMeeting(occurred_on=held_on(1), meeting=schedule(county, 2, CAMHS)))
    engine.catch_up()
    days = [(b.school, b.held_on, b.cancelled) for b in meetings(reader, viewer(CLINICIAN), service=CAMHS)]
    assert days == [
        (SCHOOL, held_on(0), False),
        (OTHER_SCHOOL, held_on(0), False),
        (SCHOOL, held_on(2), True),
    ]
    own = meetings(reader, viewer(ALNCO), school=SCHOOL, from_on=held_on(1))
    assert [b.held_on for b in own] == [held_on(1), held_on(2)]
    assert len(meetings(reader, viewer(ALNCO), series=UUID(int=0x5E + SCHOOL.int))) == 3


# Who sees what


def everything(service: Coordination, reader: Reader, engine: Engine) -> None:
    """A meeting with an item for CAMHS, one for psychology and one nobody needs; a mark corrected and disputed."""
    disclosed(service)
    disputed(service, reader, engine)
    key = schedule(service, 4, CAMHS, PSYCHOLOGY)
    put_on_agenda(service, 4, ITEM, PUPIL, CAMHS)
    put_on_agenda(service, 4, OTHER_ITEM, OTHER_PUPIL, PSYCHOLOGY)
    mark(service, 4, {CAMHS: "attended", PSYCHOLOGY: "absent"})
    correct(service, key, CAMHS, "late", held_on(4))
    correct(service, key, PSYCHOLOGY, "attended", held_on(4))
    engine.catch_up()


# name: meetings, all seats of meeting 4, its items, seats with a history, sealed words, lines in figures, evidence of
# CAMHS
SEEN = {
    "alnco": (4, 3, 2, 3, 2, 5, 4),
    "head": (4, 3, 2, 3, 2, 5, 4),
    "operator": (4, 3, 2, 3, 2, 5, 4),
    "clinician": (4, 1, 1, 1, 1, 4, 4),
    "other_clinician": (1, 1, 0, 1, 1, 1, 0),
    "auditor": (4, 2, 0, 0, 0, 5, 4),
    "other_alnco": (0, 0, 0, 0, 0, 0, 0),
    "far_auditor": (0, 0, 0, 0, 0, 0, 0),
    "administrator": (0, 0, 0, 0, 0, 0, 0),
}


def test_every_role_sees_its_own_and_no_more(county: Coordination, engine: Engine, reader: Reader) -> None:
    everything(county, reader, engine)
    directory = county.directory()
    seen = {}
    for name, looking in viewers().items():
        shown = meeting(reader, looking, meeting_id(4))
        figures = report(reader, looking, directory, AttendanceCriteria(as_of=TODAY)).total
        seats = shown.seats if shown else ()
        seen[name] = (
            len(meetings(reader, looking)),
            len(seats),
            len(shown.agenda) if shown else 0,
            sum(bool(s.markings) for s in seats),
            sum(m.why is not None for s in seats for m in s.markings),
            figures.invited,
            len(attendance_evidence(reader, looking, SCHOOL, CAMHS, TODAY).marks),
        )
        assert sum(len(e.marks) for e in suggestions(reader, looking, SCHOOL, TODAY)) == figures.invited
    assert seen == SEEN


def test_staff_of_the_school_alone_see_what_is_the_schools(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    everything(county, reader, engine)
    declared = DeclareConflict(occurred_on=held_on(5), meeting=schedule(county, 5, CAMHS), person=ALNCO)
    does(county, ALNCO, declared)
    engine.catch_up()
    told_of = {
        name: bool(shown and any(s.topic == "meeting.conflict_declared" for s in shown.steps))
        for name, looking in viewers().items()
        if (shown := meeting(reader, looking, meeting_id(5))) or True
    }
    assert {name for name, told in told_of.items() if told} == {"alnco", "head", "operator"}


def test_an_agency_that_was_in_the_room_sees_the_item(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    """Though nobody had said that the item needed it; and not without its own basis for the pupil."""
    disclosed(county)
    key = schedule(county, 1, CAMHS, PSYCHOLOGY)
    put_on_agenda(county, 1, ITEM, PUPIL)
    mark(county, 1, {CAMHS: "attended", PSYCHOLOGY: "attended"}, finalise=False)
    engine.catch_up()

    def items(person: UUID) -> int:
        shown = meeting(reader, viewer(person), key)
        return len(shown.agenda) if shown else -1

    assert items(CLINICIAN) == 0
    taken = TakeMinute(
        occurred_on=held_on(1),
        meeting=key,
        pupil=PUPIL,
        minute=MINUTE,
        item=ITEM,
        services_present=(CAMHS, PSYCHOLOGY),
        discussion="Mae’n well",
    )
    does(county, ALNCO, taken)
    engine.catch_up()
    assert items(CLINICIAN) == 1
    assert items(PSYCHOLOGIST) == 0
    assert items(AUDITOR) == 0
    shown = meeting(reader, viewer(ALNCO), key)
    assert shown is not None
    assert (shown.brief.minutes, shown.brief.last_version) == (
        1,
        county.batch().state(MEETING_STREAM, key).version,
    )


# Any history


MARKS: tuple[Mark, ...] = (
    "attended",
    "late",
    "left_early",
    "apologies",
    "absent",
    "substitute",
    "written_contribution",
)


def some_history(service: Coordination, seed: int) -> list[UUID]:
    """Meetings of one school after many commands drawn at random; those that are refused leave no trace."""
    draw = Random(seed)
    batch = service.batch()
    days = [FIRST + timedelta(days=n) for n in range(90)]
    keys = [meeting_id(n) for n in range(15)]
    for day in days:
        for _ in range(10):
            command = some_command(draw, draw.choice(keys), day, partial(batch.state, MEETING_STREAM))
            try:
                batch.perform(command, order(ALNCO, day))
            except Refusal:
                continue
        batch.commit()
    return keys


def some_command(draw: Random, key: UUID, day: date, state: Callable[[UUID], MeetingState]) -> Command:
    meeting = state(key)
    if not meeting.scheduled:
        ahead = day + timedelta(days=draw.randrange(1, 50))
        return ScheduleMeeting(occurred_on=day, meeting=key, school=SCHOOL, held_on=ahead)
    of = draw.choice((CAMHS, THERAPY, PSYCHOLOGY))
    item = UUID(int=draw.randrange(1, 9))
    on: dict[str, Any] = {"occurred_on": day, "meeting": key}
    if meeting.held_on <= day:
        line = meeting.register.get(of)
        how = draw.choice((*MARKS, "apologies", "absent", "absent"))
        if draw.random() < 0.1:
            return FinaliseMeeting(**on)
        if line is not None:
            return CorrectMark(**on, party=of, mark=how, supersedes=line.version, why="Wrong")
        return MarkPresence(**on, party=party(of), mark=how)
    ahead = day + timedelta(days=draw.randrange(0, 50))
    return draw.choice(
        (
            Invite(**on, party=party(of), whole_meeting=draw.random() < 0.7),
            Invite(**on, party=party(of), whole_meeting=draw.random() < 0.7),
            Invite(**on, party=party(of), whole_meeting=draw.random() < 0.7),
            AnswerInvitation(**on, party=of, answer=draw.choice(("attending", "apologies"))),
            RecordDelivery(**on, party=of, way="letter", arrived=draw.random() < 0.7),
            AddAgendaItem(**on, item=item, about=PUPIL, services=(of,)),
            RemoveAgendaItem(**on, item=item),
            RescheduleMeeting(**on, held_on=ahead) if draw.random() < 0.2 else SendAgenda(**on),
            CancelMeeting(**on) if draw.random() < 0.1 else SendAgenda(**on),
        )
    )


def counted_again(states: list[MeetingState], as_of: date) -> Counter[str]:
    """The figures of the board and of education, counted from the meetings themselves."""
    found: Counter[str] = Counter()
    for state in states:
        if state.cancelled or not state.scheduled or state.held_on > as_of:
            continue
        parties = {k for k in (*state.invitations, *state.register) if k in (CAMHS, THERAPY, PSYCHOLOGY)}
        found["meetings"] += bool(parties)
        for key in parties:
            invitation, line = state.invitations.get(key), state.register.get(key)
            found["invited"] += invitation is not None
            if invitation is None or not invitation.expectation.expected:
                found["others"] += 1
                continue
            found["expected"] += 1
            if line is None:
                found["not_marked"] += 1
            elif line.mark in PRESENT or line.mark == "written_contribution":
                found["attended"] += 1
            else:
                assert line.mark in MISSED
                found[line.mark] += 1
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_is_counted_right_whatever_the_pages(
    county: Coordination, engine: Engine, reader: Reader, database: str, seed: int
) -> None:
    for of in (CAMHS, THERAPY):
        accept_terms(county, of, notice=3)
    keys = some_history(county, seed)
    engine.catch_up()
    states = [county.batch().state(MEETING_STREAM, key) for key in keys]
    drawn = counted_again(states, FIRST + timedelta(days=90))
    assert min(drawn[n] for n in ("attended", "apologies", "absent", "others")) > 0, drawn
    for as_of in (FIRST + timedelta(days=n) for n in (30, 60, 90)):
        total = report(
            reader, viewers()["operator"], county.directory(), AttendanceCriteria(as_of=as_of)
        ).total
        again = counted_again(states, as_of)
        names = ("meetings", "invited", "expected", "attended", "apologies", "absent", "not_marked")
        assert {n: getattr(total, n) for n in names} == {n: again[n] for n in names}
        assert total.not_expected.count == again["others"]
    assert rebuild(database, county.record.outer, page_size=1).differing == ()


def test_disputes_and_the_agenda_come_to_the_same_whatever_the_pages(
    county: Coordination, engine: Engine, reader: Reader, database: str
) -> None:
    everything(county, reader, engine)
    rules(county, "upheld", held_on(4))
    engine.catch_up()
    for size in (1, 1000):
        assert rebuild(database, county.record.outer, page_size=size).differing == ()
