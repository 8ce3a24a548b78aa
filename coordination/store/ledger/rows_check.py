"""The rows of the covered tables, and the batches of the logs, compared with the leaves by the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from coordination.store.ledger.batches import ENTRIES, LOGS
from coordination.store.ledger.findings import LedgerFinding
from coordination.store.ledger.leaves import COMMAND, COVERED, DIGESTS, ROW

# The leaves of what is neither an event nor a command: few, and read many times.
_FEW: LiteralString = """
create temporary table ledger_row on commit drop as
select * from log.leaf where source <> 'event' and source <> 'command'
"""

# The last leaf of a row says what it must be now.
_ROWS: LiteralString = """
with last as (
    select distinct on (key) key, change, digest, number from ledger_row where source = {source}
    order by key, number desc
), held as (
    select concat_ws(' ', {names}) collate "C" as key, {digest} as digest from log.{table} t
), wrong as (
    select coalesce(l.key, h.key) as key, l.number,
           case when h.key is null then 'row_missing' when l.key is null or l.change = 'delete' then 'row_added'
                else 'row_changed' end as problem
    from last l full join held h on h.key = l.key
    where case when l.change = 'delete' then h.key is not null else h.digest is distinct from l.digest end
)
select distinct on (problem) problem, key, number, count(*) over (partition by problem)
from wrong order by problem, number nulls last, key
"""

# Commands are never changed, and there are about as many as events: whether every one is as its only leaf says is found
# without sorting; only otherwise the query above says which.
_COMMANDS = sql.SQL("""
select exists (
    select from (select digest from log.leaf where source = 'command') l
    full join (select {digest} as digest from log.command t) t on t.digest = l.digest
    where t.digest is null or l.digest is null
)
""").format(digest=sql.SQL(COMMAND))

# What a leaf may say only together with an event. A change outside a save is the service's own work on look-ups
# (marking former numbers, adding likenesses of an earlier version), or somebody's who is not the service.
_OUTSIDE: LiteralString = """
select source, key, min(number) over (), count(*) over () from log.leaf
where save is null and (change = 'delete' or not source in ('pupil_likeness', 'pupil_upn', 'batch'))
  and change <> 'taken_over'
order by number limit 1
"""
_SPAN: LiteralString = """
with span as (select position, lag(position, 1, 0::bigint) over (order by position) as before from log.ledger)
"""
_ACCESS: LiteralString = (
    _SPAN
    + """
select l.key, l.number, count(*) over () from ledger_row l left join span s on s.position = l.save
where l.source = 'pupil_access' and l.change <> 'taken_over' and l.save is not null and not exists (
    select from log.event e where e.originator_id = split_part(l.key, ' ', 1)::uuid
    and e.notification_id > s.before and e.notification_id <= s.position)
order by l.number limit 1
"""
)
ERASED = "pupil.erased"
_ERASED: LiteralString = (
    _SPAN  # noqa: S608 (constants)
    + """
select l.source, l.key, l.number, count(*) over () from ledger_row l left join span s on s.position = l.save
where l.change = 'delete' and l.source in ('stream_key', 'pupil_upn', 'pupil_likeness', 'referral_ref', 'interest')
  and not exists (
    select from log.event e where e.topic = %s and e.notification_id > s.before and e.notification_id <= s.position
    and (l.source <> 'stream_key' or e.originator_id::text = l.key or exists (
        select from log.document d where d.document::text = l.key and e.originator_id = any (d.pupils))))
order by l.number limit 1
"""
)

_BATCHES: LiteralString = """
select b.number, b.first_entry, b.last_entry, h.entries from log.batch b left join lateral (
    select count(*) as entries, {digest} as digest from {table} t
    where t.entry >= b.first_entry and t.entry <= b.last_entry
) h on true
where b.source = {source} and h.digest is distinct from b.digest order by b.number
"""


def compare_rows(connection: Connection) -> Iterator[LedgerFinding]:
    """What is wrong with the rows of the covered tables. Inside a transaction, of which it uses a temporary table."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_FEW)
        for table, names in COVERED.items():
            if table == "command":
                if cursor.execute(_COMMANDS).fetchone() == (False,):
                    continue
                cursor.execute("insert into ledger_row select * from log.leaf where source = 'command'")
            columns = [name for name in names if _has(connection, table, name)]
            query = sql.SQL(_ROWS).format(
                source=sql.Literal(table),
                table=sql.Identifier(table),
                names=sql.SQL(", ").join(sql.Identifier("t", name) for name in columns),
                digest=sql.SQL(DIGESTS.get(table, ROW)),
            )
            for problem, key, number, count in cursor.execute(query).fetchall():
                yield LedgerFinding(problem, table, key, number, count)


def compare_reasons(connection: Connection) -> Iterator[LedgerFinding]:
    """Changes that the ledger holds and that nothing recorded by the service explains; after `compare_rows`."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        for source, key, number, count in cursor.execute(_OUTSIDE).fetchall():
            yield LedgerFinding("outside_a_save", source, key, number, count)
        for key, number, count in cursor.execute(_ACCESS).fetchall():
            yield LedgerFinding("access_without_event", "pupil_access", key, number, count)
        for source, key, number, count in cursor.execute(_ERASED, (ERASED,)).fetchall():
            yield LedgerFinding("key_without_erasure", source, key, number, count)


def compare_logs(connection: Connection) -> Iterator[LedgerFinding]:
    """Batches of the logs of reading and of accounts whose entries are not as they were chained."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        for source, table in LOGS.items():
            query = sql.SQL(_BATCHES).format(
                source=sql.Literal(source), table=sql.SQL(table), digest=sql.SQL(ENTRIES)
            )
            wrong = cursor.execute(query).fetchall()
            if wrong:
                _, first, last, entries = wrong[0]
                problem = "log_changed" if entries else "log_cleared"
                yield LedgerFinding(problem, source, f"entries {first} to {last}", None, len(wrong))


def _has(connection: Connection, table: str, column: str) -> bool:
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            "select from pg_attribute where attrelid = %s::regclass and attname = %s and not attisdropped",
            (f"log.{table}", column),
        ).fetchone()
    return found is not None
