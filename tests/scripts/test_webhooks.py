"""Webhooks told by the worker's own job: signed, once for each message, tried again for days, and nowhere private."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks import Webhook as Checker
from standardwebhooks import WebhookVerificationError

from coordination.desk.webhooks import (
    FORMER_GOOD_FOR,
    WAITS,
    deliveries_of,
    end_webhook,
    queue_delivery,
    register_webhook,
    replace_secret,
    webhooks_of,
)
from coordination.errors import NotFound
from coordination.outbox.webhook_signing import secret_text, signed_headers
from coordination.service import Coordination
from scripts.service.webhook_sending import WebhookRun, deliver_due
from tests.county import BOARD, CAMHS, PUPIL, SCHOOL, build, register
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS, RecordedCase, day
from tests.scripts.conftest import NOW, Cydlynu
from webui.shell.outgoing import Outgoing

SECRET = bytes(range(32))
HOOK = UUID(int=0x400C)
PUBLIC = "https://cydlynu.example"
EARLIER = NOW - timedelta(days=400)


class Receiver(ThreadingHTTPServer):
    """An organisation's own system: keeps what it is told, and answers with `statuses` (then 200)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiving)
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.location = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/cydlynu"


class _Receiving(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def referred(cydlynu: Cydlynu, record: Coordination) -> RecordedCase:
    """A referral was sent to CAMHS."""
    build(record)
    register(record)
    case = RecordedCase(record)
    case.agrees(AGREED_CAMHS, BOARD, day(0))
    case.refers(TO_CAMHS, CAMHS, day(0))
    return case


def hooked(
    service: Coordination, url: str, organisation: UUID = BOARD, *services: UUID, key: UUID = HOOK
) -> None:
    with service.record.desk() as desk:
        register_webhook(
            desk,
            service.record.outer,
            webhook=key,
            organisation=organisation,
            services=services,
            url=url,
            secret=SECRET,
            by=key,
            now=EARLIER,
        )


def deliver(service: Coordination, now: datetime = NOW, out: Outgoing | None = None) -> WebhookRun:
    return deliver_due(service, out or Outgoing(["127.0.0.1"]), PUBLIC, now)


def state(service: Coordination, key: UUID = HOOK) -> list[tuple[str, str | None, int]]:
    with service.record.desk() as desk:
        return [(one.state, one.problem, one.attempts) for one in deliveries_of(desk, [key])]


@pytest.fixture
def real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that checks signatures asks what time it is; the tests' time is another."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return NOW.astimezone(tz)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Then)


@pytest.mark.usefixtures("real_clock")
def test_it_is_signed_as_the_specification_says_and_names_nobody(
    referred: RecordedCase, receiver: Receiver
) -> None:
    hooked(referred.service, receiver.url)
    assert deliver(referred.service) == (1, 0)
    ((headers, body),) = receiver.told
    said: Any = Checker(secret_text(SECRET)).verify(body, headers)
    assert said["type"] == "referral.referral_sent"
    assert said["data"]["id"] == str(TO_CAMHS)
    assert said["data"]["to"] == {"service": str(CAMHS), "organisation": None}
    assert said["data"]["link"] == f"{PUBLIC}/pupils/{PUPIL}/referrals/{TO_CAMHS}"
    assert "has sent a referral" in said["data"]["happened"]["en"]
    assert "atgyfeiriad" in said["data"]["happened"]["cy"]
    assert not [name for name in ("Siân", "Gŵyn", "Mair", "2011") if name in body.decode()]
    with pytest.raises(WebhookVerificationError):
        Checker(secret_text(SECRET)).verify(body.replace(b"referral", b"referrals"), headers)
    assert deliver(referred.service) == (0, 0), "once"


def test_a_known_signature() -> None:
    """The example of the specification's own reference libraries."""
    secret, body = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    import base64

    at = datetime.fromtimestamp(1614265330, tz=NOW.tzinfo)
    found = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body, [base64.b64decode(secret)])
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.usefixtures("real_clock")
def test_a_new_secret_is_used_beside_the_former_one_for_a_day(
    referred: RecordedCase, receiver: Receiver
) -> None:
    hooked(referred.service, receiver.url)
    with referred.service.record.desk() as desk:
        replace_secret(desk, referred.service.record.outer, HOOK, bytes(32), now=NOW)
    deliver(referred.service)
    headers, body = receiver.told[0]
    for secret in (SECRET, bytes(32)):
        Checker(secret_text(secret)).verify(body, headers)
    with referred.service.record.desk() as desk:
        queue_delivery(desk, HOOK, None, UUID(int=7), NOW)
    deliver(referred.service, NOW + FORMER_GOOD_FOR)
    assert receiver.told[1][0]["webhook-signature"].count("v1,") == 1


