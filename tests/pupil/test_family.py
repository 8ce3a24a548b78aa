"""Who of a family may be sent something or open it, at this moment; and what a family answers and supplies by link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.pupil.asking.decide import AssessCompetence
from coordination.pupil.consent.decide import (
    GiveConsent,
    RefuseConsent,
    RequestConsent,
    WithdrawConsent,
)
from coordination.pupil.consent.events import ConsentGiven, ConsentRefused, ConsentWithdrawn
from coordination.pupil.family.commands import (
    DecideFamilyRecipients,
    LiftFamilyHold,
    PlaceFamilyHold,
    SupplyFamilyItems,
)
from coordination.pupil.family.events import FamilyHoldPlaced, FamilyItemsSupplied
from coordination.pupil.family.receiving import questions_for, reason_not_to_send, referrals_for
from coordination.pupil.objections.commands import RecordCourtOrder
from coordination.pupil.profile.commands import EndContact, RecordViews
from coordination.pupil.profile.events import ViewsRecorded
from coordination.pupil.restriction.commands import RestrictPupil
from coordination.world import ProfileFacts
from tests.given import SCHOOL
from tests.meeting.hwb import BOARD, CAMHS, PUPIL, at_noon
from tests.pupil.case import (
    MOTHER,
    UNCLE,
    PupilCase,
    agree,
    contact_recorded,
    day,
    refer,
    register,
    registered,
    sent,
    submit,
)

FATHER = UUID(int=0x83)
ASKED, HOLD, LINK, FORM = UUID(int=0xE5), UUID(int=0xF5), UUID(int=0xF6), UUID(int=0xF7)
BY_LINK: dict[str, Any] = {
    "person": LINK,
    "organisation": SCHOOL,
    "role": "family",
    "source": "link",
}


def asked(**changed: Any) -> PupilCase:
    """The school asked the mother whether it may share with CAMHS."""
    usual: dict[str, Any] = {
        "agency": BOARD,
        "service": CAMHS,
        "contact": MOTHER,
        "data_classes": ("identity",),
    }
    return registered().does(
        contact_recorded(FATHER, name="Rhys", relationship="father", parental_responsibility=True),
        RequestConsent(occurred_on=day(0), pupil=PUPIL, consent=ASKED, **{**usual, **changed}),
    )


def barred(
    case: PupilCase, contact: UUID | None = MOTHER, *, on: int = 1, looked_after: bool | None = False
) -> Any:
    return reason_not_to_send(
        case.state, contact, sender=SCHOOL, on=day(on), looked_after=lambda: looked_after
    )


def hold(contact: UUID | None = MOTHER, **changed: Any) -> PlaceFamilyHold:
    usual = {"because": "court_order", "why": "Gorchymyn y llys teulu"}
    return PlaceFamilyHold(
        occurred_on=day(0), pupil=PUPIL, hold=HOLD, contact=contact, **{**usual, **changed}
    )


# Who may be sent something


def test_a_parent_with_parental_responsibility_may_be_sent_a_link_and_another_contact_may_not() -> None:
    case = asked()
    assert barred(case) is None
    assert barred(case, UNCLE) == "no_parental_responsibility"
    assert barred(case, UUID(int=0x99)) == "contact_not_current"


def test_a_contact_who_no_longer_represents_the_pupil_or_lost_responsibility_may_not() -> None:
    ended = asked().does(EndContact(occurred_on=day(1), pupil=PUPIL, contact=MOTHER))
    assert barred(ended) == "contact_not_current"
    lost = asked().does(contact_recorded(MOTHER, parental_responsibility=False))
    assert barred(lost) == "no_parental_responsibility"


def test_a_hold_on_one_parent_bars_that_parent_alone_and_one_on_all_bars_everybody() -> None:
    case = asked().does(hold())
    assert (barred(case), barred(case, FATHER)) == ("family_hold", None)
    whole = asked().does(hold(None, because="bereavement"))
    assert [barred(whole, one) for one in (MOTHER, FATHER, None)] == ["family_hold"] * 3


def test_a_hold_applies_to_its_last_day_and_not_on_the_day_after_and_ends_on_the_day_it_is_lifted() -> None:
    case = asked().does(hold(until=day(5)))
    assert [barred(case, on=n) for n in (5, 6)] == ["family_hold", None]
    lifted = asked().does(
        hold(), LiftFamilyHold(occurred_on=day(3), pupil=PUPIL, hold=HOLD, why="Daeth i ben")
    )
    assert [barred(lifted, on=n) for n in (2, 3)] == ["family_hold", None]


def test_nobody_of_a_restricted_pupil_s_family_is_sent_anything_or_opens_it() -> None:
    safeguarding: dict[str, Any] = {"role": "designated_safeguarding_person"}
    restrict = RestrictPupil(
        occurred_on=day(1), pupil=PUPIL, roles=("designated_safeguarding_person",), why="Pryder"
    )
    case = asked().does(restrict, **safeguarding)
    assert [barred(case, one) for one in (MOTHER, None)] == ["pupil_restricted"] * 2


def test_for_a_looked_after_child_the_social_worker_names_who_receives() -> None:
    case = asked()
    case.world = msgspec.structs.replace(case.world, looked_after=lambda: True)
    assert barred(case, looked_after=True) == "social_worker_decides"
    named = DecideFamilyRecipients(
        occurred_on=day(1), pupil=PUPIL, contacts=(UNCLE,), social_worker="Nia Rees, Cyngor Gwynedd"
    )
    case.does(named)
    assert barred(case, UNCLE, looked_after=True) is None, "a carer, who has no parental responsibility"
    assert barred(case, MOTHER, looked_after=True) == "social_worker_decides"
    asked().refuses(named, "not_looked_after", "contacts")


def test_a_school_that_no_longer_holds_the_file_sends_and_shows_nothing() -> None:
    other = reason_not_to_send(
        asked().state, MOTHER, sender=UUID(int=0x52), on=day(1), looked_after=lambda: False
    )
    assert other == "file_not_held"


# What a person is shown


def test_a_person_sees_their_own_questions_and_nothing_of_the_other_parent_s() -> None:
    case = asked().does(
        RequestConsent(
            occurred_on=day(0),
            pupil=PUPIL,
            consent=UUID(int=0xE6),
            agency=BOARD,
            service=CAMHS,
            contact=FATHER,
        )
    )
    assert [q.consent for q in questions_for(case.state, MOTHER, day(1))] == [ASKED]
    assert [q.consent for q in questions_for(case.state, FATHER, day(1))] == [UUID(int=0xE6)]
    assert questions_for(case.state, None, day(1)) == ()


def test_what_a_court_prevents_is_not_asked_for() -> None:
    case = asked().does(
        RecordCourtOrder(
            occurred_on=day(1), pupil=PUPIL, order=UUID(int=0xF9), effect="prevents", court="Llys Teulu"
        )
    )
    assert questions_for(case.state, MOTHER, day(1)) == ()


def test_a_referral_that_a_competent_child_agreed_to_alone_is_left_out_for_parents() -> None:
    alone = agree(
        contact=None,
        authority="competent_child",
        competence_judged_by=UUID(int=0xA1),
        assessment="Mae hi’n deall.",
        kept_from_parents=True,
    )
    case = PupilCase().does(register(), alone, refer(), submit())
    assert referrals_for(case.state, MOTHER) == ()
    assert len(referrals_for(case.state, None)) == 1
    unsent = PupilCase().does(register(), alone, refer())
    assert referrals_for(unsent.state, MOTHER) == (), "before it is sent as well"
    assert len(referrals_for(sent().state, MOTHER)) == 1


# Answers by link


def gives(**changed: Any) -> GiveConsent:
    return agree(
        **{
            "occurred_on": day(2),
            "consent": ASKED,
            "data_classes": ("identity",),
            "route": "online",
            **changed,
        }
    )


def test_a_parent_agrees_by_link_to_what_they_were_asked_and_to_nothing_else() -> None:
    case = asked()
    [given] = case.happened(gives(words="Iawn gen i"), ConsentGiven, **BY_LINK)
    assert isinstance(given, ConsentGiven)
    assert (given.contact, given.route, given.header.role, given.header.person) == (
        MOTHER,
        "online",
        "family",
        LINK,
    )
    for wrong in (
        gives(consent=UUID(int=0xEE)),
        gives(contact=FATHER),
        gives(authority="court", evidence="said"),
    ):
        assert asked().tries(wrong, **BY_LINK).code == "not_found"


def test_a_family_role_without_a_link_or_at_another_school_records_nothing() -> None:
    assert asked().tries(gives(), **{**BY_LINK, "source": "screen"}).code == "not_found"
    assert asked().tries(gives(), **{**BY_LINK, "organisation": BOARD}).code == "not_found"


def test_a_link_s_answer_is_refused_once_its_person_may_no_longer_receive_it() -> None:
    case = asked().does(hold())
    assert case.tries(gives(), **BY_LINK).code == "not_found"


def test_two_answers_to_one_question_the_second_saw_the_state_before_the_first() -> None:
    case = asked()
    seen = case.state.consents.questions[ASKED].last_version
    case.does(gives(seen=seen), **BY_LINK)
    late = RefuseConsent(
        occurred_on=day(2),
        pupil=PUPIL,
        consent=ASKED,
        agency=BOARD,
        authority="parental_responsibility",
        contact=MOTHER,
        seen=seen,
    )
    assert case.tries(late, **BY_LINK).code == "overtaken"


def test_a_refusal_and_a_withdrawal_say_how_they_came_and_on_which_form() -> None:
    refused = RefuseConsent(
        occurred_on=day(2),
        pupil=PUPIL,
        consent=ASKED,
        agency=BOARD,
        authority="parental_responsibility",
        contact=MOTHER,
        route="paper",
        paper_form=FORM,
    )
    [said] = asked().happened(refused, ConsentRefused)
    assert isinstance(said, ConsentRefused) and (said.route, said.paper_form) == ("paper", FORM)
    stops = WithdrawConsent(
        occurred_on=day(3), pupil=PUPIL, consent=ASKED, contact=MOTHER, route="online", meaning="end_referral"
    )
    case = asked().does(gives(), **BY_LINK)
    [gone] = case.happened(stops, ConsentWithdrawn, **BY_LINK)
    assert isinstance(gone, ConsentWithdrawn) and (gone.route, gone.meaning) == ("online", "end_referral")
    assert (
        asked().does(gives()).tries(msgspec.structs.replace(stops, contact=FATHER), **BY_LINK).code
        == "not_found"
    )
    asked().does(gives()).refuses(msgspec.structs.replace(stops, route="pigeon"), "unknown_code", "route")


@pytest.mark.parametrize(
    ("born_years_ago", "competent", "authority"),
    [(17, None, "young_person"), (12, True, "competent_child"), (12, False, None), (12, None, None)],
)
def test_a_pupil_answers_alone_after_compulsory_schooling_or_found_competent(
    born_years_ago: int, competent: bool | None, authority: str | None
) -> None:
    case = asked(contact=None)
    born = day(0).replace(year=day(0).year - born_years_ago)
    case.world = msgspec.structs.replace(case.world, about=lambda: ProfileFacts(born=born))
    if competent is not None:
        case.does(
            AssessCompetence(
                occurred_on=day(1),
                pupil=PUPIL,
                competent=competent,
                assessed_by=UUID(int=0xA1),
                purpose="referral",
                assessment="Trafodaeth",
            )
        )
    for tried in ("young_person", "competent_child"):
        answer = gives(contact=None, authority=tried)
        if tried == authority:
            case.does(answer, **BY_LINK)
        else:
            assert case.tries(answer, **BY_LINK).code == "not_found"


# What they supply


def test_a_parent_supplies_times_and_words_and_an_empty_form_is_refused() -> None:
    supply = SupplyFamilyItems(
        occurred_on=day(1), pupil=PUPIL, contact=MOTHER, times_not_possible=" Dydd Mawrth ", statement=""
    )
    [given] = asked().happened(supply, FamilyItemsSupplied, **BY_LINK)
    assert isinstance(given, FamilyItemsSupplied)
    assert (given.times_not_possible, given.statement, given.route) == ("Dydd Mawrth", None, "online")
    empty = msgspec.structs.replace(supply, times_not_possible=" ")
    asked().refuses(empty, "cannot_be_empty", "statement")
    stranger = msgspec.structs.replace(supply, contact=UUID(int=0x99))
    asked().refuses(stranger, "unknown_contact", "contact")
    numbered = msgspec.structs.replace(supply, nhs_number="943 476 5919", gp=" Meddygfa’r Bryn ")
    [given] = asked().happened(numbered, FamilyItemsSupplied, **BY_LINK)
    assert isinstance(given, FamilyItemsSupplied)
    assert (given.nhs_number, given.gp) == ("9434765919", "Meddygfa’r Bryn")
    for wrong, code in (("943 476 5918", "nhs_number_check_digit"), ("12", "nhs_number_digits")):
        asked().refuses(msgspec.structs.replace(supply, nhs_number=wrong), code, "nhs_number")
    views = RecordViews(
        occurred_on=day(1), pupil=PUPIL, whose="parent", language="cy", contact=MOTHER, words="Iawn"
    )
    asked().happened(views, ViewsRecorded, **BY_LINK)
    assert asked().tries(msgspec.structs.replace(views, whose="child"), **BY_LINK).code == "not_found"


# Holds


def test_a_hold_needs_a_reason_a_contact_of_the_pupil_and_an_end_after_its_beginning() -> None:
    asked().refuses(hold(why=" "), "cannot_be_empty", "why")
    asked().refuses(hold(UUID(int=0x99)), "unknown_contact", "contact")
    asked().refuses(hold(until=day(-1)), "ends_before_it_begins", "until")
    asked().happened(hold(), FamilyHoldPlaced)
    again = asked().does(hold())
    assert again.decided(hold()) == []
    missing = LiftFamilyHold(occurred_on=day(1), pupil=PUPIL, hold=UUID(int=0xFF), why="x")
    assert asked().tries(missing).code == "not_found"


def test_a_hold_is_not_an_agency_s_to_place() -> None:
    agency = {"organisation": BOARD, "role": "clinician", "recorded_at": at_noon(day(2))}
    assert asked().tries(hold(), **agency).code == "not_found"
