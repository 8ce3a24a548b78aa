"""What somebody began to type and has not sent: theirs alone, sealed, for a fortnight.

A draft belongs to a person, at an organisation, on a page. Somebody who works for two organisations does not see the
one's at the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.store.keys import OuterKeys, TamperedCiphertext, WrongKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value

LASTS = timedelta(days=14)
# how long it is remembered that a form was taken: longer than a script could still send what was typed in it
REMEMBERED = timedelta(days=1)
# how many drafts somebody has at a time; the one left alone the longest goes first
MOST = 100


class DraftPlace(msgspec.Struct, frozen=True):
    """Whose draft it is, and of which page (its path and query)."""

    person: UUID
    organisation: UUID
    address: str

    def key(self, outer: OuterKeys) -> bytes:
        """The 32 bytes under which it is found."""
        return outer.lookup_hmac("draft", self._text())

    def about(self) -> bytes:
        """What it is bound to when it is sealed."""
        return self._text().encode()

    def _text(self) -> str:
        return f"{self.person} {self.organisation} {self.address}"


class Draft(msgspec.Struct, frozen=True):
    """What was typed, as (name, text) in the order of the form; when it was begun, kept last, and when it goes."""

    fields: list[tuple[str, str]]
    begun_at: datetime
    kept_at: datetime
    expires_at: datetime


def keep_draft(
    conn: Connection,
    outer: OuterKeys,
    place: DraftPlace,
    *,
    command: str,
    fields: Sequence[tuple[str, str]],
    now: datetime,
) -> bool:
    """Keep what was typed in the showing `command` of the form, in place of what was kept before; False when that
    showing was taken already (a script's last word came late)."""
    apart = seal_value(outer, msgspec.json.encode(list(fields)), place.about())
    key = place.key(outer)
    sql = """insert into desk.draft as d
               (place, person, organisation, command, wrapped, wrapped_by, sealed, begun_at, kept_at, expires_at)
             values (%(key)s, %(person)s, %(organisation)s, %(command)s, %(wrapped)s, %(by)s, %(sealed)s, %(now)s,
                     %(now)s, %(until)s)
             on conflict (place) do update set
               command = excluded.command, wrapped = excluded.wrapped, wrapped_by = excluded.wrapped_by,
               sealed = excluded.sealed, kept_at = excluded.kept_at, expires_at = excluded.expires_at,
               begun_at = case when d.sealed is null or d.expires_at <= %(now)s
                          then excluded.begun_at else d.begun_at end
             where d.sealed is not null or d.command <> excluded.command"""
    given = {
        "key": key,
        "person": place.person,
        "organisation": place.organisation,
        "command": command,
        "wrapped": apart.wrapped,
        "by": apart.wrapped_by,
        "sealed": apart.sealed,
        "now": now,
        "until": now + LASTS,
    }
    kept = conn.execute(sql, given).rowcount == 1
    sql = """delete from desk.draft where place in (
               select place from desk.draft where person = %s and organisation = %s and sealed is not null
               order by kept_at desc, place offset %s)"""
    conn.execute(sql, (place.person, place.organisation, MOST))
    return kept


def find_draft(conn: Connection, outer: OuterKeys, place: DraftPlace, *, now: datetime) -> Draft | None:
    """What is kept for this page; None where there is nothing, it has gone, or it does not open."""
    sql = """select wrapped, wrapped_by, sealed, begun_at, kept_at, expires_at from desk.draft
             where place = %s and sealed is not null and expires_at > %s"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (place.key(outer), now)).fetchone()
    if row is None:
        return None
    wrapped, by, sealed, *times = row
    try:
        plain = open_value(outer, SealedValue(bytes(wrapped), by, bytes(sealed)), place.about())
    except (WrongKeys, TamperedCiphertext):
        return None
    return Draft(msgspec.json.decode(plain, type=list[tuple[str, str]]), *times)


def drop_draft(conn: Connection, outer: OuterKeys, place: DraftPlace) -> None:
    """Throw it away."""
    conn.execute("delete from desk.draft where place = %s", (place.key(outer),))


def delete_sent_draft(
    conn: Connection, outer: OuterKeys, place: DraftPlace, *, command: str, now: datetime
) -> None:
    """The form was taken: what was typed is where it belongs, and the draft goes."""
    sql = """insert into desk.draft (place, person, organisation, command, begun_at, kept_at, expires_at)
             values (%(key)s, %(person)s, %(organisation)s, %(command)s, %(now)s, %(now)s, %(until)s)
             on conflict (place) do update set
               command = excluded.command, wrapped = null, wrapped_by = null, sealed = null,
               kept_at = excluded.kept_at, expires_at = excluded.expires_at"""
    given = {
        "key": place.key(outer),
        "person": place.person,
        "organisation": place.organisation,
        "command": command,
        "now": now,
        "until": now + REMEMBERED,
    }
    conn.execute(sql, given)
