"""The sealed names of the pupils whose waits are evidence of a challenge."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries import meeting_records
from projections.reader import Reader


def identities(
    reader: Reader, viewer: Viewer, pupils: Sequence[UUID], until: int | None = None
) -> dict[UUID, Coordinates]:
    """The sealed identity of each of these pupils whose name the viewer may open: the newest, or as it was at a
    position in the log."""
    with reader.viewing(viewer) as cursor:
        return meeting_records.identities(cursor, pupils, until)
