"""Two web hosts and two workers that share nothing but the database and the secrets, without a supervisor."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest

from coordination.desk.accounts import Account, add_account
from coordination.desk.passwords import PasswordCost, Passwords
from coordination.service import Coordination
from projections.status import read_model_status
from scripts.service import hosting
from scripts.service.settings import CannotStart
from scripts.service.web_command import web_command
from tests.beginnings import keys_in
from tests.county import ALNCO, SCHOOL, START, at, register
from tests.scripts.conftest import ROOT, until

PASSWORD = "quite long and rarely used"
Starting = Callable[..., subprocess.Popen[bytes]]


class Host:
    """Where a web server listens; a browser's requests to it, without following redirects."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def ask(self, path: str, cookies: dict[str, str], form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer; its cookies are kept. Raises OSError when the host does not listen."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form)
        link.request("POST" if form is not None else "GET", path, body, headers)
        answer = link.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookies |= {one.key: one.value for one in SimpleCookie(value).values()}
        text = answer.read().decode()
        link.close()
        return answer.status, text

    def answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.ask("/readyz", {})[0] == 200
        return False


@pytest.fixture
def started(database: str, county: Coordination, tmp_path: Path) -> Iterator[Starting]:
    """Starts hosts on the county, each with a data folder of its own; what is left is killed."""
    secret = tmp_path / "secret"
    secret.write_text("for tests only: at least thirty-two characters")
    begun: list[subprocess.Popen[bytes]] = []

    def begin(command: str, **settings: str) -> subprocess.Popen[bytes]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("CYDLYNU_", "DATABASE_"))}
        data = tmp_path / f"host-{len(begun)}"
        environment |= {
            "DATABASE_URL": database,
            "CYDLYNU_DATA": str(data),
            "CYDLYNU_KEYS": str(keys_in(tmp_path)),
            "CYDLYNU_SECRET_KEY_FILE": str(secret),
            "CYDLYNU_CLOCK_AHEAD": "0",
            "CYDLYNU_WEB_PROCESSES": "1",
            "PYTHONPATH": str(ROOT),
        }
        with (tmp_path / f"{command}-{len(begun)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "scripts.cli.main", command],
                env=environment | settings,
                stdout=log,
                stderr=subprocess.DEVNULL,
            )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def open_account(database: str) -> None:
    account = Account(
        account=uuid4(),
        person=ALNCO,
        organisation=SCHOOL,
        role="alnco",
        username="alnco",
        display_name="Nia Prydderch",
        language="en",
    )
    hashed = Passwords(PasswordCost()).hash(PASSWORD)
    with psycopg.connect(database) as connection:
        add_account(connection, account, password_hash=hashed, created_at=at(START))


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found is not None
    return found[1]


def led(database: str) -> bool:
    with psycopg.connect(database, autocommit=True) as connection:
        return read_model_status(connection).led


@pytest.mark.slow
def test_two_hosts_are_replaced_one_after_the_other(
    database: str, county: Coordination, started: Starting, tmp_path: Path
) -> None:
    register(county)
    open_account(database)
    hosts = [Host(), Host()]
    servers = [started("serve", CYDLYNU_BIND=f"127.0.0.1:{host.port}") for host in hosts]
    workers = [started("work"), started("work")]
    for host in hosts:
        until(host.answers, 180)
    until(lambda: led(database), 120)

    # the form comes from one host, is sent to the other, and the session holds on both
    cookies: dict[str, str] = {}
    typed = {"username": "alnco", "password": PASSWORD}
    token = token_in(hosts[0].ask("/sign-in", cookies)[1])
    assert hosts[1].ask("/sign-in", cookies, typed | {"csrf_token": token})[0] == 303
    for host in hosts:
        assert host.ask("/pupils", cookies)[0] == 200

    asked, refused, over = [0], [], threading.Event()

    def use() -> None:
        for turn in itertools.count():
            if over.is_set():
                return
            if not through_proxy(hosts, turn, cookies):
                refused.append(turn)
            asked[0] = turn

    using = threading.Thread(target=use)
    using.start()
    for number, host in enumerate(hosts):
        servers[number].send_signal(signal.SIGTERM)
        assert servers[number].wait(60) == 0
        servers[number] = started("serve", CYDLYNU_BIND=f"127.0.0.1:{host.port}")
        until(host.answers, 180)
    workers[0].send_signal(signal.SIGTERM)
    assert workers[0].wait(60) == 0
    until(lambda: led(database), 120)
    over.set()
    using.join()
    assert asked[0] > 10
    assert refused == []
    lines = (tmp_path / "serve-0.log").read_text().splitlines()
    assert any(json.loads(line)["event"] == "request" for line in lines if line.startswith("{"))


def through_proxy(hosts: list[Host], turn: int, cookies: dict[str, str]) -> bool:
    """As the proxy does: one host after the other, and the next where a connection is refused."""
    for host in (hosts[turn % 2], hosts[(turn + 1) % 2]):
        with suppress(ConnectionRefusedError):
            return host.ask("/pupils", dict(cookies))[0] == 200
    return False


def settings(tmp_path: Path, **more: str) -> dict[str, str]:
    keys_in(tmp_path)
    return {
        "DATABASE_URL": "postgresql://owner:password@db/cydlynu",
        "CYDLYNU_DATA": str(tmp_path / "data"),
        "CYDLYNU_KEYS": str(tmp_path / "keys.json"),
        "CYDLYNU_SECRET_KEY": "x" * 32,
    } | more


def test_a_host_takes_its_size_and_address_from_the_environment(tmp_path: Path) -> None:
    given = settings(tmp_path, CYDLYNU_BIND="0.0.0.0:80", CYDLYNU_WEB_PROCESSES="4", CYDLYNU_WEB_THREADS="3")
    command, environment = hosting.serving(given)
    text = " ".join(command)
    assert "--bind 0.0.0.0:80 " in text
    assert "--workers 4 --threads 3 " in text
    assert environment["CYDLYNU_DATABASE"] == given["DATABASE_URL"]
    assert "DATABASE_URL" not in environment
    assert "--workers 2 --threads 8 " in " ".join(web_command("127.0.0.1:8000", {}))
    assert hosting.working(given)[0][-1] == "scripts.worker"
    assert hosting.preparing(given)[1]["CYDLYNU_DEMONSTRATION"] == "no"


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("DATABASE_URL", "DATABASE_URL_FILE"),
        ("CYDLYNU_KEYS", "CYDLYNU_KEYS_VALUE_FILE"),
        ("CYDLYNU_SECRET_KEY", "CYDLYNU_SECRET_KEY_FILE"),
    ],
)
def test_a_host_makes_nothing_that_another_would_not_have(tmp_path: Path, missing: str, named: str) -> None:
    given = settings(tmp_path)
    del given[missing]
    with pytest.raises(CannotStart, match=named):
        hosting.serving(given)
    assert not (tmp_path / "data" / "keys.json").exists()


@pytest.mark.parametrize("number", ["0", "-1", "two", "²", "1001"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(CannotStart, match="CYDLYNU_WEB_PROCESSES"):
        web_command("127.0.0.1:8000", {"CYDLYNU_WEB_PROCESSES": number})
