"""Organisations change on screen: a new name, a school that closes or merges, a service that moves or closes; and the
lists that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.county import BOARD, CAMHS, EDUCATION, OTHER_SCHOOL, PSYCHOLOGY, PUPIL, SCHOOL
from tests.projections.casework import TO_CAMHS, RecordedCase, told
from tests.webui.administration.test_administration import fill, words_of
from tests.webui.county_site import county_on
from tests.webui.referring import browser, settled
from tests.webui.service import RunningService


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with county_on(service) as coordination:
        case = told(coordination)
        settled(service, coordination)
        yield case


def dated(name: str, on: Any) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def test_a_school_has_a_new_name_from_a_day_on(service: RunningService, case: RecordedCase) -> None:
    today = service.clock.at.date()
    later = today + timedelta(days=30)
    path = f"/administration/organisations/{SCHOOL}/name"
    page = fill(service, path, name="Ysgol Newydd", **dated("effective_from", later))
    assert "The new name is recorded." in page.text
    assert '<h1 class="govuk-heading-l">Ysgol y Bryn' in page.text
    service.clock.at += timedelta(days=31)
    page = browser(service, "administrator").get(f"/administration/organisations/{SCHOOL}")
    assert '<h1 class="govuk-heading-l">Ysgol Newydd' in page.text


def test_a_school_merges_into_another(service: RunningService, case: RecordedCase) -> None:
    path = f"/administration/organisations/{SCHOOL}/close"
    today = service.clock.at.date()
    page = fill(service, path, merged_into=str(OTHER_SCHOOL), **dated("effective_to", today))
    assert "Merges into Ysgol y Cwm" in words_of(page.text)
    refused = fill(
        service,
        f"/administration/organisations/{OTHER_SCHOOL}/close",
        422,
        merged_into=str(OTHER_SCHOOL),
        **dated("effective_to", today),
    )
    assert "error" in refused.text


def test_a_service_moves_to_another_agency(service: RunningService, case: RecordedCase) -> None:
    path = f"/administration/services/{CAMHS}/move"
    today = service.clock.at.date()
    tomorrow = fill(
        service, path, 422, to_agency=str(EDUCATION), **dated("occurred_on", today + timedelta(days=1))
    )
    assert "future" in words_of(tomorrow.text)
    page = fill(service, path, to_agency=str(EDUCATION), **dated("occurred_on", today))
    assert "Dyffryn Education" in words_of(page.text)
    client = browser(service, "administrator")
    assert str(CAMHS) in client.get(f"/administration/organisations/{EDUCATION}").text
    assert str(CAMHS) not in client.get(f"/administration/organisations/{BOARD}").text


def test_every_list_says_that_a_service_is_closed_and_who_has_taken_it_on(
    service: RunningService, case: RecordedCase
) -> None:
    path = f"/administration/services/{CAMHS}/close"
    yesterday = service.clock.at.date() - timedelta(days=1)
    page = fill(service, path, **dated("open_to", yesterday))
    assert "The last day is recorded." in page.text
    closed = f"Child and adolescent mental health (closed on {yesterday:%-d %b %Y}, not taken on)"
    referral = f"/pupils/{PUPIL}/referrals/{TO_CAMHS}"
    places = (
        ("alnco", f"/pupils/{PUPIL}"),
        ("alnco", referral),
        ("clinician", referral),
        ("auditor", "/waiting-times"),
    )
    for who, address in places:
        assert closed in words_of(browser(service, who).get(address).text), (who, address)
    listed = words_of(browser(service, "caseworker").get("/caseworker").text)
    assert closed in listed
    assert "1 open referral" in listed
    assert "Nobody has taken these on." in listed
    page = fill(service, path, inherited_by=str(PSYCHOLOGY), **dated("open_to", yesterday))
    taken = f"(closed on {yesterday:%-d %b %Y}, now with Educational psychology)"
    for who, address in places:
        assert taken in words_of(browser(service, who).get(address).text), (who, address)


def test_a_single_point_of_access_carries_a_dated_list(service: RunningService, case: RecordedCase) -> None:
    path = f"/administration/services/{CAMHS}/single-point-of-access"
    assert f'value="{CAMHS}"' not in browser(service, "administrator").get(path).text, "not for itself"
    page = words_of(fill(service, path, services=[str(PSYCHOLOGY)]).text)
    assert "Sorts referrals for" in page and "In force" in page
    today = service.app.extensions["cydlynu"].today()
    assert case.service.directory().service(CAMHS).triages_for(today) == (PSYCHOLOGY,)
    early = dated("effective_to", today - timedelta(days=1))
    assert "before the start date" in fill(service, path, 422, services=[str(PSYCHOLOGY)], **early).text
    fill(service, path, services=[])
    assert case.service.directory().service(CAMHS).triages_for(today) == ()
