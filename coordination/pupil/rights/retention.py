"""How long one child's record is kept: the longest of the rules that apply.

Pure. The facts are opened by who may; a rule that lacks its day (no date of birth known) gives no end, and then
nothing is due.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from coordination.directory.retention import RetentionRule
from coordination.directory.state import Directory
from coordination.pupil.ages import anniversary
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.phase import phase
from coordination.world import completed_years

HEALTH_BODIES = frozenset({"local_health_board", "nhs_trust"})


class RetentionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules ask of a child. `cases` are those that are so (see `RetentionCase`)."""

    born: date | None
    cases: frozenset[str]
    adopted_on: date | None = None

    def __repr__(self) -> str:
        return "RetentionFacts()"


class RetentionPeriod(msgspec.Struct, frozen=True):
    """A rule that applies, and the last day for which it keeps the record (None: its first day is not known)."""

    rule: RetentionRule
    until: date | None


class Retention(msgspec.Struct, frozen=True):
    """The rules that apply to a record, the longest first; `until` is the last day on which it is kept. From the next
    day on it is due. None: not known, so it is kept."""

    periods: tuple[RetentionPeriod, ...]
    until: date | None

    def is_due(self, on: date) -> bool:
        """Whether the record need not be kept on a day any more."""
        return self.until is not None and on > self.until

    def due_by(self, on: date) -> bool:
        """Whether it is due on a day or will be due the day after: for a list of what is due by the end of a month."""
        return self.is_due(on + timedelta(days=1))


def retention_of(rules: Iterable[RetentionRule], facts: RetentionFacts) -> Retention:
    """How long the record is kept. Where one rule has no known day, nothing is due."""
    starts = {"birth": facts.born, "adoption": facts.adopted_on}
    applying = [rule for rule in rules if rule.applies == "every" or rule.applies in facts.cases]
    periods: list[RetentionPeriod] = []
    for rule in applying:
        start = starts[rule.begins]
        periods.append(RetentionPeriod(rule, anniversary(start, rule.years) if start is not None else None))
    periods.sort(key=lambda one: (one.until is not None, one.until or date.max), reverse=True)
    days = [one.until for one in periods]
    known = [day for day in days if day is not None]
    return Retention(tuple(periods), max(known) if known and len(known) == len(days) else None)


def cases_of(case: CaseFile, directory: Directory, born: date | None) -> frozenset[str]:
    """The cases that the clear part of a record tells of; `looked_after` is sealed, and added by who opens it."""
    found: set[str] = set()
    if case.referrals or case.aln.matters or {"needs", "provision"} & case.profile.last_versions.keys():
        found.add("aln")
    if case.adoption.replaced:
        found.add("adopted")
    for held in case.referrals.values():
        agencies = map(directory.organisation, held.agencies)
        kinds = {agency.agency_kind for agency in agencies if agency is not None}
        if not kinds & HEALTH_BODIES:
            continue
        found.add("health")
        stands = phase(held.counting())
        if stands.ended and completed_years(born, stands.since or held.opened_on) == 17:
            found.add("health_at_17")
    return frozenset(found)
