"""The doubts that rows raise, and what of a row is sealed in one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from psycopg import Connection

from coordination.desk.doubts import RaisedDoubt, delete_settled_doubts, keep_doubt
from coordination.directory.state import Organisation
from coordination.intake.arrival import Arrival
from coordination.intake.pupils import ImportedContact, PupilRow
from coordination.intake.recording.contacts import DoubtfulContact
from coordination.store.keys import OuterKeys
from coordination.struct_types import prepared


class DoubtfulDescription(msgspec.Struct, frozen=True):
    """What is sealed in a doubt: the row as the file or form gave it, whether the file was complete (a sheet), and of a
    doubtful contact what the file says of it."""

    row: PupilRow
    whole: bool
    contact: ImportedContact | None = None

    def __repr__(self) -> str:
        return "DoubtfulDescription()"

    def sealed(self) -> bytes:
        """The bytes to seal; the same for the same row in another place of the file."""
        return msgspec.json.encode(
            msgspec.structs.replace(self, row=msgspec.structs.replace(self.row, row=0))
        )


def read_description(content: bytes) -> DoubtfulDescription:
    """The opened content of a doubt."""
    return msgspec.json.decode(content, type=prepared(DoubtfulDescription))


class DoubtJournal:
    """The doubts that one import raises and settles; written when its rows are on the record."""

    def __init__(self) -> None:
        self._raised: dict[str, RaisedDoubt] = {}
        self._settled: set[str] = set()

    def identity(self, found: Arrival, row: PupilRow, school: Organisation, *, whole: bool) -> None:
        """A row of which it is doubtful whose it is."""
        first, *others = found.doubts
        self._raise(
            RaisedDoubt(
                kind=first.kind,
                about=_about_identity(school.id, row.upn),
                school=school.id,
                pupil=first.pupil,
                other=others[0].pupil if others else None,
                content=DoubtfulDescription(row, whole).sealed(),
            )
        )

    def contact(self, doubtful: DoubtfulContact, row: PupilRow, pupil: UUID, school: Organisation) -> None:
        """A contact of whom a row says something else, or nothing."""
        self._raise(
            RaisedDoubt(
                kind=doubtful.kind,
                about=_about_contact(school.id, pupil, doubtful.contact),
                school=school.id,
                pupil=pupil,
                other=doubtful.contact,
                content=DoubtfulDescription(row, True, doubtful.given).sealed(),
            )
        )

    def alike(self, row: PupilRow, pupil: UUID, other: UUID, school: Organisation) -> None:
        """A new pupil with the names and date of birth of one on another roll: for the authority's caseworker only."""
        if school.authority is not None:
            self._raise(
                RaisedDoubt(
                    kind="alike_elsewhere",
                    about=f"alike {pupil} {other}",
                    school=school.id,
                    authority=school.authority,
                    pupil=pupil,
                    other=other,
                    content=DoubtfulDescription(row, True).sealed(),
                )
            )

    def settled(self, row: PupilRow, pupil: UUID, school: Organisation, contacts: Iterable[UUID]) -> None:
        """A row about which there is no doubt (any more), and the pupil's recorded contacts."""
        self._settled.add(_about_identity(school.id, row.upn))
        self._settled |= {_about_contact(school.id, pupil, contact) for contact in contacts}

    def write(self, conn: Connection, outer: OuterKeys, now: datetime) -> None:
        """Writes all of it."""
        delete_settled_doubts(conn, outer, sorted(self._settled - self._raised.keys()))
        for raised in self._raised.values():
            keep_doubt(conn, outer, raised, doubt=uuid4(), now=now)

    def _raise(self, raised: RaisedDoubt) -> None:
        self._raised[raised.about] = raised


def _about_identity(school: UUID, upn: str) -> str:
    return f"identity {school} {upn}"


def _about_contact(school: UUID, pupil: UUID, contact: UUID) -> str:
    return f"contact {school} {pupil} {contact}"
