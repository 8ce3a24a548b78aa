"""What a page or the API does with the record: give a command as whoever acts, wait until it can be read, open what is
sealed, and note who was shown it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_OID, UUID, uuid5

from flask import Flask, g, request

from coordination.desk.read_log import note_reading
from coordination.directory.state import Directory
from coordination.event import Command, CommandContext, Receipt
from coordination.sensitivity import Coordinates, Opened
from projections.reader import Reader, SnapshotReader, position
from webui.shell.authentication import acting, viewer
from webui.shell.runtime import runtime

PATIENCE = 2.0


def directory() -> Directory:
    """The directory as it is on the record now."""
    return runtime().coordination.directory()


def reader() -> Reader:
    """What every query reads through. All that a page shows is of one moment; who sends a form sees what came of it."""
    if request.method not in ("GET", "HEAD"):
        return runtime().reader
    held: SnapshotReader | None = g.get("moment")
    if held is None:
        held = g.moment = runtime().moment()
    return held


def close_snapshots(app: Flask) -> None:
    """Give back, after each request, the connection that its queries shared."""

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        held: SnapshotReader | None = g.pop("moment", None)
        if held is not None:
            held.close()


def command_context(command_id: str) -> CommandContext:
    """Whoever acts in this request gives a command, now: a person on the screen, or a system through the API."""
    who = acting()
    if who is None:
        raise RuntimeError("order() on a page that is open to everybody")
    return CommandContext(
        person=who.person,
        organisation=who.organisation,
        role=who.role,
        source=who.source,
        command_id=command_id,
        recorded_at=runtime().now(),
    )


def new_id(command_id: str, what: str) -> UUID:
    """The id of something new that a form brings about: the same each time that the same showing of the form is
    sent, so that sending twice makes one. It rests on the form's own random id."""
    try:
        return uuid5(UUID(command_id), what)
    except ValueError:  # not an id that this service gave out
        return uuid5(NAMESPACE_OID, f"{command_id} {what}")


def perform(command: Command, command_id: str) -> Receipt:
    """Carries out a command; the next page shows what came of it. Raises Refusal."""
    receipt = runtime().coordination.perform(command, command_context(command_id))
    wait_until_readable(receipt.position)
    return receipt


def perform_all(commands: Sequence[Command], command_id: str) -> int:
    """Carries out several commands of one form as one: all or none; the last log position. Raises Refusal."""
    last = runtime().coordination.perform_all(
        (command, command_context(f"{command_id}/{number}")) for number, command in enumerate(commands)
    )
    wait_until_readable(last)
    return last


def wait_until_readable(wanted: int) -> bool:
    """Waits until the read models hold a log position, at most PATIENCE seconds; whether they do."""
    deadline = time.monotonic() + PATIENCE
    pause = 0.002
    while True:
        with runtime().reader.viewing(viewer()) as cursor:
            if position(cursor) >= wanted:
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 0.05)


def open_sealed(places: Sequence[Coordinates | None]) -> list[Opened]:
    """What is sealed at each place, with one look-up of keys for all; {} where there is nothing, ERASED where the
    key is gone. Ask it once a page."""
    there = [place for place in places if place is not None]
    opened = iter(runtime().coordination.record.open(there))
    return [{} if place is None else next(opened) for place in places]


def note_shown(kind: str, ids: Sequence[UUID], purpose: str = "own_pupil") -> None:
    """Notes that the person signed in was shown these things (see the read log)."""
    with runtime().desk() as connection:
        note_reading(connection, viewer(), kind=kind, ids=ids, at=runtime().now(), purpose=purpose)


def name_of(identity: Opened, erased: str) -> str:
    """A pupil's name as it is said, from an opened identity; `erased` where the key is gone."""
    if not isinstance(identity, Mapping):
        return erased
    return f"{identity.get('forename', '')} {identity.get('surname', '')}".strip()
