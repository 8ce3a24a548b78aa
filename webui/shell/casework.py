"""Reading and writing the record for a page or the API: perform commands, wait until they can be read, open sealed
fields, and note who was shown them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

from flask import Flask, g, request
from psycopg import OperationalError

from coordination.authority import ROLES_AT
from coordination.desk.read_log import Cited, note_reading
from coordination.directory.state import Directory
from coordination.event import Command, CommandContext, Receipt
from coordination.sensitivity import Coordinates, Opened
from coordination.store.keys import Keyring
from projections.reader import Reader, SnapshotReader, position
from webui.shell.authentication import acting, sight, viewer
from webui.shell.replica import replica_moment
from webui.shell.runtime import runtime

PATIENCE = 2.0
Read = TypeVar("Read")


def directory() -> Directory:
    """The directory as it is on the record now."""
    return runtime().coordination.directory()


def reader() -> Reader:
    """The reader for all queries. All data on a page is from one moment; a user who sends a form sees its result. Lists
    and reports may be read from a replica."""
    if request.method not in ("GET", "HEAD"):
        return runtime().reader
    held: SnapshotReader | None = g.get("moment")
    if held is None:
        held = g.moment = replica_moment() or runtime().moment()
    return held


def once(name: str, read: Callable[[], Read]) -> Read:
    """What `read` gives, read once in a request under this name: several parts of a page show it."""
    held: dict[str, Any] = g.setdefault("read_once", {})
    if name not in held:
        held[name] = read()
    found: Read = held[name]
    return found


def close_snapshots(app: Flask) -> None:
    """Give back, after each request, the connection that its queries shared."""

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        held: SnapshotReader | None = g.pop("moment", None)
        if held is not None:
            held.close()


def command_context(command_id: str) -> CommandContext:
    """The context of a command given now by the actor of this request: a user, or a system through the API."""
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
        service=who.service,
        services=sight().acts_for if who.role in ROLES_AT["agency"] else None,
        word=g.get("link_word"),
        link=g.get("link_reach"),
    )


def new_id(command_id: str, what: str) -> UUID:
    """The id of a new thing from a form: the same each time the same showing of the form is sent, so that sending it
    twice creates one. It is derived from the form's own random id."""
    try:
        return uuid5(UUID(command_id), what)
    except ValueError:  # not an id that this service issued
        return uuid5(NAMESPACE_OID, f"{command_id} {what}")


def perform(command: Command, command_id: str) -> Receipt:
    """Perform a command; the next page shows its result. Raises Refusal."""
    receipt = runtime().coordination.perform(command, command_context(command_id))
    wait_until_readable(receipt.position)
    return receipt


def perform_all(commands: Sequence[Command], command_id: str) -> int:
    """Perform several commands of one form, all or none; returns the last log position. Raises Refusal."""
    last = runtime().coordination.perform_all(
        (command, command_context(f"{command_id}/{number}")) for number, command in enumerate(commands)
    )
    wait_until_readable(last)
    return last


def wait_until_readable(wanted: int) -> bool:
    """Wait until the read models have reached a log position, at most PATIENCE seconds; returns whether they have."""
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


def fetch_keys(streams: Iterable[UUID]) -> None:
    """Looks up the keys of these streams once for all parts of the page, whichever opens something later."""
    wanted = frozenset(streams)
    g.fetched_keys = (wanted, runtime().coordination.record.keyring(wanted))


def fetched_ring(streams: Iterable[UUID]) -> Keyring | None:
    """The keys that `fetch_keys` looked up, if those of all these streams are among them."""
    fetched, ring = g.get("fetched_keys") or (frozenset(), None)
    return ring if fetched.issuperset(streams) else None


def open_sealed(places: Sequence[Coordinates | None]) -> list[Opened]:
    """The sealed fields at each place, with one look-up of keys for all; {} if there are none, ERASED if the key is
    gone. Call it once for each page."""
    there = [place for place in places if place is not None]
    known = fetched_ring(place.stream for place in there)
    opened = iter(runtime().coordination.record.open(there, known) if there else ())
    return [{} if place is None else next(opened) for place in places]


def note_shown(
    kind: str, ids: Sequence[UUID], purpose: str = "own_pupil", cites: Sequence[Cited] = ()
) -> None:
    """Note in the read log that the user was shown these things; `cites`: the disclosures on which that rests."""
    here, who = runtime(), viewer()
    try:
        with here.read_log() as connection:
            note_reading(connection, who, kind=kind, ids=ids, at=here.now(), purpose=purpose, cites=cites)
    except OperationalError:  # the database was restarted since this connection was used
        here.renew_read_log()
        with here.read_log() as connection:
            note_reading(connection, who, kind=kind, ids=ids, at=here.now(), purpose=purpose, cites=cites)


def name_of(identity: Opened, erased: str) -> str:
    """A pupil's name from an opened identity; `erased` if the key is gone."""
    if not isinstance(identity, Mapping):
        return erased
    names = [identity.get(f"preferred_{name}") or identity.get(name) for name in ("forename", "surname")]
    return " ".join(name for name in names if name)
