"""(e) The six busiest pages, against a page that only knows who is signed in.

The web server as `scripts/run` starts it (gunicorn, two processes of eight threads) over the county of this run; the
pages are asked for by wrk with 16 connections, each as the person whose desk it is, and the account page, which looks
up the session and writes the frame of every page, is asked for before each of them. A page is measured only when it
answers 200 and says what it should; an answer of another kind during the measurement fails the run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener
from uuid import UUID

import msgspec
import psycopg

from coordination.event import CommandContext
from coordination.pupil.profile.commands import RecordViews
from projections.engine import Engine
from projections.schema import analyse
from scripts.demonstration.county import SCHOOLS, staff_member
from scripts.demonstration.load import demonstration_people, open_accounts
from scripts.measure.database import UNTIL, BenchmarkDatabase
from scripts.measure.processor import postmaster_of, processor_seconds

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS, THREADS = 16, 2
SECONDS = 5
ENTRIES = 200  # in the timeline of the case file
NOTHING = "/account"
SUMMARY = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"microseconds":%d,"p95":%d,"errors":%d}',
    summary.requests, summary.duration, latency:percentile(95), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


class LoadResult(msgspec.Struct, frozen=True):
    """What wrk measured: answers a second, and the 95th percentile of the time to one in milliseconds; `cpu`: the
    milliseconds of processor time of an answer, web server and database together."""

    a_second: float
    p95: float
    cpu: float


class PageSpeed(msgspec.Struct, frozen=True):
    """A page compared with the account page, measured just before it; `kb` is the page alone, uncompressed."""

    name: str
    kb: float
    page: LoadResult
    nothing: LoadResult

    @property
    def vs_nothing(self) -> float:
        """How many times fewer answers a second than the account page."""
        return self.nothing.a_second / self.page.a_second

    @property
    def vs_empty(self) -> float:
        """How many times the processor time of the account page."""
        return self.page.cpu / self.nothing.cpu

    @property
    def p95_vs_nothing(self) -> float:
        return self.page.p95 / self.nothing.p95


class PageSpeeds(msgspec.Struct, frozen=True):
    """The pages, over so many pupils of the school, its open referrals and entries of the one timeline."""

    pupils: int
    referrals: int
    entries: int
    speeds: tuple[PageSpeed, ...]


def load_tool_available() -> bool:
    """Whether wrk is installed."""
    return shutil.which("wrk") is not None


def measure(ground: BenchmarkDatabase, seconds: float = SECONDS) -> PageSpeeds:
    """Needs a read schema that is up to date. Raises RuntimeError when a page answers anything but itself."""
    open_accounts(ground.database, datetime.now(UTC))
    pupil, entries = _longest_timeline(ground)
    with psycopg.connect(ground.database) as connection:
        pupils, referrals = _sizes(connection)
    with _served(ground) as (address, server):
        programs = (server, postmaster_of(ground.key_file.parent))
        browsers = {role: _signed_in(address, role) for role in ("alnco", "clinician", "auditor")}
        wanted = (
            ("Today", "alnco", "/today"),
            ("Pupils", "alnco", "/pupils"),
            ("Case file", "alnco", f"/pupils/{pupil}"),
            ("Inbox", "clinician", "/inbox"),
            ("Referral", "clinician", _sent(browsers["clinician"])),
            ("Waiting times", "auditor", "/waiting-times"),
        )
        speeds = tuple(
            _speed(address, name, browsers[role], path, LoadRun(ground.key_file.parent, seconds, programs))
            for name, role, path in wanted
        )
    return PageSpeeds(pupils, referrals, entries, speeds)


class LoadRun(NamedTuple):
    """Where wrk's script goes, how many seconds it asks, and whose processor time counts."""

    folder: Path
    seconds: float
    programs: tuple[int, ...]


def _speed(address: str, name: str, browser: _Browser, path: str, run: LoadRun) -> PageSpeed:
    kb = len(browser.get(path)) / 1024
    nothing = _ask(address + NOTHING, browser.cookies, run)
    page = _ask(address + path, browser.cookies, run)
    return PageSpeed(name, kb, page, nothing)


