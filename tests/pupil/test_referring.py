"""Beginning and sending a referral."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.commands import ChangeService, SetRequirements
from coordination.errors import NotFound
from coordination.pupil.consent.events import DisclosureMade
from coordination.pupil.referral.commands import REFERRAL_DATA
from coordination.pupil.referral.decide import (
    RaiseImmediateRisk,
)
from coordination.pupil.referral.events import (
    ImmediateRiskRaised,
    ReferralOpened,
)
from coordination.pupil.referral.milestones.opening import (
    Submitted,
)
from tests.given import SCHOOL
from tests.meeting import hwb
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_HEAD,
    AS_STRANGER,
    BOARD,
    CAMHS,
    LA_EDUCATION,
    OTHER_SCHOOL,
)
from tests.pupil.case import (
    AGREED,
    DAY,
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
)
from tests.pupil.referrals import ON, STRANGERS

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


@pytest.mark.parametrize(
    ("agreed", "sent_with", "refused"),
    [
        (("identity", "referral"), ("contact",), True),
        (("identity", "referral", "contact"), ("contact",), False),
        (("identity", "referral", "contact"), ("contact", "views"), True),
        ((), ("contact", "views"), False),
        (("identity",), (), False),
    ],
)
def test_nothing_goes_with_a_referral_that_the_agreement_does_not_name(
    agreed: tuple[str, ...], sent_with: tuple[str, ...], refused: bool
) -> None:
    case = registered().does(agree(data_classes=agreed), refer())
    command = submit(data_classes=(*REFERRAL_DATA, *sent_with))
    if refused:
        case.refuses(command, "data_not_agreed", "data_classes")
    else:
        case.happened(command, Submitted, DisclosureMade)
    despite = {"override": "vital_interests", "override_reason": "In danger"}
    case = registered().does(agree(data_classes=agreed), refer())
    case.happened(submit(data_classes=(*REFERRAL_DATA, *sent_with), **despite), Submitted, DisclosureMade)
