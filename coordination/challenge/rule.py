"""When a service's attendance at a school's meetings allows a challenge.

Pure: marks and settings in, a finding out. A finding states which rule was met, what was counted, the threshold, and
the marks counted, so that the count can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.meeting.events import Mark, NotExpected

AttendanceCode = Literal["missed_of_last", "absent_without_apology"]

MISSED: frozenset[Mark] = frozenset({"apologies", "absent"})
"""The service neither attended nor sent a substitute or a written contribution."""
UNANNOUNCED: frozenset[Mark] = frozenset({"absent"})
"""Missed without apologies."""


class AttendanceRule(msgspec.Struct, frozen=True, kw_only=True):
    """The settings: at least `missed` of the last `of_last` expected meetings missed, or at least `absences` absences
    without apologies in the last `within` of them."""

    version: str = "1"
    missed: int = 2
    of_last: int = 3
    absences: int = 2
    within: int = 6


class MarkEvidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A service's mark at one meeting. `version` is that of the mark in the meeting's stream, `position` the log
    position at which it was read. `contested`: disputed, without a ruling. `ruled`: a ruling changed it to `reads`
    (None: struck out). `meetings` is the kind of meeting."""

    meeting: UUID
    held_on: date
    mark: Mark
    version: int
    expected: bool
    because: NotExpected | None = None
    terms: UUID | None = None
    position: int = 0
    contested: bool = False
    ruled: bool = False
    reads: Mark | None = None
    meetings: str = "hwb"

    @property
    def counts_as(self) -> Mark | None:
        """The mark as the rule counts it; None: left out."""
        if self.ruled:
            return self.reads
        return None if self.contested else self.mark

    @property
    def owed(self) -> bool:
        """Whether the service had agreed to attend."""
        return self.expected and self.terms is not None


class AttendanceFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the rule is met. Of the `considered` marks (the last `window`, by date) `counted` were missed in the
    sense of `code`; the rule is met at `threshold` or more."""

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
) -> AttendanceFinding:
    """The first of the two rules that is met; if neither is, the first rule with its numbers.

    `marks` are those of one service at one school over the period considered. `only_owed` leaves out meetings at which
    the service was not expected: the result can support a challenge. Without it, all meetings to which the service was
    invited count: the result can support only an enquiry. Meetings of another kind than the last are left out; so are
    those under other terms of reference, where the result can support a challenge.
    """
    seen = [m for m in marks if m.counts_as is not None and (m.owed or not only_owed)]
    in_order = sorted(seen, key=lambda m: (m.held_on, m.meeting.int))
    if in_order:
        last = in_order[-1]
        in_order = [
            m for m in in_order if m.meetings == last.meetings and (m.terms == last.terms or not only_owed)
        ]
    missed = _finding(in_order, "missed_of_last", rule.missed, rule.of_last)
    if missed.met:
        return missed
    absent = _finding(in_order, "absent_without_apology", rule.absences, rule.within)
    return absent if absent.met else missed


def count(marks: Iterable[MarkEvidence], code: AttendanceCode) -> int:
    """How many of the marks a rule counts, after disputes and rulings."""
    telling = MISSED if code == "missed_of_last" else UNANNOUNCED
    return sum(m.counts_as in telling for m in marks)


def _finding(
    in_order: Sequence[MarkEvidence], code: AttendanceCode, threshold: int, window: int
) -> AttendanceFinding:
    considered = tuple(in_order[-window:])
    counted = count(considered, code)
    return AttendanceFinding(
        met=counted >= threshold,
        code=code,
        counted=counted,
        threshold=threshold,
        window=window,
        considered=considered,
    )
