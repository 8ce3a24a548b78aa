"""The dossier of a challenge, and delays."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from coordination.challenge.commands import (
    RuleOnDispute,
    WithdrawChallenge,
)
from coordination.meeting.events import Mark
from coordination.pupil.referral.decide import RecordMilestone
from coordination.service import Coordination
from projections.attendance.queries import attendance_evidence
from projections.challenges.queries import (
    delays,
    dossier,
)
from projections.engine import Engine
from projections.reader import Reader
from tests.county import (
    ALNCO,
    AUDITOR,
    CAMHS,
    CLINICIAN,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
)
from tests.projections.challenges.shared import (
    DAY,
    DISPUTE,
    OTHER_CHALLENGE,
    REFERRAL,
    delayed,
    disputes,
    raised,
    seen_by,
    turns,
    waiting,
    whole,
)
from tests.projections.hwb import (
    CHALLENGE,
    accept_terms,
    does,
    held_on,
    hold,
    raise_challenge,
    viewer,
)

# The dossier


def test_the_letter_has_each_meeting_with_its_notice_and_answer(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader, send=True)
    engine.catch_up()
    found = whole(reader, county, CLINICIAN)
    assert [(x.raised.held_on, x.raised.mark, x.notice, x.notice_required) for x in found.lines] == [
        (held_on(0), "apologies", 12, 10),
        (held_on(1), "absent", 15, 10),
        (held_on(2), "absent", 15, 10),
    ]
    assert {x.invited_on for x in found.lines} == {held_on(n) - timedelta(days=21) for n in range(3)}
    assert found.waits == ()
    assert [s.topic for s in found.steps] == ["challenge.raised", "challenge.approved", "challenge.sent"]


def test_line_dispute_and_ruling_stay_beside_one_another(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raised(county, engine, reader, send=True)
    engine.catch_up()
    disputes(county, reader)
    engine.catch_up()
    open_one = whole(reader, county, CLINICIAN)
    assert [x.now.counts_as for x in open_one.lines] == ["apologies", "absent", None]
    assert (open_one.disputes[0].claims, open_one.disputes[0].ruling) == ("attended", None)
    assert open_one.challenge.open_disputes == 1
    assert open_one.challenge.still_met
    assert "dispute_to_rule" in turns(reader, county, engine)["authority"]
    ruling = RuleOnDispute(
        occurred_on=DAY, challenge=CHALLENGE, dispute=DISPUTE, ruling="upheld", reasons="The book"
    )
    does(county, AUDITOR, ruling)
    engine.catch_up()
    found = whole(reader, county, CLINICIAN)
    assert [(x.raised.mark, x.now.counts_as) for x in found.lines] == [
        ("apologies", "apologies"),
        ("absent", "absent"),
        ("absent", "attended"),
    ]
    [dispute] = found.disputes
    assert (dispute.ruling, dispute.reads, dispute.ruled_by, dispute.disputed_by) == (
        "upheld",
        "attended",
        AUDITOR,
        CLINICIAN,
    )
    assert dispute.why is not None
    assert dispute.reasons is not None
    opened = county.record.open([dispute.why, dispute.reasons])
    assert opened == [
        {"why": "We were there", "answered_by": None, "answered_as": None},
        {"reasons": "The book"},
    ]


def test_the_row_follows_when_a_ruling_takes_the_ground_away(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    accept_terms(county)
    marks: tuple[Mark, ...] = ("attended", "absent", "absent")
    for n, how in enumerate(marks):
        hold(county, n, {CAMHS: how})
    engine.catch_up()
    raise_challenge(county, attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, DAY).marks, DAY)
    engine.catch_up()
    disputes(county, reader)
    seen = seen_by(reader, county, engine, ALNCO)
    assert seen is not None
    assert not seen.still_met


def test_a_strangers_challenge_is_none(county: Coordination, engine: Engine, reader: Reader) -> None:
    raised(county, engine, reader, send=True)
    engine.catch_up()
    assert dossier(reader, viewer(ALNCO), county.directory(), UUID(int=1)) is None


def test_a_wait_over_the_standard_is_suggested_as_raising_wants_it(
    county: Coordination, engine: Engine, reader: Reader
) -> None:
    raising = delayed(county, engine, reader)
    [delay] = delays(reader, viewer(ALNCO), SCHOOL, DAY)
    assert (delay.standard, delay.due_on, delay.challenged) == ("CAMHS-28", {REFERRAL: date(2025, 3, 3)}, {})
    assert delays(reader, viewer(ALNCO), SCHOOL, date(2025, 3, 3)) == ()
    assert len(delays(reader, viewer(ALNCO), SCHOOL, date(2025, 3, 4))) == 1
    assert delays(reader, viewer(ALNCO), SCHOOL, DAY, service=PSYCHOLOGY) == ()
    assert delays(reader, viewer(ALNCO), SCHOOL, DAY, standard="?") == ()
    does(county, ALNCO, raising)
    engine.catch_up()
    found = whole(reader, county, challenge=OTHER_CHALLENGE)
    assert [(w.pupil, w.elapsed, w.due_on) for w in found.waits] == [(PUPIL, 58, date(2025, 3, 3))]
    assert (
        found.challenge.about,
        found.challenge.counted,
        found.challenge.threshold,
        found.challenge.unit,
    ) == (
        "delay",
        58,
        28,
        "calendar_days",
    )
    [again] = delays(reader, viewer(ALNCO), SCHOOL, DAY)
    assert again.challenged == {REFERRAL: OTHER_CHALLENGE}
    does(county, ALNCO, WithdrawChallenge(occurred_on=DAY, challenge=OTHER_CHALLENGE, why="Seen now"))
    engine.catch_up()
    [again] = delays(reader, viewer(ALNCO), SCHOOL, DAY)
    assert again.challenged == {}


def test_a_wait_that_ended_is_not_suggested(county: Coordination, engine: Engine, reader: Reader) -> None:
    waiting(county)
    seen = RecordMilestone(occurred_on=DAY, pupil=PUPIL, referral=REFERRAL, milestone="first_contact")
    does(county, CLINICIAN, seen)
    engine.catch_up()
    assert delays(reader, viewer(ALNCO), SCHOOL, DAY) == ()
    assert len(delays(reader, viewer(ALNCO), SCHOOL, DAY - timedelta(days=1))) == 1
