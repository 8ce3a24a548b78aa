"""One parent's objection, the decision about it, and court orders."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.consent.events import DisclosureClosed, SharingStopped
from coordination.pupil.objections.commands import (
    DecideObjection,
    EndCourtOrder,
    ObjectToSharing,
    RecordCourtOrder,
)
from coordination.pupil.objections.events import (
    CourtOrderEnded,
    CourtOrderRecorded,
    ObjectionDecided,
    SharingObjected,
)
from tests.meeting.hwb import AS_CLINICIAN, BOARD, CAMHS, LA_EDUCATION, PUPIL
from tests.pupil.case import (
    DAY,
    REFERRAL,
    UNCLE,
    PupilCase,
    contact_recorded,
    day,
    reach,
    referred,
    register,
    sent,
    submit,
)

FATHER = UUID(int=0x83)
OBJECTION, ORDER = UUID(int=0xF1), UUID(int=0xF2)


def both_parents() -> PupilCase:
    """The mother agreed and the referral is sent; the father has parental responsibility as well."""
    return sent().does(
        contact_recorded(FATHER, name="Rhys", relationship="father", parental_responsibility=True)
    )


def objects(**changed: Any) -> ObjectToSharing:
    usual = {
        "occurred_on": day(3),
        "pupil": PUPIL,
        "objection": OBJECTION,
        "agency": BOARD,
        "contact": FATHER,
    }
    return ObjectToSharing(**{**usual, **changed})


def decides(outcome: str, on: int = 5, **changed: Any) -> DecideObjection:
    usual = {"pupil": PUPIL, "objection": OBJECTION, "outcome": outcome, "why": "Er lles y plentyn."}
    return DecideObjection(occurred_on=day(on), **{**usual, **changed})


def order(effect: str = "prevents", **changed: Any) -> RecordCourtOrder:
    usual = {"occurred_on": day(4), "pupil": PUPIL, "order": ORDER, "court": "Llys Teulu Caerdydd"}
    return RecordCourtOrder(effect=effect, **{**usual, **changed})


# Objections


def test_an_objection_is_recorded_and_stops_nothing_by_itself() -> None:
    case = both_parents()
    case.happened(objects(words="Dw i ddim yn cytuno."), SharingObjected)
    assert case.state.consents.disclosed(REFERRAL, BOARD, CAMHS)
    assert [o.contact for o in case.state.objections.undecided()] == [FATHER]


def test_only_someone_with_parental_responsibility_objects() -> None:
    both_parents().refuses(objects(contact=UNCLE), "no_authority", "contact")


def test_an_objection_is_not_an_agency_s_to_record() -> None:
    assert both_parents().tries(objects(), **AS_CLINICIAN).code == "not_found"


def test_to_go_on_needs_a_reason_and_closes_nothing() -> None:
    case = both_parents().does(objects())
    case.refuses(decides("continues", why=" "), "cannot_be_empty", "why")
    case.happened(decides("continues"), ObjectionDecided)
    assert case.state.consents.disclosed(REFERRAL, BOARD, CAMHS)
    assert case.state.objections.undecided() == ()


def test_to_stop_shares_nothing_new_that_rests_on_agreement_and_takes_nothing_back() -> None:
    case = both_parents().does(objects())
    _decided, stopped = case.happened(decides("stops"), ObjectionDecided, SharingStopped)
    assert isinstance(stopped, SharingStopped)
    assert (stopped.agency, stopped.service, stopped.grounds) == (BOARD, CAMHS, (REFERRAL,))
    assert stopped.because == "objection_upheld"
    shown = case.state.consents.open_disclosure(REFERRAL, BOARD, CAMHS)
    assert shown is not None and not shown.receives, "what it had received stays its own"
    case.does(reach("acknowledged", 4), **AS_CLINICIAN)
    assert case.referral.steps[-1].name == "acknowledged", "its clock goes on, and it can answer"


def test_to_stop_leaves_what_another_basis_permits() -> None:
    case = referred().does(submit(override="vital_interests", override_reason="In danger"))
    case.does(contact_recorded(FATHER, name="Rhys", relationship="father", parental_responsibility=True))
    case.does(objects()).happened(decides("stops"), ObjectionDecided)


def test_the_wellbeing_coordinator_does_not_decide() -> None:
    case = both_parents().does(objects())
    case.refuses(decides("stops"), "objection_not_yours", "outcome", role="wellbeing_coordinator")


def test_the_decision_is_not_before_the_objection() -> None:
    both_parents().does(objects()).refuses(decides("stops", on=2), "before_it_was_given", "occurred_on")


# Court orders


def test_an_order_that_prevents_sharing_ends_access_whatever_it_rests_on() -> None:
    case = both_parents()
    _recorded, closed = case.happened(order(agency=BOARD), CourtOrderRecorded, DisclosureClosed)
    assert isinstance(closed, DisclosureClosed)
    assert closed.because == "court_order"


def test_an_order_about_another_agency_ends_nothing() -> None:
    both_parents().happened(order(agency=LA_EDUCATION), CourtOrderRecorded)


def test_an_order_names_its_court() -> None:
    both_parents().refuses(order(court=""), "cannot_be_empty", "court")


@pytest.mark.parametrize(
    ("on", "applies"),
    [(day(3), False), (day(4), True), (day(9), True), (day(10), False)],
    ids=["the day before", "its first day", "its last day", "the day after"],
)
def test_an_order_applies_from_its_first_to_its_last_day(on: date, applies: bool) -> None:
    case = both_parents().does(order("permits", until=day(9)))
    found = case.state.objections.order_on(BOARD, None, "referral", on)
    assert (found is not None) is applies


def test_an_order_that_ended_no_longer_applies() -> None:
    case = both_parents().does(order("permits"))
    end = EndCourtOrder(occurred_on=day(8), pupil=PUPIL, order=ORDER, why="Diddymwyd.")
    case.happened(end, CourtOrderEnded)
    held = case.state.objections
    assert held.order_on(BOARD, None, "referral", day(7)) is not None
    assert held.order_on(BOARD, None, "referral", day(8)) is None
    case.refuses(end, "order_ended", "order")


def test_the_later_of_two_orders_counts() -> None:
    later = order("permits", order=UUID(int=0xF3), occurred_on=day(6))
    case = both_parents().does(order("prevents"), later)
    found = case.state.objections.order_on(BOARD, None, "referral", day(7))
    assert found is not None
    assert found.effect == "permits"


def test_an_order_cannot_end_before_it_begins() -> None:
    PupilCase().does(register()).refuses(order(until=day(3)), "ends_before_it_begins", "until")
    PupilCase().does(register()).happened(order(occurred_on=DAY, until=DAY), CourtOrderRecorded)


def test_a_person_who_objects_is_a_contact_of_this_pupil() -> None:
    both_parents().refuses(objects(contact=UUID(int=0x99)), "no_authority", "contact")
