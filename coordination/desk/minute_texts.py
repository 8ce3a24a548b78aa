"""What minute-takers typed about an item of a meeting and have not recorded: each showing of the form keeps its own
text, which the other minute-takers of the same organisation read. Nobody's text takes the place of another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.store.keys import OuterKeys, TamperedCiphertext, WrongKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value

LASTS = timedelta(days=14)
MOST = 200
"""How many texts are kept about one item; beyond them the oldest that were kept beside another go."""


class MinutePlace(msgspec.Struct, frozen=True):
    """An item of a meeting as an organisation's minute-takers share it, and the pupil it is about."""

    organisation: UUID
    meeting: UUID
    item: UUID
    pupil: UUID

    def key(self, outer: OuterKeys) -> bytes:
        """The 32 bytes under which its texts are found."""
        return outer.lookup_hmac("minute_text", f"{self.organisation} {self.meeting} {self.item}")

    def about(self, outer: OuterKeys) -> bytes:
        """The 32 bytes under which an erasure of the pupil finds its texts."""
        return outer.lookup_hmac("minute_text_about", str(self.pupil))


class TypedMinute(msgspec.Struct, frozen=True):
    """One text: its writer's key, who typed it, its version (a form sends back the one that it continues), what was
    typed by field, and when it was saved."""

    writer: bytes
    person: UUID
    version: int
    fields: dict[str, str]
    kept_at: datetime


def writer_key(outer: OuterKeys, person: UUID, showing: str) -> bytes:
    """The 32 bytes of one showing of the form to one person."""
    return outer.lookup_hmac("minute_writer", f"{person} {showing}")


def keep_minute_text(
    conn: Connection,
    outer: OuterKeys,
    place: MinutePlace,
    *,
    person: UUID,
    showing: str,
    continues: int,
    fields: Mapping[str, str],
    now: datetime,
) -> int:
    """Saves what a showing of the form holds now; its new version. `continues` is the version it was typed upon: where
    that is not the one that stands (the same form in two windows), both texts are kept."""
    key, writer = place.key(outer), writer_key(outer, person, showing)
    conn.execute("select pg_advisory_xact_lock(%s)", (int.from_bytes(key[:8], signed=True),))
    standing, last = _versions(conn, key, writer)
    if standing is not None and standing == continues:
        conn.execute(
            "delete from desk.minute_text where place = %s and writer = %s and not replaced", (key, writer)
        )
    else:
        conn.execute(
            "update desk.minute_text set replaced = true where place = %s and writer = %s and not replaced",
            (key, writer),
        )
    apart = seal_value(outer, msgspec.json.encode(dict(fields)), key + writer)
    conn.execute(
        """insert into desk.minute_text (place, writer, version, replaced, person, about, wrapped, wrapped_by, sealed,
                                         kept_at, expires_at)
           values (%s, %s, %s, false, %s, %s, %s, %s, %s, %s, %s)""",
        (
            *(key, writer, last + 1, person, place.about(outer)),
            *(apart.wrapped, apart.wrapped_by, apart.sealed, now, now + LASTS),
        ),
    )
    sql = """delete from desk.minute_text where (place, writer, version) in (
               select place, writer, version from desk.minute_text where place = %s
               order by replaced, kept_at desc offset %s)"""
    conn.execute(sql, (key, MOST))
    return last + 1


def _versions(conn: Connection, key: bytes, writer: bytes) -> tuple[int | None, int]:
    """The version that stands, and the highest (0: none)."""
    sql = """select max(version) filter (where not replaced), coalesce(max(version), 0)
             from desk.minute_text where place = %s and writer = %s"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        standing, last = cursor.execute(sql, (key, writer)).fetchall()[0]
    return standing, last


def minute_texts(
    conn: Connection, outer: OuterKeys, place: MinutePlace, *, now: datetime
) -> list[TypedMinute]:
    """Every text about the item that stands or was kept beside one, the newest first. One that cannot be opened any
    more (its key is gone) is left out."""
    sql = """select writer, person, version, wrapped, wrapped_by, sealed, kept_at from desk.minute_text
             where place = %s and expires_at > %s order by kept_at desc, version desc, writer"""
    key, found = place.key(outer), []
    with conn.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(sql, (key, now)).fetchall()
    for writer, person, version, wrapped, by, sealed, kept_at in rows:
        try:
            plain = open_value(outer, SealedValue(bytes(wrapped), by, bytes(sealed)), key + bytes(writer))
        except (WrongKeys, TamperedCiphertext):
            continue
        fields = msgspec.json.decode(plain, type=dict[str, str])
        found.append(TypedMinute(bytes(writer), person, version, fields, kept_at))
    return found


def places_with_texts(
    conn: Connection, outer: OuterKeys, places: Iterable[MinutePlace], *, now: datetime
) -> set[UUID]:
    """Of these items those about which there is a text that is not recorded."""
    by_key = {place.key(outer): place.item for place in places}
    sql = "select distinct place from desk.minute_text where place = any(%s) and expires_at > %s"
    with conn.cursor(row_factory=tuple_row) as cursor:
        return {by_key[bytes(key)] for (key,) in cursor.execute(sql, (list(by_key), now))}


def forget_own_texts(
    conn: Connection, outer: OuterKeys, place: MinutePlace, *, person: UUID, showing: str
) -> None:
    """Deletes what a showing of the form kept last, because it is recorded. What was kept beside it stays."""
    conn.execute(
        "delete from desk.minute_text where place = %s and writer = %s and not replaced",
        (place.key(outer), writer_key(outer, person, showing)),
    )


def set_text_aside(
    conn: Connection, outer: OuterKeys, place: MinutePlace, *, writer: bytes, version: int
) -> bool:
    """Deletes one text, because a minute-taker read it and put it aside; False where it has changed since."""
    done = conn.execute(
        "delete from desk.minute_text where place = %s and writer = %s and version = %s",
        (place.key(outer), writer, version),
    )
    return done.rowcount == 1


def forget_expired_texts(conn: Connection, now: datetime) -> int:
    """Deletes the texts whose fortnight is over; how many."""
    return conn.execute("delete from desk.minute_text where expires_at <= %s", (now,)).rowcount


def delete_texts_about(conn: Connection, outer: OuterKeys, pupils: Iterable[UUID]) -> int:
    """Deletes the texts about these pupils, for an erasure; how many."""
    about = [outer.lookup_hmac("minute_text_about", str(pupil)) for pupil in pupils]
    return conn.execute("delete from desk.minute_text where about = any(%s)", (about,)).rowcount
