"""Where the names of pupils are sealed whose waits a challenge rests on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.reader import Reader

# the rooms of the case file keep the identities, and their policies decide
IDENTITIES = """
select pupil, version, topic, sealed from read.identity where kind = 'identity' and pupil = any(%(pupils)s)
"""


def identities(reader: Reader, viewer: Viewer, pupils: Sequence[UUID]) -> dict[UUID, Coordinates]:
    """The sealed identity of each of these pupils whose name the viewer may open."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(IDENTITIES, {"pupils": list(pupils)}).fetchall()
        return {r["pupil"]: Coordinates(r["pupil"], r["version"], r["topic"], r["sealed"]) for r in found}
