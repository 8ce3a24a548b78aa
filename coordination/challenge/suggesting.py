"""What the record of a school gives ground for: facts and dated rules in, suggestions out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from uuid import UUID

import msgspec

from coordination.challenge.rule import AttendanceRule, MarkEvidence, assess
from coordination.directory.challenge_rules import OWN, RULE_CODES, ChallengeRule

RuleOf = Callable[[str], ChallengeRule]
"""The rule of a code that is in force for the school on the day."""


class LateFact(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is `days` working days late, on which a rule (`code`) could rest; `service` None: the school's own
    matter."""

    code: str
    service: UUID | None
    thing: UUID
    days: int


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that is met, and by which things; `counted` of `window` meetings, or `counted` things."""

    rule: ChallengeRule
    service: UUID | None
    counted: int
    things: tuple[UUID, ...]


def grounds(
    facts: Iterable[LateFact], marks: Iterable[tuple[UUID, Iterable[MarkEvidence]]], rule_of: RuleOf
) -> tuple[Ground, ...]:
    """Every rule that is met, what the school itself has to put right first. `marks` are those of a
    service at meetings of one kind, over the period considered."""
    found = [*_late(facts, rule_of), *_missed(marks, rule_of)]
    place = {code: number for number, code in enumerate(RULE_CODES)}
    return tuple(
        sorted(found, key=lambda g: (g.service is not None, place[g.rule.code], -g.counted, str(g.service)))
    )


def _late(facts: Iterable[LateFact], rule_of: RuleOf) -> Iterable[Ground]:
    in_order = sorted(facts, key=lambda fact: (fact.code, str(fact.service), -fact.days, fact.thing.int))
    for (code, service), grouped in groupby(in_order, key=lambda fact: (fact.code, fact.service)):
        rule = rule_of(code)
        late = tuple(fact.thing for fact in grouped if fact.days > rule.days)
        if len(late) >= rule.least and (service is None) == (code in OWN):
            yield Ground(rule=rule, service=service, counted=len(late), things=late)


def _missed(marks: Iterable[tuple[UUID, Iterable[MarkEvidence]]], rule_of: RuleOf) -> Iterable[Ground]:
    missed, absent = rule_of("missed_of_last"), rule_of("absent_without_apology")
    settings = attendance_rule(missed, absent)
    for service, lines in marks:
        finding = assess(lines, settings)
        if finding.met:
            rule = missed if finding.code == "missed_of_last" else absent
            meetings = tuple(line.meeting for line in finding.considered)
            yield Ground(rule=rule, service=service, counted=finding.counted, things=meetings)


def attendance_rule(missed: ChallengeRule, absent: ChallengeRule) -> AttendanceRule:
    """The settings of the attendance rules of a day; their version names the days on which they began."""
    usual = AttendanceRule()
    settings = AttendanceRule(
        missed=missed.least,
        of_last=missed.window or usual.of_last,
        absences=absent.least,
        within=absent.window or usual.within,
    )
    if settings == usual:
        return usual
    version = f"{missed.effective_from.isoformat()} {absent.effective_from.isoformat()}"
    return msgspec.structs.replace(settings, version=version)
