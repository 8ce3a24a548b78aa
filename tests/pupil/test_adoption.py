"""A child is adopted: the identity is replaced, earlier contacts end, and their agreements are asked for again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.adoption.commands import ReplaceIdentity
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.consent.events import ConsentRequested
from coordination.pupil.profile.events import ContactEnded, ContactRecorded
from coordination.pupil.referral.events import ReferralOpened
from tests.meeting.hwb import AS_ALNCO, AS_OFFICER, BOARD, CAMHS, CONWY, GWYNEDD, PUPIL
from tests.pupil.case import AGREED, DAY, MOTHER, UNCLE, agree, contact, day, refer, registered, sent, submit

OFFICER: dict[str, Any] = {
    "person": UUID(int=0xCF),
    "role": "adoption_officer",
    "organisation": GWYNEDD,
}
NEW_MOTHER = UUID(int=0x83)


def adopt(**changed: Any) -> ReplaceIdentity:
    usual: dict[str, Any] = {
        "occurred_on": day(10),
        "pupil": PUPIL,
        "upn": "E670200126001",
        "surname": "Newydd",
        "forename": "Nia",
        "date_of_birth": date(2014, 1, 20),
        "sex": "F",
        "language": "cy",
        "why": "Adoption order",
        "contacts": (contact(NEW_MOTHER, name="Non Newydd", parental_responsibility=True),),
    }
    return ReplaceIdentity(**{**usual, **changed})


def test_every_contact_ends_and_the_new_parents_are_recorded() -> None:
    case = registered()
    events = case.happened(adopt(), ContactEnded, ContactEnded, IdentityReplaced, ContactRecorded, **OFFICER)
    assert {e.contact for e in events[:2]} == {MOTHER, UNCLE}  # type: ignore[attr-defined]
    assert case.state.profile.contact(MOTHER) is None
    assert case.state.profile.contact(NEW_MOTHER) is not None
    assert case.state.adoption.replaced == case.last - 1


def test_a_birth_parent_can_no_longer_agree() -> None:
    case = registered().does(adopt(), **OFFICER)
    case.refuses(agree(occurred_on=day(11)), "no_authority", "authority")


def test_what_a_birth_parent_agreed_is_asked_of_the_new_parent_and_allows_nothing_new() -> None:
    case = registered().does(agree(), refer())
    (*_, asked) = case.happened(
        adopt(),
        ContactEnded,
        ContactEnded,
        IdentityReplaced,
        ContactRecorded,
        ConsentRequested,
        **OFFICER,
    )
    assert isinstance(asked, ConsentRequested)
    assert (asked.agency, asked.contact, asked.purpose) == (BOARD, NEW_MOTHER, "referral")
    assert asked.consent != AGREED
    case.refuses(submit(day(11)), "disclosure_without_basis", "consent")
    case.does(agree(occurred_on=day(11), consent=asked.consent, contact=NEW_MOTHER))
    case.does(submit(day(11)))


def test_what_was_disclosed_stays_disclosed() -> None:
    case = sent().does(adopt(), **OFFICER)
    assert case.state.consents.disclosed(case.referral.referral, BOARD, CAMHS)


def test_the_childs_own_agreement_stands() -> None:
    own = agree(contact=None, authority="young_person")
    case = registered().does(own)
    case.happened(adopt(), ContactEnded, ContactEnded, IdentityReplaced, ContactRecorded, **OFFICER)
    assert case.state.consents.agreement(BOARD, CAMHS, "referral", day(11)) is not None


def test_nobody_is_asked_when_no_new_parent_is_named() -> None:
    case = registered().does(agree())
    case.happened(adopt(contacts=()), ContactEnded, ContactEnded, IdentityReplaced, **OFFICER)


@pytest.mark.parametrize(
    "by",
    [AS_ALNCO, AS_OFFICER, OFFICER | {"organisation": CONWY}],
    ids=["school", "caseworker", "another authority"],
)
def test_only_the_adoption_officer_of_the_schools_authority(by: dict[str, Any]) -> None:
    registered().refuses(adopt(), "not_found", **by)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"why": " "}, "cannot_be_empty", "why"),
        ({"surname": "", "forename": " "}, "cannot_be_empty", "surname"),
        ({"occurred_on": date(2026, 12, 2)}, "in_the_future", "occurred_on"),
        ({"sex": "X"}, "unknown_code", "sex"),
    ],
)
def test_a_new_identity_is_whole(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(adopt(**changed), code, field, **OFFICER)


def test_one_name_is_enough() -> None:
    registered().does(adopt(surname=""), **OFFICER)


def test_the_file_keeps_its_referrals() -> None:
    case = sent().does(adopt(), **OFFICER)
    assert any(isinstance(event, ReferralOpened) for event in case.events)
    assert case.referral.opened_on == DAY
