"""Single files opened for a page about joining."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from coordination.errors import NotFound
from projections.case_file.queries import PupilCriteria, pupils
from projections.case_file.queries.files import SingleFile, SingleFiles
from webui.pupil.identity import PupilIdentity, fold_text, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer


class OpenedFile(msgspec.Struct, frozen=True):
    """A single file with the identity that it records."""

    file: SingleFile
    child: PupilIdentity


def open_files(found: SingleFiles) -> tuple[OpenedFile, ...]:
    """Open the identities of single files, and note in the read log that they were shown."""
    opened = casework.open_sealed([one.identity for one in found.files])
    casework.note_shown("joining", [one.pupil for one in found.files])
    return tuple(
        OpenedFile(one, open_identity(one.pupil, identity))
        for one, identity in zip(found.files, opened, strict=True)
    )


def similar_pupils(child: PupilIdentity, apart: Sequence[UUID]) -> list[PupilIdentity]:
    """Other pupils of the school with the same date of birth and a name in common: what may be a second file. By
    name."""
    rows = pupils(casework.reader(), viewer(), PupilCriteria()).rows
    opened = casework.open_sealed([row.identity for row in rows])
    others = [open_identity(row.pupil, identity) for row, identity in zip(rows, opened, strict=True)]
    found = [one for one in others if one.pupil not in apart and _alike(one, child)]
    casework.note_shown("joining", [one.pupil for one in found])
    return sorted(found, key=lambda one: (fold_text(one.listed), one.upn))


def _alike(one: PupilIdentity, other: PupilIdentity) -> bool:
    """The same date of birth, and a part of the name in common."""
    if one.born is None or one.born != other.born:
        return False
    return bool(set(fold_text(one.name).split()) & set(fold_text(other.name).split()))


def require_both(found: SingleFiles) -> SingleFiles:
    """Raises NotFound unless the viewer may see both files."""
    if len(found.files) < 2:
        raise NotFound
    return found
