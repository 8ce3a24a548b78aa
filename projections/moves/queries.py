"""Requests to answer, emergency accesses, expected moves and records on their way, as the viewer may see them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.reader import Reader

TOLD = timedelta(days=14)
"""How long an emergency access stays on the page of the school that has the pupil."""
FOLLOWED = timedelta(days=365)
"""How long a record that was not sent or not received stays on the page."""

IDENTITY = "left join read.identity i on i.pupil = {table}.pupil and i.kind = 'identity'"
PLACE = "i.version as identity_version, i.topic as identity_topic, i.sealed as identity_sealed"

REQUESTS = f"""
select r.*, s.sealed as typed, {PLACE}
from read.file_request r {IDENTITY.format(table="r")}
left join read.seal s on s.pupil = r.pupil and s.version = r.version
where {{wanted}}
order by r.asked_on, r.request
"""
EMERGENCIES = f"""
select e.*, s.sealed as typed, {PLACE}
from read.emergency_access e {IDENTITY.format(table="e")}
left join read.seal s on s.pupil = e.pupil and s.version = e.version
where {{wanted}}
order by e.opened_at desc, e.access
"""
RECORDS = f"""
select t.*, {PLACE}
from read.record_transfer t {IDENTITY.format(table="t")}
where {{wanted}}
order by t.left_on, t.pupil
"""
MOVES = f"""
select m.*, {PLACE}
from read.expected_move m {IDENTITY.format(table="m")}
where {{wanted}}
order by m.expected_on, m.transfer, m.move
"""


class RequestToAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a file: `identity` is the pupil's own record, `typed` what the asking school knows."""

    request: UUID
    pupil: UUID
    school: UUID
    joined_on: date
    asked_on: date
    due_on: date
    confidential: bool
    ground: str | None
    answer: str | None
    identity: Coordinates | None
    typed: Coordinates | None


class EmergencyAccessSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency access; `reason` is the place of its sealed reason, None where it is not the viewer's."""

    access: UUID
    pupil: UUID
    request: UUID
    school: UUID
    opened_at: datetime
    closes_at: datetime
    finding: str | None
    identity: Coordinates | None
    reason: Coordinates | None


