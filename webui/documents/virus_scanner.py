"""ClamAV, where an installation has it: the bytes of a file are sent to clamd by its INSTREAM command."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

from coordination.errors import Refusal

FIELD = "content"
PORT = 3310
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
PATIENCE = 30.0


def scan(address: str, content: bytes, patience: float = PATIENCE) -> None:
    """Has a file looked at by clamd. `address` is host:port, or the path of a socket; `patience` in seconds.

    Raises Refusal `document_infected`, or `scanner_unreachable` where there is no answer that says the file is clean: a
    file is never taken unseen.
    """
    try:
        answer = _answer(address, content, patience)
    except (OSError, ValueError):
        raise Refusal("scanner_unreachable", FIELD) from None
    if answer.endswith("OK"):
        return
    raise Refusal("document_infected" if answer.endswith("FOUND") else "scanner_unreachable", FIELD)


def _answer(address: str, content: bytes, patience: float) -> str:
    with _connected(address, patience) as link:
        link.sendall(b"zINSTREAM\0")
        for piece in _pieces(content):
            link.sendall(struct.pack(">I", len(piece)) + piece)
        link.sendall(struct.pack(">I", 0))
        found = b""
        while not found.endswith(b"\0") and len(found) < LONGEST_ANSWER:
            more = link.recv(LONGEST_ANSWER)
            if not more:
                break
            found += more
    return found.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _pieces(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), PIECE):
        yield content[at : at + PIECE]


def _connected(address: str, patience: float) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(patience)
        try:
            link.connect(address)
        except OSError:
            link.close()
            raise
        return link
    host, _, port = address.rpartition(":")
    host, port = (host, port) if host else (address, str(PORT))
    return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)
