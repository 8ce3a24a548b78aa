"""The rows of a history in an order in which each is possible when it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from coordination.errors import Refusal
from coordination.pupil.referral.phase import ImpossibleOrder

Row = TypeVar("Row")
Outcome = TypeVar("Outcome")


def record_in_turn(rows: Sequence[Row], record: Callable[[Row], Outcome]) -> list[Outcome]:
    """The outcomes of recording each row, in the order in which they were recorded. A row that contradicts the steps on
    record waits for the others: a receipt on the day of a redirection is only possible once that is recorded.

    Raises the refusal of the first row that no order makes possible, and every other refusal of `record` at once.
    """
    outcomes: list[Outcome] = []
    waiting = list(rows)
    while waiting:
        still: list[Row] = []
        first: Refusal | None = None
        for row in waiting:
            try:
                outcomes.append(record(row))
            except Refusal as refused:
                if refused.code not in ImpossibleOrder.CODES:
                    raise
                first = first or refused
                still.append(row)
        if first is not None and len(still) == len(waiting):
            raise first
        waiting = still
    return outcomes
