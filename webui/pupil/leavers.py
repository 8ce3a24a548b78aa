"""Pupils who are on the school's roll and not in the file that the school sent."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.intake.pupils import ParsedPupilFile
from coordination.intake.recording.outcomes import ImportResult
from projections.case_file.queries import PupilCriteria, pupils
from webui.pupil.identity import by_name, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

SHOWN = 100


class Leaver(msgspec.Struct, frozen=True):
    """A pupil on the roll who is not in the file."""

    pupil: UUID
    name: str


class Leavers(msgspec.Struct, frozen=True):
    """The pupils on the roll who are not in the file: how many, and the first by name."""

    count: int
    shown: tuple[Leaver, ...]


def leavers(file: ParsedPupilFile, result: ImportResult) -> Leavers:
    """The pupils on the roll of the user's school of whom a sheet has no row; none for a transfer file."""
    if not file.headers:
        return Leavers(0, ())
    record = runtime().coordination.record
    found = set(record.pupils_by_upn(list(file.numbers)).values())
    found |= {outcome.pupil for outcome in result.outcomes if outcome.pupil is not None}
    files = record.files_of_children(list(found)) if found else {}
    in_file = found | {pupil for held in files.values() for pupil in held}
    missing = [
        row for row in pupils(casework.reader(), viewer(), PupilCriteria()).rows if row.pupil not in in_file
    ]
    opened = casework.open_sealed([row.identity for row in missing])
    named = sorted(
        (open_identity(row.pupil, identity) for row, identity in zip(missing, opened, strict=True)),
        key=by_name,
    )[:SHOWN]
    casework.note_shown("pupil_list", [child.pupil for child in named])
    return Leavers(len(missing), tuple(Leaver(child.pupil, child.listed) for child in named))
