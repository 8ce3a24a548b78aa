"""The promises of a challenge, as its timeline tells them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from coordination.clocks import overdue
from projections.challenges.queries import Dossier
from webui.shell.authentication import viewer


class PromiseView(msgspec.Struct, frozen=True, kw_only=True):
    """A promise: `text` as it was made (None: erased), by which day, and how it ended (`kept`, `broken`, None: not
    yet). `overdue`: its day has passed and nobody said whether it was kept."""

    promise: UUID
    text: str | None
    promised_on: date
    promised_by: date
    ended: str | None
    ended_on: date | None
    overdue: bool


def promises_of(held: Dossier, texts: Mapping[int, str | None] | None = None) -> list[PromiseView]:
    """The promises in the order in which they were made. `texts` are the words of the steps by version."""
    ends = {
        step.promise: step
        for step in held.steps
        if step.topic in ("challenge.promise_kept", "challenge.promise_broken")
    }
    found = []
    for step in held.steps:
        if step.topic != "challenge.promise_made" or step.promise is None or step.promised_by is None:
            continue
        end = ends.get(step.promise)
        found.append(
            PromiseView(
                promise=step.promise,
                text=(texts or {}).get(step.version),
                promised_on=step.occurred_on,
                promised_by=step.promised_by,
                ended=end.topic.removeprefix("challenge.promise_") if end else None,
                ended_on=end.occurred_on if end else None,
                overdue=end is None and overdue(step.promised_by, viewer().today),
            )
        )
    return found
