"""Column mappings that a school has kept, each under a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.errors import Refusal
from coordination.identifiers import check_upn
from coordination.intake.column_mapping import ColumnMapping, mapping_json, parse_mapping
from coordination.struct_types import prepared

MOST = 50
"""How many mappings a school may keep."""


def keep_mapping(
    conn: Connection, organisation: UUID, mapping: ColumnMapping, *, person: UUID, now: datetime
) -> None:
    """Keep a mapping under its name, in place of one of the same name.

    Raises Refusal: `mapping_malformed`, `mapping_not_headers` (a row of a pupil was taken for the header),
    `too_many_mappings`.
    """
    parse_mapping(mapping_json(mapping))
    if any(check_upn(key).ok for key in mapping.columns):
        raise Refusal("mapping_not_headers", "mapping")
    sql = """insert into desk.column_mapping as kept (organisation, name, contents, kept_by, kept_at)
             select %(organisation)s, %(name)s, %(contents)s, %(person)s, %(now)s
             where (select count(*) from desk.column_mapping
                    where organisation = %(organisation)s and name <> %(name)s) < %(most)s
             on conflict (organisation, name) do update
               set contents = excluded.contents, kept_by = excluded.kept_by, kept_at = excluded.kept_at"""
    given = {
        "organisation": organisation,
        "name": mapping.name,
        "contents": mapping_json(mapping).decode(),
        "person": person,
        "now": now,
        "most": MOST,
    }
    if conn.execute(sql, given).rowcount != 1:
        raise Refusal("too_many_mappings", "mapping", limit=MOST)


def kept_mappings(conn: Connection, organisation: UUID) -> tuple[ColumnMapping, ...]:
    """The mappings of an organisation, by name."""
    sql = "select contents from desk.column_mapping where organisation = %s order by name"
    with conn.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(sql, (organisation,)).fetchall()
    return tuple(msgspec.convert(contents, type=prepared(ColumnMapping)) for (contents,) in rows)


def drop_mapping(conn: Connection, organisation: UUID, name: str) -> None:
    """Delete a mapping; nothing happens where there is none of that name."""
    conn.execute(
        "delete from desk.column_mapping where organisation = %s and name = %s", (organisation, name)
    )
