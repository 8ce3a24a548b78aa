"""One database for the tests of a worker, one after the other: after each test it is emptied, not made again.

To copy a database is to copy four hundred files; to empty the tables that a test has used is six times cheaper, and
who reads (`tests.readers`) keeps connections and plans from one test to the next.
A database that is not the template's in everything but rows afterwards (a table more, a right less) is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from coordination.store import server
from coordination.store.migrate import READ
from tests.beginnings import TableRows, put, taken
from tests.readers import end_readers, keep_readers

_PATIENCE = 20_000  # milliseconds for a connection to end

# What a change of tables, rights, functions or settings leaves behind: other rows, or a later transaction's. Of the
# relations themselves the columns that emptying a table does not touch.
_CATALOGUES = "attrdef attribute constraint default_acl index namespace policy proc rewrite trigger type"
_RELATION = "oid, relname, relnamespace, relowner, relacl, relrowsecurity, relforcerowsecurity, reloptions"
_SHAPE = " union all ".join(
    [
        f"select '{name}', count(*)::text, sum(xmin::text::bigint)::text from pg_{name}"
        for name in _CATALOGUES.split()
    ]
    + [
        f"select 'class', count(*)::text, md5(string_agg(concat_ws(' ', {_RELATION}), ',' order by oid)) from pg_class"
        " where oid >= 16384",
        "select 'database', datallowconn::text, datacl::text from pg_database where datname = current_database()",
        "select 'settings', count(*)::text, string_agg(setconfig::text, ',') from pg_db_role_setting"
        " where setdatabase = (select oid from pg_database where datname = current_database())",
    ]
)
_LARGE = 2**19  # bytes of a table that is cheaper to make anew than to empty row by row
_USED = """
select n.nspname, c.relname, pg_relation_size(c.oid) > %s
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and pg_relation_size(c.oid) > 0
"""
# Whoever is still there could write into the next test, or hold it up. A reader that waits for a query does neither,
# and keeps its plans.
_OTHERS = """
select pg_terminate_backend(pid, %s) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and not (usename = %s and state = 'idle')
"""


class ReusedDatabase:
    """Lends the same database again as long as it can be put back to what it was; `make` gives a fresh one, and drops
    it where its block ends."""

    def __init__(self, make: Callable[[], AbstractContextManager[str]]) -> None:
        self._make = make
        self._kept = ExitStack()
        self._address = ""
        self._shape: list[tuple[str, ...]] = []
        self._rows = TableRows([], [])

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The owner's address of a database as the template is."""
        if not self._address:
            self._begin()
        try:
            yield self._address
        finally:
            if not self._as_it_was():
                self.close()

    def close(self) -> None:
        """Drops the database, where there is one."""
        end_readers(self._address)
        self._address = ""
        self._kept.close()

    def _begin(self) -> None:
        address = self._kept.enter_context(self._make())
        with self._administrator(address) as link:
            self._shape, self._rows = link.execute(_SHAPE).fetchall(), taken(link)
        self._address = address
        keep_readers(address)

    def _as_it_was(self) -> bool:
        """Whether the database could be brought back to where it began."""
        try:
            with self._administrator(self._address) as link:
                link.execute(_OTHERS, (_PATIENCE, READ))
                with link.transaction():
                    if link.execute(_SHAPE).fetchall() != self._shape:
                        return False
                    # no trigger: what may never be emptied is emptied here
                    link.execute("set local session_replication_role = replica")
                    self._empty(link)
                    put(link, self._rows)
        except psycopg.Error:
            return False
        return True

    def _empty(self, link: psycopg.Connection[tuple[str, ...]]) -> None:
        # A table that is truncated is another table to PostgreSQL: every plan with it is made anew, and a plan through
        # the row policies costs more than the rest of a test. So the small ones are emptied row by row.
        used = link.execute(_USED, (_LARGE,)).fetchall()
        if large := [sql.Identifier(*name) for *name, is_large in used if is_large]:
            link.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(large)))
        if small := [sql.Identifier(*name) for *name, is_large in used if not is_large]:
            link.execute(sql.SQL("; ").join(sql.SQL("delete from {}").format(name) for name in small))
        link.execute(
            "select setval(format('%I.%I', schemaname, sequencename), start_value, false) from pg_sequences"
            " where last_value is not null"
        )

    @staticmethod
    def _administrator(address: str) -> psycopg.Connection[tuple[str, ...]]:
        return psycopg.connect(make_conninfo(address, user=server.ADMINISTRATOR, options=""), autocommit=True)
