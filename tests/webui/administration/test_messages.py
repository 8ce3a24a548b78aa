"""Mail addresses and messages that were not sent, on the administrator's pages."""

from __future__ import annotations

from uuid import UUID

import psycopg

from coordination.scheduled_jobs import JOBS
from tests.county import BOARD, CAMHS, SCHOOL
from tests.scripts.conftest import one
from tests.webui.conftest import form_token
from tests.webui.referring import browser, case_on
from tests.webui.service import NOW, RunningService
from webui.administration.pages.shared import address_of

MESSAGE = UUID(int=0x3E55)


def waits(database: str, *, given_up: bool) -> None:
    with psycopg.connect(database) as link:
        link.execute(
            "insert into desk.outbox (message, rule, recipient_kind, recipient, subject, thing, service, detail,"
            " urgent, stream, version, created_at, due_at, problem, given_up_at) values (%s, 'referral_sent',"
            " 'service', %s, 'referral', %s, %s, '', false, %s, 7, %s, %s, 'no_address', %s)",
            (MESSAGE, CAMHS, MESSAGE, CAMHS, MESSAGE, NOW, NOW, NOW if given_up else None),
        )


def test_an_address_is_set_changed_and_removed(service: RunningService) -> None:
    with case_on(service):
        client = browser(service, "administrator")
        for path, key in (
            (f"/administration/services/{CAMHS}/mailbox", CAMHS),
            (f"/administration/organisations/{SCHOOL}/mailbox", SCHOOL),
        ):
            for address in ("box@health.example", "other@health.example", ""):
                token = form_token(client.get(path).text)
                answer = client.post(
                    path,
                    data={
                        "csrf_token": token,
                        "command_id": f"{key}{address}",
                        "address": address,
                        "news": "daily",
                    },
                )
                assert answer.status_code == 303
                with service.app.test_request_context():
                    assert address_of(key) == (address or None)
                assert 'value="daily" checked' in client.get(path).text
        wrong = client.post(
            path, data={"csrf_token": token, "command_id": "x", "address": "two, three", "news": "not"}
        )
        assert wrong.status_code == 422
        assert "Enter an email address" in wrong.text
        assert client.get(f"/administration/services/{BOARD}/mailbox").status_code == 404


def test_what_could_not_be_sent_is_shown_and_sent_again(service: RunningService) -> None:
    with case_on(service):
        waits(service.database, given_up=True)
        client = browser(service, "administrator")
        page = client.get("/administration/messages").text
        assert "No email address is recorded" in page
        assert "Siân" not in page
        again = f"/administration/messages/{MESSAGE}/again"
        assert client.post(again, data={"csrf_token": form_token(page)}).status_code == 303
        assert one(
            service.database, "select given_up_at is null from desk.outbox where message = %s", MESSAGE
        )
        assert client.post(again, data={"csrf_token": form_token(page)}).status_code == 404
        assert browser(service, "alnco").get("/administration/messages").status_code == 404


def test_the_jobs_are_shown_with_what_failed(service: RunningService) -> None:
    with case_on(service):
        with psycopg.connect(service.database) as link:
            link.execute(
                "insert into desk.job_run (job, slot, begun_at, failed_at, problem)"
                " values ('keep_ledger', %s, %s, %s, 'OSError')",
                (NOW, NOW, NOW),
            )
        page = browser(service, "administrator").get("/administration/jobs").text
        assert "OSError" in page
        assert "Every 5 minutes" in page
        assert page.count("Overdue") == len(JOBS) - 1
        assert browser(service, "alnco").get("/administration/jobs").status_code == 404
