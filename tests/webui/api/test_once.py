"""What is sent twice is recorded once: at the same moment, after a crash between record and answer, and while the
database is away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.county import PUPIL
from tests.webui.api.conftest import ApiClient, problem
from tests.webui.api.test_pupils import new
from tests.webui.service import RunningService
from webui.api import idempotency
from webui.app import create_app
from webui.shell.settings import WebSettings


def test_two_at_the_same_moment(school: ApiClient, running: RunningService) -> None:
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _n: school.post("/pupils", new(900), key="at once"), range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    made = {answer.json["pupil"] for answer in answers}
    assert len(made) == 1
    assert school.post("/pupils", new(900), key="at once").json["pupil"] in made
    with psycopg.connect(running.database) as conn:
        row = conn.execute("select count(*) from log.event where topic = 'pupil.registered'").fetchone()
        again = conn.execute(
            "select count(*) from log.event where topic = 'pupil.registered' and originator_id = %s",
            (made.pop(),),
        ).fetchone()
    assert row is not None
    assert again == (1,)


def test_the_answer_was_lost(
    school: ApiClient, running: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any, **__: Any) -> None:
        raise psycopg.OperationalError

    words = {"whose": "child", "words": "Iawn.", "language": "cy", "occurred_on": "2025-03-01"}
    with monkeypatch.context() as moment:
        moment.setattr(idempotency, "answer_request", lost)
        answer = school.post(f"/pupils/{PUPIL}/views", words, key="lost")
        problem(answer, 503, "not_available")
        assert answer.headers["Retry-After"] == "10"
    record = running.app.extensions["cydlynu"].coordination.record
    position = record.last_position()
    assert school.post(f"/pupils/{PUPIL}/views", words, key="lost").status_code == 201
    assert record.last_position() == position


def test_no_database(tmp_path: Path) -> None:
    app = create_app(WebSettings(database="host=/nowhere", data=tmp_path, patience=0.1))
    headers = {"Authorization": "Bearer cyd_" + "x" * 43}
    problem(app.test_client().get("/api/v1/pupils", headers=headers), 503, "not_available")
    app.extensions["cydlynu"].close()
    # the document needs none
    assert app.test_client().get("/api/v1/openapi.json").status_code == 200
