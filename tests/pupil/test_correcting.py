"""Correcting, confirming, passing on, and what may come next."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.event import Command
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.events import DisclosureMade, SharingStopped
from coordination.pupil.profile.commands import RecordViews
from coordination.pupil.referral.appointments import OUTCOMES
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    RaiseImmediateRisk,
    RecordUnavailability,
    StrikeEntry,
    allowed_milestones,
)
from coordination.pupil.referral.events import (
    EntryStruck,
    MilestoneConfirmed,
    MilestoneContested,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.milestones import MILESTONES, SAID_BY_EITHER
from coordination.pupil.referral.milestones.appointments import WasNotBrought
from coordination.pupil.referral.milestones.opening import (
    InformationSupplied,
    Received,
    Redirected,
)
from coordination.pupil.referral.phase import phase
from tests.given import header
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_HEAD,
    AS_MANAGER,
    AS_PSYCHOLOGIST,
    BOARD,
    CAMHS,
    EDPSYCH,
    LA_EDUCATION,
    PUPIL,
)
from tests.pupil.case import (
    AGREED,
    DAY,
    LATER,
    NOT_ON_RECORD,
    REFERRAL,
    PupilCase,
    agree,
    day,
    instant,
    reach,
    sent,
    submit,
    told,
)
from tests.pupil.referrals import ON, received


def reported() -> PupilCase:
    """What the school says that the agency said: received on the first day, told on the third."""
    return sent().does(reach("received", 1, reported=told(3)))


# Correcting


def strike(entry: int, why: str = "Mistaken.") -> StrikeEntry:
    return StrikeEntry(occurred_on=day(9), pupil=PUPIL, referral=REFERRAL, entry=entry, why=why)


def test_a_correction_names_what_it_supersedes_and_why_and_both_stay() -> None:
    case = received()
    wrong = case.last
    case.refuses(reach("received", 2, supersedes=wrong), "cannot_be_empty", "why", **AS_CLINICIAN)
    [event] = case.happened(
        reach("received", 2, supersedes=wrong, why="The stamp says so."), Received, **AS_CLINICIAN
    )
    assert isinstance(event, Received)
    assert (event.supersedes, event.why) == (wrong, "The stamp says so.")
    assert [s.on for s in case.referral.counting()] == [DAY, day(2)]
    assert [s.on for s in case.referral.steps] == [DAY, day(1), day(2)]
    assert isinstance(case.tries(strike(wrong), **AS_CLINICIAN), NotFound)
    assert isinstance(case.tries(strike(1), **AS_CLINICIAN), NotFound)


def test_each_corrects_what_it_entered_itself() -> None:
    case = received().does(reach("withdrawn", 4, details={"reason": "family_asked"}), **AS_CLINICIAN)
    withdrawn = case.last
    case.refuses(strike(withdrawn), "not_your_entry", "supersedes")
    case.refuses(strike(withdrawn, "  "), "cannot_be_empty", "why", **AS_CLINICIAN)
    case.happened(strike(withdrawn), EntryStruck, **AS_CLINICIAN)
    mine = reported()
    mine.refuses(strike(mine.last), "not_your_entry", "supersedes", **AS_CLINICIAN)
    mine.happened(strike(mine.last), EntryStruck, **AS_HEAD)


def test_an_agency_that_passed_it_on_does_not_strike_the_next_ones_words() -> None:
    case = passed_on().does(reach("received", 9), **AS_PSYCHOLOGIST)
    case.refuses(strike(case.last), "not_your_entry", "supersedes", **AS_CLINICIAN)
    case.happened(strike(case.last), EntryStruck, **AS_PSYCHOLOGIST)


# Confirming and contesting


def test_the_agency_confirms_or_contests_what_was_reported() -> None:
    case = reported()
    entry = case.last
    case.happened(ConfirmMilestone(**ON, milestone=entry), MilestoneConfirmed, **AS_CLINICIAN)
    assert case.referral.steps[-1].standing == "confirmed"
    contest = ContestMilestone(**ON, milestone=entry, why="Ar y pedwerydd", says_on=day(4))
    [event] = case.happened(contest, MilestoneContested, **AS_MANAGER)
    assert isinstance(event, MilestoneContested)
    assert event.says_on == day(4)
    step = case.referral.steps[-1]
    assert (step.standing, step.on) == ("contested", day(1)), "a contest changes no day"


def test_what_cannot_be_confirmed_or_contested() -> None:
    case = reported()
    entry = case.last
    for command in (
        ConfirmMilestone(**ON, milestone=entry),
        ContestMilestone(**ON, milestone=entry, why="x"),
    ):
        assert isinstance(case.tries(command), NotFound), "the school does not answer itself"
    case.refuses(ContestMilestone(**ON, milestone=entry, why=" "), "cannot_be_empty", "why", **AS_CLINICIAN)
    late = ContestMilestone(**ON, milestone=entry, why="x", says_on=date(2026, 12, 2))
    case.refuses(late, "in_the_future", "says_on", **AS_CLINICIAN)
    for other in (1, entry - 2, entry + 9):
        case.refuses(ConfirmMilestone(**ON, milestone=other), "nothing_reported", "milestone", **AS_CLINICIAN)
    own = received()
    own.refuses(ConfirmMilestone(**ON, milestone=own.last), "nothing_reported", "milestone", **AS_CLINICIAN)


# Passing on

TO_EDUCATION = {"to_service": EDPSYCH, "to_agency": LA_EDUCATION}


def passed_on() -> PupilCase:
    case = received().does(agree(consent=UUID(int=0xE2), agency=LA_EDUCATION))
    return case.does(reach("redirected", 5, details=TO_EDUCATION), **AS_CLINICIAN)


def test_passing_on_is_a_disclosure_that_needs_a_basis() -> None:
    bare = received()
    bare.refuses(
        reach("redirected", 5, details=TO_EDUCATION), "disclosure_without_basis", "to_service", **AS_CLINICIAN
    )
    case = received().does(agree(consent=UUID(int=0xE2), agency=LA_EDUCATION))
    _, made, stopped = case.happened(
        reach("redirected", 5, details=TO_EDUCATION),
        Redirected,
        DisclosureMade,
        SharingStopped,
        **AS_CLINICIAN,
    )
    assert isinstance(stopped, SharingStopped)
    assert (stopped.agency, stopped.because, stopped.grounds) == (BOARD, "passed_on", (REFERRAL,))
    assert isinstance(made, DisclosureMade)
    assert (made.agency, made.consent, made.ground) == (LA_EDUCATION, UUID(int=0xE2), REFERRAL)


def test_the_next_agency_speaks_and_the_first_receipt_is_kept() -> None:
    case = passed_on().does(reach("received", 9), **AS_PSYCHOLOGIST)
    assert (case.referral.agency, case.referral.agencies) == (LA_EDUCATION, (BOARD, LA_EDUCATION))
    assert phase(case.referral.counting()).received_on == day(1)
    case.refuses(reach("acknowledged", 12), "not_the_holder", "milestone", **AS_CLINICIAN)
    case.does(reach("acknowledged", 3), **AS_CLINICIAN)  # late, of its own time


def test_passing_back_discloses_again_to_who_received_nothing_meanwhile() -> None:
    back = reach("redirected", 9, details={"to_service": CAMHS, "to_agency": BOARD})
    case = passed_on()
    case.happened(back, Redirected, DisclosureMade, SharingStopped, **AS_PSYCHOLOGIST)
    assert case.state.consents.receives(REFERRAL, BOARD, CAMHS)
    assert not case.state.consents.receives(REFERRAL, LA_EDUCATION, EDPSYCH)


def test_passing_back_to_who_may_no_longer_see_it_needs_a_basis() -> None:
    case = passed_on().does(WithdrawConsent(occurred_on=day(7), pupil=PUPIL, consent=AGREED))
    back = reach("redirected", 9, details={"to_service": CAMHS, "to_agency": BOARD})
    case.refuses(back, "disclosure_without_basis", "to_service", **AS_PSYCHOLOGIST)
    case.does(agree(consent=UUID(int=0xE3), occurred_on=day(8)))
    case.happened(back, Redirected, DisclosureMade, SharingStopped, **AS_PSYCHOLOGIST)
    case.does(reach("received", 10), **AS_CLINICIAN)


# What was seen


@pytest.mark.parametrize(
    "command",
    [
        reach("acknowledged", 3),
        StrikeEntry(**ON, entry=1, why="x"),
        ConfirmMilestone(**ON, milestone=1),
        ContestMilestone(**ON, milestone=1, why="x"),
        RecordUnavailability(**ON, from_on=DAY, until=DAY),
        RaiseImmediateRisk(**ON, told=("crisis_team",), told_at=instant(DAY)),
        submit(),
    ],
    ids=lambda c: type(c).__name__,
)
def test_what_moved_on_since_it_was_seen_is_overtaken(command: Command) -> None:
    case = received()
    who = AS_ALNCO if type(command).__name__ in ("SubmitReferral", "RaiseImmediateRisk") else AS_CLINICIAN
    stale = msgspec.structs.replace(command, seen=case.last - 1)
    refusal = case.tries(stale, **who)
    assert isinstance(refusal, StaleVersion)
    assert refusal.facts == {"seen": case.last - 1, "current": case.last}
    # what was recorded elsewhere on the pupil does not overtake
    seen = case.last
    case.does(RecordViews(occurred_on=DAY, pupil=PUPIL, whose="child", words="Helo", language="cy"))
    try:
        case.decided(msgspec.structs.replace(command, seen=seen), **who)
    except Refusal as refusal:
        assert not isinstance(refusal, StaleVersion)


# Unavailability


def test_the_family_asks_for_no_appointment() -> None:
    asked = RecordUnavailability(**ON, from_on=day(5), until=day(9), reason="away")
    case = received()
    case.happened(asked, UnavailabilityRecorded)
    case.happened(asked, UnavailabilityRecorded, **AS_CLINICIAN)
    case.refuses(RecordUnavailability(**ON, from_on=day(5), until=day(4)), "ends_before_it_begins", "until")
    case.refuses(
        RecordUnavailability(**ON, from_on=day(5), until=day(5), reason="sulking"), "unknown_code", "reason"
    )


# What could come next


def test_each_is_offered_what_it_could_record_now() -> None:
    case = received()
    stamp = header(LATER, recorded_at=instant(LATER), **AS_CLINICIAN)
    agencys = allowed_milestones(case.referral, stamp)
    assert {"acknowledged", "accepted", "declined", "appointment_offered"} <= set(agencys)
    assert not {"decided", "submitted", "received", "reopened"} & set(agencys)
    schools = allowed_milestones(case.referral, header(LATER, recorded_at=instant(LATER)))
    assert "information_supplied" in schools and "submitted" not in schools
    for name in agencys:
        details: dict[str, object] = {"reason": "other"} if name == "declined" else {}
        if name == "redirected":
            continue
        if MILESTONES[name].rules.appointment in OUTCOMES:
            details |= NOT_ON_RECORD
        case.decided(reach(name, LATER, details=details, note="x"), **AS_CLINICIAN)


def test_a_missed_appointment_ends_nothing_and_either_may_say_what_belongs_to_both() -> None:
    case = received().does(reach("appointment_offered", 4), **AS_CLINICIAN)
    case.happened(reach("was_not_brought", 9), WasNotBrought, **AS_CLINICIAN)
    case.does(reach("appointment_offered", 10), **AS_CLINICIAN)
    for name in sorted(SAID_BY_EITHER - {"reopened", "recorded_in_error"}):
        for who in (AS_ALNCO, AS_CLINICIAN):
            case.decided(reach(name, 12), **who)
    case.happened(reach("information_supplied", 12), InformationSupplied)
