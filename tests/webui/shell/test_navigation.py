"""Who sees what in the navigation."""

import pytest
from flask import Blueprint

from tests.webui.conftest import sign_in
from webui.shell import navigation
from webui.shell.authentication import signed_in
from webui.shell.navigation import MenuItem


@pytest.fixture
def desks(service, monkeypatch):
    """Two desks: one of ALNCos, one for everybody."""
    for name in ("here", "there"):
        pages = Blueprint(name, __name__)
        pages.get(f"/{name}", endpoint="page")(signed_in()(lambda: navigation.home_address()))
        service.app.register_blueprint(pages)
    entries = [
        MenuItem("here.page", "Today", frozenset({"alnco"})),
        MenuItem("there.page", "Waits"),
        MenuItem("nothing.page", "Not there"),
    ]
    monkeypatch.setattr(navigation, "ENTRIES", entries)
    return service


def test_a_role_lands_on_its_first_desk_and_sees_its_own(desks, client):
    desks.person("alnco", username="nia")
    assert sign_in(client, "nia").location == "/here"
    page = client.get("/account").text
    assert 'href="/here"' in page
    assert 'href="/there"' in page
    assert "Not there" not in page


def test_another_role_sees_only_what_is_for_all(desks, client):
    desks.person("auditor", username="ana")
    assert sign_in(client, "ana").location == "/there"
    page = client.get("/account").text
    assert 'href="/here"' not in page
    assert 'aria-current="true"' not in page


def test_nobody_signed_in_sees_none(desks, client):
    assert "govuk-service-navigation" not in client.get("/").text


def test_every_entry_of_the_real_table_leads_somewhere(service):
    for entry in navigation.ENTRIES:
        assert entry.endpoint in service.app.view_functions, entry.endpoint
