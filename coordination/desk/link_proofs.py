"""The second proof of a one-time link: a code that only its audience can know, and the browsers in which it was given.

A code goes to the registered mailbox, or the school says it on the telephone (a PIN). It is six digits, works once, for
a short time, and for few tries. After it a browser opens all links of that audience for half a day; after a PIN only
those of the school that said it.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from coordination.desk.one_time_links import OneTimeLink

How = Literal["mail", "voice"]
DIGITS = 6
MAIL_MINUTES = 20
"""For how long a code is good from the moment at which its message is made."""
VOICE_HOURS = 24
"""For how long a PIN is good that a school says on the telephone."""
HOURS = 12
"""For how long a browser opens the links after the proof."""
TRIES = 5
"""Wrong codes after which those that are open are over."""
ASKED_AN_HOUR = 5
"""Messages with a code for one audience in an hour."""


class LinkSession(msgspec.Struct, frozen=True):
    """A browser in which the second proof was given to an audience. `school`: by a PIN of this school."""

    audience: UUID
    school: UUID | None
    how: How
    expires_at: datetime

    def opens(self, link: OneTimeLink, now: datetime) -> bool:
        """Whether it opens a link: one of the same audience, in time, and after a PIN of the same school."""
        return self.audience == link.audience and now < self.expires_at and self.school in (None, link.school)


class AskedCode(msgspec.Struct, frozen=True):
    """A code that was asked for by a link and not yet made."""

    code: UUID
    link: UUID
    audience: UUID


def as_digits(number: int) -> str:
    """A code from a random number: six digits."""
    return f"{number % 10**DIGITS:0{DIGITS}}"


def digits_of_message(key: bytes, code: UUID) -> str:
    """The digits of a code that goes by mail: the same however often its message is sent. `key` is kept outside the
    database."""
    made = hmac.digest(key, b"digits of a link code\x00" + code.bytes, hashlib.sha256)
    return as_digits(int.from_bytes(made[:8], "big"))


def ask_code(conn: Connection, code: UUID, link: OneTimeLink, now: datetime) -> bool:
    """Note that a code is to be sent by mail; False when too many were asked for in the last hour."""
    conn.execute("select pg_advisory_xact_lock(%s)", (link.audience.int % 2**62,))
    counted = "select count(*) from desk.link_code where audience = %s and how = 'mail' and asked_at > %s"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(counted, (link.audience, now - timedelta(hours=1))).fetchone()
    if row and row[0] >= ASKED_AN_HOUR:
        return False
    conn.execute(
        "insert into desk.link_code (code, link, audience, how, asked_at) values (%s, %s, %s, 'mail', %s)",
        (code, link.link, link.audience, now),
    )
    return True


def send_code(conn: Connection, code: UUID, key: bytes, digits: str, now: datetime) -> bool:
    """The digits of a code that was asked for, made now for its message. False when nobody asked, or it was used."""
    sql = (
        "update desk.link_code set digest = %s, expires_at = %s, tries = 0 where code = %s and how = 'mail'"
        " and used_at is null"
    )
    until = now + timedelta(minutes=MAIL_MINUTES)
    return conn.execute(sql, (_digest(key, code, digits), until, code)).rowcount == 1


def make_pin(
    conn: Connection, code: UUID, link: OneTimeLink, *, key: bytes, digits: str, by: UUID, now: datetime
) -> bool:
    """A PIN that `by` will say on the telephone. The earlier ones of this link are over. False when the same form made
    it before: it was shown then and is not shown again."""
    sql = (
        "insert into desk.link_code (code, link, audience, how, made_by, school, asked_at, digest, expires_at)"
        " values (%s, %s, %s, 'voice', %s, %s, %s, %s, %s) on conflict (code) do nothing"
    )
    until = now + timedelta(hours=VOICE_HOURS)
    given = (code, link.link, link.audience, by, link.school, now, _digest(key, code, digits), until)
    fresh = conn.execute(sql, given).rowcount == 1
    if fresh:
        conn.execute(
            "update desk.link_code set expires_at = %s"
            " where link = %s and how = 'voice' and code <> %s and expires_at > %s",
            (now, link.link, code, now),
        )
    return fresh


class _OpenCode(msgspec.Struct, frozen=True):
    code: UUID
    link: UUID
    how: How
    school: UUID | None
    digest: bytes


def take_code(
    conn: Connection, link: OneTimeLink, key: bytes, digits: str, now: datetime
) -> LinkSession | None:
    """The proof that somebody knows a code of the audience of a link; it works once. None for a wrong one, which counts
    against all that are open. Every open code is compared, in constant time. The caller limits the tries of an
    address."""
    sql = (
        "select code, link, how, school, digest from desk.link_code where audience = %s and digest is not null"
        " and used_at is null and expires_at > %s and tries < %s order by asked_at for update"
    )
    with conn.cursor(row_factory=class_row(_OpenCode)) as cursor:
        codes = cursor.execute(sql, (link.audience, now, TRIES)).fetchall()
    right = [
        c
        for c in codes
        if hmac.compare_digest(bytes(c.digest), _digest(key, c.code, digits))
        and (c.how == "mail" or c.link == link.link)
    ]
    if not right:
        conn.execute(
            "update desk.link_code set tries = tries + 1 where code = any(%s)", ([c.code for c in codes],)
        )
        return None
    conn.execute("update desk.link_code set used_at = %s where code = %s", (now, right[0].code))
    return LinkSession(link.audience, right[0].school, right[0].how, now + timedelta(hours=HOURS))


def begin_link_session(conn: Connection, token: str, found: LinkSession, now: datetime) -> None:
    """Let the browser that holds `token` open the links of the audience. A browser may be that of several services."""
    conn.execute(
        "insert into desk.link_session (token_hash, audience, school, how, made_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (token_hash, audience) do update set"
        " school = excluded.school, how = excluded.how, made_at = excluded.made_at, expires_at = excluded.expires_at",
        (_hash(token), found.audience, found.school, found.how, now, found.expires_at),
    )


def link_session_of(conn: Connection, token: str, link: OneTimeLink, now: datetime) -> LinkSession | None:
    """The proof given in a browser that opens this link; None when there is none, or it is over."""
    sql = "select audience, school, how, expires_at from desk.link_session where token_hash = %s and audience = %s"
    with conn.cursor(row_factory=class_row(LinkSession)) as cursor:
        found = cursor.execute(sql, (_hash(token), link.audience)).fetchone()
    return found if found is not None and found.opens(link, now) else None


def end_link_sessions(conn: Connection, token: str) -> None:
    """The person has finished: the browser opens no link any more."""
    conn.execute("delete from desk.link_session where token_hash = %s", (_hash(token),))


def asked_code(conn: Connection, code: UUID) -> AskedCode | None:
    """A code that was asked for by mail."""
    with conn.cursor(row_factory=class_row(AskedCode)) as cursor:
        sql = "select code, link, audience from desk.link_code where code = %s and how = 'mail'"
        return cursor.execute(sql, (code,)).fetchone()


def _digest(key: bytes, code: UUID, digits: str) -> bytes:
    """Six digits are soon guessed from a plain hash: the key is kept outside the database."""
    return hmac.digest(key, b"link code\x00" + code.bytes + digits.encode(), hashlib.sha256)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