class RecordOnItsWay(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a pupil who left, for the former school (`side`) or the next one. `other` is the other school."""

    pupil: UUID
    from_school: UUID
    side: str
    other: UUID | None
    left_on: date
    sent_on: date | None
    taken_on: date | None
    identity: Coordinates | None


class ExpectedPupil(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil who is expected to move."""

    move: UUID
    pupil: UUID
    from_school: UUID
    to_school: UUID
    expected_on: date
    transfer: UUID | None
    state: str
    identity: Coordinates | None


def requests_to_answer(reader: Reader, viewer: Viewer) -> tuple[RequestToAnswer, ...]:
    """The requests that wait for the viewer's answer, the oldest first: of a school those for its pupils, of the
    authority those put to it. A school's own requests are not among them."""
    with reader.viewing(viewer) as cursor:
        return _requests(cursor, "r.answer is null and r.school <> %(own)s", viewer)


def request_to_answer(reader: Reader, viewer: Viewer, pupil: UUID, request: UUID) -> RequestToAnswer:
    """One request, answered or not. Raises NotFound for one that is not the viewer's to answer."""
    with reader.viewing(viewer) as cursor:
        wanted = "r.pupil = %(pupil)s and r.request = %(request)s and r.school <> %(own)s"
        found = _requests(cursor, wanted, viewer, pupil=pupil, request=request)
    if not found:
        raise NotFound
    return found[0]


def _requests(
    cursor: Cursor[DictRow], wanted: str, viewer: Viewer, **given: Any
) -> tuple[RequestToAnswer, ...]:
    rows = cursor.execute(REQUESTS.format(wanted=wanted).encode(), {"own": viewer.organisation, **given})
    return tuple(
        RequestToAnswer(
            **{name: row[name] for name in RequestToAnswer.__struct_fields__[:9]},
            identity=_identity(row),
            typed=_sealed(row, "pupil.file_requested"),
        )
        for row in rows
    )


def emergency_accesses(reader: Reader, viewer: Viewer) -> tuple[EmergencyAccessSummary, ...]:
    """The emergency accesses that the viewer has to know of, the newest first: those to the files of the school's
    pupils in the last days, and for the authority's safeguarding person those that nobody reviewed yet."""
    wanted = (
        "e.school <> %(own)s and (e.opened_at > %(since)s or (e.authority = %(own)s and e.finding is null))"
    )
    since = (viewer.now or datetime.combine(viewer.today, datetime.min.time()).astimezone()) - TOLD
    with reader.viewing(viewer) as cursor:
        return _emergencies(cursor, wanted, own=viewer.organisation, since=since)


def emergency_access(reader: Reader, viewer: Viewer, access: UUID) -> EmergencyAccessSummary:
    """One emergency access. Raises NotFound."""
    with reader.viewing(viewer) as cursor:
        found = _emergencies(cursor, "e.access = %(access)s", access=access)
    if not found:
        raise NotFound
    return found[0]


def open_emergency(reader: Reader, viewer: Viewer, request: UUID) -> EmergencyAccessSummary | None:
    """The emergency access of the viewer's school for its request, while it is open."""
    wanted = "e.request = %(request)s and e.school = %(own)s and e.closes_at > %(now)s"
    with reader.viewing(viewer) as cursor:
        given = {"request": request, "own": viewer.organisation, "now": viewer.now}
        return next(iter(_emergencies(cursor, wanted, **given)), None)


def _emergencies(cursor: Cursor[DictRow], wanted: str, **given: Any) -> tuple[EmergencyAccessSummary, ...]:
    rows = cursor.execute(EMERGENCIES.format(wanted=wanted).encode(), given)
    return tuple(
        EmergencyAccessSummary(
            **{name: row[name] for name in EmergencyAccessSummary.__struct_fields__[:7]},
            identity=_identity(row),
            reason=_sealed(row, "pupil.emergency_access_opened"),
        )
        for row in rows
    )


def records_on_their_way(reader: Reader, viewer: Viewer) -> tuple[RecordOnItsWay, ...]:
    """The records that the viewer's school has to send or to receive, of pupils who left within a year, the longest
    first."""
    wanted = (
        "t.school = %(own)s and t.left_on > %(since)s and t.taken_on is null"
        " and (t.side = 'next' or t.sent_on is null)"
    )
    with reader.viewing(viewer) as cursor:
        return _records(cursor, wanted, own=viewer.organisation, since=viewer.today - FOLLOWED)


def record_on_its_way(reader: Reader, viewer: Viewer, pupil: UUID, from_school: UUID) -> RecordOnItsWay:
    """The record that one school owes another, as the viewer's school sees it. Raises NotFound."""
    wanted = "t.pupil = %(pupil)s and t.from_school = %(from)s and t.school = %(own)s"
    with reader.viewing(viewer) as cursor:
        found = _records(cursor, wanted, own=viewer.organisation, pupil=pupil, **{"from": from_school})
    if not found:
        raise NotFound
    return found[0]


def _records(cursor: Cursor[DictRow], wanted: str, **given: Any) -> tuple[RecordOnItsWay, ...]:
    rows = cursor.execute(RECORDS.format(wanted=wanted).encode(), given)
    return tuple(
        RecordOnItsWay(
            **{name: row[name] for name in RecordOnItsWay.__struct_fields__[:7]}, identity=_identity(row)
        )
        for row in rows
    )


def expected_moves(reader: Reader, viewer: Viewer, transfer: UUID | None = None) -> tuple[ExpectedPupil, ...]:
    """The moves from or to the viewer's school that may still take place, by day; or all those of one list."""
    wanted = "m.transfer = %(transfer)s" if transfer else "m.state in ('proposed', 'agreed')"
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(MOVES.format(wanted=wanted).encode(), {"transfer": transfer})
        return tuple(
            ExpectedPupil(
                **{name: row[name] for name in ExpectedPupil.__struct_fields__[:7]}, identity=_identity(row)
            )
            for row in rows
        )


def _identity(row: DictRow) -> Coordinates | None:
    if row["identity_version"] is None:
        return None
    return Coordinates(row["pupil"], row["identity_version"], row["identity_topic"], row["identity_sealed"])


def _sealed(row: DictRow, topic: str) -> Coordinates | None:
    return Coordinates(row["pupil"], row["version"], topic, row["typed"]) if row["typed"] else None
