"""Decisions on referrals: who may say what, on whose word, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.authority import OPERATOR
from coordination.directory.commands import ChangeService, SetRequirements
from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.event import Command
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.events import DisclosureMade
from coordination.pupil.profile.decide import RecordViews
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
    ImmediateRiskRaised,
    MilestoneConfirmed,
    MilestoneContested,
    ReferralOpened,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.milestones import MILESTONES, SAID_BY_AGENCY, SAID_BY_EITHER, SAID_BY_SCHOOL
from coordination.pupil.referral.milestones.appointments import WasNotBrought
from coordination.pupil.referral.milestones.ending import Declined
from coordination.pupil.referral.milestones.opening import (
    InformationSupplied,
    Received,
    Redirected,
    Submitted,
)
from coordination.pupil.referral.phase import phase
from tests.given import NOON, SCHOOL, header
from tests.meeting import hwb
from tests.meeting.hwb import (
    AS_ACCOUNTS,
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_DECLO,
    AS_FAR_DECLO,
    AS_HEAD,
    AS_MANAGER,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    BOARD,
    CAMHS,
    EDPSYCH,
    LA_EDUCATION,
    OTHER_SCHOOL,
    PUPIL,
)
from tests.pupil.case import (
    AGREED,
    DAY,
    LATER,
    REFERRAL,
    PupilCase,
    agree,
    day,
    instant,
    reach,
    refer,
    referred,
    register,
    registered,
    sent,
    submit,
    told,
)

ON: dict[str, Any] = {"occurred_on": DAY, "pupil": PUPIL, "referral": REFERRAL}
STRANGERS: dict[str, dict[str, Any]] = {
    "another school": AS_STRANGER,
    "another board": AS_FAR_DECLO,
    "a charity": AS_COUNSELLOR,
    "the authority's officer": AS_OFFICER,
    "the authority's psychologist": AS_PSYCHOLOGIST,
    "an administrator": AS_ACCOUNTS,
    "an auditor at the school": {**AS_ALNCO, "role": "auditor"},
    "an administrator at the board": {**AS_CLINICIAN, "role": "administrator"},
    "a teacher's role at the board": {**AS_CLINICIAN, "role": "alnco"},
    "a clinician's role at the school": {**AS_ALNCO, "role": "clinician"},
}


def received() -> PupilCase:
    return sent().does(reach("received", 1), **AS_CLINICIAN)


def reported() -> PupilCase:
    """What the school says that the agency said: received on the first day, told on the third."""
    return sent().does(reach("received", 1, reported=told(3)))


# Beginning


def test_a_referral_is_begun_with_what_is_known_of_the_pupil() -> None:
    [opened] = (
        registered()
        .does(agree())
        .happened(refer(reason="Trist", reference="R1", informed_and_discussed=True), ReferralOpened)
    )
    assert isinstance(opened, ReferralOpened)
    assert (opened.service, opened.agency, opened.school) == (CAMHS, BOARD, SCHOOL)
    assert (opened.needs, opened.year, opened.basis) == (("ASD",), 7, "school_referral")


@pytest.mark.parametrize("who", [AS_ALNCO, AS_HEAD, {**AS_ALNCO, "role": "wellbeing_coordinator"}])
def test_the_schools_staff_begin_it(who: dict[str, Any]) -> None:
    registered().happened(refer(), ReferralOpened, **who)


@pytest.mark.parametrize("who", [*STRANGERS.values(), AS_CLINICIAN], ids=[*STRANGERS, "the agency itself"])
def test_nobody_else_is_told_that_there_is_such_a_pupil(who: dict[str, Any]) -> None:
    assert isinstance(registered().tries(refer(), **who), NotFound)


def test_a_school_begins_no_referral_in_another_schools_name() -> None:
    assert isinstance(registered().tries(refer(school=OTHER_SCHOOL)), NotFound)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"service": UUID(int=5)}, "unknown_service", "service"),
        ({"occurred_on": date(2014, 12, 31)}, "service_closed", "service"),
        ({"occurred_on": date(2026, 12, 2)}, "in_the_future", "occurred_on"),
        ({"legal_route": "by_owl"}, "unknown_code", "legal_route"),
        ({"priority": "at once"}, "unknown_code", "priority"),
        ({"immediate_risk": True}, "immediate_risk_untold", "told"),
        ({"immediate_risk": True, "told": ("crisis_team",)}, "immediate_risk_untold", "told"),
        ({"immediate_risk": True, "told_at": instant(DAY)}, "immediate_risk_untold", "told"),
        (
            {"immediate_risk": True, "told": ("Mrs Jones of Tywyn",), "told_at": instant(DAY)},
            "unknown_code",
            "told",
        ),
        (
            {"immediate_risk": True, "told": ("crisis_team",), "told_at": instant(date(2026, 12, 2))},
            "in_the_future",
            "told_at",
        ),
        (
            {"immediate_risk": True, "told": ("crisis_team",), "told_at": datetime(2026, 3, 2, 9)},  # noqa: DTZ001
            "detail_not_valid",
            "told_at",
        ),
        ({"historical": True}, "disclosure_without_basis", "consent"),
    ],
)
def test_what_cannot_be_begun(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(refer(**changed), code, field)


def test_a_closed_service_takes_no_referral_after_its_last_day() -> None:
    closing = ChangeService(
        occurred_on=DAY, organisation=BOARD, service=CAMHS, effective_from=DAY, open_to=day(2)
    )
    case = PupilCase(hwb.world(closing)).does(register())
    case.refuses(refer(occurred_on=day(3)), "service_closed", "service")
    case.happened(refer(occurred_on=day(2)), ReferralOpened)


def test_an_id_in_use_is_refused() -> None:
    referred().refuses(refer(), "referral_exists", "referral")


def test_danger_says_who_was_told_and_when() -> None:
    danger = refer(
        immediate_risk=True, told=("crisis_team",), told_at=instant(DAY), concern="Yn hunan-niweidio"
    )
    case = registered()
    _, raised = case.happened(danger, ReferralOpened, ImmediateRiskRaised)
    assert isinstance(raised, ImmediateRiskRaised)
    assert (raised.told, raised.concern) == (("crisis_team",), "Yn hunan-niweidio")
    assert case.referral.immediate_risk
    later = RaiseImmediateRisk(**ON, told=("social_services",), told_at=instant(day(1)))
    case.happened(later, ImmediateRiskRaised)
    assert case.referral.told == ("crisis_team", "social_services")
    assert isinstance(case.tries(later, **AS_STRANGER), NotFound)


def test_history_comes_in_files_and_opens_a_closed_service_on_its_own_basis() -> None:
    history = refer(historical=True, occurred_on=date(2010, 5, 1), reference="H1")
    case = registered()
    _, made = case.happened(history, ReferralOpened, DisclosureMade, source="import")
    assert isinstance(made, DisclosureMade)
    assert (made.lawful_basis, made.consent, made.ground) == ("historical_record", None, REFERRAL)
    case.does(reach("submitted", date(2010, 5, 2)), source="import")


# Sending


def test_sending_discloses_and_says_what_is_missing() -> None:
    asks = SetRequirements(
        occurred_on=DAY,
        organisation=BOARD,
        service=CAMHS,
        effective_from=date(2026, 1, 1),
        requirements=("parents_view", "childs_view"),
    )
    case = referred(hwb.world(asks))
    sending, made = case.happened(submit(supplied=("childs_view",)), Submitted, DisclosureMade)
    assert isinstance(sending, Submitted)
    assert isinstance(made, DisclosureMade)
    assert (sending.supplied, sending.missing) == (("childs_view",), ("parents_view",))
    assert (made.agency, made.ground, made.consent, made.lawful_basis) == (
        BOARD,
        REFERRAL,
        AGREED,
        "public_task",
    )
    assert case.referral.missing == ("parents_view",)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"supplied": ("a poem",)}, "unknown_code", "supplied"),
        ({"data_classes": ("everything",)}, "unknown_code", "data_classes"),
        ({"override": "curiosity", "override_reason": "Why not"}, "unknown_code", "override"),
        ({"override": "safeguarding"}, "override_needs_reason", "override_reason"),
        ({"override": "safeguarding", "override_reason": "  "}, "override_needs_reason", "override_reason"),
        ({"on": date(2026, 12, 2)}, "in_the_future", "occurred_on"),
    ],
)
def test_what_cannot_be_sent(changed: dict[str, Any], code: str, field: str) -> None:
    referred().refuses(submit(**changed), code, field)


def test_nothing_goes_without_a_basis() -> None:
    case = PupilCase().does(register(), refer())
    case.refuses(submit(), "disclosure_without_basis", "consent")
    for other in ({"agency": LA_EDUCATION}, {"purpose": "meeting"}, {"expires_on": DAY}):
        elsewhere = PupilCase().does(register(), agree(**other), refer())
        elsewhere.refuses(submit(on=day(1)), "disclosure_without_basis", "consent")
    forced = submit(override="safeguarding", override_reason="Perygl")
    _, made = case.happened(forced, Submitted, DisclosureMade)
    assert isinstance(made, DisclosureMade)
    assert (made.consent, made.lawful_basis, made.override_reason) == (None, "safeguarding", "Perygl")


def test_it_is_sent_once_and_only_by_its_school() -> None:
    case = sent()
    case.refuses(submit(on=day(1)), "impossible_order", "occurred_on")
    for who in (AS_CLINICIAN, AS_STRANGER):
        assert isinstance(referred().tries(submit(), **who), NotFound)
    case.refuses(reach("submitted", 1), "submit_discloses", "milestone")


# Whose word it is


@pytest.mark.parametrize("who", STRANGERS.values(), ids=list(STRANGERS))
def test_a_stranger_is_told_nothing_of_a_referral(who: dict[str, Any]) -> None:
    commands: tuple[Command, ...] = (
        reach("received", 1),
        submit(),
        StrikeEntry(**ON, entry=1, why="?"),
        ConfirmMilestone(**ON, milestone=1),
        ContestMilestone(**ON, milestone=1, why="?"),
        RecordUnavailability(**ON, from_on=DAY, until=DAY),
    )
    for command in commands:
        assert isinstance(received().tries(command, **who), NotFound)


def test_the_agency_is_told_nothing_before_it_was_sent_or_after_agreement_was_withdrawn() -> None:
    assert isinstance(referred().tries(reach("received", 1), **AS_CLINICIAN), NotFound)
    case = received().does(WithdrawConsent(occurred_on=day(2), pupil=PUPIL, consent=AGREED))
    assert isinstance(case.tries(reach("acknowledged", 3), **AS_CLINICIAN), NotFound)


@pytest.mark.parametrize("who", [AS_CLINICIAN, AS_MANAGER, AS_DECLO])
def test_the_agency_speaks_for_itself(who: dict[str, Any]) -> None:
    [event] = sent().happened(reach("received", 1, note="Diolch"), Received, **who)
    assert isinstance(event, Received)
    assert (event.word, event.reported_how, event.reported_by, event.note) == ("own", None, None, "Diolch")
    assert event.age_months == 145


def test_the_school_reports_what_only_the_agency_can_say() -> None:
    case = sent()
    case.refuses(reach("received", 1), "reported_by_whom", "reported_by")
    case.refuses(reach("received", 1, reported=told(1, by=" ")), "reported_by_whom", "reported_by")
    case.refuses(reach("received", 1, reported=told(1, how="in a dream")), "unknown_code", "reported_how")
    case.refuses(reach("received", 3, reported=told(1)), "reported_before_it_happened", "reported_on")
    tomorrow = told(date(2026, 12, 2))
    case.refuses(reach("received", 3, reported=tomorrow), "in_the_future", "reported_on")
    [event] = case.happened(reach("received", 1, reported=told(3)), Received)
    assert isinstance(event, Received)
    assert (event.word, event.reported_how, event.reported_on) == ("reported", "telephone", day(3))
    assert event.reported_by == "the secretary"
    assert case.referral.steps[-1].word == "reported"


OF_THEIR_OWN = {
    "submitted",
    "reopened",
    "redirected",
    "declined",
    "recorded_in_error",
}  # each has its own test


@pytest.mark.parametrize("name", sorted(set(MILESTONES) - OF_THEIR_OWN))
def test_each_milestone_is_said_by_whom_it_belongs_to(name: str) -> None:
    """The school's own word, the agency's own word, or refused; never one in the other's name."""
    for who, agencys in ((AS_ALNCO, False), (AS_CLINICIAN, True)):
        case = received()
        command = reach(name, 0 if name == "decided" else 1)
        if name == "received":
            command = reach(name, 1, supersedes=case.last, why="Day.")
        if agencys and name in SAID_BY_SCHOOL - {"information_supplied"}:
            case.refuses(command, "only_the_school_says", "milestone", **who)
        elif not agencys and name in SAID_BY_AGENCY:
            assert case.tries(command, **who).code in ("reported_by_whom", "not_your_entry")
        else:
            [event] = case.decided(command, **who)
            assert event.word == "own"  # type: ignore[attr-defined]


