"""Preferred names where a pupil is shown, one name, and the school that leads for a pupil of two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coordination.service import Coordination
from tests.county import OTHER_SCHOOL, PUPIL, UPN, register
from tests.intake.recorded import answer_request, case, import_pupils, sealed
from tests.intake.samples import pupil
from tests.webui.county_site import county_on
from tests.webui.referring import browser, form_in, settled
from tests.webui.service import RunningService

HERE = f"/pupils/{PUPIL}"


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    with county_on(service) as coordination:
        register(coordination)
        settled(service, coordination)
        yield coordination


def test_the_preferred_name_is_shown_and_the_legal_one_kept(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/identity").text, containing="preferred_forename").to_dict()
    typed = {"preferred_forename": "Sisi", "middle_names": "Mair", "why": "She asked"}
    assert client.post(f"{HERE}/identity", data=form | typed).location == HERE
    shown = client.get(HERE).text
    assert '<h1 class="govuk-heading-l">Sisi Gŵyn-Llŷr</h1>' in shown
    assert "Siân Mair Gŵyn-Llŷr" in shown
    for words in ("Sisi", "Siân"):
        form = form_in(client.get("/pupils").text, containing="words").to_dict()
        found = client.post("/pupils/find", data=form | {"words": words}, follow_redirects=True)
        assert "Gŵyn-Llŷr, Sisi" in found.text


def test_one_name_is_enough_and_none_is_not(county: Coordination, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(f"{HERE}/identity").text, containing="preferred_forename").to_dict()
    none = client.post(f"{HERE}/identity", data=form | {"forename": "", "surname": ""})
    assert (none.status_code, "Enter a surname or a first name." in none.text) == (422, True)
    assert (
        client.post(f"{HERE}/identity", data=form | {"forename": "Madhavi", "surname": ""}).location == HERE
    )
    assert '<h1 class="govuk-heading-l">Madhavi</h1>' in client.get(HERE).text


def test_the_leading_school_is_recorded_and_the_other_changes_no_needs(
    county: Coordination, service: RunningService
) -> None:
    there = pupil(upn=UPN, surname="Gŵyn-Llŷr", forename="Siân", school_number="6994002")
    import_pupils(county, there | {"date_of_birth": "2011-05-20"})
    answer_request(county, UPN, "kept_on_both")
    settled(service, county)
    client = browser(service, "alnco")
    assert f'href="{HERE}/leading-school"' in client.get(HERE).text
    form = form_in(client.get(f"{HERE}/leading-school").text, containing="school").to_dict()
    assert client.post(f"{HERE}/leading-school", data=form | {"school": str(OTHER_SCHOOL)}).location == HERE
    assert case(county, UPN).profile.leading_school() == OTHER_SCHOOL
    needs = form_in(client.get(f"{HERE}/needs").text, containing="needs")
    refused = client.post(f"{HERE}/needs", data=needs)
    assert (refused.status_code, "Another school leads for this pupil." in refused.text) == (422, True)
    assert len(sealed(county, UPN, "pupil.needs_recorded")) == 1
