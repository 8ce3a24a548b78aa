"""Reports that a person keeps: criteria under a name, no figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from coordination.errors import Refusal

MOST = 50
"""How many reports a person may keep at one desk."""


class SavedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A kept report: the page (`endpoint`) and its criteria as its address has them."""

    saved: UUID
    name: str
    endpoint: str
    question: dict[str, str]
    saved_at: datetime


def save_report(
    conn: Connection,
    person: UUID,
    organisation: UUID,
    *,
    saved: UUID,
    name: str,
    endpoint: str,
    question: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep a report; sent again with the same id, once. Raises Refusal `too_many_saved_reports`."""
    sql = """insert into desk.saved_report (saved, person, organisation, name, endpoint, question, saved_at)
             select %(saved)s, %(person)s, %(organisation)s, %(name)s, %(endpoint)s, %(question)s::jsonb, %(now)s
             where (select count(*) from desk.saved_report
                    where person = %(person)s and organisation = %(organisation)s and saved <> %(saved)s) < %(most)s
             on conflict (saved) do update set name = excluded.name"""
    given = {
        "saved": saved,
        "person": person,
        "organisation": organisation,
        "name": name,
        "endpoint": endpoint,
        "question": json.dumps(dict(question)),
        "now": now,
        "most": MOST,
    }
    if conn.execute(sql, given).rowcount != 1:
        raise Refusal("too_many_saved_reports", "name", limit=MOST)


def saved_reports(conn: Connection, person: UUID, organisation: UUID) -> list[SavedReport]:
    """A person's reports at a desk, by name."""
    sql = """select saved, name, endpoint, question, saved_at from desk.saved_report
             where person = %s and organisation = %s order by lower(name), saved"""
    with conn.cursor(row_factory=class_row(SavedReport)) as cursor:
        return cursor.execute(sql, (person, organisation)).fetchall()


def drop_saved_report(conn: Connection, person: UUID, saved: UUID) -> bool:
    """Delete one of a person's reports; whether it was there."""
    sql = "delete from desk.saved_report where person = %s and saved = %s"
    return conn.execute(sql, (person, saved)).rowcount == 1
