"""(h) Sending messages: how many a second, and what is lost or doubled when the sender is killed.

Messages to services' mailboxes are put into the outbox and sent to a mail server on this machine. Then a sender is
killed (SIGKILL) again and again in the moment in which the server has taken a message and the sender has not marked it.
Each such message is sent again, under the same id: it is doubled. None may be lost.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid5

import msgspec
import psycopg

from coordination.outbox.message import Message, QueuedMessage
from coordination.store.queue import queue_messages
from scripts.measure.database import BenchmarkDatabase
from scripts.measure.mail_sink import FORK, Sink, sink
from scripts.service.outbox import OutboxSettings, send_due
from webui.shell.sign_in_settings import MailSettings

MESSAGES = 1000
KILLS = 200
_SPACE = UUID(int=0xB0B)


class MailTimes(msgspec.Struct, frozen=True):
    """Messages sent a second; and of the messages queued while the sender was killed `kills` times, how many were never
    sent and how many sent more than once."""

    messages: int
    a_second: float
    kills: int
    queued: int
    lost: int
    doubled: int


def measure(ground: BenchmarkDatabase, messages: int = MESSAGES, kills: int = KILLS) -> MailTimes:
    """Leaves the outbox as it was, but for what it sends."""
    with tempfile.TemporaryDirectory(prefix="cydlynu-mail-") as folder, sink(Path(folder)) as server:
        _queue(ground, "speed", messages)
        begun = perf_counter()
        _send(ground, server, messages)
        seconds = perf_counter() - begun
        sent = len(server.ids())
        queued = _queue(ground, "kills", kills + 20)
        for _ in range(kills):
            _send_and_be_killed(ground, server)
        server.victim.value = 0
        _send(ground, server, 10 * len(queued))
        times = Counter(server.ids()[sent:])
        return MailTimes(
            messages=sent,
            a_second=sent / seconds,
            kills=kills,
            queued=len(queued),
            lost=sum(times[one] == 0 for one in queued),
            doubled=sum(times[one] > 1 for one in queued),
        )


def _send_and_be_killed(ground: BenchmarkDatabase, server: Sink) -> None:
    """A sender that is killed with its second message: the first may be the one whose mark the last sender missed."""
    server.kill_after.value = 2
    server.victim.value = 0
    process = FORK.Process(target=_victim, args=(ground, server))
    process.start()
    process.join()
    if process.exitcode == 0:
        raise RuntimeError("a sender was not killed: there was nothing left to send")


def _victim(ground: BenchmarkDatabase, server: Sink) -> None:
    server.victim.value = os.getpid()
    _send(ground, server, 10)


def _send(ground: BenchmarkDatabase, server: Sink, most: int) -> None:
    mail = MailSettings(server=server.url, sender="cydlynu@benchmark.example")
    settings = OutboxSettings(mail, "https://benchmark.example", Path(os.devnull))
    with ground.service() as service:
        send_due(service, settings, datetime.now(UTC), most)


def _queue(ground: BenchmarkDatabase, name: str, number: int) -> list[str]:
    """Queue messages to the mailboxes of services; their ids."""
    now = datetime.now(UTC)
    with ground.service() as service:
        directory = service.directory()
        boxes = [s.id for s in directory.services if directory.mailbox_of(s.id) is not None]
    queued = [
        QueuedMessage(
            message=Message(
                rule="action_agreed",
                recipient_kind="service",
                recipient=boxes[count % len(boxes)],
                subject="action",
                thing=uuid5(_SPACE, f"{name} {count}"),
            ),
            stream=uuid5(_SPACE, f"{name} {count}"),
            version=1,
            pupil=None,
            created_at=now,
        )
        for count in range(number)
    ]
    with psycopg.connect(ground.database) as connection, connection.cursor() as cursor:
        queue_messages(cursor, queued)
    return [str(one.id) for one in queued]
