"""What a verification of the ledger finds."""

from __future__ import annotations

import msgspec

PROBLEMS = (
    "head_signature",
    "not_as_noted",
    "shorter_than_noted",
    "leaf_missing",
    "events_changed",
    "events_missing",
    "events_added",
    "events_moved",
    "save_changed",
    "save_missing",
    "chain_broken",
    "row_changed",
    "row_missing",
    "row_added",
    "outside_a_save",
    "access_without_event",
    "key_without_erasure",
    "log_changed",
    "log_cleared",
)
"""The codes of problems, for the words of the command line."""


class LedgerFinding(msgspec.Struct, frozen=True):
    """The first wrong place of one kind: the problem's code, the table, which row or position, the first leaf
    concerned (None: none), and how many such places there are."""

    problem: str
    source: str
    place: str
    leaf: int | None = None
    count: int = 1


class LedgerVerification(msgspec.Struct, frozen=True):
    """What a verification read (saves, events and leaves), the last link of the chain (`position` and `chain`, in
    hexadecimal), and what is wrong, the first place first."""

    saves: int
    events: int
    leaves: int
    position: int
    chain: str
    findings: tuple[LedgerFinding, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.findings

    @property
    def problem(self) -> str | None:
        """The code of the first problem."""
        return self.findings[0].problem if self.findings else None
