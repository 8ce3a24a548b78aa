"""The transitions and destinations of a pupil, and of a school what arrives and what is to be looked at again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.results import coordinates
from projections.reader import Reader

OF_PUPIL = "select * from read.transition where pupil = %(pupil)s order by moves_on, transition"
PACKS = """
select * from read.transition_pack where %(transition)s::uuid is null or transition = %(transition)s
order by moves_on, transition
"""
DESTINATIONS = f"""
select d.*, {NAMED_COLUMNS}
from read.destination d
{named_joins("d")}
where (%(pupil)s::uuid is null or d.pupil = %(pupil)s)
order by d.follow_up_on nulls last, d.recorded_on, d.transition
"""


class TransitionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A transition as it stands."""

    transition: UUID
    kind: str
    moves_on: date
    enhanced: bool
    to_school: UUID | None
    visits: int
    pack_sent_on: date | None


class SentPack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack, and where its words are sealed."""

    transition: UUID
    pupil: UUID
    sent_by: UUID
    to_school: UUID
    moves_on: date
    sent_on: date
    words: Coordinates


class DestinationSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Where a young person went; `identity`: where the name is sealed, for who may open it."""

    transition: UUID
    pupil: UUID
    at_age: int
    recorded_on: date
    follow_up_on: date | None
    destination: str
    identity: Coordinates | None


def transitions_of(reader: Reader, viewer: Viewer, pupil: UUID) -> tuple[TransitionSummary, ...]:
    """The transitions of a pupil that the viewer may see, in one statement."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(OF_PUPIL.encode(), {"pupil": pupil}).fetchall()
    return tuple(_of(TransitionSummary, row) for row in found)


def sent_packs(reader: Reader, viewer: Viewer, transition: UUID | None = None) -> tuple[SentPack, ...]:
    """The packs that the viewer may read, in one statement."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(PACKS.encode(), {"transition": transition}).fetchall()
    return tuple(
        _of(SentPack, row, words=Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"]))
        for row in found
    )


def destinations(reader: Reader, viewer: Viewer, pupil: UUID | None = None) -> tuple[DestinationSummary, ...]:
    """Destinations, of one pupil or all that the viewer may see; what is looked at again first comes first."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(DESTINATIONS.encode(), {"pupil": pupil}).fetchall()
    return tuple(_of(DestinationSummary, row, identity=coordinates(row)) for row in found)


def _of(struct: Any, row: dict[str, Any], **more: Any) -> Any:
    plain = {name: row[name] for name in struct.__struct_fields__ if name not in more}
    return struct(**plain, **more)
