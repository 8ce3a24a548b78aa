"""The single files of a child, each as it is recorded, before and after they are joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import files_of
from projections.case_file.queries.results import coordinates
from projections.reader import Reader, position

SINGLE = """
select p.pupil, p.schools, p.year, i.version, i.topic, i.sealed, n.codes as needs,
       (select count(*) from read.referral f where f.pupil = p.pupil and not f.ended) as open_referrals,
       (select count(*) from read.referral f where f.pupil = p.pupil) as referrals,
       (select count(*) from read.contact c where c.pupil = p.pupil) as contacts,
       t.recorded_at as joined_at, t.person as joined_by,
       (select count(*) from read.timeline w where w.pupil = p.pupil and w.position > j.known_from + 1)
           as recorded_since
from read.pupil p
left join read.identity i on i.pupil = p.pupil and i.kind = 'identity'
left join read.coded n on n.pupil = p.pupil and n.field = 'needs'
left join read.joined j on j.known_to is null and j.pupil = p.pupil
left join read.timeline t on t.pupil = p.pupil and t.position = j.known_from
where p.pupil = any(%(pupils)s)
order by array_position(%(pupils)s, p.pupil)
"""


class SingleFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a child, as it is recorded: `identity` seals its own name and number. `referrals` counts all, of
    which `open_referrals` have not ended. `joined_at` and `joined_by`: when it was joined to the file that leads, and
    by whom; `recorded_since` what was recorded on it since then."""

    pupil: UUID
    schools: tuple[UUID, ...]
    year: int | None
    identity: Coordinates | None
    needs: tuple[str, ...]
    referrals: int
    open_referrals: int
    contacts: int
    joined_at: datetime | None
    joined_by: UUID | None
    recorded_since: int


class SingleFiles(msgspec.Struct, frozen=True, kw_only=True):
    """In the order in which they were asked for, or the one that leads first; those that the viewer may not see are
    left out."""

    files: tuple[SingleFile, ...]
    position: int


def single_files(reader: Reader, viewer: Viewer, pupils: Sequence[UUID]) -> SingleFiles:
    """These files, in two statements."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(SINGLE, {"pupils": list(pupils)}).fetchall()
        return SingleFiles(
            files=tuple(
                SingleFile(
                    pupil=row["pupil"],
                    schools=tuple(row["schools"]),
                    year=row["year"],
                    identity=coordinates(row),
                    needs=tuple(row["needs"] or ()),
                    referrals=row["referrals"],
                    open_referrals=row["open_referrals"],
                    contacts=row["contacts"],
                    joined_at=row["joined_at"],
                    joined_by=row["joined_by"],
                    recorded_since=row["recorded_since"] if row["joined_at"] else 0,
                )
                for row in rows
            ),
            position=position(cursor),
        )


def files_of_child(reader: Reader, viewer: Viewer, pupil: UUID) -> SingleFiles:
    """All files of the child of a file, the one that leads first, in three statements. Empty for who may see none."""
    with reader.viewing(viewer) as cursor:
        files = files_of(cursor, pupil)
    return single_files(reader, viewer, files)
