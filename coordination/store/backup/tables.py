"""The tables of the record and of the desk, as the database's catalogue has them."""

from __future__ import annotations

from graphlib import TopologicalSorter

from psycopg import Connection, sql
from psycopg.rows import tuple_row

SCHEMAS = ["log", "desk"]
LEFT_OUT = ("log.migration", "desk.session")
"""What a restored store writes itself, and the sessions: after a restore people sign in again."""
FIRST = "log.stream_key"
"""Keys are restored before the events that they open."""

_TABLES = """
select c.oid::regclass::text, array_agg(a.attname::text order by a.attnum)
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relkind = 'r' and c.relnamespace = any(%s::regnamespace[])
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
group by c.oid order by 1
"""
_REFERENCES = """
select conrelid::regclass::text, confrelid::regclass::text from pg_constraint
where contype = 'f' and connamespace = any(%s::regnamespace[]) and conrelid <> confrelid
"""
_SEQUENCES = """
select format('%%I.%%I', schemaname, sequencename), last_value from pg_sequences
where schemaname = any(%s) and last_value is not null order by 1
"""


def tables(connection: Connection) -> list[tuple[str, tuple[str, ...]]]:
    """Each table with its columns, referenced tables before those that refer to them, the keys first."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        columns = {name: tuple(held) for name, held in cursor.execute(_TABLES, (SCHEMAS,)).fetchall()}
        references = cursor.execute(_REFERENCES, (SCHEMAS,)).fetchall()
    order: TopologicalSorter[str] = TopologicalSorter({name: {FIRST} - {name} for name in columns})
    for table, other in references:
        order.add(table, other)
    return [(name, columns[name]) for name in order.static_order() if name not in LEFT_OUT]


def sequences(connection: Connection) -> dict[str, int]:
    """The last value of each sequence that was used."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return {name: int(last) for name, last in cursor.execute(_SEQUENCES, (SCHEMAS,)).fetchall()}


def identifier(name: str) -> sql.Composable:
    """A table's name, as `schema.table`."""
    schema, _, table = name.partition(".")
    return sql.Identifier(schema, table)
