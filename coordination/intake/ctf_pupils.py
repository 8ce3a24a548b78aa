"""The pupils of a transfer file that goes out: those on a school's roll, or whose record the school still owes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from coordination.errors import NotFound
from coordination.intake.ctf_writing import TransferredPupil
from coordination.intake.recording.recorded_profiles import recorded_profiles
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.service import Coordination

AT_A_TIME = 200


def pupils_on_roll(service: Coordination, school: UUID, today: date) -> list[UUID]:
    """The pupils on a school's roll on a day, in a fixed order."""
    with service.record.desk() as conn:
        rows = conn.execute(
            "select pupil from log.pupil_access where organisation = %s and basis = 'registration'"
            " and opened_on <= %s and (closed_on is null or closed_on > %s) order by pupil",
            (school, today, today),
        ).fetchall()
    return [row[0] if isinstance(row, tuple) else row["pupil"] for row in rows]


def transferred_pupils(
    service: Coordination, school: UUID, pupils: Sequence[UUID]
) -> Iterator[TransferredPupil]:
    """The pupils as a school may send them, a few at a time. Of a pupil who left, what was recorded until then.

    Raises NotFound for a pupil who is not on the school's roll and whose record it has sent, or never had. A pupil
    whose record was erased is left out.
    """
    for chunk in _chunks(pupils):
        batch = service.batch()
        batch.prefetch(PUPIL_STREAM, chunk)
        cases = {pupil: batch.state(PUPIL_STREAM, pupil) for pupil in chunk}
        until = {pupil: last for pupil, case in cases.items() if (last := _left_at(case, school)) is not None}
        profiles = recorded_profiles(service.record, chunk, until=until)
        for pupil in chunk:
            profile = profiles[pupil]
            if profile is not None:
                yield TransferredPupil(profile, cases[pupil].profile.year)


def _left_at(case: CaseFile, school: UUID) -> int | None:
    """The version up to which the school may send the file; None: all of it."""
    if school in case.profile.schools():
        return None
    left = case.moves.departures.get(school)
    if left is None or left.sent_on is not None:
        raise NotFound
    return left.version


def _chunks(pupils: Iterable[UUID]) -> Iterator[list[UUID]]:
    chunk: list[UUID] = []
    for pupil in pupils:
        chunk.append(pupil)
        if len(chunk) == AT_A_TIME:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
