"""Erasing a child's record: every file of the child in one save, then what the desk still holds of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from coordination.advice.commands import EraseAdviceOfPupil
from coordination.desk.drafts import delete_drafts_about
from coordination.desk.minute_texts import delete_texts_about
from coordination.desk.paper_forms import delete_paper_about
from coordination.event import Command, CommandContext
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.rights.commands import EraseJoinedFile, ErasePupil
from coordination.pupil.rights.events import ErasureGround
from coordination.service import Coordination
from coordination.store.erasures import recorded_erasures

DRAFTS_LAST = timedelta(days=15)
"""A draft that a page saves after the erasure is deleted while it could still be there."""


def erase_child(
    service: Coordination,
    pupil: UUID,
    by: CommandContext,
    on: date,
    *,
    ground: ErasureGround | None = None,
    approvers: tuple[UUID, UUID] | None = None,
) -> tuple[UUID, ...]:
    """Destroys the keys of all files of a child, with everything that finds the child; the files. `pupil` is any of
    them. The approval stands on the file that leads, or `approvers` are the two people named to the command line.

    Raises Refusal: see `coordination.pupil.rights.decide`. Two at once: one erases, the other is refused
    `record_erased`.
    """
    leading, *others = service.record.files_of_children([pupil])[pupil]
    files = (leading, *others)
    commands: list[Command] = [
        *(
            EraseJoinedFile(occurred_on=on, pupil=leading, other=other, ground=ground, approvers=approvers)
            for other in others
        ),
        ErasePupil(occurred_on=on, pupil=leading, files=files, ground=ground, approvers=approvers),
    ]
    commands += [
        EraseAdviceOfPupil(occurred_on=on, advice=advice, pupil=file)
        for file, advice in advice_about(service, files)
    ]
    orders = [
        (command, msgspec.structs.replace(by, command_id=f"{by.command_id} {number}"))
        for number, command in enumerate(commands)
    ]
    service.perform_all(orders)
    _erase_advice_since(service, files, by, on)
    forget_drafts_of(service, files)
    return files


def advice_about(service: Coordination, files: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """The advice conversations about a child: each with the file that is linked to it."""
    batch = service.batch()
    return [(file, advice) for file in files for advice in batch.state(PUPIL_STREAM, file).advice]


def _erase_advice_since(service: Coordination, files: Sequence[UUID], by: CommandContext, on: date) -> None:
    """Erases the conversations that were linked while the record was being erased."""
    for file, advice in advice_about(service, files):
        order = msgspec.structs.replace(by, command_id=f"{by.command_id} advice {advice}")
        service.perform(EraseAdviceOfPupil(occurred_on=on, advice=advice, pupil=file), order)


def forget_recent_drafts(service: Coordination, now: datetime) -> int:
    """Deletes drafts about the pupils erased lately, those included that an open page saved afterwards; how many."""
    recent = [one.stream for one in recorded_erasures(service.record, now - DRAFTS_LAST)]
    return forget_drafts_of(service, recent) if recent else 0


def forget_drafts_of(service: Coordination, pupils: Sequence[UUID]) -> int:
    """Deletes the drafts on pages about these pupils, their referrals and what else is on their streams, and what the
    desk holds of papers for their families; how many drafts."""
    batch = service.batch()
    ids = set(pupils)
    for pupil in pupils:
        ids |= ids_of(batch.state(PUPIL_STREAM, pupil))
    with service.record.desk() as connection:
        delete_paper_about(connection, list(pupils))
        texts = delete_texts_about(connection, service.record.outer, pupils)
        return texts + delete_drafts_about(connection, service.record.outer, ids)


def ids_of(case: CaseFile) -> set[UUID]:
    """The ids of the things on a pupil's stream that have pages of their own."""
    return {
        *case.referrals,
        *case.consents.questions,
        *case.moves.requests,
        *case.actions.actions,
        *case.aln.matters,
        *(contact.contact for contact in case.profile.contacts),
    }