def _ask(url: str, cookies: str, run: LoadRun) -> LoadResult:
    seconds = run.seconds
    script = run.folder / "summary.lua"
    script.write_text(SUMMARY)
    options = (
        f"-t{THREADS}",
        f"-c{CONNECTIONS}",
        "--timeout",
        "30s",
        "-s",
        str(script),
        "-H",
        f"Cookie: {cookies}",
    )
    for length in (max(seconds / 5, 1), seconds):  # the first is to warm up
        before = processor_seconds(*run.programs)
        done = subprocess.run(
            ["wrk", *options, f"-d{length:.0f}s", url], capture_output=True, text=True, check=True
        )
    found = json.loads(done.stdout[done.stdout.rindex("{") :])
    if found["errors"]:
        raise RuntimeError(f"{found['errors']} of {found['requests']} answers were none")
    cpu = (processor_seconds(*run.programs) - before) / found["requests"] * 1e3
    return LoadResult(found["requests"] / found["microseconds"] * 1e6, found["p95"] / 1e3, cpu)


class _Browser:
    """A signed-in person's session."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = CookieJar()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar))

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def get(self, path: str) -> bytes:
        """The page. Raises RuntimeError when it led somewhere else."""
        with self.opener.open(self.address + path) as answer:
            if answer.geturl() != self.address + path:
                raise RuntimeError(f"{path} led to another page")
            return bytes(answer.read())


def _signed_in(address: str, role: str) -> _Browser:
    browser = _Browser(address)
    password = next(v.sign_in.password for v in demonstration_people() if v.sign_in.role == role)
    token = re.search(rb'name="csrf_token" value="([^"]+)"', browser.get("/sign-in"))
    assert token is not None
    typed = {"csrf_token": token[1].decode(), "username": role, "password": password}
    browser.opener.open(address + "/sign-in", urlencode(typed).encode()).close()
    browser.get(NOTHING)
    return browser


@contextmanager
def _served(ground: BenchmarkDatabase) -> Iterator[tuple[str, int]]:
    """The address of the web server, and its first process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = ground.key_file.parent
    settings = {
        "CYDLYNU_DATABASE": ground.database,
        "CYDLYNU_DATA": str(data),
        "CYDLYNU_KEYS": str(ground.key_file),
    }
    command = (
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", "2", "--threads", "8", "--no-control-socket", "--log-level", "warning"),
        "webui.wsgi:application",
    )
    with (data / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            build_opener().open(f"{address}/healthz", timeout=5).close()
            return
        except (URLError, TimeoutError):  # it is still starting, or the machine is busy
            time.sleep(0.1)
    raise RuntimeError("the web server does not answer")


def _longest_timeline(ground: BenchmarkDatabase) -> tuple[UUID, int]:
    """A pupil of the ALNCo's school with the longest timeline, made as long as that of a child whose case goes on for
    years, through the real command."""
    school = SCHOOLS[0]
    with psycopg.connect(ground.database) as connection:
        row = connection.execute(
            "select t.pupil, count(*) from read.timeline t join read.roll r on r.pupil = t.pupil"
            " where r.school = %s and r.until is null group by 1 order by 2 desc, 1 limit 1",
            (school.id,),
        ).fetchone()
    assert row is not None
    pupil, entries = row
    with ground.service() as service:
        for number in range(entries, ENTRIES):
            command = RecordViews(
                occurred_on=UNTIL,
                pupil=pupil,
                whose="child",
                words=f"I said this before. ({number})",
                language="en",
            )
            order = CommandContext(
                person=staff_member(school, "alnco"),
                organisation=school.id,
                role="alnco",
                source="screen",
                command_id=f"entry-{number}",
                recorded_at=datetime.now(UTC),
            )
            service.perform(command, order)
    engine = Engine(ground.database, ground.outer)
    engine.catch_up()
    analyse(engine.connection, "read")
    engine.close()
    return pupil, max(entries, ENTRIES)


def _sizes(connection: psycopg.Connection[tuple[int, ...]]) -> tuple[int, int]:
    """Pupils on the school's roll, and its open referrals."""
    school = SCHOOLS[0].id
    row = connection.execute(
        "select (select count(*) from read.roll where school = %(school)s and until is null),"
        " (select count(*) from read.referral where school = %(school)s and not ended)",
        {"school": school},
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _sent(clinician: _Browser) -> str:
    """The address of the first open referral in the clinician's inbox: one of a service that they look for."""
    found = re.search(rb'href="(/pupils/[0-9a-f-]{36}/referrals/[0-9a-f-]{36})', clinician.get("/inbox"))
    if found is None:
        raise RuntimeError("the inbox holds no referral: the log is too short")
    return found[1].decode()
