"""The real command on a real database: in this process with a clock of the test's, or as a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from aiosmtpd.controller import Controller

from coordination.directory.commands import SetMailbox
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role
from scripts.cli.database import CommandSettings
from scripts.cli.main import main
from tests.county import ADMINISTRATOR, BOARD, CAMHS, START, build, order, register
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS, RecordedCase, day
from tests.scripts.mail_keeping import MAILBOX, MailServerThatKeeps
from webui.shell.sign_in_settings import MailSettings

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


class CommandOutput(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[list[str]]:
        """The printed lines, their columns apart."""
        return [line.split("  ") for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Cydlynu:
    """The command on one database; `now` is its clock. Called, it runs here; `started` gives a process."""

    def __init__(self, database: str, data: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.database = database
        self.data = data
        self.now = NOW
        self._capture = capture

    @property
    def keys(self) -> Path:
        return self.data / "keys.json"

    def __call__(self, *arguments: object) -> CommandOutput:
        self._capture.readouterr()
        settings = CommandSettings(self.data, self.database, self.keys, lambda: self.now)
        status = main([str(argument) for argument in arguments], settings)
        printed = self._capture.readouterr()
        return CommandOutput(status, printed.out, printed.err)

    def started(self, *arguments: object) -> subprocess.Popen[str]:
        return start(["scripts.cli.main", *map(str, arguments)], self.database, self.data)

    def file(self, name: str, content: bytes | str) -> Path:
        """A file to take in."""
        path = self.data / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


def start(module: list[str], database: str, data: Path, **how: Any) -> subprocess.Popen[str]:
    """A module as a process, with the environment that the supervisor gives."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CYDLYNU_KEYS")}
    # the tests record long ago
    environment |= {
        "CYDLYNU_CLOCK_AHEAD": "0",
        "CYDLYNU_DATABASE": database,
        "CYDLYNU_DATA": str(data),
        **how.pop("environment", {}),
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", *module],
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )


@pytest.fixture
def cydlynu(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cydlynu:
    """The command on a fresh database."""
    return Cydlynu(database, tmp_path, capsys)


@pytest.fixture
def record(database: str, tmp_path: Path) -> Iterator[Coordination]:
    """The service on the same database with the same keys, to look and to write beside the command."""
    record = Record(as_role(database, "cydlynu_append"), load_or_make(tmp_path / "keys.json"))
    yield Coordination(record)
    record.close()


def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Returns as soon as it is true; fails when that takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


def one(database: str, query: str, *parameters: object) -> Any:
    """The one value of a query."""
    with psycopg.connect(database) as connection:
        row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture
def inbox() -> Iterator[tuple[MailServerThatKeeps, MailSettings]]:
    inbox = MailServerThatKeeps()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield inbox, MailSettings(server=f"smtp://127.0.0.1:{port}", sender="cydlynu@county.example")
    server.stop()


@pytest.fixture
def referred(cydlynu: Cydlynu, record: Coordination) -> Coordination:
    """A referral was sent to CAMHS, which has a mailbox; its school has none."""
    build(record)
    register(record)
    box = SetMailbox(occurred_on=START, organisation=BOARD, service=CAMHS, address=MAILBOX)
    record.perform(box, order(ADMINISTRATOR, START, source="command_line"))
    case = RecordedCase(record)
    case.agrees(AGREED_CAMHS, BOARD, day(0))
    case.refers(TO_CAMHS, CAMHS, day(0))
    return record
