"""A referral's phase: derived from its milestones, never stored.

One function serves decisions, projections, clocks and imports: superseded entries are dropped, the rest sorted by the
day they occurred and then by the order of recording, and the whole sequence is checked for contradiction. So late
entries and history files are ordinary. A step that was skipped is not refused; an impossible order is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from coordination.pupil.referral.milestones import MILESTONES, natural_rank, rules_of

# Looked up for every step of every referral in a rebuild. By milestone: those that may not come before it; its place
# among the opening ones, which the others follow.
_LATER: dict[str, frozenset[str]] = {
    name: frozenset(n for n, of in MILESTONES.items() if name in of.rules.comes_after) for name in MILESTONES
}
_OPENING_RANK = {name: of.rules.rank for name, of in MILESTONES.items() if of.rules.opening}
_AFTER_OPENING = max(_OPENING_RANK.values()) + 1


class DatedMilestone(msgspec.Struct, frozen=True):
    """A milestone as the phase and the clocks need it. `version` is its place in the pupil's stream, `said_by` the
    organisation that recorded it."""

    name: str
    on: date
    version: int
    recorded_at: datetime | None = None
    word: str = "own"
    standing: str = "said"
    for_when: tuple[datetime, ...] = ()
    appointment: UUID | None = None
    asked_of: str | None = None
    said_by: UUID | None = None
    to_service: UUID | None = None
    to_agency: UUID | None = None
    priority: str | None = None
    missing: tuple[str, ...] = ()
    reported_on: date | None = None
    reported_how: str | None = None
    new_episode: bool = False
    ending: str | None = None
    age_years: int | None = None


class Phase(msgspec.Struct, frozen=True):
    """The phase of a referral. `name` is the last milestone that set it, or `opened`; `ended`: no next step is left.

    `received_on` is the first receipt, kept when the referral is passed on.
    """

    name: str
    since: date | None
    steps: tuple[DatedMilestone, ...]
    received_on: date | None
    ended: bool
    in_error: bool


class ImpossibleOrder(Refusal):
    """Two milestones contradict each other in time."""

    def __init__(self, step: DatedMilestone, other: DatedMilestone) -> None:
        super().__init__(
            "impossible_order",
            "occurred_on",
            step=step.name,
            on=step.on.isoformat(),
            other=other.name,
            other_on=other.on.isoformat(),
        )


def in_order(steps: Iterable[DatedMilestone]) -> list[DatedMilestone]:
    """By day, then the opening steps in their rank, then as recorded. A day that cannot have happened in this order is
    read as it was recorded, or else in the natural order of milestones: the first order that is possible."""
    ordered = sorted(steps, key=lambda s: (s.on, _OPENING_RANK.get(s.name, _AFTER_OPENING), s.version))
    begin = 0
    for end in range(1, len(ordered) + 1):
        if end < len(ordered) and ordered[end].on == ordered[begin].on:
            continue
        if end - begin > 1 and not _possible(ordered[:end]):
            day = ordered[begin:end]
            recorded = sorted(day, key=lambda s: s.version)
            natural = sorted(day, key=lambda s: (natural_rank(s.name), s.version))
            readings = (r for r in (recorded, natural) if _possible([*ordered[:begin], *r]))
            ordered[begin:end] = next(readings, day)
        begin = end
    return ordered


def _possible(ordered: Sequence[DatedMilestone]) -> bool:
    try:
        check_order(ordered)
    except ImpossibleOrder:
        return False
    return True


def check_order(ordered: Sequence[DatedMilestone]) -> None:
    """Raises ImpossibleOrder when the sequence, as a whole, cannot have happened."""
    episode: list[DatedMilestone] = []
    passed_on = 0  # where, in the episode, the present holder's part begins
    ended: DatedMilestone | None = None
    void: DatedMilestone | None = None
    for step in ordered:
        rules = rules_of(step.name)
        if void is not None:
            raise ImpossibleOrder(step, void)
        if ended is not None and not rules.after_ending:
            raise ImpossibleOrder(step, ended)
        if rules.effect != "reopens":
            _check_episode(step, episode, passed_on)
            episode.append(step)
        match rules.effect:
            case "continues":
                pass
            case "passes_on":
                passed_on = len(episode)
            case "ends":
                ended = step
            case "reopens":  # the ending before it may be a step that was not recorded
                episode, passed_on, ended = [], 0, None
            case "voids":
                void = step
            case never:
                assert_never(never)


def _check_episode(step: DatedMilestone, episode: Sequence[DatedMilestone], passed_on: int) -> None:
    """Raises ImpossibleOrder for a step that may not come after those of its episode: an opening one for the second
    time with the present holder, or one that has to come before another."""
    later, opening = _LATER[step.name], step.name in _OPENING_RANK
    if not later and not opening:
        return
    for index in range(passed_on, len(episode)):
        name = episode[index].name
        again = opening and name == step.name
        if again or (name in later and not _seen(step.name, episode[:index])):
            raise ImpossibleOrder(step, episode[index])


def _seen(name: str, before: Sequence[DatedMilestone]) -> bool:
    return any(s.name == name for s in before)


def phase(steps: Iterable[DatedMilestone]) -> Phase:
    """The phase of a referral whose superseded entries have been dropped. Does not raise: a contradiction that is on
    the record is read in the order of days."""
    ordered = in_order(steps)
    name, since, ended, in_error = "opened", None, False, False
    for step in ordered:
        rules = rules_of(step.name)
        in_error = in_error or rules.effect == "voids"
        match rules.sets_phase:
            case "never":
                continue
            case "until_ended" if ended:
                continue
            case "until_ended" | "always":
                name, since, ended = step.name, step.on, rules.effect in ("ends", "voids")
            case never:
                assert_never(never)
    return Phase(
        name=name,
        since=since,
        steps=tuple(ordered),
        received_on=next((s.on for s in ordered if s.name == "received"), None),
        ended=ended,
        in_error=in_error,
    )


def possible_next(steps: Iterable[DatedMilestone], names: Iterable[str], on: date) -> list[str]:
    """Those of the named milestones that could be recorded for a day without contradiction; `reopened` only where the
    referral had ended by then."""
    held = list(steps)
    version = max((s.version for s in held), default=0) + 1
    ended = phase(s for s in held if s.on <= on).ended
    found = []
    for name in names:
        if rules_of(name).effect == "reopens" and not ended:
            continue
        try:
            check_order(in_order([*held, DatedMilestone(name, on, version)]))
        except ImpossibleOrder:
            continue
        found.append(name)
    return found
