"""Documents through the API: attached, listed, opened and removed with their scopes; for others not there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.county import BOARD, EDUCATION, OTHER_SCHOOL, SCHOOL
from tests.intake.documents.made_files import PROGRAM, pdf
from tests.projections.casework import MINUTE, TO_CAMHS
from tests.webui.api.conftest import ApiClient, program
from tests.webui.referring import case_on
from tests.webui.service import RunningService

HERE = f"/referrals/{TO_CAMHS}/documents"


@pytest.fixture
def running(service: RunningService) -> Iterator[RunningService]:
    with case_on(service):
        yield service


def body(content: bytes, **changed: Any) -> dict[str, Any]:
    encoded = base64.b64encode(content).decode()
    return {"file_name": "Adroddiad.pdf", "content": encoded, "data_class": "reports", **changed}


def test_a_system_attaches_and_another_opens(running: RunningService) -> None:
    school, board = program(running, SCHOOL), program(running, BOARD)
    content = pdf()
    made = school.post(HERE, body(content), key="one")
    assert made.status_code == 201, made.text
    document = made.json["document"]
    assert school.post(HERE, body(content), key="one").json == {"document": document}
    [listed] = board.get(HERE).json["items"]
    assert (listed["document"], listed["file_name"]) == (document, "Adroddiad.pdf")
    assert (listed["media_type"], listed["data_class"]) == ("application/pdf", "reports")
    assert "content" not in listed
    opened = board.get(f"/documents/{document}/content").json
    assert base64.b64decode(opened["content"]) == content
    with psycopg.connect(running.database) as link:
        noted = link.execute(
            "select cardinality(cited_versions) from desk.read_log where kind = 'document' and %s = any(ids)",
            (UUID(document),),
        ).fetchall()
    assert noted == [(1,)]
    for other in (program(running, OTHER_SCHOOL), program(running, EDUCATION)):
        for path in (HERE, f"/documents/{document}", f"/documents/{document}/content"):
            assert other.get(path).status_code == 404
        assert other.post(HERE, body(content)).status_code == 404
    assert board.post(f"/documents/{document}/remove", {"why": "x"}).status_code == 404
    assert school.post(f"/documents/{document}/remove", {"why": "Plentyn arall"}).status_code == 201
    assert board.get(f"/documents/{document}/content").status_code == 404


def test_scopes_and_what_is_wrong_with_a_file(running: RunningService) -> None:
    school, reader = program(running, SCHOOL), program(running, SCHOOL, "documents:read")

    def problem(client: ApiClient, path: str, sent: Any) -> str:
        answer = client.post(path, sent)
        assert 400 <= answer.status_code < 500
        return answer.text

    assert "scope_missing" in problem(reader, HERE, body(pdf()))
    assert program(running, SCHOOL, "referrals:read").get(HERE).status_code == 403
    assert "document_program" in problem(school, HERE, body(PROGRAM))
    assert "content" in problem(school, HERE, body(b"") | {"content": "not base64!"})
    assert problem(school, f"/referrals/{uuid4()}/documents", body(pdf()))
    assert school.post(f"/minutes/{MINUTE}/documents", body(pdf())).status_code == 201
    assert len(school.get(f"/minutes/{MINUTE}/documents").json["items"]) == 1
    assert school.get(HERE).json["items"] == []
