"""A new password by mail: over a real SMTP server, with the same answer for every name."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller

from coordination.directory.commands import AppointPerson
from coordination.service import Coordination
from scripts.service.outbox import OutboxRun, OutboxSettings, send_due
from tests.county import ADMINISTRATOR, SCHOOL, START, build, order
from tests.webui.account.signing_in import NEW, noted, send
from tests.webui.conftest import sign_in
from tests.webui.service import RunningService, service_on
from webui.shell.sign_in_settings import MailSettings, SignInSettings

ADDRESS = "nia@ysgol.example"


class Postbox:
    """Keeps what a server takes in; refuses the addresses of `refused`."""

    def __init__(self) -> None:
        self.mail: list[EmailMessage] = []
        self.refused: set[str] = set()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mail.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, MailSettings]]:
    """A running SMTP server."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, MailSettings(server=f"smtp://127.0.0.1:{port}", sender="cydlynu@sir.example")
    finally:
        controller.stop()


@pytest.fixture
def site(database: str, tmp_path: Path, postbox: tuple[Postbox, MailSettings]) -> Iterator[RunningService]:
    """The service with mail, and Nia of the school, whose address is in the directory."""
    settings = SignInSettings(mail=postbox[1], public_url="https://cydlynu.sir.example")
    with service_on(database, tmp_path / "data", sign_in=settings) as running:
        coordination = service_of(running)
        build(coordination)
        person = uuid4()
        appoint(coordination, person, "alnco", ADDRESS)
        running.person(username="nia", person=person, organisation=SCHOOL, language="cy")
        yield running


def service_of(site: RunningService) -> Coordination:
    coordination: Coordination = site.app.extensions["cydlynu"].coordination
    return coordination


def appoint(coordination: Coordination, person: UUID, role: str, email: str | None) -> None:
    command = AppointPerson(
        occurred_on=START,
        organisation=SCHOOL,
        person=person,
        role=role,
        effective_from=START,
        name="Nia Prydderch",
        email=email,
    )
    coordination.perform(command, order(ADMINISTRATOR, START, source="command_line"))


def run(site: RunningService, settings: SignInSettings | None = None) -> OutboxRun:
    """What the worker does."""
    used = settings or site.app.extensions["cydlynu"].settings.sign_in
    outbox = OutboxSettings(used.mail, used.public_url, Path("nowhere"))
    return send_due(service_of(site), outbox, site.clock())


def sent(site: RunningService) -> int:
    return run(site).sent


def test_the_link_comes_by_mail_and_works_once_for_an_hour(
    site: RunningService, postbox: tuple[Postbox, MailSettings]
) -> None:
    client = site.app.test_client()
    assert "/forgotten" in client.get("/sign-in").text
    assert send(client, "/forgotten", username=" NIA ").status_code == 200
    assert (sent(site), sent(site)) == (1, 0)
    [mail] = postbox[0].mail
    assert (mail["To"], mail["From"]) == (ADDRESS, "cydlynu@sir.example")
    text = mail.get_body(("plain",)).get_content()
    assert "Gofynnodd rhywun" in text
    assert "Somebody asked" not in text, "she reads Welsh"
    assert not any(word in text + mail["Subject"] for word in ("Nia", "nia", "Prydderch", "Ysgol"))
    [address] = re.findall(r"https://cydlynu\.sir\.example(/reset/[\w-]+)", text)
    site.clock.at += timedelta(minutes=59)
    assert send(client, address, new_password=NEW).status_code == 303
    assert client.get(address).status_code == 404
    assert sign_in(client, "nia", NEW).status_code == 303
    assert noted(site) == ["reset_asked", "reset_link_made", "password_reset"]
    assert sent(site) == 1
    changed = postbox[0].mail[-1]
    assert (changed["To"], changed["Subject"]) == (ADDRESS, "Newidiwyd eich cyfrinair ar gyfer Cydlynu")


def test_every_name_gets_the_same_answer(site: RunningService, postbox: tuple[Postbox, MailSettings]) -> None:
    site.person("head", username="no-address")
    answers = [
        send(site.app.test_client(), "/forgotten", username=name)
        for name in ("nia", "no-address", "nobody", "' or 1=1 --")
    ]
    assert len({(a.status_code, re.sub(r'"[^"]*"', "", a.text)) for a in answers}) == 1
    assert sent(site) == 1
    assert [mail["To"] for mail in postbox[0].mail] == [ADDRESS]


def test_nobodys_postbox_is_filled(site: RunningService, postbox: tuple[Postbox, MailSettings]) -> None:
    for _ in range(5):
        for _ in range(2):
            send(site.app.test_client(), "/forgotten", username="nia")
        sent(site)
    assert len(postbox[0].mail) == 3


def test_when_the_server_is_away_the_request_waits(
    site: RunningService, postbox: tuple[Postbox, MailSettings]
) -> None:
    send(site.app.test_client(), "/forgotten", username="nia")
    away = SignInSettings(
        mail=MailSettings(server="smtp://127.0.0.1:9", sender="x@sir.example"), public_url="https://x.example"
    )
    assert run(site, away) == (0, 1)
    assert noted(site) == ["reset_asked"], "no link that was not sent"
    site.clock.at += timedelta(minutes=1)
    postbox[0].refused.add(ADDRESS)
    assert run(site) == (0, 1)
    assert postbox[0].mail == [], "an address that the server refuses is given up"
    assert run(site) == (0, 0)


def test_a_link_that_could_not_be_sent_for_an_hour_is_not_sent(
    site: RunningService, postbox: tuple[Postbox, MailSettings]
) -> None:
    send(site.app.test_client(), "/forgotten", username="nia")
    mail = MailSettings(server="smtp://127.0.0.1:9", sender="x@sir.example")
    run(site, SignInSettings(mail=mail, public_url="https://x.example"))
    site.clock.at += timedelta(minutes=61)
    assert run(site) == (0, 0)
    assert postbox[0].mail == []
