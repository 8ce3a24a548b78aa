"""A referral's phase: derived from its milestones, never stored.

One function serves decisions, projections, clocks and imports: superseded entries are dropped, the rest sorted by the
day they occurred and then by the order of recording, and the whole sequence is checked for contradiction. So late
entries and history files are ordinary. A step that was skipped is not refused; an impossible order is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from coordination.errors import Refused
from coordination.pupil.referral.milestones import AFTER_ENDING, ENDING, ONCE, OPENING, ORDER, natural_rank

_BEFORE: dict[str, frozenset[str]] = {
    earlier: frozenset(later for first, later in ORDER if first == earlier) for earlier, _ in ORDER
}
_OPENING_RANK = {name: rank for rank, name in enumerate(OPENING)}


class Step(msgspec.Struct, frozen=True):
    """A milestone as the phase and the clocks need it. `version` is its place in the pupil's stream, `said_by` the
    organisation whose entry it is."""

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


class Phase(msgspec.Struct, frozen=True):
    """Where a referral stands. `name` is its last telling milestone, or `opened`; `ended` when nobody's move is left.

    `received_on` is the first receipt, kept through every redirection.
    """

    name: str
    since: date | None
    steps: tuple[Step, ...]
    received_on: date | None
    ended: bool
    in_error: bool


class ImpossibleOrder(Refused):
    """Two milestones contradict each other in time."""

    def __init__(self, step: Step, other: Step) -> None:
        super().__init__(
            "impossible_order",
            "occurred_on",
            step=step.name,
            on=step.on.isoformat(),
            other=other.name,
            other_on=other.on.isoformat(),
        )


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By day, then the opening steps in their rank, then as recorded; a day whose steps cannot have happened so is read
    as it was recorded, or in the natural order of milestones, whichever first can have happened."""
    ordered = sorted(steps, key=lambda s: (s.on, _OPENING_RANK.get(s.name, 3), s.version))
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


def _possible(ordered: Sequence[Step]) -> bool:
    try:
        check(ordered)
    except ImpossibleOrder:
        return False
    return True


def check(ordered: Sequence[Step]) -> None:
    """Raises ImpossibleOrder when the sequence, as a whole, cannot have happened."""
    episode: list[Step] = []
    passed_on = 0  # where, in the episode, the present holder's part begins
    ended: Step | None = None
    for step in ordered:
        if episode and episode[-1].name == "recorded_in_error":
            raise ImpossibleOrder(step, episode[-1])
        if step.name == "reopened":  # the ending before it may be a step that nobody recorded
            episode, passed_on, ended = [], 0, None
            continue
        if ended is not None and step.name not in AFTER_ENDING:
            raise ImpossibleOrder(step, ended)
        later = _BEFORE.get(step.name)
        if later or step.name in ONCE:
            for index in range(passed_on, len(episode)):
                name = episode[index].name
                if name == step.name and name in ONCE:
                    raise ImpossibleOrder(step, episode[index])
                if later and name in later and not _seen(step.name, episode[:index]):
                    raise ImpossibleOrder(step, episode[index])
        if step.name in ENDING:
            ended = step
        episode.append(step)
        if step.name == "redirected":
            passed_on = len(episode)


def _seen(name: str, before: Sequence[Step]) -> bool:
    return any(s.name == name for s in before)


def phase(steps: Iterable[Step]) -> Phase:
    """The phase of a referral whose superseded entries have been dropped. Does not raise: a contradiction that
    reached the record all the same is read in the order of days."""
    ordered = in_order(steps)
    name, since, ended = "opened", None, False
    for step in ordered:
        if step.name in ("appointment_answered", "report_issued", "s21_answer") and ended:
            continue
        name, since = step.name, step.on
        ended = step.name in ENDING or step.name == "recorded_in_error"
    return Phase(
        name=name,
        since=since,
        steps=tuple(ordered),
        received_on=next((s.on for s in ordered if s.name == "received"), None),
        ended=ended,
        in_error=any(s.name == "recorded_in_error" for s in ordered),
    )


def possible_next(steps: Iterable[Step], names: Iterable[str], on: date) -> list[str]:
    """Those of the named milestones that could be recorded for a day without contradiction; `reopened` only where the
    referral had ended by then."""
    held = list(steps)
    version = max((s.version for s in held), default=0) + 1
    ended = phase(s for s in held if s.on <= on).ended
    found = []
    for name in names:
        if name == "reopened" and not ended:
            continue
        try:
            check(in_order([*held, Step(name, on, version)]))
        except ImpossibleOrder:
            continue
        found.append(name)
    return found
