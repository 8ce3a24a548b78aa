"""Requests to answer, emergency accesses, expected moves and records on their way, as the viewer may see them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from coordination.calendars import start_of_day
from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.struct_types import prepared
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


def _all(query: str, wanted: str) -> str:
    """A sub-select of all rows as JSON."""
    return f"(select coalesce(json_agg(x), '[]'::json) from ({query.format(wanted=wanted)}) x)"


TO_ANSWER = "r.answer is null and r.school <> %(own)s"
TO_KNOW = """
(e.organisation <> %(own)s or e.person <> %(person)s)
and (e.opened_at > %(told_since)s and e.authority is distinct from %(own)s
     or e.authority = %(own)s and e.finding is null)
"""
ON_THEIR_WAY = """
t.school = %(own)s and t.left_on > %(left_since)s and t.taken_on is null and (t.side = 'next' or t.sent_on is null)
"""
EXPECTED = "m.state in ('proposed', 'agreed')"
OVERVIEW = f"""
select {_all(REQUESTS, TO_ANSWER)} as requests, {_all(EMERGENCIES, TO_KNOW)} as emergencies,
       {_all(RECORDS, ON_THEIR_WAY)} as records, {_all(MOVES, EXPECTED)} as moves
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
    """An emergency access of a school that asked for the file (`request`), or of one `person`; `reason` is the place of
    its sealed reason, None where it is not the viewer's."""

    access: UUID
    pupil: UUID
    request: UUID | None
    organisation: UUID
    person: UUID | None
    opened_at: datetime
    closes_at: datetime
    confidential: bool
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


class MovesOverview(msgspec.Struct, frozen=True, kw_only=True):
    """What the viewer has to do, or to know of."""

    requests: tuple[RequestToAnswer, ...]
    emergencies: tuple[EmergencyAccessSummary, ...]
    records: tuple[RecordOnItsWay, ...]
    moves: tuple[ExpectedPupil, ...]


def moves_overview(reader: Reader, viewer: Viewer) -> MovesOverview:
    """Everything about moves that the viewer has to do or to know of, in one statement.

    Requests: those that wait for the viewer's answer, the oldest first (of a school those for its pupils, never its
    own; of the authority those put to it). Emergency accesses: to files of the school's pupils in the last days; for
    the authority's safeguarding person those that nobody reviewed. Records: those that the school has to send or to
    receive, of pupils who left within a year. Moves: those from or to the school that may still take place.
    """
    given = {
        "own": viewer.organisation,
        "person": viewer.person,
        "told_since": (viewer.now or start_of_day(viewer.today)) - TOLD,
        "left_since": viewer.today - FOLLOWED,
    }
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(OVERVIEW.encode(), given).fetchone() or {}
    return MovesOverview(
        requests=tuple(_request(one) for one in row["requests"]),
        emergencies=tuple(_emergency(one) for one in row["emergencies"]),
        records=tuple(_record(one) for one in row["records"]),
        moves=tuple(_move(one) for one in row["moves"]),
    )


def request_to_answer(reader: Reader, viewer: Viewer, pupil: UUID, request: UUID) -> RequestToAnswer:
    """One request, answered or not. Raises NotFound for one that is not the viewer's to answer."""
    wanted = "r.pupil = %(pupil)s and r.request = %(request)s and r.school <> %(own)s"
    with reader.viewing(viewer) as cursor:
        given = {"own": viewer.organisation, "pupil": pupil, "request": request}
        row = cursor.execute(REQUESTS.format(wanted=wanted).encode(), given).fetchone()
    if row is None:
        raise NotFound
    return _request(row)


def emergency_access(reader: Reader, viewer: Viewer, access: UUID) -> EmergencyAccessSummary:
    """One emergency access. Raises NotFound."""
    with reader.viewing(viewer) as cursor:
        sql = EMERGENCIES.format(wanted="e.access = %(access)s")
        row = cursor.execute(sql.encode(), {"access": access}).fetchone()
    if row is None:
        raise NotFound
    return _emergency(row)


def open_emergency(reader: Reader, viewer: Viewer, request: UUID) -> EmergencyAccessSummary | None:
    """The emergency access of the viewer's school for its request, while it is open."""
    wanted = "e.request = %(request)s and e.organisation = %(own)s and e.closes_at > %(now)s"
    with reader.viewing(viewer) as cursor:
        given = {"request": request, "own": viewer.organisation, "now": viewer.now}
        row = cursor.execute(EMERGENCIES.format(wanted=wanted).encode(), given).fetchone()
    return _emergency(row) if row is not None else None


def own_emergencies(reader: Reader, viewer: Viewer) -> tuple[EmergencyAccessSummary, ...]:
    """The emergency accesses of the viewer that are open at this instant, the newest first."""
    wanted = "e.person = %(person)s and e.closes_at > %(now)s"
    with reader.viewing(viewer) as cursor:
        given = {"person": viewer.person, "now": viewer.now}
        return tuple(
            _emergency(row) for row in cursor.execute(EMERGENCIES.format(wanted=wanted).encode(), given)
        )


def record_on_its_way(reader: Reader, viewer: Viewer, pupil: UUID, from_school: UUID) -> RecordOnItsWay:
    """The record that one school owes another, as the viewer's school sees it. Raises NotFound."""
    wanted = "t.pupil = %(pupil)s and t.from_school = %(left)s and t.school = %(own)s"
    with reader.viewing(viewer) as cursor:
        given = {"own": viewer.organisation, "pupil": pupil, "left": from_school}
        row = cursor.execute(RECORDS.format(wanted=wanted).encode(), given).fetchone()
    if row is None:
        raise NotFound
    return _record(row)


def moves_of_list(reader: Reader, viewer: Viewer, transfer: UUID) -> tuple[ExpectedPupil, ...]:
    """The moves of one list, whatever became of them."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(
            MOVES.format(wanted="m.transfer = %(transfer)s").encode(), {"transfer": transfer}
        )
        return tuple(_move(row) for row in rows)


def _request(row: DictRow) -> RequestToAnswer:
    places = {"identity": _identity(row), "typed": _sealed(row, "pupil.file_requested")}
    return msgspec.convert({**row, **places}, prepared(RequestToAnswer))


def _emergency(row: DictRow) -> EmergencyAccessSummary:
    topic = "pupil.emergency_access_opened" if row["request"] else "pupil.emergency_file_opened"
    places = {"identity": _identity(row), "reason": _sealed(row, topic)}
    return msgspec.convert({**row, **places}, prepared(EmergencyAccessSummary))


def _record(row: DictRow) -> RecordOnItsWay:
    return msgspec.convert({**row, "identity": _identity(row)}, prepared(RecordOnItsWay))


def _move(row: DictRow) -> ExpectedPupil:
    return msgspec.convert({**row, "identity": _identity(row)}, prepared(ExpectedPupil))


def _identity(row: DictRow) -> Coordinates | None:
    if row["identity_version"] is None:
        return None
    place = (row["pupil"], row["identity_version"], row["identity_topic"], row["identity_sealed"])
    return _coordinates(*place)


def _sealed(row: DictRow, topic: str) -> Coordinates | None:
    return _coordinates(row["pupil"], row["version"], topic, row["typed"]) if row["typed"] else None


def _coordinates(pupil: UUID | str, version: int, topic: str, sealed: str) -> Coordinates:
    return Coordinates(pupil if isinstance(pupil, UUID) else UUID(pupil), version, topic, sealed)
