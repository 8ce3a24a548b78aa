"""The logs of reading and of accounts, which are written outside saves: chained in batches, each of which is a leaf."""

from __future__ import annotations

from typing import LiteralString

from psycopg import Connection, sql

LOGS: dict[str, LiteralString] = {"read_log": "desk.read_log", "account_log": "desk.account_log"}
"""By source; each has the column `entry`."""

ENTRIES: LiteralString = """sha256(string_agg(
    sha256(convert_to(jsonb_strip_nulls(to_jsonb(t))::text, 'UTF8')), ''::bytea order by t.entry))"""

PATIENCE = "2s"
"""How long writers of a log are waited for; until then they wait too."""
_LOCK = 7521932464  # one batch at a time
_SETTLED = "lock table {table} in share mode"
_CHAIN = """
with last as (
    select number, last_entry, chain from log.batch where source = {source} order by number desc limit 1
), made as (
    select min(t.entry) as first, max(t.entry) as last, count(*) as entries, {digest} as digest
    from {table} t where t.entry > coalesce((select last_entry from last), 0) and t.entry <= {end}
)
insert into log.batch (source, number, first_entry, last_entry, entries, digest, chain)
select {source}, coalesce((select number from last), 0) + 1, coalesce((select last_entry from last), 0) + 1,
       made.last, made.entries, made.digest,
       sha256(coalesce((select chain from last), ''::bytea) || made.digest)
from made where made.entries > 0
"""


def chain_logs(connection: Connection) -> int:
    """Chains what was logged since the last batch; how many batches were made. `connection` is the owner's, in
    autocommit mode. Raises psycopg.errors.LockNotAvailable when the writers of a log could not be waited for."""
    return sum(_chain(connection, source, table) for source, table in LOGS.items())


def _chain(connection: Connection, source: str, table: LiteralString) -> int:
    name = sql.SQL(table)
    with connection.transaction():
        # once no other transaction is writing, every entry up to the last is there or never will be
        connection.execute("select set_config('lock_timeout', %s, true)", (PATIENCE,))
        connection.execute(sql.SQL(_SETTLED).format(table=name))
        row = connection.execute(sql.SQL("select coalesce(max(entry), 0) from {}").format(name)).fetchone()
    assert row is not None
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute("set local timezone = 'UTC'")
        connection.execute("set local bytea_output = 'hex'")
        made = connection.execute(
            sql.SQL(_CHAIN).format(
                source=sql.Literal(source),
                table=name,
                digest=sql.SQL(ENTRIES),
                end=sql.Literal(row[0]),
            )
        )
        return made.rowcount
