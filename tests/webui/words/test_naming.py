"""What things and people are called on a page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from flask_babel import force_locale

from coordination.directory.commands import ChangeOrganisation, ChangePersonName
from tests.county import ADMINISTRATOR, ALNCO, CAMHS, HEAD, SCHOOL, order
from tests.webui.conftest import sign_in
from tests.webui.county_site import county_on
from webui.words.naming import code_words, organisation_name, people_names, service_name


@pytest.fixture
def county(service):
    with county_on(service) as coordination:
        yield coordination


def renamed(coordination) -> None:
    day = date(2025, 3, 3)
    changed = ChangeOrganisation(
        occurred_on=day,
        organisation=SCHOOL,
        effective_from=day,
        name="The Hill School",
        name_cy="Ysgol y Bryn",
    )
    coordination.perform(changed, order(ADMINISTRATOR, day, source="command_line"))


def test_names_are_in_the_language_of_the_page(county, service):
    renamed(county)
    with service.app.test_request_context():
        for language, name, profession in (
            ("en", "The Hill School", "Child and adolescent mental health"),
            ("cy", "Ysgol y Bryn", "Iechyd meddwl plant a’r glasoed"),
        ):
            with force_locale(language):
                assert organisation_name(SCHOOL) == name
                assert service_name(CAMHS) == profession
    with service.app.test_request_context():
        assert organisation_name(None) == service_name(None) == code_words("role", None) == ""
        assert organisation_name(UUID(int=9)) == ""
        assert code_words("role", "alnco") == "ALNCo"
        assert code_words("role", "not_there") == "not_there"


def test_people_are_named_in_one_go_and_as_they_are_called_now(county, service):
    day = date(2025, 3, 3)
    changed = ChangePersonName(occurred_on=day, organisation=SCHOOL, person=HEAD, name="Nia Wyn")
    county.perform(changed, order(ADMINISTRATOR, day, source="command_line"))
    with service.app.test_request_context():
        names = people_names([ALNCO, HEAD, None, UUID(int=9), HEAD])
        assert names == {ALNCO: "Person a1", HEAD: "Nia Wyn", UUID(int=9): "A person no longer named"}
        assert people_names([]) == {}


def test_the_head_of_a_page_says_where_one_works(county, service, client):
    renamed(county)
    sign_in(client, "alnco")
    assert "The Hill School" in client.get("/account", headers={"Accept-Language": "en"}).text
    client.get("/language/cy")
    assert "Ysgol y Bryn" in client.get("/account").text
