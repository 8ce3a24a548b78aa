"""What a program that watches the service is told, and when a page says that it is behind."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.desk.heartbeat import note_caught_up
from coordination.store.migrate import APPEND, as_role
from tests.scripts.conftest import one
from tests.webui.conftest import sign_in
from tests.webui.service import NOW, RunningService, service_on

BEHIND = "is not on this page yet"


@pytest.fixture
def with_an_event(service: RunningService) -> RunningService:
    """One event is on the record that the read models do not have; the worker was caught up at NOW."""
    with psycopg.connect(as_role(service.database, APPEND), autocommit=True) as link:
        note_caught_up(link, NOW)
        link.execute(
            "insert into log.event (originator_id, originator_version, topic, state)"
            " values (%s, 1, 'consent.given', '')",
            (UUID(int=1),),
        )
    service.person(username="nia")
    return service


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(seconds=59), None),
        (timedelta(seconds=60), "in the last minute is not"),
        (timedelta(minutes=2), "in the last 2 minutes is not"),
    ],
)
def test_a_page_says_when_it_lacks_what_is_on_the_record(
    with_an_event: RunningService, client: FlaskClient, after: timedelta, said: str | None
) -> None:
    with_an_event.clock.at = NOW + after
    sign_in(client, "nia")
    page = client.get("/today").text
    assert (said in page) if said else (BEHIND not in page)


def test_a_page_that_lacks_nothing_says_nothing_though_the_worker_is_silent(
    service: RunningService, client: FlaskClient
) -> None:
    with psycopg.connect(service.database, autocommit=True) as link:
        note_caught_up(link, NOW - timedelta(days=3))
    service.person(username="nia")
    sign_in(client, "nia")
    assert BEHIND not in client.get("/today").text


def test_it_is_ready_with_read_models_of_this_version_only(
    with_an_event: RunningService, client: FlaskClient
) -> None:
    with_an_event.clock.at = NOW + timedelta(seconds=30)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json) == (
        200,
        {
            "ready": True,
            "database": "reachable",
            "read_models": "current",
            "events_behind": 1,
            "worker_seen_seconds": 30.0,
        },
    )
    one(with_an_event.database, "update read.position set definition = 'other' returning 1")
    other = client.get("/readyz")
    assert (other.status_code, other.json and other.json["read_models"]) == (503, "of another version")


def test_it_is_not_ready_without_its_database(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with service_on("host=/nowhere dbname=none", tmp_path, patience=0.2) as running:
        answer = running.app.test_client().get("/readyz")
        assert (answer.status_code, answer.json) == (503, {"ready": False, "database": "unreachable"})
        text = running.app.test_client().get("/metrics").text
        assert "cydlynu_database_up 0.0" in text


class TestMetrics:
    def test_they_count_requests_by_room_and_say_how_the_service_stands(
        self, with_an_event: RunningService, client: FlaskClient
    ) -> None:
        sign_in(client, "nia")
        client.get("/today")
        text = client.get("/metrics").text
        assert 'cydlynu_requests_total{method="GET",room="today",status="200"}' in text
        assert "cydlynu_database_up 1.0" in text
        assert "cydlynu_events_behind 1.0" in text
        assert "nia" not in text
        assert "Prydderch" not in text

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
    def test_nobody_reads_them_through_a_proxy(self, client: FlaskClient, header: str) -> None:
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404

    def test_nor_from_another_machine(self, client: FlaskClient) -> None:
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
