"""Takes in notifications that mail did not arrive: files, or a folder into which the mail server puts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from coordination.desk.outbox import mark_bounced, message_of
from coordination.outbox.bounce import read_bounce
from coordination.service import Coordination
from scripts.service.invitation_mail import note_delivery

LARGEST = 10_000_000
"""Bytes of a notification; a larger file is left alone."""
TAKEN = "taken"


class BouncesTaken(NamedTuple):
    """How many messages did not arrive, and how many files were no notification of one of these."""

    bounced: int
    others: int


def take_in(service: Coordination, files: Iterable[Path], now: datetime) -> BouncesTaken:
    """Note what the notifications in some files say; the same one again changes nothing."""
    bounced = others = 0
    for file in files:
        found = read_bounce(file.read_bytes()) if file.stat().st_size <= LARGEST else None
        count = 0
        if found is not None:
            with service.record.desk() as desk:
                count = mark_bounced(desk, found.mail, found.problem, now)
                row = message_of(desk, found.mail) if count else None
            if row is not None:
                note_delivery(service, row, now, arrived=False)
        bounced, others = bounced + count, others + (count == 0)
    return BouncesTaken(bounced, others)


def take_in_folder(service: Coordination, folder: Path, now: datetime) -> BouncesTaken:
    """The same for a folder of .eml files or a Maildir; each file is then moved to `taken` in it."""
    found = list(mails_in(folder))
    done = take_in(service, found, now)
    for file in found:
        (folder / TAKEN).mkdir(mode=0o700, exist_ok=True)
        file.replace(folder / TAKEN / file.name)
    return done


def mails_in(path: Path) -> Iterator[Path]:
    """The mails at a path: a file, the .eml files of a folder, or what is new or seen in a Maildir."""
    if path.is_file():
        yield path
        return
    for place, pattern in ((path, "*.eml"), (path / "new", "*"), (path / "cur", "*")):
        yield from sorted(file for file in place.glob(pattern) if file.is_file())
