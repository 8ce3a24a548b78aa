"""The evidence for a challenge, and the pages of meetings."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from coordination.challenge.state import CHALLENGE_STREAM
from coordination.meeting.commands import (
    CancelMeeting,
    RemoveAgendaItem,
    SendAgenda,
)
from coordination.meeting.state import MEETING_STREAM
from coordination.service import Coordination
from projections.attendance.queries import (
    attendance_evidence,
    meeting,
    meetings,
    suggestions,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    BOARD,
    CAMHS,
    CLINICIAN,
    OTHER_SCHOOL,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    THERAPY,
)
from tests.projections.attendance.shared import ITEM, OTHER_ITEM, OTHER_PUPIL, disclosed, disputed, rules
from tests.projections.hwb import (
    TODAY,
    accept_terms,
    answers,
    correct,
    does,
    held_on,
    hold,
    mark,
    meeting_id,
    put_on_agenda,
    raise_challenge,
    schedule,
    viewer,
)

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
