"""Doubts: descriptions of pupils that wait until somebody decides whose they are.

What a file or form said is sealed apart under a key of its own. A doubt is deleted when it is decided, when a later
file leaves nothing to decide, or when it no longer applies; it is never an event, and its id is random.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from coordination.store.keys import OuterKeys, TamperedCiphertext, WrongKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value

WAITING = "select doubt, kind, school, authority, pupil, other, digest, raised_at from desk.doubt"


class WaitingDoubt(msgspec.Struct, frozen=True, kw_only=True):
    """A doubt without its content. `school` sent the description; `pupil` is the recorded pupil, `other` a further
    pupil or contact concerned. With an `authority` only that authority's caseworker decides, and only they know of it.
    `digest` is a keyed hash of the content that waits now."""

    doubt: UUID
    kind: str
    school: UUID
    authority: UUID | None
    pupil: UUID
    other: UUID | None
    digest: bytes
    raised_at: datetime

    def is_for(self, organisation: UUID) -> bool:
        """Whether an organisation decides it: the authority, or else the school."""
        return organisation == (self.authority or self.school)


class RaisedDoubt(msgspec.Struct, frozen=True, kw_only=True):
    """A doubt to keep. `about` says in words what would be the same doubt again (school, pupil, number, ...): only its
    keyed hash is stored. `content` is sealed."""

    kind: str
    about: str
    school: UUID
    pupil: UUID
    content: bytes
    authority: UUID | None = None
    other: UUID | None = None

    def __repr__(self) -> str:
        return f"RaisedDoubt({self.kind!r})"


def keep_doubt(
    conn: Connection, outer: OuterKeys, raised: RaisedDoubt, *, doubt: UUID, now: datetime
) -> None:
    """Keep a doubt under a new random id. The same doubt again keeps its id and its age, with the newest content."""
    sql = """insert into desk.doubt as d (doubt, kind, school, authority, pupil, other, digest, raised_at,
                place, wrapped, wrapped_by, sealed)
              values (%(doubt)s, %(kind)s, %(school)s, %(authority)s, %(pupil)s, %(other)s, %(digest)s, %(now)s,
                      %(place)s, %(wrapped)s, %(by)s, %(sealed)s)
              on conflict (place) do update set
                kind = excluded.kind, pupil = excluded.pupil, other = excluded.other, digest = excluded.digest,
                wrapped = excluded.wrapped, wrapped_by = excluded.wrapped_by, sealed = excluded.sealed
              where d.digest <> excluded.digest"""
    place = doubt_place(outer, raised.about)
    apart = seal_value(outer, raised.content, place)
    given = {
        "doubt": doubt,
        "kind": raised.kind,
        "school": raised.school,
        "authority": raised.authority,
        "pupil": raised.pupil,
        "other": raised.other,
        "digest": _digest(outer, raised),
        "now": now,
        "place": place,
        "wrapped": apart.wrapped,
        "by": apart.wrapped_by,
        "sealed": apart.sealed,
    }
    conn.execute(sql, given)


def doubt_place(outer: OuterKeys, about: str) -> bytes:
    """The 32 bytes under which the same doubt is found again."""
    return outer.lookup_hmac("doubt", about)


def doubts_of(conn: Connection, organisation: UUID) -> list[WaitingDoubt]:
    """The doubts that an organisation (a school, or an authority) decides, the oldest first."""
    sql = WAITING + " where coalesce(authority, school) = %s order by raised_at, doubt"
    with conn.cursor(row_factory=class_row(WaitingDoubt)) as cursor:
        return cursor.execute(sql, (organisation,)).fetchall()


def all_doubts(conn: Connection) -> list[WaitingDoubt]:
    """All doubts that wait, the oldest first; for the command line on the machine."""
    sql = WAITING + " order by raised_at, doubt"
    with conn.cursor(row_factory=class_row(WaitingDoubt)) as cursor:
        return cursor.execute(sql).fetchall()


def find_doubt(conn: Connection, doubt: UUID, *, locked: bool = False) -> WaitingDoubt | None:
    """A doubt that waits; None when there is none (any more). `locked`: until the end of the transaction nobody else
    decides it, and whoever tries waits."""
    sql = WAITING + " where doubt = %s" + (" for update" if locked else "")
    with conn.cursor(row_factory=class_row(WaitingDoubt)) as cursor:
        return cursor.execute(sql, (doubt,)).fetchone()


def doubt_content(conn: Connection, outer: OuterKeys, doubt: UUID) -> bytes | None:
    """The opened content of a doubt; None when there is none, or it cannot be opened."""
    sql = "select wrapped, wrapped_by, sealed, place from desk.doubt where doubt = %s"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (doubt,)).fetchone()
    if row is None:
        return None
    wrapped, by, sealed, place = row
    try:
        return open_value(outer, SealedValue(bytes(wrapped), by, bytes(sealed)), bytes(place))
    except (WrongKeys, TamperedCiphertext):
        return None


def delete_doubt(conn: Connection, doubt: UUID) -> bool:
    """Delete a doubt that was decided or no longer applies; whether it was still there."""
    return conn.execute("delete from desk.doubt where doubt = %s", (doubt,)).rowcount == 1


def delete_settled_doubts(conn: Connection, outer: OuterKeys, about: Sequence[str]) -> int:
    """Delete doubts that a later file leaves nothing to decide of; how many."""
    places = [doubt_place(outer, one) for one in about]
    return conn.execute("delete from desk.doubt where place = any(%s)", (places,)).rowcount


def delete_doubts_about(conn: Connection, pupil: UUID) -> int:
    """Delete all doubts about a pupil, for an erasure; how many."""
    return conn.execute("delete from desk.doubt where pupil = %s or other = %s", (pupil, pupil)).rowcount


def _digest(outer: OuterKeys, raised: RaisedDoubt) -> bytes:
    words = b"\x00".join((raised.kind.encode(), str(raised.pupil).encode(), raised.content))
    return hmac.new(outer.lookup, b"doubt content\x00" + words, hashlib.sha256).digest()
