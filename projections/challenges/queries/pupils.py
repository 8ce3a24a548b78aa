"""The sealed names of the pupils whose waits are evidence of a challenge."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.reader import Reader

# the identities are in the tables of projections.case_file, whose policies decide
IDENTITIES = """
select distinct on (i.pupil) i.pupil, i.version, i.topic, i.sealed
from read.identity_version i
where i.pupil = any(%(pupils)s) and (%(until)s::bigint is null or i.position <= %(until)s)
order by i.pupil, i.version desc
"""


def identities(
    reader: Reader, viewer: Viewer, pupils: Sequence[UUID], until: int | None = None
) -> dict[UUID, Coordinates]:
    """The sealed identity of each of these pupils whose name the viewer may open: the newest, or as it was at a
    position in the log."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(IDENTITIES, {"pupils": list(pupils), "until": until}).fetchall()
        return {r["pupil"]: Coordinates(r["pupil"], r["version"], r["topic"], r["sealed"]) for r in found}
