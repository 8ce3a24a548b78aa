"""The outbox: messages that wait, went, or were given up. Sending is at least once; a message has a stable id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, dict_row, tuple_row

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
"""Between one attempt and the next; after the last the message is given up: for about three days and a half."""
PERMANENT = frozenset({"no_address", "refused_recipient", "not_wanted"})
"""Problems that another attempt does not mend."""
DIGESTS_KNOWN_FOR = timedelta(days=30)
"""How long after a digest its mail is recognised when it comes back."""


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it stands in the outbox."""

    message: UUID
    rule: str
    recipient_kind: str
    recipient: UUID
    subject: str
    thing: UUID
    pupil: UUID | None
    service: UUID | None
    detail: str
    urgent: bool
    created_at: datetime
    due_at: datetime
    attempts: int
    problem: str | None
    sent_at: datetime | None
    given_up_at: datetime | None
    parent: UUID | None = None
    digest_at: datetime | None = None
    bounced_at: datetime | None = None
    ending: str | None = None
    school: UUID | None = None
    settled_at: datetime | None = None

    @property
    def state(self) -> str:
        """`waiting`, `sent`, `bounced`, `given_up`; or why it is not sent: `passed_on` (to the people who coordinate
        where there is no mailbox), `not_wanted`, `answered`."""
        if self.bounced_at:
            return "bounced"
        return "sent" if self.sent_at else "given_up" if self.given_up_at else self.ending or "waiting"


_COLUMNS = ", ".join(OutboxRow.__struct_fields__)
_WAITING = "sent_at is null and given_up_at is null and ending is null"


def next_due(conn: Connection, now: datetime, number: int = 1) -> list[OutboxRow]:
    """The messages whose time has come, urgent ones first; locked until the transaction ends, so that two workers never
    take the same."""
    query = (
        f"select {_COLUMNS} from desk.outbox where {_WAITING} and due_at <= %s"  # noqa: S608
        " order by urgent desc, due_at, message limit %s for update skip locked"
    )
    with conn.cursor(row_factory=class_row(OutboxRow)) as cursor:
        return cursor.execute(query.encode(), (now, number)).fetchall()


def mark_sent(conn: Connection, message: UUID, now: datetime) -> None:
    """The server took it."""
    conn.execute(
        "update desk.outbox set sent_at = %s, problem = null, attempts = attempts + 1 where message = %s",
        (now, message),
    )


def mark_failed(conn: Connection, row: OutboxRow, problem: str, now: datetime) -> None:
    """It could not be sent: tried again later, or given up when that does not help or was tried for long enough."""
    last = problem in PERMANENT or row.attempts >= len(WAITS)
    due = row.due_at if last else now + WAITS[row.attempts]
    conn.execute(
        "update desk.outbox set attempts = attempts + 1, problem = %s, due_at = %s, given_up_at = %s"
        " where message = %s",
        (problem, due, now if last else None, row.message),
    )


def end_message(conn: Connection, message: UUID, ending: str) -> None:
    """It is not sent: `not_wanted` by its recipient, or `answered` before it went."""
    conn.execute("update desk.outbox set ending = %s, problem = null where message = %s", (ending, message))


def put_off(conn: Connection, message: UUID, at: datetime, *, digest: bool) -> None:
    """It is sent at an instant; with the others of the recipient's digest, or by itself."""
    conn.execute(
        "update desk.outbox set due_at = %s, digest_at = %s where message = %s",
        (at, at if digest else None, message),
    )


def of_digest(conn: Connection, recipient: UUID, digest_at: datetime) -> list[OutboxRow]:
    """What is in a recipient's digest, in the order in which it happened; locked."""
    query = (
        f"select {_COLUMNS} from desk.outbox where {_WAITING} and recipient = %s and digest_at = %s"  # noqa: S608
        " order by created_at, message for update"
    )
    with conn.cursor(row_factory=class_row(OutboxRow)) as cursor:
        return cursor.execute(query.encode(), (recipient, digest_at)).fetchall()


def pass_on(conn: Connection, row: OutboxRow, people: Sequence[UUID], now: datetime) -> None:
    """A message to a service or an organisation without a mailbox becomes one to each of these people."""
    conn.execute(
        """insert into desk.outbox (message, rule, recipient_kind, recipient, subject, thing, service, detail, urgent,
               stream, version, pupil, created_at, school, due_at, parent, hooked_at)
           select new.message, o.rule, 'person', new.person, o.subject, o.thing, o.service, o.detail, o.urgent,
               o.stream, o.version, o.pupil, o.created_at, o.school, %s, o.message, %s
           from desk.outbox o, unnest(%s::uuid[], %s::uuid[]) as new(message, person)
           where o.message = %s on conflict (message) do nothing""",
        (now, now, [uuid5(row.message, str(one)) for one in people], list(people), row.message),
    )
    end_message(conn, row.message, "passed_on")


def try_again(conn: Connection, message: UUID, now: datetime) -> bool:
    """Put a message that was given up, or came back, in the queue again; whether there was one."""
    done = conn.execute(
        "update desk.outbox set given_up_at = null, bounced_at = null, sent_at = null, attempts = 0, due_at = %s,"
        " settled_at = null, settled_by = null"
        " where message = %s and (given_up_at is not null or bounced_at is not null)",
        (now, message),
    )
    return done.rowcount > 0


