"""Requests to addresses that others named: public ones only, checked at every connection, redirects not followed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from coordination.errors import Refusal
from webui.shell import outgoing
from webui.shell.outgoing import NotReached, Outgoing, is_public

HOOK = "https://hooks.example/cydlynu"


class OutsideServer(ThreadingHTTPServer):
    """Counts what reaches it, and answers with `status` and `headers`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _OutsideAnswer)
        self.reached: list[str] = []
        self.status = 204
        self.location = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _OutsideAnswer(BaseHTTPRequestHandler):
    server: OutsideServer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.reached.append(self.path)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[OutsideServer]:
    server = OutsideServer()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def refusal(url: str, found: Sequence[str] = ("93.184.216.34",)) -> str:
    with pytest.raises(Refusal) as refused:
        Outgoing(resolve=lambda *_: found).check(url)
    return refused.value.code


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("ff02::1", False),
        ("no address", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "https://",
        "https://user:pass@hooks.example/",
        "https://hooks.example:99999/",
        "https://hooks.example/#part",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nHost: other",
        "https://hööks.example/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    assert refusal(url) == "webhook_address_wrong"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.7", "localhost"])
def test_private_loopback_and_link_local_addresses_are_refused(host: str) -> None:
    with pytest.raises(Refusal) as refused:
        Outgoing().check(f"https://{host}/hook")
    assert refused.value.code == "webhook_address_not_public"


def test_one_private_address_among_others_is_enough_to_refuse() -> None:
    assert refusal(HOOK, ("93.184.216.34", "10.0.0.7")) == "webhook_address_not_public"
    assert refusal(HOOK, ()) == "webhook_address_unknown"
    Outgoing(resolve=lambda *_: ("93.184.216.34",)).check(HOOK)


def test_a_name_that_points_elsewhere_later_is_refused_at_the_connection(listener: OutsideServer) -> None:
    """DNS rebinding: public when it is registered, the loopback address when it is used."""
    answers = iter((["93.184.216.34"], ["127.0.0.1"]))
    out = Outgoing(resolve=lambda *_: next(answers))
    url = f"https://hooks.example:{listener.server_port}/hook"
    out.check(url)
    with pytest.raises(NotReached, match="not_public"):
        out.post(url, b"{}", {})
    assert listener.reached == []


def test_the_connection_goes_to_the_address_that_was_checked(
    listener: OutsideServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is resolved once: whatever it means a moment later is not asked."""
    asked: list[str] = []
    gone: list[tuple[str, int]] = []

    def once(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ("93.184.216.34",)

    def connects(address: tuple[str, int], _timeout: float) -> socket.socket:
        gone.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "create_connection", connects)
    with pytest.raises(NotReached, match="no_answer"):
        Outgoing(resolve=once).post(HOOK, b"{}", {})
    assert (asked, gone) == (["hooks.example"], [("93.184.216.34", 443)])


def test_a_host_that_the_operator_named_may_be_private(listener: OutsideServer) -> None:
    with pytest.raises(NotReached, match="not_public"):
        Outgoing().post(listener.url, b"{}", {})
    other = Outgoing([f"127.0.0.1:{listener.server_port + 1}"])
    with pytest.raises(NotReached, match="not_public"):
        other.post(listener.url, b"{}", {})
    assert Outgoing([f"127.0.0.1:{listener.server_port}"]).post(listener.url, b"{}", {}) == 204
    assert listener.reached == ["/hook"]


def test_a_redirect_is_answered_and_not_followed(listener: OutsideServer) -> None:
    listener.status, listener.location = 307, listener.url.replace("hook", "secret")
    assert Outgoing(["127.0.0.1"]).post(listener.url, b"{}", {}) == 307
    assert listener.reached == ["/hook"]


def test_one_that_hangs_or_dribbles_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "WHOLE_PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def dribble() -> None:
            link, _ = server.accept()
            with link:
                link.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                link.recv(65536)
                while link.recv(65536):
                    link.sendall(b"x")

        thread = threading.Thread(target=dribble)
        thread.start()
        with pytest.raises(NotReached, match="no_answer"):
            Outgoing(["127.0.0.1"]).post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        thread.join()
