"""The cards "Whose turn is it?" that families receive, and when each is due again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

WEEKS = 12
"""A card is renewed at least every so many weeks."""
RENEWED_AFTER = timedelta(weeks=WEEKS) - timedelta(days=4)
"""A few days early, so that a worker that stood still for a weekend is in time."""


class FamilyCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card for a contact of a pupil. `by_mail` False: the school prints it."""

    card: UUID
    pupil: UUID
    contact: UUID
    school: UUID
    by_mail: bool
    begun_by: UUID
    begun_at: datetime
    issued_at: datetime
    ended_at: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Whether it is to be renewed."""
        return self.ended_at is None and now >= self.issued_at + RENEWED_AFTER


_COLUMNS = ", ".join(FamilyCard.__struct_fields__)


def begin_card(conn: Connection, card: FamilyCard) -> bool:
    """Begin a card. False where the person has one already."""
    names = FamilyCard.__struct_fields__
    sql = f"insert into desk.family_card ({_COLUMNS}) values ({', '.join(['%s'] * len(names))}) on conflict do nothing"  # noqa: S608
    return conn.execute(sql.encode(), msgspec.structs.astuple(card)).rowcount == 1


def end_card(conn: Connection, card: UUID, now: datetime) -> bool:
    """The card is renewed no more."""
    sql = "update desk.family_card set ended_at = %s where card = %s and ended_at is null"
    return conn.execute(sql, (now, card)).rowcount == 1


def note_issued(conn: Connection, card: UUID, now: datetime) -> None:
    """The card was sent or printed."""
    conn.execute("update desk.family_card set issued_at = %s where card = %s", (now, card))


def cards_of_pupil(conn: Connection, pupil: UUID, school: UUID) -> list[FamilyCard]:
    """The open cards of a school for a pupil's family."""
    return _cards(conn, "pupil = %s and school = %s and ended_at is null", (pupil, school))


def cards_due(conn: Connection, now: datetime) -> list[FamilyCard]:
    """The cards by mail that are to be renewed, the oldest first; locked until the transaction ends."""
    where = "by_mail and ended_at is null and issued_at <= %s"
    return _cards(conn, where, (now - RENEWED_AFTER,), lock=" for update skip locked")


def _cards(conn: Connection, where: str, given: tuple[object, ...], lock: str = "") -> list[FamilyCard]:
    sql = f"select {_COLUMNS} from desk.family_card where {where} order by issued_at, card{lock}"  # noqa: S608
    with conn.cursor(row_factory=class_row(FamilyCard)) as cursor:
        return cursor.execute(sql.encode(), given).fetchall()
