"""The application without a browser: Flask's test client on a real database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.projections.casework import RecordedCase
from tests.webui.service import PASSWORD, RunningService, service_on


@pytest.fixture
def service(database: str, tmp_path: Path) -> Iterator[RunningService]:
    """The application on a fresh database, with the gallery of fields as an extra page."""
    with service_on(database, tmp_path / "data", with_gallery=True) as running:
        yield running


@pytest.fixture(scope="session")
def still(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, RecordedCase]]:
    """The service and the case of tests/projections/casework.py, for what changes nothing; one for each worker."""
    from tests.webui.looking import looking  # which signs in as this module does

    with looking(postgres, template, tmp_path_factory.mktemp("still")) as found:
        yield found


@pytest.fixture
def client(service: RunningService) -> FlaskClient:
    """A browser without a screen."""
    return service.app.test_client()


def form_token(page: str) -> str:
    """The token in the first form of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, **more: str) -> Any:
    """Fill in the sign-in page; the answer as it comes, redirects not followed."""
    token = form_token(client.get("/sign-in").text)
    typed = {"csrf_token": token, "username": username, "password": password} | more
    return client.post("/sign-in", data=typed)
