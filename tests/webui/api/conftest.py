"""The case of tests/projections/casework.py behind the API, with a token for each organisation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from werkzeug.test import TestResponse

from coordination.desk.tokens import SCOPES, Token, create_token
from tests.county import AUTHORITY, BOARD, EDUCATION, OTHER_SCHOOL, SCHOOL
from tests.projections.casework import RecordedCase
from tests.webui.looking import looking
from tests.webui.service import RunningService

_numbers = count(1)


class ApiClient:
    """An organisation's own system: a token, and no cookies."""

    def __init__(self, service: RunningService, token: Token, held: str) -> None:
        self.service, self.token, self.held = service, token, held

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, **headers)

    def post(
        self, path: str, body: Any = None, *, key: str | None = "", match: str | None = None, **more: str
    ) -> TestResponse:
        """Sends a body; each call a new key unless one is given (None: none)."""
        headers = dict(more)
        if key is not None:
            headers["Idempotency-Key"] = key or f"test {next(_numbers)}"
        if match is not None:
            headers["If-Match"] = match
        return self.ask("POST", path, json.dumps(body), **{"Content-Type": "application/json", **headers})

    def ask(self, method: str, path: str, data: str | bytes | None = None, **headers: str) -> TestResponse:
        """One request; an empty header is left out."""
        sent = {"Authorization": f"Bearer {self.held}", **headers}
        client = self.service.app.test_client(use_cookies=False)
        given = {name.replace("_", "-"): value for name, value in sent.items() if value}
        return client.open(f"/api/v1{path}", method=method, data=data, headers=given)


def program(service: RunningService, organisation: UUID, *scopes: str, **more: Any) -> ApiClient:
    """A system of an organisation, with all scopes unless some are named; of an agency, for the whole of it unless
    `services` are."""
    known = service.app.extensions["cydlynu"].coordination.directory()
    of = more.pop("organisation_of", None) or known.organisation(organisation)
    if of is not None and of.kind == "agency" and "services" not in more:
        more["whole_agency"] = True
    with psycopg.connect(service.database) as conn:
        token, held = create_token(
            conn,
            token=uuid4(),
            secret=uuid4().hex + uuid4().hex,
            organisation=of,
            scopes=scopes or SCOPES,
            label="Test",
            created_by=UUID(int=1),
            now=more.pop("now", service.clock()),
            **more,
        )
    return ApiClient(service, token, held)


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, RecordedCase]]:
    """The service and the case, for the tests of a module."""
    with looking(postgres, template, tmp_path_factory.mktemp("api")) as found:
        yield found


@pytest.fixture
def running(site: tuple[RunningService, RecordedCase]) -> RunningService:
    return site[0]


@pytest.fixture
def school(running: RunningService) -> ApiClient:
    return program(running, SCHOOL)


@pytest.fixture
def other_school(running: RunningService) -> ApiClient:
    return program(running, OTHER_SCHOOL)


@pytest.fixture
def board(running: RunningService) -> ApiClient:
    return program(running, BOARD)


@pytest.fixture
def education(running: RunningService) -> ApiClient:
    return program(running, EDUCATION)


@pytest.fixture
def authority(running: RunningService) -> ApiClient:
    return program(running, AUTHORITY)


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, which must be that one."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.content_type == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.text)
    assert found["status"] == status
    assert found["code"] == code, found
    assert found["type"].startswith("/api/v1/docs#")
    return found


def fields(found: dict[str, Any]) -> dict[str, str]:
    """The codes of a problem's errors by field."""
    return {error["field"]: error["code"] for error in found["errors"]}
