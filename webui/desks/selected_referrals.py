"""Several rows of the inbox recorded at once: the selected checkboxes and their commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.errors import NotFound, Refusal
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import AllocateReferral, ConfirmMilestone, RecordMilestone
from coordination.store.application import SaveConflict
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

MOST = 100
"""So many boxes are read at most."""
ATTEMPTS = 8
NOTHING_OWED = 1


class SelectedReferral(msgspec.Struct, frozen=True):
    """A selected checkbox: the pupil, the referral and its last version as shown; for a report `about` is the entry,
    for a referral without a receipt the ordinal of the day on which it was sent (0: it has a receipt; NOTHING_OWED: it
    was acknowledged). `who` is the person it was allocated to when the page was shown."""

    pupil: UUID
    referral: UUID
    seen: int
    about: int
    who: UUID | None = None

    @property
    def box(self) -> str:
        """The value of the checkbox."""
        box = f"{self.pupil}.{self.referral}.{self.seen}.{self.about}"
        return f"{box}.{self.who}" if self.who else box


def selected_referrals(boxes: Sequence[str]) -> list[SelectedReferral]:
    """The selected checkboxes. Raises NotFound for any other value."""
    found = []
    for box in dict.fromkeys(boxes[:MOST]):
        try:
            pupil, referral, seen, about, *who = box.split(".")
            has = UUID(".".join(who)) if who else None
            found.append(SelectedReferral(UUID(pupil), UUID(referral), _small(seen), _small(about), has))
        except ValueError:
            raise NotFound from None
    return found


def _small(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError(text)
    return int(text)


def acknowledge_commands(one: SelectedReferral) -> dict[str, Command]:
    """The commands that acknowledge a referral; one without a receipt is recorded as received on the day it was
    sent."""
    common: dict[str, Any] = {"pupil": one.pupil, "referral": one.referral}
    if not one.about:
        commands = {
            "acknowledged": RecordMilestone(
                occurred_on=viewer().today, seen=one.seen, milestone="acknowledged", **common
            )
        }
        return dict(commands)
    if not date.min.toordinal() <= one.about <= date.max.toordinal():
        raise NotFound
    sent = date.fromordinal(one.about)
    return {
        "received": RecordMilestone(occurred_on=sent, seen=one.seen, milestone="received", **common),
        "acknowledged": RecordMilestone(occurred_on=viewer().today, milestone="acknowledged", **common),
    }


def allocate_commands(one: SelectedReferral, person: UUID | None) -> dict[str, Command]:
    """The command that allocates a referral to a person, or (None) removes the allocation."""
    return {
        "allocated": AllocateReferral(
            occurred_on=viewer().today,
            pupil=one.pupil,
            referral=one.referral,
            person=person,
            instead_of=one.who,
        )
    }


def confirm_commands(one: SelectedReferral) -> dict[str, Command]:
    """The command that confirms a report."""
    return {
        "confirmed": ConfirmMilestone(
            occurred_on=viewer().today, pupil=one.pupil, referral=one.referral, milestone=one.about
        )
    }


def perform_each(
    form_id: str,
    picked: Sequence[SelectedReferral],
    commands_of: Callable[[SelectedReferral], dict[str, Command]],
) -> tuple[int, list[Refusal]]:
    """Perform all commands that are possible, in one save, each checkbox's commands all or none. Returns the number of
    checkboxes recorded, and why others were refused. If sent again, nothing is recorded twice."""
    wanted = [
        {
            f"{form_id}/{one.referral}/{one.about}/{name}": command
            for name, command in commands_of(one).items()
        }
        for one in picked
    ]
    coordination, organisation = runtime().coordination, viewer().organisation
    for _attempt in range(ATTEMPTS):
        batch, refused = coordination.batch(), []
        batch.prefetch(PUPIL_STREAM, [one.pupil for one in picked])
        batch.expect(organisation, [command_id for commands in wanted for command_id in commands])
        for commands in wanted:
            try:
                with batch.together():
                    for command_id, command in commands.items():
                        batch.perform(command, casework.command_context(command_id))
            except Refusal as why:
                refused.append(why)
        try:
            casework.wait_until_readable(batch.commit())
        except SaveConflict:
            continue
        return len(wanted) - len(refused), refused
    raise Refusal("too_busy")
