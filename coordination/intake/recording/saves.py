"""Row groups in saves: many groups decided and appended together, each of them whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

import psycopg

from coordination.errors import Refusal
from coordination.intake.recording.outcomes import RowOutcome
from coordination.service import ATTEMPTS, Batch, Coordination
from coordination.store.application import SaveConflict

GROUPS_A_SAVE = 200

G = TypeVar("G", contravariant=True)
T = TypeVar("T")


class GroupRecorder(Protocol[G]):
    """Turns the groups of one kind of file into commands."""

    def prepare(self, batch: Batch, groups: Sequence[G]) -> None:
        """Look up what these groups need, in few round trips. Called again when they must be decided again."""

    def take(self, batch: Batch, group: G) -> list[RowOutcome]:
        """Decide the commands of one group. Raises Refusal; the group then leaves no trace."""

    def refuse(self, group: G, refused: Refusal) -> list[RowOutcome]:
        """The outcomes of a refused group's rows."""


def save_groups(
    service: Coordination,
    groups: Sequence[T],
    recording: GroupRecorder[T],
    *,
    preview: bool,
    size: int = GROUPS_A_SAVE,
) -> Iterator[RowOutcome]:
    """Take the groups, `size` of them in one save; yields their outcomes once they are on the record.

    A lost race is decided again, group by group. With `preview` all is decided and nothing written. When the
    database is lost the rest is refused with `database_lost`: the next run finishes it.
    """
    whole = service.batch() if preview else None
    for start in range(0, len(groups), size):
        chunk = groups[start : start + size]
        try:
            yield from _decided(whole, chunk, recording) if whole else _saved(service, chunk, recording)
        except Exception as problem:
            if not database_lost(problem):
                raise
            lost = Refusal("database_lost")
            yield from (outcome for group in groups[start:] for outcome in recording.refuse(group, lost))
            return


def database_lost(problem: BaseException) -> bool:
    """Whether a problem, or its cause, is that the database cannot be reached."""
    behind: BaseException | None = problem
    while behind is not None:
        if isinstance(behind, psycopg.OperationalError | psycopg.InterfaceError):
            return True
        behind = behind.__cause__ or behind.__context__
    return False


def _saved(service: Coordination, chunk: Sequence[T], recording: GroupRecorder[T]) -> list[RowOutcome]:
    try:
        return _committed(service, chunk, recording)
    except SaveConflict:
        return [outcome for group in chunk for outcome in _alone(service, group, recording)]


def _alone(service: Coordination, group: T, recording: GroupRecorder[T]) -> list[RowOutcome]:
    for _ in range(ATTEMPTS):
        try:
            return _committed(service, [group], recording)
        except SaveConflict:
            continue
    return recording.refuse(group, Refusal("too_busy"))


def _committed(service: Coordination, chunk: Sequence[T], recording: GroupRecorder[T]) -> list[RowOutcome]:
    batch = service.batch()
    outcomes = _decided(batch, chunk, recording)
    batch.commit()
    return outcomes


def _decided(batch: Batch, chunk: Sequence[T], recording: GroupRecorder[T]) -> list[RowOutcome]:
    recording.prepare(batch, chunk)
    outcomes: list[RowOutcome] = []
    for group in chunk:
        try:
            with batch.together():
                outcomes += recording.take(batch, group)
        except Refusal as refused:
            outcomes += recording.refuse(group, refused)
    return outcomes
