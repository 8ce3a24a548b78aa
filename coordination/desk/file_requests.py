"""Requests for the file of a pupil of another school, from asking to the answer.

Asking always does the same, whatever the number: it writes one row, and what was typed is sealed in it under a key of
its own. The row is carried out later, and what is sealed is deleted when the request is answered. An empty row remains
for the school's count of requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row, tuple_row

from coordination.errors import Refusal
from coordination.event import CommandContext
from coordination.pupil.profile.commands import RegisterPupil
from coordination.store.keys import OuterKeys, TamperedCiphertext, WrongKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value
from coordination.struct_types import prepared

COUNTED = timedelta(hours=24)
"""The time in which a school's requests are counted against its limit."""
_IDS = UUID("6c1f1a4e-2f0b-4a55-9a6d-6a1f8f3b6c11")


class AskedPupil(msgspec.Struct, frozen=True, kw_only=True):
    """The pupil as the asking school describes them: what it would register (`pupil` is the id that the pupil gets if
    the number is not known), and the provision made on earlier days. `confidential` with the reason `why`."""

    register: RegisterPupil
    provisions: tuple[tuple[date, str], ...] = ()
    confidential: bool = False
    why: str | None = None

    def __repr__(self) -> str:
        return "AskedPupil()"


class _Sealed(msgspec.Struct, frozen=True):
    """What is sealed in a row: the pupil, and who asked through which channel."""

    asked: AskedPupil
    context: CommandContext


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request of a school. `pupil` once it was carried out, `refused` (a code) when it could not be; `asked` and
    `context` until it is answered."""

    request: UUID
    school: UUID
    asked_at: datetime
    pupil: UUID | None
    answered_at: datetime | None
    refused: str | None = None
    asked: AskedPupil | None = None
    context: CommandContext | None = None

    @property
    def answered(self) -> bool:
        return self.answered_at is not None


def ask(
    conn: Connection,
    outer: OuterKeys,
    asked: AskedPupil,
    context: CommandContext,
    *,
    now: datetime,
    most: int | None = None,
) -> UUID:
    """Asks for the file; the id of the request, which is that of the school's waiting request for the same number
    where there is one.

    `most` is how many requests the school may make within COUNTED (None: any number). Refuses
    `too_many_file_requests`.
    """
    school = asked.register.school
    key = outer.lookup_hmac("file request", asked.register.upn)
    with conn.cursor(row_factory=tuple_row) as cursor:
        # one school's requests come one after the other, so that the count and the search for the same number hold
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s::text, 7))", (school,))
        sql = """select request, refused from desk.file_request
                 where school = %s and number_key = %s and answered_at is null"""
        same = cursor.execute(sql, (school, key)).fetchone()
        request = uuid5(_IDS, f"{school} {context.command_id}")
        if same is not None and (same[1] is None or same[0] == request):
            found: UUID = same[0]
            return found
        if same is not None:  # asked again, put right
            close_request(conn, same[0], now)
        if most is not None:
            sql = "select count(*) from desk.file_request where school = %s and asked_at > %s"
            made = cursor.execute(sql, (school, now - COUNTED)).fetchone()
            if made is not None and made[0] >= most:
                raise Refusal("too_many_file_requests", "upn")
        plain = msgspec.json.encode(_Sealed(asked, context))
        apart = seal_value(outer, plain, request.bytes)
        cursor.execute(
            """insert into desk.file_request
                 (request, school, person, number_key, asked_at, wrapped, wrapped_by, sealed)
               values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (request) do nothing""",
            (request, school, context.person, key, now, apart.wrapped, apart.wrapped_by, apart.sealed),
        )
    return request


def waiting_requests(conn: Connection, outer: OuterKeys, size: int = 200) -> list[RequestRow]:
    """The requests that were not carried out yet, the oldest first."""
    return _found(
        conn,
        outer,
        "pupil is null and answered_at is null and refused is null order by asked_at, request limit %s",
        size,
    )


def requests_of(conn: Connection, outer: OuterKeys, school: UUID) -> list[RequestRow]:
    """A school's requests that wait for an answer, the newest first."""
    return _found(conn, outer, "school = %s and answered_at is null order by asked_at desc, request", school)


def request_of(conn: Connection, outer: OuterKeys, request: UUID, school: UUID) -> RequestRow | None:
    """A request of this school; None where there is none."""
    return next(iter(_found(conn, outer, "request = %s and school = %s", request, school)), None)


def open_carried_out(conn: Connection, outer: OuterKeys, size: int = 1000) -> list[RequestRow]:
    """The requests that were carried out and wait for an answer, the oldest first."""
    where = "pupil is not null and answered_at is null order by asked_at, request limit %s"
    return _found(conn, outer, where, size)


def link_request(conn: Connection, request: UUID, pupil: UUID) -> None:
    """The request was carried out: it stands on this pupil's stream."""
    conn.execute("update desk.file_request set pupil = %s where request = %s", (pupil, request))


def refuse_request(conn: Connection, request: UUID, code: str) -> None:
    """The request could not be carried out: the school is told why, and keeps what it typed."""
    conn.execute("update desk.file_request set refused = %s where request = %s", (code, request))


def close_request(conn: Connection, request: UUID, now: datetime) -> None:
    """The request was answered: what was typed is deleted."""
    conn.execute(
        """update desk.file_request set answered_at = %s, wrapped = null, wrapped_by = null, sealed = null
           where request = %s and answered_at is null""",
        (now, request),
    )


def _found(conn: Connection, outer: OuterKeys, where: str, *given: Any) -> list[RequestRow]:
    columns = "request, school, asked_at, pupil, answered_at, refused, wrapped, wrapped_by, sealed"
    sql = f"select {columns} from desk.file_request where {where}"  # noqa: S608
    with conn.cursor(row_factory=dict_row) as cursor:
        rows: Sequence[dict[str, Any]] = cursor.execute(sql.encode(), given).fetchall()
    return [_opened(outer, row) for row in rows]


def _opened(outer: OuterKeys, row: dict[str, Any]) -> RequestRow:
    wrapped, by, sealed = row.pop("wrapped"), row.pop("wrapped_by"), row.pop("sealed")
    if sealed is None:
        return RequestRow(**row)
    apart = SealedValue(bytes(wrapped), by, bytes(sealed))
    try:
        plain = open_value(outer, apart, row["request"].bytes)
    except (WrongKeys, TamperedCiphertext):
        return RequestRow(**row)
    found = msgspec.json.decode(plain, type=prepared(_Sealed))
    return RequestRow(**row, asked=found.asked, context=found.context)
