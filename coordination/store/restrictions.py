"""The rows of restricted files and of interests, written with the events that say so; and what is hidden from whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import DictRow

from coordination.event import Event
from coordination.pupil.restriction.events import (
    InterestDeclared,
    InterestEnded,
    PupilRestricted,
    RestrictionLifted,
)


class RestrictionRows:
    """The rows of one save."""

    def __init__(self) -> None:
        self.restricted: dict[tuple[UUID, UUID], tuple[tuple[str, ...], tuple[UUID, ...], bool]] = {}
        self.declared: dict[UUID, tuple[UUID, UUID, UUID]] = {}
        self.ended: set[UUID] = set()

    def any(self) -> bool:
        """Whether there are any."""
        return bool(self.restricted or self.declared or self.ended)

    def gather(self, pupil: UUID, event: Event) -> None:
        """Collects what an event that is not sealed yet says."""
        match event:
            case PupilRestricted(organisation=organisation, roles=roles, people=people):
                self.restricted[pupil, organisation] = (roles, people, False)
            case RestrictionLifted(organisation=organisation):
                self.restricted[pupil, organisation] = ((), (), True)
            case InterestDeclared(interest=interest, organisation=organisation, interested=UUID() as person):
                self.declared[interest] = (pupil, organisation, person)
            case InterestEnded(interest=interest):
                self.ended.add(interest)
            case _:
                pass

    def write(self, cursor: Cursor[DictRow]) -> None:
        """Writes them, in the transaction of the events."""
        for (pupil, organisation), (roles, people, lifted) in self.restricted.items():
            cursor.execute(
                "insert into log.restricted_pupil (pupil, organisation, roles, people, lifted)"
                " values (%s, %s, %s, %s, %s) on conflict (pupil, organisation) do update"
                " set roles = excluded.roles, people = excluded.people, lifted = excluded.lifted",
                (pupil, organisation, list(roles), list(people), lifted),
            )
        for interest, (pupil, organisation, person) in self.declared.items():
            cursor.execute(
                "insert into log.interest (interest, pupil, organisation, person, ended)"
                " values (%s, %s, %s, %s, false)",
                (interest, pupil, organisation, person),
            )
        if self.ended:
            cursor.execute(
                "update log.interest set ended = true where interest = any(%s)", (list(self.ended),)
            )


def hidden_pupils(
    connection: Connection[Any], organisation: UUID, role: str, person: UUID, now: datetime
) -> frozenset[UUID]:
    """The files that somebody of an organisation may not see or change at this instant, though it may."""
    row = connection.execute(
        "select log.hidden_pupils(%s, %s, %s, %s)", (organisation, role, person, now), prepare=True
    ).fetchone()
    return frozenset(_first(row))


def own_interests(connection: Connection[Any], person: UUID) -> frozenset[UUID]:
    """The files in which a person has an interest."""
    row = connection.execute("select log.own_interests(%s)", (person,), prepare=True).fetchone()
    return frozenset(_first(row))


def interests_in(connection: Connection[Any], pupil: UUID, organisation: UUID) -> list[tuple[UUID, UUID]]:
    """The open interests of an organisation's people in the child of a file: interest and person."""
    rows = connection.execute(
        "select interest, person from log.interest"
        " where pupil = any (log.files_of(array[%s::uuid])) and organisation = %s and not ended order by interest",
        (pupil, organisation),
    ).fetchall()
    return [tuple(row.values()) if isinstance(row, dict) else tuple(row) for row in rows]


def _first(row: Any) -> list[UUID]:
    found = next(iter(row.values())) if isinstance(row, dict) else row[0]
    return list(found)
