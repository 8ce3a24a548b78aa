"""The document: for programs as JSON, for people as a page in both languages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask_babel import force_locale

from coordination.desk.tokens import SCOPES
from tests.webui.referring import browser
from tests.webui.service import RunningService
from webui.api.problems import STATUSES
from webui.words.languages import LOCALES
from webui.words.refusals import LABELLED, MATTERS, SENTENCES
from webui.words.refusals.translated import of_code, of_field


@pytest.fixture
def document(running: RunningService) -> dict[str, Any]:
    answer = running.app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = answer.get_json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post")
    ]


def test_it_says_all_that_a_program_must_know(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    names = set()
    for path, method, operation in operations(document):
        (needed,) = operation["security"]
        assert set(needed["bearer"]) <= set(SCOPES), path
        assert operation["summary"], path
        names.add(operation["operationId"])
        headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
        if "201" in operation["responses"]:
            assert "Idempotency-Key" in headers, path
        assert ("428" in operation["responses"]) == ("If-Match" in headers), path
        for status in ("401", "403", "404", "422", "429", "500", "503"):
            assert status in operation["responses"], (path, method)
    assert len(names) == len(operations(document))


def test_bodies_take_no_other_fields(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    def closed(schema: dict[str, Any]) -> bool:
        if "oneOf" in schema:
            return all(closed(part) for part in schema["oneOf"])
        return schemas[schema["$ref"].rpartition("/")[2]]["additionalProperties"] is False

    bodies = [
        o["requestBody"]["content"]["application/json"]["schema"]
        for _p, _m, o in operations(document)
        if "requestBody" in o
    ]
    assert bodies
    assert all(closed(body) for body in bodies)


@pytest.mark.parametrize(("language", "heading"), [("en", "The API of Cydlynu"), ("cy", "API Cydlynu")])
def test_the_page(running: RunningService, document: dict[str, Any], language: str, heading: str) -> None:
    client = running.app.test_client()
    answer = client.get("/api/v1/docs", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert heading in answer.text
    for path, _method, _operation in operations(document):
        assert path in answer.text
    assert STATUSES.keys() <= SENTENCES.keys()
    fields = MATTERS["Fields of a request"].keys() | LABELLED.keys()
    with running.app.test_request_context("/"), force_locale(LOCALES[language]):
        meanings = {code: of_code(code, {}) for code in SENTENCES if code not in fields}
        meanings |= {code: of_field(code, {}) for code in fields}
    text = unescape(answer.text)
    for code, meaning in meanings.items():
        assert f'id="{code}"' in text, code
        assert f">{meaning}</dd>" in text, code
    # our own files alone, and nothing written into the page that could run
    assert "script-src" not in answer.text
    assert not re.search(r'(src|href)="https?://', answer.text)
    assert not re.search(r"<script(?![^>]*src=)|style=", answer.text)
    ids = re.findall(r' id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    regions = re.findall(r'role="region" aria-label="([^"]+)"', answer.text)
    assert len(regions) == len(set(regions)) > 50


def test_the_page_is_found_from_the_account(running: RunningService) -> None:
    assert "/api/v1/docs" in browser(running, "administrator").get("/account").text
