"""What a decision about a referral records: every field of the command, under the header of who gave it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.errors import StaleVersion
from coordination.pupil.consent.events import DisclosureClosed, DisclosureMade, SharingStopped
from coordination.pupil.profile.commands import MovePupil
from coordination.pupil.referral.commands import (
    REFERRAL_DATA,
    AllocateReferral,
    ContestMilestone,
    RaiseImmediateRisk,
    RecordUnavailability,
    StrikeEntry,
)
from coordination.pupil.referral.events import (
    EntryStruck,
    ImmediateRiskRaised,
    MilestoneContested,
    ReferralOpened,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.milestones import MILESTONES, STAGES, _declared, rules_of
from coordination.pupil.referral.milestones.ending import RecordedInError
from coordination.pupil.referral.milestones.opening import Redirected, Submitted
from coordination.pupil.referral.milestones.treatment import S21Answer
from tests.given import SCHOOL, header
from tests.meeting.hwb import (
    AS_CLINICIAN,
    AS_OPERATOR,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDPSYCH,
    LA_EDUCATION,
    OTHER_SCHOOL,
    PUPIL,
    at_noon,
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
    registered,
    sent,
    submit,
    told,
)
from tests.pupil.referrals import ON
from tests.pupil.test_by_link import BY_LINK, given
from tests.pupil.test_passed_on import AGREED_THERE, passed_on, version_of

CLASSES = ("identity", "referral")


def moved(case: PupilCase) -> PupilCase:
    """The pupil has gone to another school, whose ALNCO is AS_STRANGER."""
    to = MovePupil(occurred_on=day(20), pupil=PUPIL, from_school=SCHOOL, to_school=OTHER_SCHOOL)
    return case.does(to, **AS_OPERATOR)


def strike(entry: int, **more: object) -> StrikeEntry:
    return StrikeEntry(
        occurred_on=day(30), pupil=PUPIL, referral=REFERRAL, entry=entry, why="Camgymeriad", **more
    )


# Beginning


def test_a_referral_is_begun_with_every_field_of_the_command() -> None:
    command = refer(
        immediate_risk=True,
        told=("crisis_team",),
        told_at=at_noon(LATER),
        concern="Perygl",
        legal_route="s20_nhs",
        priority="urgent",
        informed_and_discussed=True,
        copied_from=UUID(int=0x92),
        reference="R1",
        reason="Trist",
    )
    case = registered()
    begun, risk = case.happened(command, ReferralOpened, ImmediateRiskRaised)
    stamp = header(DAY, recorded_at=at_noon(LATER))
    assert begun == ReferralOpened(
        header=stamp,
        referral=REFERRAL,
        school=SCHOOL,
        service=CAMHS,
        agency=BOARD,
        legal_route="s20_nhs",
        basis="school_referral",
        priority="urgent",
        immediate_risk=True,
        informed_and_discussed=True,
        year=7,
        copied_from=UUID(int=0x92),
        needs=("ASD",),
        reference="R1",
        reason="Trist",
    )
    assert risk == ImmediateRiskRaised(
        header=stamp, referral=REFERRAL, told=("crisis_team",), told_at=at_noon(LATER), concern="Perygl"
    )


def test_immediate_risk_and_unavailability_are_recorded_as_said() -> None:
    case = sent()
    risk = RaiseImmediateRisk(**ON, told=("crisis_team",), told_at=instant(DAY), concern="Perygl")
    [raised] = case.happened(risk, ImmediateRiskRaised)
    stamp = header(risk.occurred_on, recorded_at=at_noon(LATER))
    assert raised == ImmediateRiskRaised(
        header=stamp, referral=REFERRAL, told=("crisis_team",), told_at=instant(DAY), concern="Perygl"
    )
    away = RecordUnavailability(**ON, from_on=day(5), until=day(9), reason="away")
    [recorded] = case.happened(away, UnavailabilityRecorded)
    assert recorded == UnavailabilityRecorded(
        header=stamp, referral=REFERRAL, from_on=day(5), until=day(9), reason="away"
    )


def test_a_closed_service_is_named_with_the_day() -> None:
    refusal = registered().tries(refer(occurred_on=date(2014, 12, 31)))
    assert refusal.facts == {"service": "S-camhs", "on": "2014-12-31"}


# History


def test_history_is_disclosed_without_an_agreement_to_each_agency_that_had_it() -> None:
    case = registered()
    _, first = case.happened(
        refer(historical=True, occurred_on=day(0)), ReferralOpened, DisclosureMade, source="import"
    )
    case.does(reach("submitted", 0), source="import")
    to_next = {"to_service": EDPSYCH, "to_agency": LA_EDUCATION}
    passing = reach("redirected", 5, details=to_next, reported=told(6, how="file"))
    _, second, _ = case.happened(passing, Redirected, DisclosureMade, SharingStopped, source="import")
    for made, agency in ((first, BOARD), (second, LA_EDUCATION)):
        assert isinstance(made, DisclosureMade)
        assert (made.agency, made.ground, made.consent) == (agency, REFERRAL, None)
        assert (made.lawful_basis, made.data_classes) == ("historical_record", REFERRAL_DATA)


# Sending


def test_sending_records_the_note_and_discloses_what_was_chosen() -> None:
    sending, made = referred().happened(
        submit(note="Ar frys", data_classes=CLASSES), Submitted, DisclosureMade
    )
    assert isinstance(sending, Submitted) and isinstance(made, DisclosureMade)
    assert (sending.note, sending.why, sending.reported_by, sending.word) == ("Ar frys", None, None, "own")
    assert (made.data_classes, made.override_reason) == (CLASSES, None)


# Striking out


def test_striking_out_records_who_and_why() -> None:
    case = sent().does(reach("received", 1, reported=told(3)))
    [struck] = case.happened(strike(case.last), EntryStruck)
    assert isinstance(struck, EntryStruck)
    assert (struck.why, struck.supersedes) == ("Camgymeriad", case.last - 1)
    assert struck.header == header(day(30), recorded_at=at_noon(LATER))


def test_what_was_closed_in_error_is_opened_again_as_it_was() -> None:
    case = sent()
    case.happened(reach("recorded_in_error", 2, note="Plentyn arall"), RecordedInError, DisclosureClosed)
    [before] = case.state.consents.disclosures
    _, made = case.happened(strike(case.last - 1), EntryStruck, DisclosureMade)
    assert made == DisclosureMade(
        header=header(day(30), recorded_at=at_noon(LATER)),
        agency=BOARD,
        service=CAMHS,
        ground=REFERRAL,
        data_classes=before.data_classes,
        lawful_basis="public_task",
        consent=AGREED,
        override_reason=None,
    )
    assert before.data_classes


def test_each_agency_is_judged_by_its_own_agreement() -> None:
    """The first agreement has ended meanwhile, the second has not."""
    for first, second in ((BOARD, LA_EDUCATION), (LA_EDUCATION, BOARD)):
        case = passed_on(on=2).does(reach("received", 3), **AS_PSYCHOLOGIST)
        case.does(reach("recorded_in_error", 4, note="Plentyn arall"))
        entry = version_of(case, "recorded_in_error")
        ended = AGREED if first == BOARD else AGREED_THERE
        case.does(agree(consent=ended, agency=first, expires_on=day(10)))
        _, made = case.happened(strike(entry), EntryStruck, DisclosureMade)
        assert isinstance(made, DisclosureMade)
        assert made.agency == second


# Contesting


def test_contesting_records_who_says_what() -> None:
    case = sent().does(reach("received", 1, reported=told(3)))
    contest = ContestMilestone(**ON, milestone=case.last, why="Nid felly", says_on=day(2))
    [event] = case.happened(contest, MilestoneContested, **BY_LINK)
    assert given(event) == MilestoneContested(
        header=header(contest.occurred_on, recorded_at=at_noon(LATER), **BY_LINK),
        referral=REFERRAL,
        milestone=case.last - 1,
        says_on=day(2),
        why="Nid felly",
        link_of=SCHOOL,
        answered_by="Eleri Huws",
        answered_as="Ysgrifennydd",
    )


# Who may


def test_an_allocation_that_was_overtaken_is_refused() -> None:
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    late = AllocateReferral(
        occurred_on=LATER, pupil=PUPIL, referral=REFERRAL, person=CLINICIAN, seen=case.last - 1
    )
    assert isinstance(case.tries(late, **AS_CLINICIAN), StaleVersion)


def test_the_school_that_referred_and_the_pupils_school_of_today_both_act() -> None:
    for who in ({}, AS_STRANGER):
        case = moved(sent())
        case.does(reach("information_supplied", 25), **who)


def test_a_school_corrects_what_another_school_of_the_pupil_entered() -> None:
    case = moved(sent().does(reach("received", 1, reported=told(3))))
    case.happened(strike(version_of(case, "received")), EntryStruck, **AS_STRANGER)


# Refusals say where


def test_an_unknown_code_names_its_table() -> None:
    refusal = referred().tries(submit(supplied=("a poem",)))
    assert (refusal.code, refusal.facts) == ("unknown_code", {"table": "requirement"})


def test_a_time_without_a_zone_names_its_field() -> None:
    naive = at_noon(day(1)).replace(tzinfo=None)
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    offered = reach(
        "appointment_offered", 2, details={"appointment": str(UUID(int=9)), "for_when": [naive.isoformat()]}
    )
    refusal = case.tries(offered, **AS_CLINICIAN)
    assert (refusal.code, refusal.field, refusal.facts) == (
        "detail_not_valid",
        "for_when",
        {"where": "for_when"},
    )


def test_a_field_that_the_milestone_does_not_have_is_named() -> None:
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    refusal = case.tries(reach("acknowledged", 2, details={"z": 1, "a": 2}), **AS_CLINICIAN)
    assert (refusal.code, refusal.facts) == ("unknown_detail", {"names": ["a", "z"]})


def test_a_field_of_the_wrong_type_is_named() -> None:
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    refusal = case.tries(reach("information_requested", 2, details={"asked_of": "the dog"}), **AS_CLINICIAN)
    assert (refusal.code, refusal.facts) == ("detail_not_valid", {"where": "asked_of"})


def test_a_field_is_read_from_the_text_of_a_form() -> None:
    case = sent().does(reach("received", 1), reach("accepted", 2), **AS_CLINICIAN)
    answer = reach("s21_answer", 3, details={"identified": "true", "in_welsh": "false"})
    [event] = case.happened(answer, S21Answer, **AS_CLINICIAN)
    assert isinstance(event, S21Answer)
    assert (event.identified, event.in_welsh) == (True, False)


def test_an_agency_that_declines_says_why() -> None:
    case = sent().does(reach("received", 1), **AS_CLINICIAN)
    for details in ({}, {"reason": None}, {"reason": ""}):
        case.refuses(reach("declined", 2, details=details), "cannot_be_empty", "reason", **AS_CLINICIAN)


# What is gathered from the milestones


def test_the_milestones_are_gathered_from_their_stages_in_their_natural_order() -> None:
    gathered = _declared()
    assert list(gathered.items()) == list(MILESTONES.items())
    assert [rules_of(name).rank for name in gathered] == sorted(rules_of(name).rank for name in gathered)
    assert len(gathered) == sum(
        vars(stage)[name].__module__ == stage.__name__
        for stage in STAGES
        for name in vars(stage)
        if name[0].isupper() and hasattr(vars(stage)[name], "rules")
    )


# Two steps of one day


def test_a_referral_ends_once_on_a_day() -> None:
    case = sent().does(reach("received", 1), reach("advice_given", 5), **AS_CLINICIAN)
    case.refuses(reach("discharged", 5), "impossible_order", "occurred_on", **AS_CLINICIAN)


def test_several_steps_of_one_day_are_recorded() -> None:
    case = sent().does(agree(consent=AGREED_THERE, agency=LA_EDUCATION))
    case.does(reach("received", 1), reach("appointment_offered", 5), **AS_CLINICIAN)
    case.does(reach("appointment_answered", 5), **AS_CLINICIAN)
    passing = reach("redirected", 5, details={"to_service": EDPSYCH, "to_agency": LA_EDUCATION})
    case.happened(passing, Redirected, DisclosureMade, SharingStopped, **AS_CLINICIAN)
