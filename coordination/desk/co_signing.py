"""Co-signing: what an administrator prepares works only when somebody of the organisation it speaks for has signed it.

A token, and a role in which cases are handled, are stopped by a row that is not signed. A role or token that was made
on the machine itself works at once, and those who could have co-signed are told. Where an organisation has nobody who
could co-sign, its authority does so after a telephone call, whose day is recorded.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from coordination.directory.organisation import Organisation
from coordination.errors import NotFound, Refusal
from coordination.permissions import Right, Thing, may, right, roles_with

CO_SIGNERS = roles_with(Thing.ACCOUNTS, Right.CO_SIGN)
AWAITING = "awaiting_co_signature"
"""The role in a session of somebody whose role is not co-signed yet: it has no right to anything."""

Kind = Literal["token", "role"]

STOPS = """coalesce((select c.signed_at is null and not c.at_once or c.declined from desk.co_signature c
                   where c.kind = '{kind}' and c.subject = {subject} and c.organisation = {organisation}
                     and c.role = {role} order by c.prepared_at desc, c.co_signature limit 1), false)"""
"""Whether the newest row about something stops it, in SQL. The place of each field is a column of the query."""
COUNT = """(select count(*) from desk.co_signature c
            where c.signed_at is null and (c.organisation = {organisation} or c.authority = {organisation})
              and c.prepared_by <> {person} and not (c.kind = 'role' and c.subject = {person})
              and (c.kind = 'token' or exists (select from desk.account o where o.person = c.subject
                                               and o.disabled_at is null)))"""
"""How much waits for a person at an organisation who may co-sign there, in SQL."""


class CoSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A token or a role that waits for a co-signature, or (`at_once`) of which the organisation is only told."""

    co_signature: UUID
    kind: Kind
    subject: UUID
    organisation: UUID
    role: str
    at_once: bool
    authority: UUID | None
    prepared_by: UUID
    prepared_at: datetime


def handles_cases(role: str) -> bool:
    """Whether somebody in this role can open something about a child by name."""
    by_name = {Right.NO, Right.CODED_LINE, Right.COUNTS, Right.PUBLISHED}
    return right(role, Thing.IDENTITY) not in by_name or may(role, Thing.ADOPTION)


def prepare(
    conn: Connection,
    kind: Kind,
    subject: UUID,
    organisation: Organisation,
    role: str,
    *,
    by: UUID,
    authority: UUID | None,
    now: datetime,
    at_once: bool = False,
) -> UUID | None:
    """Stop a token or a person's role until it is co-signed (`at_once`: only tell of it). A role in which no case is
    handled, and one that the person has already or that waits already, are left as they are.

    `authority` co-signs for another organisation that has nobody who could, after a telephone call. Returns the row
    that was added; None: none was.
    """
    if kind == "role" and not handles_cases(role):
        return None
    row = conn.execute(
        """insert into desk.co_signature (kind, subject, organisation, role, at_once, authority, prepared_by,
                                          prepared_at)
           values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning co_signature""",
        (
            kind,
            subject,
            organisation.id,
            role,
            at_once,
            None
            if _has_co_signer(conn, organisation.id, subject) or authority == organisation.id
            else authority,
            by,
            now,
        ),
    ).fetchone()
    return row[0] if row else None


def withdraw(conn: Connection, co_signature: UUID) -> None:
    """Forget what was prepared and then not made."""
    conn.execute(
        "delete from desk.co_signature where co_signature = %s and signed_at is null", (co_signature,)
    )


def _has_co_signer(conn: Connection, organisation: UUID, about: UUID) -> bool:
    """Whether somebody who can sign in may co-sign for the organisation, other than the person whom it is about."""
    stopped = STOPS.format(kind="role", subject="a.person", organisation="a.organisation", role="a.role")
    row = conn.execute(
        f"""select exists (select from desk.account a where a.organisation = %s and a.role = any(%s)
                           and a.person <> %s and a.disabled_at is null and not {stopped})""",  # noqa: S608 - columns
        (organisation, list(CO_SIGNERS), about),
    ).fetchone()
    return row is not None and bool(row[0])


_WAITING = """select co_signature, kind, subject, organisation, role, at_once, authority, prepared_by, prepared_at
              from desk.co_signature
              where signed_at is null and (organisation = %(own)s or authority = %(own)s)
                and prepared_by <> %(person)s and not (kind = 'role' and subject = %(person)s)
                and (kind = 'token' or exists (select from desk.account o where o.person = co_signature.subject
                                               and o.disabled_at is null))"""


def waiting_for(conn: Connection, person: UUID, organisation: UUID) -> list[CoSignature]:
    """What a person with a right to co-sign at an organisation can sign or is told of, the oldest first. Nobody signs
    what they prepared or what is about themselves; a role of somebody who cannot sign in waits unseen."""
    with conn.cursor(row_factory=class_row(CoSignature)) as cursor:
        return cursor.execute(
            f"{_WAITING} order by prepared_at, co_signature",
            {"own": organisation, "person": person},
        ).fetchall()


def co_sign(
    conn: Connection,
    co_signature: UUID,
    *,
    person: UUID,
    organisation: UUID,
    now: datetime,
    telephoned_on: date | None = None,
    declined: bool = False,
) -> CoSignature:
    """Sign what waits, say that it was seen, or decline it: what is declined never works.

    Raises NotFound for what is not the person's to sign, Refusal `telephone_first` where an authority signs for another
    organisation without the day of its telephone call, `in_the_future` for a day to come.
    """
    found = next((c for c in waiting_for(conn, person, organisation) if c.co_signature == co_signature), None)
    if found is None:
        raise NotFound
    if found.organisation != organisation and not declined:
        if telephoned_on is None:
            raise Refusal("telephone_first", "telephoned_on")
        if telephoned_on > now.date():
            raise Refusal(
                "in_the_future",
                "telephoned_on",
                on=telephoned_on.isoformat(),
                today=now.date().isoformat(),
            )
    conn.execute(
        """update desk.co_signature set signed_by = %s, signed_at_organisation = %s, signed_at = %s,
                  telephoned_on = %s, declined = %s where co_signature = %s""",
        (person, organisation, now, telephoned_on, declined, co_signature),
    )
    return found


def confirm_on_the_machine(conn: Connection, kind: Kind, subject: UUID, *, by: UUID, now: datetime) -> int:
    """Let everything of a token or a person work that waits for a co-signature; those who could have co-signed are told
    instead. How many there were."""
    found = conn.execute(
        """update desk.co_signature set at_once = true, prepared_by = %s, prepared_at = %s
           where kind = %s and subject = %s and signed_at is null and not at_once""",
        (by, now, kind, subject),
    )
    return found.rowcount


def is_stopped(conn: Connection, kind: Kind, subject: UUID, organisation: UUID, role: str) -> bool:
    """Whether a token, or a person's role at an organisation, waits for a co-signature or was declined."""
    sql = "select " + STOPS.format(
        kind=kind, subject="%(subject)s", organisation="%(organisation)s", role="%(role)s"
    )
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, {"subject": subject, "organisation": organisation, "role": role}).fetchone()
    return row is not None and bool(row[0])
