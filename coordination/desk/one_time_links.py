"""One-time links, with which people without an account answer. The link is the secret, and the database holds its hash;
before anything about a child is shown, a second proof is asked for (`coordination.desk.link_proofs`).

Nothing here names anybody. A link opens one page about one thing, for one audience.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from coordination.event import LinkReach

DAYS = 28
"""Calendar days for which a link is good."""

AudienceKind = Literal["service", "contact", "young_person"]
"""A service of an agency, a contact of a pupil, or the young person (then the pupil's id)."""


class OneTimeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link without its secret. `kind` is the page that it opens and `thing` what that page is about; `organisation`
    answers by it: the agency of the service, or for a family the school. `school` made it, or it was sent for it.
    `made_by` None: the service made it itself, for `message`. `link` is the person recorded for the answers."""

    link: UUID
    kind: str
    thing: UUID
    pupil: UUID | None = None
    audience_kind: AudienceKind
    audience: UUID
    organisation: UUID
    school: UUID | None = None
    made_by: UUID | None = None
    message: UUID | None = None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether the link can still be opened by somebody who has not proved who they are."""
        return self.revoked_at is None and self.used_at is None and now < self.expires_at


def reach_of(link: OneTimeLink) -> LinkReach:
    """What can be recorded by a link."""
    return LinkReach(kind=link.kind, thing=link.thing, audience=link.audience, pupil=link.pupil)


_COLUMNS = ", ".join(OneTimeLink.__struct_fields__)


def good_until(now: datetime) -> datetime:
    """When a link that is made now expires."""
    return now + timedelta(days=DAYS)


def make_link(conn: Connection, link: OneTimeLink, secret: str) -> bool:
    """Record a link for `secret`: 256 bits as text. False when the same form or message made it before; a message that
    is sent again then keeps the link with a new last day, while it is neither revoked nor used."""
    names = OneTimeLink.__struct_fields__
    sql = (
        f"insert into desk.one_time_link (token_hash, {_COLUMNS}) values (%s, {', '.join(['%s'] * len(names))})"  # noqa: S608
        " on conflict (link) do nothing"
    )
    made = conn.execute(sql.encode(), (_hash(secret), *msgspec.structs.astuple(link)))
    if made.rowcount == 0 and link.message is not None:
        again = "update desk.one_time_link set expires_at = %s where link = %s and message = %s"
        conn.execute(again, (link.expires_at, link.link, link.message))
    return made.rowcount == 1


def link_of_secret(conn: Connection, secret: str) -> OneTimeLink | None:
    """The link of a secret, whether or not it can still be opened."""
    return next(iter(_found(conn, "token_hash = %s", (_hash(secret),))), None)


def links_about(conn: Connection, thing: UUID, school: UUID) -> list[OneTimeLink]:
    """The links about a thing that were made at a school or sent for it, the newest first, over or not."""
    return _found(conn, "thing = %s and school = %s", (thing, school))


def links_of_school(
    conn: Connection, school: UUID, since: datetime, thing: UUID | None = None
) -> list[OneTimeLink]:
    """The links for services made at a school or sent for it since an instant, about one thing or about all, the newest
    first."""
    where = "school = %s and audience_kind = 'service' and made_at >= %s and (%s::uuid is null or thing = %s)"
    return _found(conn, where, (school, since, thing, thing))


def links_of_family(conn: Connection, pupil: UUID, school: UUID) -> list[OneTimeLink]:
    """The links of a school for a pupil's family, the newest first, over or not."""
    return _found(conn, "pupil = %s and school = %s and audience_kind <> 'service'", (pupil, school))


def link_of_id(conn: Connection, link: UUID) -> OneTimeLink | None:
    """A link, over or not."""
    return next(iter(_found(conn, "link = %s", (link,))), None)


def links_since(conn: Connection, since: datetime, organisation: UUID | None = None) -> list[OneTimeLink]:
    """The links made since an instant, of an organisation that answers by them (None: of all), the newest first."""
    if organisation is None:
        return _found(conn, "made_at >= %s", (since,))
    return _found(conn, "made_at >= %s and organisation = %s", (since, organisation))


def use_link(conn: Connection, link: UUID, now: datetime) -> bool:
    """The last answer was given that the link can give. Of two simultaneous calls only one returns True."""
    sql = "update desk.one_time_link set used_at = %s where link = %s and used_at is null"
    return conn.execute(sql, (now, link)).rowcount == 1


def revoke_link(conn: Connection, link: UUID, by: UUID, now: datetime) -> bool:
    """Revoke a link; False when none is open under this id. The caller has checked that it is theirs to revoke."""
    sql = (
        "update desk.one_time_link set revoked_at = %s, revoked_by = %s"
        " where link = %s and used_at is null and revoked_at is null"
    )
    return conn.execute(sql, (now, by, link)).rowcount == 1


def secret_of_message(key: bytes, message: UUID) -> str:
    """The secret of the link in a message, 256 bits as text: the same however often it is sent, so that a message that
    arrives twice has one link. `key` is kept outside the database."""
    made = hmac.digest(key, b"one-time link\x00" + message.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def _found(conn: Connection, where: str, given: tuple[object, ...]) -> list[OneTimeLink]:
    sql = f"select {_COLUMNS} from desk.one_time_link where {where} order by made_at desc, link"  # noqa: S608
    with conn.cursor(row_factory=class_row(OneTimeLink)) as cursor:
        return cursor.execute(sql.encode(), given).fetchall()


def _hash(secret: str) -> bytes:
    """What the table holds. The secret is 256 random bits, so a fast hash without salt is enough."""
    return hashlib.sha256(secret.encode()).digest()
