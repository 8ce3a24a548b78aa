"""Drafts: what a person has typed and not sent, sealed, visible to that person only and kept for a fortnight.

A draft belongs to a person, at an organisation, on a page. A person who works for two organisations does not see the
drafts of one at the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.store.keys import OuterKeys, TamperedCiphertext, WrongKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value

_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LASTS = timedelta(days=14)
# how long a submitted form is remembered: longer than a script could still send what was typed in it
REMEMBERED = timedelta(days=1)
# how many drafts a person may have; the one left unchanged for longest is deleted first
MOST = 100


class DraftPlace(msgspec.Struct, frozen=True):
    """The owner of a draft, and its page (path and query)."""

    person: UUID
    organisation: UUID
    address: str

    def key(self, outer: OuterKeys) -> bytes:
        """The 32 bytes under which the draft is found."""
        return outer.lookup_hmac("draft", self._text())

    def about(self) -> bytes:
        """What the draft is bound to when it is sealed."""
        return self._text().encode()

    def _text(self) -> str:
        return f"{self.person} {self.organisation} {self.address}"


class Draft(msgspec.Struct, frozen=True):
    """What was typed, as (name, text) in the order of the form; when it was begun, when last saved, and when it
    expires."""

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
    """Save what was typed into the form shown as `command`, in place of what was saved before. False when that form was
    already submitted (a script's last request arrived late)."""
    apart = seal_value(outer, msgspec.json.encode(list(fields)), place.about())
    key = place.key(outer)
    sql = """insert into desk.draft as d
               (place, person, organisation, command, wrapped, wrapped_by, sealed, begun_at, kept_at, expires_at,
                about)
             values (%(key)s, %(person)s, %(organisation)s, %(command)s, %(wrapped)s, %(by)s, %(sealed)s, %(now)s,
                     %(now)s, %(until)s, %(about)s)
             on conflict (place) do update set
               command = excluded.command, about = excluded.about,
               wrapped = excluded.wrapped, wrapped_by = excluded.wrapped_by,
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
        "about": [
            outer.lookup_hmac("draft_about", found)
            for found in sorted(
                {*_IDS.findall(place.address), *(text for _, text in fields if _IDS.fullmatch(text))}
            )
        ],
    }
    kept = conn.execute(sql, given).rowcount == 1
    sql = """delete from desk.draft where place in (
               select place from desk.draft where person = %s and organisation = %s and sealed is not null
               order by kept_at desc, place offset %s)"""
    conn.execute(sql, (place.person, place.organisation, MOST))
    return kept


def find_draft(conn: Connection, outer: OuterKeys, place: DraftPlace, *, now: datetime) -> Draft | None:
    """The draft of this page; None where there is none, it has expired, or it cannot be opened."""
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
    """Delete the draft."""
    conn.execute("delete from desk.draft where place = %s", (place.key(outer),))


def delete_drafts_about(conn: Connection, outer: OuterKeys, ids: Iterable[UUID]) -> int:
    """Delete the drafts on pages about these pupils, referrals and other things, for an erasure; how many. With them go
    drafts that an earlier version saved, which do not say what they are about."""
    about = [outer.lookup_hmac("draft_about", str(one)) for one in ids]
    sql = "delete from desk.draft where about && %s or (about is null and sealed is not null)"
    return conn.execute(sql, (about,)).rowcount


def delete_sent_draft(
    conn: Connection, outer: OuterKeys, place: DraftPlace, *, command: str, now: datetime
) -> None:
    """Delete the draft of a form that was submitted, and remember that it was."""
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
