"""One-time links: an agency without an account answers what a school reported in its name. The link itself is the
secret; the database holds its hash. Nothing here names a pupil."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

DAYS = 14
"""Calendar days for which a link is good."""


class OneTimeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link without its secret. `entries` are the versions in the pupil's stream that it asks about; `school` created
    it. `link` is the id of the person recorded for the answers."""

    link: UUID
    pupil: UUID
    referral: UUID
    agency: UUID
    school: UUID
    entries: tuple[int, ...]
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether the link can still be answered."""
        return self.revoked_at is None and self.used_at is None and now < self.expires_at


def create_link(
    conn: Connection,
    *,
    link: UUID,
    secret: str,
    pupil: UUID,
    referral: UUID,
    agency: UUID,
    school: UUID,
    entries: Iterable[int],
    made_by: UUID,
    now: datetime,
) -> bool:
    """Creates a link that is valid for DAYS. `secret` is 256 fresh random bits as text. False when the same form
    created it before: its secret was shown then and is not shown again."""
    made = conn.execute(
        """insert into desk.answer_link (link, token_hash, pupil, referral, agency, school, entries, made_by, made_at,
                                         expires_at)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (link) do nothing""",
        (
            link,
            _hash(secret),
            pupil,
            referral,
            agency,
            school,
            list(entries),
            made_by,
            now,
            now + timedelta(days=DAYS),
        ),
    )
    return made.rowcount == 1


def links_of(conn: Connection, referral: UUID, school: UUID) -> list[OneTimeLink]:
    """The links that a school created for a referral, the newest first, including expired, used and revoked ones."""
    return _found(
        conn,
        f"select {_COLUMNS} from desk.answer_link where referral = %s and school = %s order by made_at desc, link",  # noqa: S608
        (referral, school),
    )


def answerable_link(conn: Connection, secret: str, now: datetime) -> OneTimeLink | None:
    """The link of this secret while it can be answered; otherwise None."""
    sql = f"select {_COLUMNS} from desk.answer_link where token_hash = %s"  # noqa: S608
    found = next(iter(_found(conn, sql, (_hash(secret),))), None)
    return found if found is not None and found.live(now) else None


def use_link(conn: Connection, link: UUID, now: datetime) -> bool:
    """Marks the link as used, unless the transaction is rolled back. Of two simultaneous calls only one returns
    True."""
    used = conn.execute(
        """update desk.answer_link set used_at = %(now)s
           where link = %(link)s and used_at is null and revoked_at is null and expires_at > %(now)s""",
        {"link": link, "now": now},
    )
    return used.rowcount == 1


def revoke_link(conn: Connection, link: UUID, referral: UUID, school: UUID, now: datetime) -> bool:
    """Revokes a link that the school created for the referral; False when no such link is valid."""
    gone = conn.execute(
        """update desk.answer_link set revoked_at = %s
           where link = %s and referral = %s and school = %s and used_at is null and revoked_at is null""",
        (now, link, referral, school),
    )
    return gone.rowcount == 1


_COLUMNS = ", ".join(OneTimeLink.__struct_fields__)


def _found(conn: Connection, sql: str, given: tuple[object, ...]) -> list[OneTimeLink]:
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql.encode(), given).fetchall()
    return [OneTimeLink(**(row | {"entries": tuple(row["entries"])})) for row in rows]


def _hash(secret: str) -> bytes:
    """What the table holds. The secret is 256 random bits, so a fast hash without salt is enough."""
    return hashlib.sha256(secret.encode()).digest()
