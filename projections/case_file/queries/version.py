"""How far a pupil's file is known: what a form carries as the version that the person had before them."""

from __future__ import annotations

from uuid import UUID

from coordination.viewer import Viewer
from projections.reader import Reader

LAST = "select coalesce(max(version), 0) as version from read.timeline where pupil = %s"


def last_version(reader: Reader, viewer: Viewer, pupil: UUID) -> int:
    """The version of the pupil's last entry that the viewer may see; 0 for who may see none.

    Ask it before reading what the form shows: then nothing that is shown is newer.
    """
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(LAST, (pupil,)).fetchone()
        return int(row["version"]) if row else 0
