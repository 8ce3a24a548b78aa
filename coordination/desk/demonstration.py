"""The sign-ins of the demonstration county's fictional people, for the front page."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row


class DemonstrationSignIn(msgspec.Struct, frozen=True):
    """A fictional person as whom any visitor may sign in. The password is meant to be seen."""

    role: str
    username: str
    password: str
    language: str = "en"


def publish_sign_ins(conn: Connection, sign_ins: Sequence[DemonstrationSignIn]) -> None:
    """Replace the list of sign-ins; an empty list removes it from the front page."""
    conn.execute("delete from desk.demonstration_sign_in")
    sql = """insert into desk.demonstration_sign_in (position, role, username, password, language)
             values (%s, %s, %s, %s, %s)"""
    rows = [(n, s.role, s.username, s.password, s.language) for n, s in enumerate(sign_ins, 1)]
    with conn.cursor() as cursor:
        cursor.executemany(sql, rows)


def published_sign_ins(conn: Connection) -> list[DemonstrationSignIn]:
    """The list in its order; empty where no demonstration is loaded."""
    sql = "select role, username, password, language from desk.demonstration_sign_in order by position"
    with conn.cursor(row_factory=tuple_row) as cursor:
        return [DemonstrationSignIn(*row) for row in cursor.execute(sql)]
