"""Try a rolling upgrade: two web hosts behind HAProxy (`haproxy.cfg`), each replaced while people use the service.

    python -m scripts.deploy.try_upgrade

Starts a PostgreSQL, a worker, two web hosts (`cydlynu serve`) and HAProxy, signs in, and asks for pages and sends forms
without a pause while each host is stopped (SIGTERM) and started again, twice. Needs Debian's package haproxy, and about
two minutes. Exit status: 0 when no request was refused, 1 otherwise.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from coordination.store.server import database
from scripts.demonstration.load import demonstration_people, open_accounts
from scripts.measure.cluster import free_port
from scripts.measure.database import fill_record, in_fresh_process

EXAMPLE = Path(__file__).with_name("haproxy.cfg")
CHECKOUT = Path(__file__).resolve().parents[2]
BROWSERS = 6
ROUNDS = 2
SHOWN = 200, 303, 404


class UpgradedHosts:
    """The hosts and what they share."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self.ports = [free_port(), free_port()]
        secret = folder / "secret"
        secret.write_text("only on loopback, at least thirty-two characters")
        self._environment = {
            **os.environ,
            "DATABASE_URL": address,
            "CYDLYNU_KEYS": str(folder / "keys.json"),
            "CYDLYNU_SECRET_KEY_FILE": str(secret),
            "CYDLYNU_PROXIES": "1",
            "PYTHONPATH": str(CHECKOUT),
        }
        self.begun: list[subprocess.Popen[bytes]] = []

    def command(self, name: str, **more: str) -> subprocess.Popen[bytes]:
        """A `cydlynu` command with a data folder of its own, as on a host of its own."""
        environment = (
            self._environment | {"CYDLYNU_DATA": str(self._folder / f"host-{len(self.begun)}")} | more
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.cli.main", name],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.begun.append(process)
        return process

    def serve(self, number: int) -> subprocess.Popen[bytes]:
        return self.command("serve", CYDLYNU_BIND=f"127.0.0.1:{self.ports[number]}")

    def stop(self) -> None:
        for process in self.begun:
            process.terminate()
        for process in self.begun:
            process.wait()


class UpgradeVisitor:
    """Somebody who uses the service without a pause. `answers`: how often which status, or which error."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        self.answers: Counter[str] = Counter()

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"https://127.0.0.1:{self._port}/"
        link.request(
            "GET" if form is None else "POST", path, None if form is None else urlencode(form), headers
        )
        answer = link.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._cookies |= {one.key: one.value for one in SimpleCookie(value).values()}
        text = answer.read().decode()
        link.close()
        return answer.status, text

    def sign_in(self) -> int:
        person = next(one for one in demonstration_people() if one.sign_in.role == "alnco").sign_in
        typed = {"csrf_token": token_in(self.ask("/sign-in")[1])}
        return self.ask("/sign-in", typed | {"username": person.username, "password": person.password})[0]

    def use(self, over: threading.Event) -> None:
        """Pages, and a form: to end a session, which is none (404)."""
        while not over.is_set():
            try:
                status, page = self.ask("/pupils")
                self.answers[str(status)] += 1
                ended = f"/account/sessions/{uuid4()}/end"
                self.answers[str(self.ask(ended, {"csrf_token": token_in(page)})[0])] += 1
            except (OSError, http.client.HTTPException) as refused:
                self.answers[type(refused).__name__] += 1


def main() -> int:
    """The exit status, see above."""
    program = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        print("haproxy is needed.", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="cydlynu-upgrade-") as kept,
        database(Path(kept), None) as address,
    ):
        hosts = UpgradedHosts(Path(kept), address)
        try:
            answers = _upgraded(hosts, program, Path(kept), address)
        finally:
            hosts.stop()
    print(f"each of two hosts replaced {ROUNDS} times: {sum(answers.values())} requests, {dict(answers)}")
    return 0 if set(answers) <= {str(status) for status in SHOWN} else 1


def _upgraded(hosts: UpgradedHosts, program: str, folder: Path, address: str) -> Counter[str]:
    if hosts.command("prepare").wait() != 0:
        raise RuntimeError("cydlynu prepare failed")
    in_fresh_process(fill_record, address, folder / "keys.json", 2_000)
    open_accounts(address, datetime.now(UTC))
    hosts.command("work")
    servers = [hosts.serve(number) for number in range(2)]
    for port in hosts.ports:
        _until(partial(_ready, port))
    with _proxy(program, folder, hosts.ports) as front:
        _until(lambda: _ready(front))
        visitors = [UpgradeVisitor(front) for _ in range(BROWSERS)]
        if any(visitor.sign_in() != 303 for visitor in visitors):
            raise RuntimeError("nobody can sign in")
        over = threading.Event()
        threads = [threading.Thread(target=visitor.use, args=(over,)) for visitor in visitors]
        for thread in threads:
            thread.start()
        try:
            for number in (*range(2),) * ROUNDS:
                print(f"web host {number + 1} is replaced", file=sys.stderr, flush=True)
                servers[number].send_signal(signal.SIGTERM)
                servers[number].wait()
                servers[number] = hosts.serve(number)
                _until(partial(_ready, hosts.ports[number]))
                time.sleep(2)  # the proxy looks once a second
        finally:
            over.set()
            for thread in threads:
                thread.join()
    return sum((visitor.answers for visitor in visitors), Counter())


@contextmanager
def _proxy(program: str, folder: Path, ports: list[int]) -> Iterator[int]:
    """HAProxy with the example as it is, but for its addresses, and without the certificate."""
    front, text = free_port(), EXAMPLE.read_text()
    for example, ours in (
        ("bind :443 ssl crt /etc/ssl/cydlynu.pem alpn h2,http/1.1", f"bind 127.0.0.1:{front}"),
        ("10.0.0.31:8000", f"127.0.0.1:{ports[0]}"),
        ("10.0.0.32:8000", f"127.0.0.1:{ports[1]}"),
    ):
        if example not in text:
            raise LookupError(f"haproxy.cfg has no {example!r}")
        text = text.replace(example, ours)
    configuration = folder / "haproxy.cfg"
    configuration.write_text(text)
    subprocess.run([program, "-q", "-c", "-f", configuration], check=True)
    process = subprocess.Popen([program, "-q", "-db", "-f", configuration], stdout=subprocess.DEVNULL)
    try:
        yield front
    finally:
        process.terminate()
        process.wait()


def token_in(page: str) -> str:
    """The token of a page's forms. Raises ConnectionError for a page without one: it was not shown."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    if found is None:
        raise ConnectionError("a page without a form")
    return found[1]


def _ready(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        link.request("GET", "/readyz")
        return link.getresponse().status == 200
    return False


def _until(true: Callable[[], bool], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the service does not come up")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
