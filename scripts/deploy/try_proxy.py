"""Try the proxy example: nobody who is slow can occupy the site.

    python scripts/deploy/try_proxy.py

Starts the service with an empty store and nginx with `nginx.conf` in front of it (on other ports, with a certificate
made for the purpose), opens slow connections, and prints how long others wait for an answer meanwhile. Needs nginx and
openssl, and about a minute. Exit status: 0 when the site stayed usable, 1 otherwise.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SERVICE, HTTPS, HTTP = 8061, 8443, 8080
SLOW = 200
"""Slow connections of each kind: headers that never end, and forms that never come."""
WORST = 1.0
"""Seconds that anybody may wait for an answer meanwhile."""
PATIENCE = 15.0
"""Seconds after which a slow connection must have been closed."""

UNTRUSTED = ssl.create_default_context()
UNTRUSTED.check_hostname = False
UNTRUSTED.verify_mode = ssl.CERT_NONE


def main() -> int:
    """The exit status, see above."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        print("nginx and openssl are needed.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as kept, _service(Path(kept)), _proxy(nginx, Path(kept)):
        quiet = _answered()
        held = [*_slow_headers(SLOW), *_slow_forms(SLOW)]
        waits = [_answered() for _ in range(50)]
        closed_after = _all_closed(held)
    print(f"quiet: an answer through the proxy in {quiet * 1000:.0f} ms")
    print(f"with {2 * SLOW} slow connections: the slowest of 50 answers in {max(waits) * 1000:.0f} ms")
    print(f"the slow connections were closed after {closed_after:.0f} s")
    return 0 if max(waits) < WORST and closed_after < PATIENCE else 1


@contextmanager
def _service(folder: Path) -> Iterator[None]:
    settings = {
        "CYDLYNU_DATA": str(folder / "data"),
        "CYDLYNU_PORT": str(SERVICE),
        "CYDLYNU_DEMONSTRATION": "no",
        "CYDLYNU_PROXIES": "1",
    }
    process = subprocess.Popen([CHECKOUT / "scripts/run"], env={**os.environ, **settings})
    try:
        _until(lambda: _connects(SERVICE))
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _proxy(nginx: str, folder: Path) -> Iterator[None]:
    """The example as it is, but for its ports and its certificate."""
    certificate = (
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=cydlynu.example.wales",
    )
    files = ("-keyout", str(folder / "key"), "-out", str(folder / "certificate"))
    subprocess.run([*certificate, *files], check=True, capture_output=True)
    example = (CHECKOUT / "scripts/deploy/nginx.conf").read_text()
    for ours, theirs in (
        ("listen 443 ssl", f"listen 127.0.0.1:{HTTPS} ssl"),
        ("listen 80", f"listen 127.0.0.1:{HTTP}"),
        ("127.0.0.1:8000", f"127.0.0.1:{SERVICE}"),
        ("/etc/ssl/cydlynu.pem", str(folder / "certificate")),
        ("/etc/ssl/private/cydlynu.key", str(folder / "key")),
        # all of this test's connections come from one address
        ("limit_conn cydlynu_each 100", "limit_conn cydlynu_each 1000"),
    ):
        if ours not in example:
            raise LookupError(f"nginx.conf has no {ours!r}")
        example = example.replace(ours, theirs)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"worker_processes 1;\npid {folder}/pid;\nerror_log {folder}/errors;\n"
        f"events {{ worker_connections 2000; }}\nhttp {{\n{example}\n}}\n"
    )
    subprocess.run([nginx, "-t", "-q", "-c", whole], check=True)
    process = subprocess.Popen([nginx, "-c", whole, "-g", "daemon off;"])
    try:
        _until(lambda: _connects(HTTPS))
        yield
    finally:
        process.terminate()
        process.wait(30)


def _answered() -> float:
    """How many seconds an answer takes through the proxy."""
    begun = time.monotonic()
    with _connection() as link:
        link.sendall(b"GET /healthz HTTP/1.1\r\nHost: cydlynu.example.wales\r\nConnection: close\r\n\r\n")
        first = link.recv(100)
    if not re.match(rb"HTTP/1\.1 200", first):
        raise ValueError(first)
    return time.monotonic() - begun


def _connection() -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", HTTPS), timeout=30)
    return UNTRUSTED.wrap_socket(plain, server_hostname="cydlynu.example.wales")


def _slow_headers(number: int) -> Iterator[ssl.SSLSocket]:
    for _ in range(number):
        link = _connection()
        link.sendall(b"GET / HTTP/1.1\r\nHost: cydlynu.example.wales\r\nX-Slow: ")
        yield link


def _slow_forms(number: int) -> Iterator[ssl.SSLSocket]:
    for _ in range(number):
        link = _connection()
        link.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: cydlynu.example.wales\r\nContent-Length: 100000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nusername="
        )
        yield link


def _all_closed(held: list[ssl.SSLSocket]) -> float:
    """How many seconds until the other side has closed them all."""
    begun = time.monotonic()
    for link in held:
        link.settimeout(60)
        with suppress(OSError):
            while link.recv(1000):
                pass
        link.close()
    return time.monotonic() - begun


def _connects(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as link:
        if port != SERVICE:
            return True
        link.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        return b" 200 " in link.recv(100)
    return False


def _until(true: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