def test_one_that_answers_500_for_a_day_is_told_in_the_end_with_the_same_id(
    referred: RecordedCase, receiver: Receiver
) -> None:
    hooked(referred.service, receiver.url)
    now, tried = NOW, 0
    for wait in WAITS:
        if now - NOW > timedelta(days=1):
            break
        receiver.statuses.append(500)
        assert deliver(referred.service, now) == (0, 1)
        assert deliver(referred.service, now + wait - timedelta(seconds=1)) == (0, 0)
        now, tried = now + wait, tried + 1
    assert now - NOW > timedelta(days=1)
    assert deliver(referred.service, now) == (1, 0)
    assert len({headers["webhook-id"] for headers, _ in receiver.told}) == 1
    assert state(referred.service) == [("sent", None, tried + 1)]
    with referred.service.record.desk() as desk:
        assert [one.state for one in webhooks_of(desk)] == ["working"]


def test_one_that_never_answers_is_given_up_after_three_days(
    referred: RecordedCase, receiver: Receiver
) -> None:
    hooked(referred.service, receiver.url)
    now = NOW
    for wait in (*WAITS, timedelta(0)):
        receiver.statuses.append(503)
        deliver(referred.service, now)
        now += wait
    assert now - NOW > timedelta(days=3)
    assert state(referred.service) == [("given_up", "refused", len(WAITS) + 1)]
    with referred.service.record.desk() as desk:
        assert [one.state for one in webhooks_of(desk)] == ["failing"]


def test_a_redirect_to_a_private_address_is_refused(referred: RecordedCase, receiver: Receiver) -> None:
    hooked(referred.service, receiver.url)
    receiver.statuses, receiver.location = [302], "http://169.254.169.254/latest/meta-data"
    assert deliver(referred.service) == (0, 1)
    assert state(referred.service) == [("waiting", "redirected", 1)]
    assert len(receiver.told) == 1


def test_a_name_that_leads_to_a_private_address_later_is_not_connected_to(
    referred: RecordedCase, receiver: Receiver
) -> None:
    hooked(referred.service, f"https://hooks.example:{receiver.server_port}/")
    assert deliver(referred.service, out=Outgoing(resolve=lambda *_: ("127.0.0.1",))) == (0, 1)
    assert state(referred.service) == [("waiting", "not_public", 1)]
    assert receiver.told == []


def test_410_ends_it_and_what_ended_is_told_nothing(referred: RecordedCase, receiver: Receiver) -> None:
    hooked(referred.service, receiver.url)
    receiver.statuses = [410]
    deliver(referred.service)
    with referred.service.record.desk() as desk:
        assert [one.state for one in webhooks_of(desk)] == ["ended"]
        queue_delivery(desk, HOOK, None, UUID(int=7), NOW)
    assert deliver(referred.service, NOW + timedelta(days=1)) == (0, 0)
    with referred.service.record.desk() as desk, pytest.raises(NotFound):
        end_webhook(desk, HOOK, now=NOW, organisation=SCHOOL)


def test_each_organisation_is_told_of_its_own_and_a_service_of_its_own(
    referred: RecordedCase, receiver: Receiver
) -> None:
    hooked(referred.service, receiver.url + "/school", SCHOOL, key=UUID(int=1))
    hooked(referred.service, receiver.url + "/other", BOARD, UUID(int=0x5E), key=UUID(int=2))
    hooked(referred.service, receiver.url + "/camhs", BOARD, CAMHS, key=UUID(int=3))
    assert deliver(referred.service) == (1, 0)
    assert state(referred.service, UUID(int=3)) == [("sent", None, 1)]
    assert json.loads(receiver.told[0][1])["data"]["to"]["service"] == str(CAMHS)
