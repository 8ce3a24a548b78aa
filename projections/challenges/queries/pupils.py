"""The sealed names of the pupils whose waits are evidence of a challenge."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.reader import Reader

# the identities are in the tables of projections.case_file, whose policies decide
IDENTITIES = """
select pupil, version, topic, sealed from read.identity where kind = 'identity' and pupil = any(%(pupils)s)
"""


def identities(reader: Reader, viewer: Viewer, pupils: Sequence[UUID]) -> dict[UUID, Coordinates]:
    """The sealed identity of each of these pupils whose name the viewer may open."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(IDENTITIES, {"pupils": list(pupils)}).fetchall()
        return {r["pupil"]: Coordinates(r["pupil"], r["version"], r["topic"], r["sealed"]) for r in found}
