"""What a court order, an upheld objection and a newer agreement make of the next disclosure."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from coordination.pupil.consent.bases import basis_in_force
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.consent.events import ConsentGiven, DisclosureMade
from coordination.pupil.referral.events import ReferralOpened
from coordination.pupil.referral.milestones.opening import Submitted
from tests.meeting.hwb import BOARD, CAMHS
from tests.pupil.case import (
    AGREED,
    PupilCase,
    agree,
    contact_recorded,
    day,
    refer,
    referred,
    registered,
    sent,
    submit,
)
from tests.pupil.test_objections import FATHER, decides, objects, order

NEWER = UUID(int=0xE8)


def with_father() -> PupilCase:
    return referred().does(contact_recorded(FATHER, name="Rhys", parental_responsibility=True))


def test_while_a_court_order_prevents_it_nothing_is_sent_whoever_agreed() -> None:
    case = referred().does(order(agency=BOARD, until=day(9)))
    case.refuses(submit(day(9)), "court_order_prevents", "consent")
    law = {"override": "safeguarding", "override_reason": "Perygl."}
    case.refuses(submit(day(9), **law), "court_order_prevents", "consent")
    case.happened(submit(day(10)), Submitted, DisclosureMade)


def test_a_life_at_risk_goes_before_the_order() -> None:
    case = referred().does(order())
    case.happened(
        submit(day(9), override="vital_interests", override_reason="Perygl i fywyd."),
        Submitted,
        DisclosureMade,
    )


def test_an_order_that_permits_is_a_basis_until_its_last_day() -> None:
    case = registered().does(refer(), order("permits", until=day(9)))
    _sent, made = case.happened(submit(day(9)), Submitted, DisclosureMade)
    assert isinstance(made, DisclosureMade)
    assert (made.consent, made.lawful_basis, made.until) == (None, "legal_obligation", day(9))
    assert made.order is not None
    later = registered().does(refer(), order("permits", until=day(9)))
    later.refuses(submit(day(10)), "disclosure_without_basis", "consent")


def test_after_a_decision_to_stop_only_a_newer_agreement_permits() -> None:
    case = with_father().does(objects(), decides("stops"))
    case.refuses(submit(day(6)), "disclosure_without_basis", "consent")
    case.does(agree(occurred_on=day(6), consent=NEWER))
    case.happened(submit(day(6)), Submitted, DisclosureMade)


def test_after_a_decision_to_go_on_the_agreement_permits() -> None:
    case = with_father().does(objects(), decides("continues"))
    case.happened(submit(day(6)), Submitted, DisclosureMade)


def test_access_ends_with_the_agreement() -> None:
    last = day(30)
    case = registered().does(agree(expires_on=last), refer())
    _sent, made = case.happened(submit(last), Submitted, DisclosureMade)
    assert isinstance(made, DisclosureMade)
    assert made.until == last
    other = registered().does(agree(expires_on=last), refer())
    other.refuses(submit(last + timedelta(days=1)), "disclosure_without_basis", "consent")


def test_what_was_shared_goes_on_under_the_agreement_that_replaces() -> None:
    case = sent()
    newer: GiveConsent = agree(consent=NEWER, replaces=AGREED, occurred_on=day(5), expires_on=day(60))
    _given, made = case.happened(newer, ConsentGiven, DisclosureMade)
    assert isinstance(made, DisclosureMade)
    assert (made.consent, made.until) == (NEWER, day(60))
    assert set(made.data_classes) <= {"identity", "referral"}


def test_a_minute_has_no_basis_while_a_court_order_prevents_it() -> None:
    held = sent().does(order(agency=BOARD, until=day(9))).state
    ask = (held.consents, held.objections, BOARD, CAMHS)
    assert basis_in_force(*ask, day(9)) is None
    assert basis_in_force(*ask, day(10)) is not None


def test_a_referral_that_a_child_agreed_to_alone_is_kept_from_the_parents() -> None:
    child = {"authority": "competent_child", "contact": None, "competence_judged_by": FATHER}
    alone = registered().does(agree(**child, assessment="Deall.", kept_from_parents=True))
    [opened] = alone.happened(refer(), ReferralOpened)
    assert isinstance(opened, ReferralOpened)
    assert opened.kept_from_parents
    [usual] = registered().does(agree()).happened(refer(), ReferralOpened)
    assert isinstance(usual, ReferralOpened)
    assert not usual.kept_from_parents
