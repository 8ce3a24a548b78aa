from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from coordination.directory.decide import AcceptTerms, CloseOrganisation, EndTerms
from coordination.directory.decisions.terms import decide_accept_terms, decide_end_terms
from coordination.directory.events import TermsAccepted, TermsEnded
from tests.directory.county import (
    BALA,
    BOARD,
    CAMHS,
    COUNSEL,
    GWYNEDD,
    NEW,
    REFERENCE,
    TALK,
    TERMS,
    TODAY,
    TYWYN,
    camhs,
    county,
    hwb_terms,
)
from tests.given import header

MANAGER = {"role": "service_manager", "organisation": BOARD}
FOR_AGENCY = {"role": "administrator", "organisation": GWYNEDD, "on_behalf_of": BOARD}


def accepted(command: AcceptTerms) -> TermsAccepted:
    return TermsAccepted(
        header=header(),
        terms=command.terms,
        service=command.service,
        school=command.school,
        effective_from=command.effective_from,
        effective_to=command.effective_to,
        notice_working_days=command.notice_working_days,
        meetings=command.meetings,
    )


@pytest.mark.parametrize("who", [MANAGER, {**MANAGER, "role": "clinician"}, FOR_AGENCY])
def test_terms_are_accepted_by_the_agency_or_on_its_behalf(who: dict[str, object]) -> None:
    here = county()
    here.given(BOARD, **who).when(decide_accept_terms, hwb_terms(), here.world).then([accepted(hwb_terms())])


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"role": "administrator", "organisation": REFERENCE}, "on_behalf_of_missing"),
        ({**FOR_AGENCY, "on_behalf_of": COUNSEL}, "on_behalf_of_missing"),
        ({"role": "service_manager", "organisation": COUNSEL}, "not_permitted"),
        ({"role": "alnco", "organisation": TYWYN}, "not_permitted"),
        ({"role": "auditor", "organisation": BOARD}, "not_permitted"),
    ],
)
def test_nobody_else_accepts_or_ends_terms(who: dict[str, object], code: str) -> None:
    here = county(hwb_terms())
    end = EndTerms(occurred_on=TODAY, organisation=BOARD, terms=TERMS, effective_to=TODAY)
    here.given(BOARD, **who).when(decide_accept_terms, hwb_terms(terms=NEW), here.world).refused(code)
    here.given(BOARD, **who).when(decide_end_terms, end, here.world).refused(code)


def test_the_same_terms_again_are_nothing_new_even_under_another_id() -> None:
    here = county(hwb_terms())
    for again in (hwb_terms(), hwb_terms(terms=NEW)):
        here.given(BOARD, **MANAGER).when(decide_accept_terms, again, here.world).then([])


def test_one_id_is_not_for_two_terms() -> None:
    here = county(hwb_terms())
    other = hwb_terms(notice_working_days=5)
    here.given(BOARD, **MANAGER).when(decide_accept_terms, other, here.world).refused("terms_differ", "terms")


@pytest.mark.parametrize("since", [date(2026, 9, 1), date(2026, 1, 1)], ids=["later", "same day"])
def test_new_terms_end_those_before_them(since: date) -> None:
    here = county(hwb_terms())
    new = hwb_terms(terms=NEW, notice_working_days=5, effective_from=since)
    day_before = date.fromordinal(since.toordinal() - 1)
    here.given(BOARD, **MANAGER).when(decide_accept_terms, new, here.world).then(
        [TermsEnded(header=header(), terms=TERMS, effective_to=day_before), accepted(new)]
    )
    here.does(new)
    found = here.directory.terms(CAMHS, TYWYN, since)
    assert found is not None and (found.id, found.notice_working_days) == (NEW, 5)


def test_earlier_terms_recorded_late_end_where_the_later_begin() -> None:
    here = county(hwb_terms())
    earlier = hwb_terms(terms=NEW, effective_from=date(2025, 1, 1))
    (event,) = (
        here.given(BOARD, **MANAGER).when(decide_accept_terms, earlier, here.world).happened(TermsAccepted)
    )
    assert isinstance(event, TermsAccepted) and event.effective_to == date(2025, 12, 31)


