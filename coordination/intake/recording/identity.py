"""Ids derived from content: the same content gives the same command wherever it occurs in whichever file.

They are HMACs under the key that is kept outside the database, so that an id does not reveal whose it is.
"""

from __future__ import annotations

from uuid import UUID

from coordination.store.keys import OuterKeys


def command_id(outer: OuterKeys, *said: object) -> str:
    """The id of a command by its content (64 hexadecimal digits)."""
    return outer.lookup_hmac("command", _joined(said)).hex()


def new_id(outer: OuterKeys, kind: str, *said: object) -> UUID:
    """The id of something new by its natural key; `kind` is what it is (`pupil`, `referral`, `contact`, ...)."""
    return UUID(bytes=outer.lookup_hmac(f"new {kind}", _joined(said))[:16], version=4)


def _joined(said: tuple[object, ...]) -> str:
    # lengths keep ("a", "bc") and ("ab", "c") apart
    parts = [str(part) for part in said]
    return "\x00".join(f"{len(part)}:{part}" for part in parts)