def test_reported_is_dropped_where_one_speaks_for_oneself() -> None:
    [event] = sent().decided(reach("received", 1, reported=told(3)), **AS_CLINICIAN)
    assert event.word == "own" and event.reported_by is None  # type: ignore[attr-defined]


def test_an_import_of_the_agencys_own_file_is_its_word() -> None:
    operator = {"person": OPERATOR, "organisation": OPERATOR, "role": "operator", "on_behalf_of": BOARD}
    [event] = sent().decided(reach("received", 1), source="import", **operator)
    assert event.word == "own"  # type: ignore[attr-defined]


# What a milestone may say


@pytest.mark.parametrize(
    ("name", "more", "code", "field"),
    [
        ("eaten", {}, "unknown_milestone", "milestone"),
        ("declined", {}, "cannot_be_empty", "reason"),
        ("declined", {"details": {"reason": "rudeness"}}, "unknown_code", "reason"),
        ("discharged", {"details": {"reason": "rudeness"}}, "unknown_code", "reason"),
        ("withdrawn", {"details": {"reason": "rudeness"}}, "unknown_code", "reason"),
        ("triaged", {"details": {"priority": "very"}}, "unknown_code", "priority"),
        ("information_requested", {"details": {"requirements": ["a poem"]}}, "unknown_code", "requirements"),
        ("information_requested", {"details": {"asked_of": "the dog"}}, "detail_not_valid", "details"),
        ("appointment_offered", {"details": {"language": "la"}}, "unknown_code", "language"),
        (
            "appointment_offered",
            {"details": {"for_when": ["2026-04-01T10:00:00"]}},
            "detail_not_valid",
            "for_when",
        ),
        ("appointment_offered", {"details": {"for_when": ["soon"]}}, "detail_not_valid", "details"),
        ("appointment_offered", {"details": {"word": "own"}}, "unknown_detail", "details"),
        ("appointment_offered", {"details": {"header": {}}}, "unknown_detail", "details"),
        (
            "appointment_answered",
            {"details": {"chosen": "2026-04-01T10:00:00"}},
            "detail_not_valid",
            "chosen",
        ),
        ("received", {"details": {"supersedes": 3}}, "unknown_detail", "details"),
        ("redirected", {}, "cannot_be_empty", "to_service"),
        ("redirected", {"details": {"to_service": UUID(int=5)}}, "unknown_service", "to_service"),
        (
            "redirected",
            {"details": {"to_service": EDPSYCH, "to_agency": BOARD}},
            "service_not_of_agency",
            "to_agency",
        ),
        ("recorded_in_error", {}, "cannot_be_empty", "note"),
    ],
)
def test_what_a_milestone_cannot_say(name: str, more: dict[str, Any], code: str, field: str) -> None:
    sent().refuses(reach(name, 1, **more), code, field, **AS_CLINICIAN)


