"""A second referral to a service is questioned on the page before it is sent."""

from __future__ import annotations

import pytest

from coordination.pupil.casefile import PUPIL_STREAM
from tests.county import CAMHS, PUPIL, THERAPY
from tests.webui.referral.conftest import text
from tests.webui.referral.test_refer import OWN, details, refer
from tests.webui.referring import browser, case_on

REFUSED = "This service already has an open referral for this pupil."


@pytest.fixture
def case(service):
    with case_on(service) as told:
        yield told


@pytest.fixture
def alnco(case, service):
    return browser(service, "alnco")


def referrals_to(case, service):
    held = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals.values()
    return [one for one in held if one.service == service]


def test_a_second_one_is_sent_only_when_it_is_said_to_be_intended(case, alnco):
    page = details(alnco, OWN, CAMHS)
    assert "Is a second referral to this service intended?" in page.text
    for answer in ({}, {"second_referral": "no"}):
        refused = refer(alnco, page, OWN, **answer)
        assert refused.status_code == 422
        assert REFUSED in text(refused.text)
        assert len(referrals_to(case, CAMHS)) == 1
    assert refer(alnco, page, OWN, second_referral="yes").status_code == 303
    assert len(referrals_to(case, CAMHS)) == 2


def test_a_first_one_is_not_questioned(alnco):
    page = details(alnco, OWN, THERAPY)
    assert "Is a second referral to this service intended?" not in page.text
