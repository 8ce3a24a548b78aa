"""When a service's attendance at a school's meetings gives ground for a challenge.

Pure: marks and settings in, a finding out. The settings are data; a finding names the rule that was met, what
was counted against which threshold, and the marks it rests on, so that anybody can count again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.meeting.events import Mark, Unexpected

AttendanceCode = Literal["missed_of_last", "absent_without_apology"]

MISSED: frozenset[Mark] = frozenset({"apologies", "absent"})
"""Nobody came, nobody came instead, and nothing came in writing."""
UNANNOUNCED: frozenset[Mark] = frozenset({"absent"})
"""Missed, and nobody said so."""


class AttendanceRule(msgspec.Struct, frozen=True, kw_only=True):
    """The settings: at least `missed` of the last `of_last` expected meetings missed, or at least `absences`
    absences without apology in the last `within` of them."""

    version: str = "1"
    missed: int = 2
    of_last: int = 3
    absences: int = 2
    within: int = 6


class MarkEvidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A service's line in one meeting's register: `version` is that of the line in the meeting's stream,
    `position` the log position at which it was read. `contested`: disputed and not ruled on. `ruled`: a
    ruling changed it, to `reads` (None: the line is struck out)."""

    meeting: UUID
    held_on: date
    mark: Mark
    version: int
    expected: bool
    because: Unexpected | None = None
    terms: UUID | None = None
    position: int = 0
    contested: bool = False
    ruled: bool = False
    reads: Mark | None = None

    @property
    def counts_as(self) -> Mark | None:
        """The mark as the rule reads it; None: left out."""
        if self.ruled:
            return self.reads
        return None if self.contested else self.mark

    @property
    def owed(self) -> bool:
        """Whether the service had accepted to come."""
        return self.expected and self.terms is not None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the rule is met. `counted` of the `considered` marks (the last `window` of them, in order of
    day) were missed in the sense of `code`; met from `threshold` on."""

    met: bool
    code: AttendanceCode
    counted: int
    threshold: int
    window: int
    considered: tuple[MarkEvidence, ...]


def assess(
    marks: Iterable[MarkEvidence],
    rule: AttendanceRule = AttendanceRule(),  # noqa: B008 - frozen
    *,
    only_owed: bool = True,
) -> Finding:
    """The first of the two rules that is met, else the first with its numbers.

    `marks` are those of one service at one school over the period looked at. `only_owed` leaves out the
    meetings at which the service was not expected (what remains can found a challenge); without it, all
    meetings to which it was invited count (and can found no more than an enquiry).
    """
    seen = [m for m in marks if m.counts_as is not None and (m.owed or not only_owed)]
    in_order = sorted(seen, key=lambda m: (m.held_on, m.meeting.int))
    missed = _finding(in_order, "missed_of_last", rule.missed, rule.of_last)
    if missed.met:
        return missed
    absent = _finding(in_order, "absent_without_apology", rule.absences, rule.within)
    return absent if absent.met else missed


def count(marks: Iterable[MarkEvidence], code: AttendanceCode) -> int:
    """How many of the marks a rule counts, as disputes and rulings leave them."""
    telling = MISSED if code == "missed_of_last" else UNANNOUNCED
    return sum(m.counts_as in telling for m in marks)


def _finding(in_order: Sequence[MarkEvidence], code: AttendanceCode, threshold: int, window: int) -> Finding:
    considered = tuple(in_order[-window:])
    counted = count(considered, code)
    return Finding(
        met=counted >= threshold,
        code=code,
        counted=counted,
        threshold=threshold,
        window=window,
        considered=considered,
    )
