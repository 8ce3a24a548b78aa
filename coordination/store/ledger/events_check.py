"""The events and the chain of saves, compared with the leaves by the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from coordination.store.ledger.findings import LedgerFinding
from coordination.store.ledger.leaves import EVENT

_BOUNDARY: LiteralString = """
select coalesce(max(key::bigint), -1::bigint << 62) from log.leaf where source = 'save' and change = 'taken_over'
"""

# Each event beside its leaf: every event is read and hashed once.
_COMPARED = sql.SQL("""
create temporary table ledger_event on commit drop as
select position, l.save, l.number, e.digest as held, l.digest as written
from (select e.notification_id as position, {digest} as digest from log.event e where e.notification_id > {after}) e
full join (select key::bigint as position, save, number, digest from log.leaf where source = 'event') l
using (position)
""")
_WRONG: LiteralString = """
select position, number, case
    when written is null or position in (select position from ledger_event where held = written) then 'events_added'
    when held is null then 'events_missing' else 'events_changed' end as problem
from ledger_event where held is distinct from written order by position
"""
_MOVED: LiteralString = """
select count(*) from (
    (select held from ledger_event except all select written from ledger_event)
    union all (select written from ledger_event except all select held from ledger_event)
) other where held is not null
"""

# The digest of each save: since migration 0023 over the digests of its events, before over their bytes.
_SAVES: LiteralString = """
with now as (
    select save, count(*) as events, sha256(string_agg(held, ''::bytea order by position)) as digest
    from ledger_event where save is not null and held is not null group by save
)
select coalesce(s.position, n.save), case when s.position is null then 'save_missing' else 'save_changed' end
from (select * from log.ledger where position > %s) s full join now n on n.save = s.position
where s.position is null or n.events is distinct from s.events or n.digest is distinct from s.digest
order by 1 limit 1
"""
_EARLIER: LiteralString = """
with s as (
    select key::bigint as position, number, digest, lag(key::bigint, 1, -1::bigint << 62)
        over (order by number) as before
    from log.leaf where source = 'save'
)
select s.position, s.number, case when l.position is null then 'save_missing' when h.events > l.events
       then 'events_added' when h.events < l.events then 'events_missing' when h.digest is distinct from s.digest
       then 'events_changed' else 'save_changed' end
from s left join log.ledger l on l.position = s.position
left join lateral (
    select count(*) as events, sha256(string_agg(convert_to(e.originator_id || ':' || e.originator_version || ':'
        || e.topic || ':' || length(e.state) || ':', 'UTF8') || e.state, ''::bytea
        order by e.notification_id)) as digest
    from log.event e where e.notification_id > s.before and e.notification_id <= s.position
) h on true
where l.position is null or h.events <> l.events or h.digest is distinct from s.digest or l.digest <> s.digest
order by 1 limit 1
"""
_CHAIN: LiteralString = """
select position from (
    select position, chain, sha256(lag(chain, 1, ''::bytea) over (order by position) || digest) as made from log.ledger
) s where chain <> made order by position limit 1
"""
FEW = 1000


def compare_events(connection: Connection) -> Iterator[LedgerFinding]:
    """What is wrong with events and saves. Inside a transaction, of which it uses a temporary table."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        boundary = _one(cursor.execute(_BOUNDARY).fetchone())
        cursor.execute(_COMPARED.format(digest=sql.SQL(EVENT), after=sql.Literal(boundary)))
        yield from _events(cursor)
        for position, number, problem in cursor.execute(_EARLIER).fetchall():
            yield LedgerFinding(problem, "event", f"in the save up to position {position}", number)
        for position, problem in cursor.execute(_SAVES, (boundary,)).fetchall():
            yield LedgerFinding(problem, "ledger", f"save at position {position}")
        for (position,) in cursor.execute(_CHAIN).fetchall():
            yield LedgerFinding("chain_broken", "ledger", f"save at position {position}")


def count_events(connection: Connection) -> int:
    """How many events the log holds; after `compare_events`."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return _one(cursor.execute("select count(*) from log.event").fetchone())


def _events(cursor: Any) -> Iterator[LedgerFinding]:
    wrong = cursor.execute(_WRONG).fetchall()
    if not wrong:
        return
    if len(wrong) > 1 and _one(cursor.execute(_MOVED).fetchone()) == 0:
        position, number, _ = wrong[0]
        yield LedgerFinding("events_moved", "event", f"position {position}", number, len(wrong))
        return
    by_problem: dict[str, list[tuple[int, int | None]]] = {}
    for position, number, problem in wrong:
        by_problem.setdefault(problem, []).append((position, number))
    for problem, places in by_problem.items():
        position, number = places[0]
        yield LedgerFinding(problem, "event", f"position {position}", number, len(places))


def _one(row: Any) -> int:
    assert row is not None
    return int(row[0])