def count_by_state(conn: Connection) -> dict[str, int]:
    """How many messages wait, were sent, were given up, and came back after they were sent."""
    query = (
        f"select count(*) filter (where {_WAITING}), count(sent_at), count(given_up_at), count(bounced_at)"  # noqa: S608
        " from desk.outbox"
    )
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query.encode()).fetchone() or (0, 0, 0, 0)
    return dict(zip(("waiting", "sent", "given_up", "bounced"), row, strict=True))


def newest(
    conn: Connection, *, recipients: Sequence[UUID] | None = None, only_open: bool = False, limit: int = 200
) -> list[OutboxRow]:
    """Messages, the newest first: of some recipients (None: of all), or only those that wait or did not arrive."""
    conditions = []
    parameters: list[object] = []
    if recipients is not None:
        conditions.append("recipient = any(%s)")
        parameters.append(list(recipients))
    if only_open:
        conditions.append(f"(({_WAITING}) or given_up_at is not null or bounced_at is not null)")
    where = f" where {' and '.join(conditions)}" if conditions else ""
    query = f"select {_COLUMNS} from desk.outbox{where} order by created_at desc, message limit %s"  # noqa: S608
    with conn.cursor(row_factory=class_row(OutboxRow)) as cursor:
        return cursor.execute(query.encode(), (*parameters, limit)).fetchall()


def not_arrived(conn: Connection, recipients: Sequence[UUID]) -> int:
    """How many messages to some mailboxes did not arrive and were not sent again."""
    query = """select count(*) from desk.outbox
               where recipient = any(%s) and (given_up_at is not null or bounced_at is not null)"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query, (list(recipients),)).fetchone()
    return int(row[0]) if row else 0


_LOST = "(given_up_at is not null or bounced_at is not null) and settled_at is null"


def lost_messages(conn: Connection, school: UUID, limit: int) -> tuple[list[OutboxRow], int]:
    """The messages of a school that did not arrive and of which nobody said that their recipients were told by other
    means: the oldest, and how many in all. One statement."""
    query = (
        f"select {_COLUMNS}, count(*) over () as total from desk.outbox where school = %s and {_LOST}"  # noqa: S608
        " order by created_at, message limit %s"
    )
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query.encode(), (school, limit)).fetchall()
    total = rows[0]["total"] if rows else 0
    return [OutboxRow(**{k: v for k, v in row.items() if k != "total"}) for row in rows], total


def settle_message(conn: Connection, message: UUID, school: UUID, by: UUID, now: datetime) -> bool:
    """The recipient of a message that did not arrive was told by other means; whether there was one of the school."""
    query = f"update desk.outbox set settled_at = %s, settled_by = %s where message = %s and school = %s and {_LOST}"  # noqa: S608
    return conn.execute(query.encode(), (now, by, message, school)).rowcount == 1


def message_of(conn: Connection, message: UUID) -> OutboxRow | None:
    """One message."""
    query = f"select {_COLUMNS} from desk.outbox where message = %s"  # noqa: S608
    with conn.cursor(row_factory=class_row(OutboxRow)) as cursor:
        return cursor.execute(query.encode(), (message,)).fetchone()


def not_hooked(conn: Connection, limit: int = 500) -> list[OutboxRow]:
    """New messages for which webhooks were not looked for yet, locked until the transaction ends."""
    query = (
        f"select {_COLUMNS} from desk.outbox where hooked_at is null"  # noqa: S608
        " order by created_at limit %s for update skip locked"
    )
    with conn.cursor(row_factory=class_row(OutboxRow)) as cursor:
        return cursor.execute(query.encode(), (limit,)).fetchall()


def note_hooked(conn: Connection, messages: Sequence[UUID], now: datetime) -> None:
    """Webhooks were looked for."""
    conn.execute("update desk.outbox set hooked_at = %s where message = any(%s)", (now, list(messages)))


def digest_id(recipient: UUID, digest_at: datetime) -> UUID:
    """The id of the mail that is a recipient's digest of an instant, however often it is sent."""
    return uuid5(recipient, f"digest {digest_at.astimezone(UTC).isoformat()}")


def recipients_of_mail(conn: Connection, mail: UUID, now: datetime) -> set[UUID]:
    """To whom a mail went, by the id in its Message-ID (a message, or a digest); empty where it is not known."""
    found = message_of(conn, mail)
    if found is not None:
        return {found.recipient}
    sql = "select distinct recipient, digest_at from desk.outbox where digest_at > %s and sent_at is not null"
    with conn.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(sql, (now - DIGESTS_KNOWN_FOR,))
        return {recipient for recipient, at in rows if digest_id(recipient, at) == mail}


def mark_bounced(conn: Connection, mail: UUID, problem: str, now: datetime) -> int:
    """A mail came back that the server had taken: its message, or the messages of a digest. Returns how many
    messages; 0 for a mail that is not known or came back before."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        found = [
            row[0] for row in cursor.execute("select message from desk.outbox where message = %s", (mail,))
        ]
        if not found:
            sql = """select recipient, digest_at, array_agg(message) from desk.outbox
                     where digest_at > %s and sent_at is not null group by recipient, digest_at"""
            rows = cursor.execute(sql, (now - DIGESTS_KNOWN_FOR,))
            found = [
                one for person, at, messages in rows if digest_id(person, at) == mail for one in messages
            ]
    marked = conn.execute(
        """update desk.outbox set bounced_at = %s, problem = %s
           where message = any(%s) and sent_at is not null and bounced_at is null""",
        (now, problem, found),
    )
    return marked.rowcount