def test_a_reported_decline_need_not_know_the_reason() -> None:
    [event] = sent().happened(reach("declined", 4, reported=told(5)), Declined)
    assert isinstance(event, Declined)
    assert event.reason is None


def test_a_milestone_in_the_future_is_refused_and_today_is_not() -> None:
    case = sent()
    case.refuses(reach("received", LATER.replace(day=2)), "in_the_future", "occurred_on", **AS_CLINICIAN)
    case.does(reach("received", LATER), **AS_CLINICIAN)
    # the day in Wales counts: half past midnight of the day after is still the evening before in UTC
    night = datetime(2026, 7, 1, 23, 30, tzinfo=NOON.tzinfo)
    sent().decided(reach("received", date(2026, 7, 2)), **{**AS_CLINICIAN, "recorded_at": night})


def test_details_come_as_a_file_or_form_gives_them() -> None:
    given = {
        "for_when": ["2026-04-01T10:00:00Z", "2026-04-08T10:00:00+01:00"],
        "language": "cy",
        "place": "Bangor",
    }
    [event] = sent().decided(reach("appointment_offered", 4, details=given), **AS_CLINICIAN)
    assert [w.tzinfo is not None for w in event.for_when] == [True, True]  # type: ignore[attr-defined]


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
    _, made = case.happened(
        reach("redirected", 5, details=TO_EDUCATION), Redirected, DisclosureMade, **AS_CLINICIAN
    )
    assert isinstance(made, DisclosureMade)
    assert (made.agency, made.consent, made.ground) == (LA_EDUCATION, UUID(int=0xE2), REFERRAL)