def test_terms_are_looked_up_by_service_school_meetings_and_day() -> None:
    review = hwb_terms(terms=NEW, meetings="idp_review", notice_working_days=20)
    here = county(hwb_terms(effective_to=date(2026, 6, 30)), review)
    known = here.directory
    assert known.terms(CAMHS, TYWYN, date(2025, 12, 31)) is None
    assert known.terms(CAMHS, TYWYN, date(2026, 6, 30)) == here.state(BOARD).terms[TERMS]
    assert known.terms(CAMHS, TYWYN, date(2026, 7, 1)) is None
    assert known.terms(CAMHS, TYWYN, date(2026, 7, 1), "idp_review") == here.state(BOARD).terms[NEW]
    assert known.terms(CAMHS, BALA, TODAY) is None
    assert known.terms(UUID(int=404), TYWYN, TODAY) is None
    assert [t.id for t in known.terms_for(TYWYN, TODAY)] == [TERMS]
    assert known.terms_for(BALA, TODAY) == ()


def test_a_service_that_has_closed_is_expected_nowhere() -> None:
    here = county(hwb_terms(), camhs(open_to=date(2026, 3, 31)))
    assert here.directory.terms(CAMHS, TYWYN, date(2026, 3, 31)) is not None
    assert here.directory.terms(CAMHS, TYWYN, date(2026, 4, 1)) is None
    assert here.directory.terms_for(TYWYN, date(2026, 4, 1)) == ()


def test_terms_of_two_agencies_with_one_school_stand_side_by_side() -> None:
    talk = camhs(organisation=COUNSEL, service=TALK, code="A-TALK", profession="counselling")
    here = county(hwb_terms(), talk, hwb_terms(organisation=COUNSEL, service=TALK, terms=NEW))
    assert [t.id for t in here.directory.terms_for(TYWYN, TODAY)] == [NEW, TERMS]


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (hwb_terms(service=UUID(int=404)), "unknown_service", "service"),
        (hwb_terms(effective_from=date(2015, 3, 31)), "service_closed", "service"),
        (hwb_terms(school=GWYNEDD), "unknown_school", "school"),
        (hwb_terms(school=UUID(int=404)), "unknown_school", "school"),
        (hwb_terms(school=BALA), "school_closed", "school"),
        (hwb_terms(effective_to=date(2025, 12, 31)), "end_before_start", "effective_to"),
        (hwb_terms(notice_working_days=-1), "notice_negative", "notice_working_days"),
        (hwb_terms(meetings="seance"), "unknown_code", "meetings"),
    ],
)
def test_what_are_no_terms(command: AcceptTerms, code: str, field: str) -> None:
    closed = CloseOrganisation(occurred_on=TODAY, organisation=BALA, effective_to=date(2025, 8, 31))
    here = county(closed)
    here.given(BOARD, **MANAGER).when(decide_accept_terms, command, here.world).refused(code, field)


def end(on: date, terms: UUID = TERMS) -> EndTerms:
    return EndTerms(occurred_on=TODAY, organisation=BOARD, terms=terms, effective_to=on)


def test_terms_end() -> None:
    here = county(hwb_terms())
    here.given(BOARD, **MANAGER).when(decide_end_terms, end(TODAY), here.world).then(
        [TermsEnded(header=header(), terms=TERMS, effective_to=TODAY)]
    )


def test_terms_that_have_ended_do_not_end_again() -> None:
    here = county(hwb_terms(effective_to=TODAY))
    for on in (TODAY, date(2026, 12, 31)):
        here.given(BOARD, **MANAGER).when(decide_end_terms, end(on), here.world).then([])


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (end(TODAY, NEW), "unknown_terms", "terms"),
        (end(date(2025, 12, 31)), "end_before_start", "effective_to"),
    ],
)
def test_which_terms_do_not_end(command: EndTerms, code: str, field: str) -> None:
    here = county(hwb_terms())
    here.given(BOARD, **MANAGER).when(decide_end_terms, command, here.world).refused(code, field)
