"""Reading as a viewer: every query runs in a transaction that names the viewer, and the row policies do the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any, Literal, NamedTuple, Self

from psycopg import Connection, Cursor
from psycopg import Error as DatabaseError
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from coordination.authority import AGENCY_ROLES, CASEWORKER_ROLES, SAFEGUARDING_ROLE, SCHOOL_ROLES
from coordination.errors import Refusal
from coordination.permissions import Right, Thing, roles_with
from coordination.viewer import Viewer

Desk = Literal["school", "teacher", "agency", "auditor", "caseworker", "none", "operator"]
TEACHER_ROLES = frozenset(roles_with(Thing.PROFILE, Right.OWN_CLASSES))
AUDITOR_ROLES = frozenset(roles_with(Thing.WAITING_FIGURES, Right.OWN_AUTHORITY))
"""The authority's own people, who read its figures without names."""
AUTHORITY_DESKS: tuple[Desk, ...] = ("auditor", "caseworker")

AS_VIEWER = """
select set_config('cydlynu.organisation', %(organisation)s, true), set_config('cydlynu.desk', %(desk)s, true),
       set_config('cydlynu.role', %(role)s, true), set_config('cydlynu.person', %(person)s, true),
       set_config('cydlynu.today', %(today)s, true), set_config('cydlynu.now', %(now)s, true),
       set_config('cydlynu.services', %(services)s, true), set_config('cydlynu.whole_agency', %(whole)s, true),
       set_config('cydlynu.hidden', log.hidden_pupils(
           %(organisation)s::uuid, %(role)s, %(person)s::uuid, nullif(%(now)s, '')::timestamptz)::text, true),
       set_config('jit', 'off', true),
       p.position, log.behind_since(p.position)
from (select coalesce((select position from read.position), 0) as position) p
"""


class ReadMoment(NamedTuple):
    """Where the read models stand in a transaction, and since when (UTC) they have lacked what is on the record: None
    when they lack nothing, or nobody has said when they last lacked nothing."""

    position: int
    behind_since: datetime | None


def desk(viewer: Viewer) -> Desk:
    """At which desk a viewer sits; an administrator sits at none and sees no case data."""
    if viewer.operator:
        return "operator"
    if viewer.role in TEACHER_ROLES:
        return "teacher"
    if viewer.role in SCHOOL_ROLES - {"operator"}:
        return "school"
    if viewer.role in AGENCY_ROLES - {"operator"}:
        return "agency"
    if viewer.role in CASEWORKER_ROLES | {SAFEGUARDING_ROLE}:
        return "caseworker"
    return "auditor" if viewer.role in AUDITOR_ROLES else "none"


class ViewingCursor(Cursor[DictRow]):
    """A cursor in a transaction that names the viewer. `log_position`: that of everything that is read in it, which was
    read with the first statement of the transaction."""

    log_position: int

    @classmethod
    def of(cls, connection: Connection, at: ReadMoment) -> Self:
        """A cursor of a transaction that was begun at a moment."""
        cursor = cls(connection, row_factory=dict_row)
        cursor.log_position = at.position
        return cursor


class Reader:
    """Queries run through it, on connections of the read role."""

    reads_only = True

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    @property
    def pool(self) -> ConnectionPool[Any]:
        """The connections, for another reader over the same."""
        return self._pool

    @contextmanager
    def viewing(self, viewer: Viewer) -> Iterator[Cursor[DictRow]]:
        """A cursor that sees what the viewer may see, in one transaction with one moment of the read schema."""
        with self._looking(viewer) as (connection, at), ViewingCursor.of(connection, at) as cursor:
            yield cursor

    @contextmanager
    def _looking(self, viewer: Viewer) -> Iterator[tuple[Connection, ReadMoment]]:
        with (
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            # the lock comes before the moment: a swap of the schema is waited for, and then waits
            cursor.execute(
                f"set transaction isolation level repeatable read, read {'only' if self.reads_only else 'write'};"
                " lock table read.position in access share mode",
                prepare=False,
            )
            begun = cursor.execute(
                AS_VIEWER,
                {
                    "organisation": str(viewer.organisation),
                    "desk": desk(viewer),
                    "role": viewer.role,
                    "person": str(viewer.person),
                    "today": viewer.today.isoformat(),
                    "now": viewer.now.isoformat() if viewer.now else "",
                    "services": f"{{{','.join(map(str, viewer.services))}}}",
                    "whole": "yes" if viewer.whole_agency else "",
                },
                prepare=True,
            ).fetchone()
            assert begun is not None
            yield connection, ReadMoment(*begun[-2:])


class SnapshotReader(Reader):
    """All that one viewer reads until `close` is of one moment, in one transaction: the parts of a page agree, and
    the transaction is begun once. It begins with the first query. Nothing that is recorded later is seen.
    `behind_since`: as in ReadMoment, once it has begun."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        super().__init__(pool)
        self._open = ExitStack()
        self._held: tuple[Viewer, Connection, ReadMoment] | None = None
        self.behind_since: datetime | None = None

    @contextmanager
    def viewing(self, viewer: Viewer) -> Iterator[Cursor[DictRow]]:
        """A cursor of the moment. Raises ValueError for another viewer."""
        if self._held is None:
            self._held = (viewer, *self._open.enter_context(self._looking(viewer)))
            self.behind_since = self._held[2].behind_since
        first, connection, at = self._held
        if viewer != first:
            raise ValueError("a moment is one viewer's")
        try:
            with ViewingCursor.of(connection, at) as cursor:
                yield cursor
        except DatabaseError:
            self.close()  # the transaction is broken: what comes next begins another
            raise

    def close(self) -> None:
        """Ends the transaction, and gives the connection back."""
        self._held = None
        self._open.close()


def position(cursor: Cursor[DictRow]) -> int:
    """The log position of everything read in this transaction: a viewer's knows it; another's is asked for."""
    if isinstance(cursor, ViewingCursor):
        return cursor.log_position
    row = cursor.execute("select position from read.position", prepare=True).fetchone()
    return int(row["position"]) if row else 0


def reader_definition(cursor: Cursor[DictRow]) -> str:
    """The definition that the read models were made by (`projections.catalogue.definition` is this program's)."""
    row = cursor.execute("select definition from read.position", prepare=True).fetchone()
    return str(row["definition"]) if row else ""


def position_known_at(cursor: Cursor[DictRow], known_at: datetime | None, at: int | None = None) -> int:
    """The last log position of what had been recorded by an instant (None: all that is known); a position that was
    asked for goes before the instant.

    Raises Refusal `known_at_without_zone` for an instant without a time zone, `position_not_reached` for a position
    that is negative or beyond what the read models hold.
    """
    if at is not None:
        if not 0 <= at <= position(cursor):
            raise Refusal("position_not_reached", "at")
        return at
    if known_at is None:
        return position(cursor)
    if known_at.tzinfo is None:
        raise Refusal("known_at_without_zone", "known_at")
    row = cursor.execute(
        "select position from read.known where recorded_at > %s order by recorded_at limit 1", (known_at,)
    ).fetchone()
    return int(row["position"]) - 1 if row else position(cursor)


def parked(cursor: Cursor[DictRow], projection: str, until: int | None = None) -> int:
    """How many streams this projection could not take, up to a log position where one is given; stated on every
    report."""
    row = cursor.execute(
        "select count(*) as n from read.parked"
        " where projection in (%s, '*') and position <= coalesce(%s, position)",
        (projection, until),
    ).fetchone()
    return int(row["n"]) if row else 0
