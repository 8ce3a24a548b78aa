"""Printed forms for families, and replies on paper that wait until they are matched to a pupil."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from coordination.store.keys import OuterKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value
from coordination.struct_types import prepared


class PaperForm(msgspec.Struct, frozen=True, kw_only=True):
    """A printed form for one contact of a pupil (None: the pupil). `code` is printed on it."""

    form: UUID
    code: str
    pupil: UUID
    contact: UUID | None
    school: UUID
    made_by: UUID
    made_at: datetime
    answered_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def waiting(self) -> bool:
        """Whether its reply can still be typed in."""
        return self.answered_at is None and self.cancelled_at is None


_FORM = ", ".join(PaperForm.__struct_fields__)


def keep_form(conn: Connection, form: PaperForm) -> bool:
    """Record a printed form. False when the same page made it before, or another form has the code."""
    names = PaperForm.__struct_fields__
    sql = f"insert into desk.paper_form ({_FORM}) values ({', '.join(['%s'] * len(names))}) on conflict do nothing"  # noqa: S608
    return conn.execute(sql.encode(), msgspec.structs.astuple(form)).rowcount == 1


def form_of_code(conn: Connection, code: str, school: UUID) -> PaperForm | None:
    """The form with a code that a school printed."""
    return next(iter(_forms(conn, "code = %s and school = %s", (code, school))), None)


def form_of_id(conn: Connection, form: UUID, school: UUID) -> PaperForm | None:
    """A form that a school printed."""
    return next(iter(_forms(conn, "form = %s and school = %s", (form, school))), None)


def forms_of_pupil(conn: Connection, pupil: UUID, school: UUID) -> list[PaperForm]:
    """The forms that a school printed for a pupil's family, the newest first."""
    return _forms(conn, "pupil = %s and school = %s", (pupil, school))


def answer_form(conn: Connection, form: UUID, now: datetime) -> bool:
    """The reply was typed in. Of two simultaneous calls only one returns True."""
    sql = (
        "update desk.paper_form set answered_at = %s"
        " where form = %s and answered_at is null and cancelled_at is null"
    )
    return conn.execute(sql, (now, form)).rowcount == 1


def cancel_form(conn: Connection, form: UUID, now: datetime) -> bool:
    """The form is not to be used any more; False where it was answered or cancelled."""
    sql = (
        "update desk.paper_form set cancelled_at = %s"
        " where form = %s and answered_at is null and cancelled_at is null"
    )
    return conn.execute(sql, (now, form)).rowcount == 1


class ReplyText(msgspec.Struct, frozen=True):
    """What an unmatched reply says: the code and the names as they can be read, and the words."""

    code: str
    names: str
    words: str


class PaperReply(msgspec.Struct, frozen=True, kw_only=True):
    """An unmatched reply. `text` None: it cannot be opened, or was erased."""

    reply: UUID
    received_on: date
    typed_by: UUID
    typed_at: datetime
    pupil: UUID | None
    text: ReplyText | None


def keep_reply(
    conn: Connection,
    outer: OuterKeys,
    *,
    reply: UUID,
    school: UUID,
    received_on: date,
    typed_by: UUID,
    text: ReplyText,
    now: datetime,
) -> bool:
    """Put a reply in the school's queue; False when the same form did so before."""
    apart = seal_value(outer, msgspec.json.encode(text), reply.bytes)
    sql = (
        "insert into desk.paper_reply (reply, school, received_on, typed_by, typed_at, wrapped, wrapped_by, sealed)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing"
    )
    given = (reply, school, received_on, typed_by, now, apart.wrapped, apart.wrapped_by, apart.sealed)
    return conn.execute(sql, given).rowcount == 1


def replies_waiting(conn: Connection, outer: OuterKeys, school: UUID) -> list[PaperReply]:
    """The replies that a school has not matched yet, the oldest first."""
    return _replies(
        conn,
        outer,
        "school = %s and matched_at is null and set_aside_at is null order by received_on, typed_at, reply",
        (school,),
    )


def reply_of_id(conn: Connection, outer: OuterKeys, reply: UUID, school: UUID) -> PaperReply | None:
    """A reply of a school that was not set aside."""
    found = _replies(conn, outer, "reply = %s and school = %s and set_aside_at is null", (reply, school))
    return next(iter(found), None)


def match_reply(conn: Connection, reply: UUID, pupil: UUID, by: UUID, now: datetime) -> bool:
    """The reply belongs to a pupil's family. Of two simultaneous calls only one returns True."""
    sql = (
        "update desk.paper_reply set pupil = %s, matched_by = %s, matched_at = %s"
        " where reply = %s and matched_at is null and set_aside_at is null"
    )
    return conn.execute(sql, (pupil, by, now, reply)).rowcount == 1


def forget_reply_text(conn: Connection, reply: UUID) -> None:
    """Delete what a matched reply says, once it is in the pupil's file."""
    sql = "update desk.paper_reply set wrapped = null, wrapped_by = null, sealed = null where reply = %s"
    conn.execute(sql, (reply,))


def set_reply_aside(conn: Connection, reply: UUID, by: UUID, now: datetime) -> bool:
    """The reply is of no pupil of the school: what it says is deleted."""
    sql = (
        "update desk.paper_reply set set_aside_at = %s, matched_by = %s, wrapped = null, wrapped_by = null,"
        " sealed = null where reply = %s and matched_at is null and set_aside_at is null"
    )
    return conn.execute(sql, (now, by, reply)).rowcount == 1


def delete_paper_about(conn: Connection, pupils: list[UUID]) -> None:
    """Delete the forms, matched replies and cards of pupils, for an erasure."""
    conn.execute("delete from desk.paper_form where pupil = any(%s)", (pupils,))
    conn.execute("delete from desk.paper_reply where pupil = any(%s)", (pupils,))
    conn.execute("delete from desk.family_card where pupil = any(%s)", (pupils,))


def _forms(conn: Connection, where: str, given: tuple[object, ...]) -> list[PaperForm]:
    sql = f"select {_FORM} from desk.paper_form where {where} order by made_at desc, form"  # noqa: S608
    with conn.cursor(row_factory=class_row(PaperForm)) as cursor:
        return cursor.execute(sql.encode(), given).fetchall()


def _replies(conn: Connection, outer: OuterKeys, where: str, given: tuple[object, ...]) -> list[PaperReply]:
    columns = "reply, received_on, typed_by, typed_at, pupil, wrapped, wrapped_by, sealed"
    sql = f"select {columns} from desk.paper_reply where {where}"  # noqa: S608
    with conn.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(sql.encode(), given).fetchall()
    found = []
    for reply, received, by, at, pupil, wrapped, wrapped_by, sealed in rows:
        text = None
        if sealed is not None:
            plain = open_value(outer, SealedValue(bytes(wrapped), wrapped_by, bytes(sealed)), reply.bytes)
            text = msgspec.json.decode(plain, type=prepared(ReplyText))
        found.append(
            PaperReply(reply=reply, received_on=received, typed_by=by, typed_at=at, pupil=pupil, text=text)
        )
    return found
