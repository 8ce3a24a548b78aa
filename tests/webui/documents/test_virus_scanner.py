"""ClamAV by a server that speaks its INSTREAM protocol; one that is not there, silent or confused takes no file."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from coordination.errors import Refusal
from webui.documents.receiving import ReceivedFile, checked
from webui.documents.virus_scanner import scan
from webui.shell.document_settings import DocumentSettings

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def exactly(link: socket.socket, size: int) -> bytes:
    held = b""
    while len(held) < size:
        more = link.recv(size - len(held))
        if not more:
            raise EOFError
        held += more
    return held


def received(link: socket.socket) -> bytes:
    """What a client streams, as clamd reads it."""
    assert exactly(link, 10) == b"zINSTREAM\0"
    whole = b""
    while size := struct.unpack(">I", exactly(link, 4))[0]:
        whole += exactly(link, size)
    return whole


def clamd(link: socket.socket) -> None:
    found = EICAR in received(link)
    link.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


def too_large(link: socket.socket) -> None:
    received(link)
    link.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def hangs_up(link: socket.socket) -> None:
    exactly(link, 10)


def silent(link: socket.socket) -> None:
    received(link)
    link.recv(1)


@contextmanager
def serving(speak: Callable[[socket.socket], None], path: Path | None = None) -> Iterator[str]:
    """One connection's worth of a server; its address."""
    if path is None:
        server = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{server.getsockname()[1]}"
    else:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(str(path))
        server.listen()
        address = str(path)

    def serve() -> None:
        link, _ = server.accept()
        with link:
            speak(link)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        thread.join(10)
        server.close()


def refused(address: str, content: bytes, patience: float = 5) -> str:
    with pytest.raises(Refusal) as refusal:
        scan(address, content, patience)
    assert refusal.value.field == "content"
    return refusal.value.code


def test_a_clean_file_passes_whole_and_a_bad_one_is_named() -> None:
    large = bytes(range(256)) * 1000
    with serving(clamd) as address:
        scan(address, large)
    with serving(clamd) as address:
        assert refused(address, large + EICAR) == "document_infected"


def test_by_a_socket_of_this_machine(tmp_path: Path) -> None:
    with serving(clamd, tmp_path / "clamd.sock") as address:
        assert refused(address, EICAR) == "document_infected"


@pytest.mark.parametrize("speak", [too_large, hangs_up, silent])
def test_without_a_clear_answer_the_file_is_not_taken(speak: Callable[[socket.socket], None]) -> None:
    with serving(speak) as address:
        assert refused(address, b"x", patience=0.3) == "scanner_unreachable"


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:1", "not an address:x"])
def test_where_it_is_not_reached_the_file_is_not_taken(address: str) -> None:
    assert refused(address, b"x", patience=0.3) == "scanner_unreachable"


def test_what_is_refused_anyway_is_not_scanned_and_what_is_taken_is() -> None:
    settings = DocumentSettings.from_environment({"CYDLYNU_CLAMAV": "127.0.0.1:1"})
    assert settings.scanner == "127.0.0.1:1"
    with pytest.raises(Refusal) as refusal:
        checked(ReceivedFile("a.pdf", b"MZ"), settings)
    assert refusal.value.code == "document_program"


@pytest.mark.parametrize(
    ("environment", "largest", "types"),
    [
        ({}, 10, 10),
        ({"CYDLYNU_LARGEST_DOCUMENT": "64"}, 64, 10),
        ({"CYDLYNU_DOCUMENT_TYPES": "pdf, DOCX"}, 10, 2),
    ],
)
def test_the_settings(environment: dict[str, str], largest: int, types: int) -> None:
    limits = DocumentSettings.from_environment(environment).limits
    assert (limits.largest // 2**20, len(limits.types)) == (largest, types)


@pytest.mark.parametrize(
    "environment",
    [
        {"CYDLYNU_LARGEST_DOCUMENT": "65"},
        {"CYDLYNU_LARGEST_DOCUMENT": "0"},
        {"CYDLYNU_LARGEST_DOCUMENT": "much"},
        {"CYDLYNU_DOCUMENT_TYPES": "exe"},
    ],
)
def test_a_setting_that_cannot_be_is_an_error(environment: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        DocumentSettings.from_environment(environment)
