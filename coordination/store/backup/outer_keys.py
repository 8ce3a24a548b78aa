"""The outer keys of a backup: in a file beside its folder, never inside, because the two must not be kept together.

FOLDER.keys             the keys (mode 0600)
FOLDER.keys.erased      the streams that were erased, one line each
FOLDER.keys.ledger      the key that signs heads of the ledger
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from coordination.pupil.rights.events import ErasureGround
from coordination.store.keys import OuterKeys, load_or_make
from coordination.store.secret_files import write_secret

ERASED = ".erased"


ErasedKind = Literal["pupil", "advice"]


class ErasedStream(msgspec.Struct, frozen=True):
    """A line of the list of erasures that is kept with the keys: the stream, when it was erased (an instant with its
    zone), why, the ids of the two people who decided it, and whether it was a pupil's or an advice conversation's."""

    stream: UUID
    at: datetime
    ground: ErasureGround
    proposed_by: UUID
    approved_by: UUID
    kind: ErasedKind = "pupil"


def beside(folder: Path) -> Path:
    """Where the keys of a backup are kept if no other place is named."""
    return folder.with_name(f"{folder.name}.keys")


def fingerprint(keys: OuterKeys) -> str:
    """Tells two sets of keys apart, and says nothing of either. A hash of random keys cannot be guessed."""
    running = hashlib.sha256(keys.lookup)
    for name in sorted(keys.wrapping):
        running.update(name.encode() + b"\x00" + keys.wrapping[name])
    return running.hexdigest()


def keep_keys(keys_file: Path, place: Path) -> None:
    """Copy the file of outer keys, and what is kept with it, to another place (mode 0600). A copy that is there with
    the same content stays; raises Refusal `other_keys_there` for another one."""
    for source, target in _with_company(keys_file, place):
        content = source.read_bytes()
        if target.exists() and target == place and target.read_bytes() != content:
            raise Refusal("other_keys_there", place=str(place))
        write_secret(target, content, replace=True)


def keys_of_backup(place: Path, wanted: str) -> OuterKeys:
    """The outer keys of a backup. Raises Refusal `backup_without_keys`, `keys_of_another_backup`."""
    if not place.is_file():
        raise Refusal("backup_without_keys", place=str(place))
    try:
        keys = load_or_make(place)
    except (KeyError, ValueError):
        raise Refusal("keys_of_another_backup", place=str(place)) from None
    if fingerprint(keys) != wanted:
        raise Refusal("keys_of_another_backup", place=str(place))
    return keys


def erased_streams(lists: Iterable[Path]) -> dict[UUID, ErasedStream]:
    """The streams that the lists say were erased, each with its line; a list that is not there says nothing. Raises
    Refusal `erasures_unreadable`: a broken line could be somebody's erasure."""
    found: dict[UUID, ErasedStream] = {}
    for place in lists:
        for line in place.read_bytes().splitlines() if place.is_file() else ():
            try:
                one = msgspec.json.decode(line, type=ErasedStream)
            except msgspec.DecodeError:
                raise Refusal("erasures_unreadable", place=str(place)) from None
            found[one.stream] = one
    return found


def _with_company(keys_file: Path, place: Path) -> Iterable[tuple[Path, Path]]:
    """The file of keys and every file whose name begins with its name, each with its copy."""
    for source in sorted(keys_file.parent.glob(f"{keys_file.name}*")):
        yield source, place.with_name(place.name + source.name.removeprefix(keys_file.name))