def test_the_next_agency_speaks_and_the_first_receipt_is_kept() -> None:
    case = passed_on().does(reach("received", 9), **AS_PSYCHOLOGIST)
    assert (case.referral.agency, case.referral.agencies) == (LA_EDUCATION, (BOARD, LA_EDUCATION))
    assert phase(case.referral.counting()).received_on == day(1)
    case.refuses(reach("acknowledged", 12), "not_the_holder", "milestone", **AS_CLINICIAN)
    case.does(reach("acknowledged", 3), **AS_CLINICIAN)  # late, of its own time


def test_passing_back_to_who_still_may_see_it_discloses_nothing_anew() -> None:
    back = reach("redirected", 9, details={"to_service": CAMHS, "to_agency": BOARD})
    passed_on().happened(back, Redirected, **AS_PSYCHOLOGIST)


def test_passing_back_to_who_may_no_longer_see_it_needs_a_basis() -> None:
    case = passed_on().does(WithdrawConsent(occurred_on=day(7), pupil=PUPIL, consent=AGREED))
    back = reach("redirected", 9, details={"to_service": CAMHS, "to_agency": BOARD})
    case.refuses(back, "disclosure_without_basis", "to_service", **AS_PSYCHOLOGIST)
    case.does(agree(consent=UUID(int=0xE3), occurred_on=day(8)))
    case.happened(back, Redirected, DisclosureMade, **AS_PSYCHOLOGIST)
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
        details = {"reason": "other"} if name == "declined" else {}
        if name == "redirected":
            continue
        case.decided(reach(name, LATER, details=details, note="x"), **AS_CLINICIAN)


def test_a_missed_appointment_ends_nothing_and_either_may_say_what_belongs_to_both() -> None:
    case = received().does(reach("appointment_offered", 4), **AS_CLINICIAN)
    case.happened(reach("was_not_brought", 9), WasNotBrought, **AS_CLINICIAN)
    case.does(reach("appointment_offered", 10), **AS_CLINICIAN)
    for name in sorted(SAID_BY_EITHER - {"reopened", "recorded_in_error"}):
        for who in (AS_ALNCO, AS_CLINICIAN):
            case.decided(reach(name, 12), **who)
    case.happened(reach("information_supplied", 12), InformationSupplied)
