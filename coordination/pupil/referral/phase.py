"""A referral's phase: derived from its milestones, never stored.

One function serves decisions, projections, clocks and imports: superseded entries are dropped, the rest sorted by the
day they occurred and, within a day, put into the first order by the declared ranking of milestones with which the whole
history is possible. The order of recording makes no difference. So late entries and history files are ordinary. A step
that was skipped is not refused; an impossible order is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby, pairwise
from typing import ClassVar, NamedTuple, assert_never
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from coordination.pupil.referral.milestones import ENDING, MILESTONES, rules_of

_RANK = {name: of.rules.rank for name, of in MILESTONES.items()}
# Those after which barred milestones can come again: the next holder's part, or the next episode, begins.
# By milestone: those that may not come after it in the part of the service that holds the referral.
_OVER = {
    name: frozenset(other for other, of in MILESTONES.items() if name in of.rules.never_after)
    for name in MILESTONES
}
_SEPARATORS = frozenset(n for n, of in MILESTONES.items() if of.rules.effect in ("passes_on", "reopens"))

SEARCHED = 2_000
"""How many places of a step are tried before a history of many steps on one day is read in the ranking alone."""


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
    no_appointment_on_record: bool = False
    new_episode: bool = False
    ending: str | None = None
    age_years: int | None = None
    decision: str | None = None
    meeting: UUID | None = None
    starts_on: date | None = None
    exit_due_on: date | None = None
    beyond: bool = False


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
    """Two milestones contradict each other in time (`impossible_order`; a code of its own for what is `never_after` the
    other). Or, where `other` is None, what the step needs did not come before it: a new episode begins where none had
    ended (`new_episode_without_ending`), a place ends where none had begun (`place_ended_before_placed`)."""

    CODES: ClassVar = (
        "impossible_order",
        "acknowledged_too_late",
        "declined_too_late",
        "panel_decided_too_late",
        "place_offered_too_late",
        "placed_twice",
        "new_episode_without_ending",
        "place_ended_before_placed",
    )

    def __init__(self, step: DatedMilestone, other: DatedMilestone | None) -> None:
        facts = {"step": step.name, "on": step.on.isoformat()}
        if other is None:
            if step.name == "place_ended":
                super().__init__("place_ended_before_placed", "occurred_on", **facts)
            else:
                super().__init__("new_episode_without_ending", "occurred_on", **facts)
            return
        facts |= {"other": other.name, "other_on": other.on.isoformat()}
        match step.name if other.name in rules_of(step.name).never_after else None:
            case "acknowledged":
                super().__init__("acknowledged_too_late", "occurred_on", **facts)
            case "declined":
                super().__init__("declined_too_late", "occurred_on", **facts)
            case "panel_decided":
                super().__init__("panel_decided_too_late", "occurred_on", **facts)
            case "place_offered":
                super().__init__("place_offered_too_late", "occurred_on", **facts)
            case "placed":
                super().__init__("placed_twice", "occurred_on", **facts)
            case _:
                super().__init__("impossible_order", "occurred_on", **facts)


class _Course(NamedTuple):
    """What of the steps so far decides which steps can follow: the milestones `seen` in the episode, those `barred` for
    the rest of the present holder's part, and whether the referral has ended or was recorded in error."""

    seen: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    ended: bool = False
    void: bool = False


@lru_cache(maxsize=100_000)
def _after(course: _Course, name: str, needs_ending: bool) -> _Course | None:
    """The course after one more milestone; None where it cannot follow. `needs_ending`: a reopening is only possible
    after an ending."""
    rules = rules_of(name)
    if course.void or name in course.barred:
        return None
    if (course.ended and not rules.after_ending) or (needs_ending and not course.ended):
        return None
    seen = course.seen | {name}
    barred = course.barred | (frozenset(rules.comes_after) - course.seen) | _OVER[name]
    if rules.opening:
        barred |= {name}
    match rules.effect:
        case "continues":
            return course._replace(seen=seen, barred=barred)
        case "passes_on":
            return course._replace(seen=seen, barred=frozenset())
        case "ends":
            return course._replace(seen=seen, barred=barred, ended=True)
        case "reopens":
            return _Course()
        case "voids":
            return course._replace(void=True)
        case never:
            assert_never(never)


def _follow(course: _Course, step: DatedMilestone, *, strictly: bool) -> _Course | None:
    """The course after the step. An ending that was not recorded is a step skipped, so a reopening is possible without
    one; but not where it begins a new episode, nor `strictly`."""
    reopens = rules_of(step.name).effect == "reopens"
    return _after(course, step.name, reopens and (strictly or step.new_episode))


def in_order(steps: Iterable[DatedMilestone]) -> list[DatedMilestone]:
    """By day, and within a day the first order by the ranking of milestones with which the whole history is possible;
    if there is none, the first that is possible for as long as any is. Steps of one milestone on one day are ordered by
    what they say. The order of recording decides nothing."""
    ranked = sorted(steps, key=lambda s: (s.on, _RANK[s.name]))
    if all(one.on != other.on for one, other in pairwise(ranked)):
        return ranked
    if any((one.on, one.name) == (other.on, other.name) for one, other in pairwise(ranked)):
        ranked.sort(key=lambda s: (s.on, _RANK[s.name], _content(s)))
    if _is_possible(ranked):
        return ranked
    order, possible = _search(ranked, strictly=True)
    if not possible and any(step.name == "reopened" for step in ranked):
        order, possible = _search(ranked, strictly=False)
    return order


def _content(step: DatedMilestone) -> tuple[object, ...]:
    """What a step says, comparable. Steps that say the same are interchangeable; their versions only make a choice."""
    said = (
        *(step.appointment, step.to_service, step.to_agency, step.asked_of, step.priority, step.ending),
        *(step.decision, step.starts_on, step.exit_due_on),
    )
    times = tuple(at.isoformat() for at in step.for_when)
    return times, tuple(map(str, said)), step.missing, step.new_episode, step.word, step.version


def _is_possible(ordered: Iterable[DatedMilestone]) -> bool:
    course = _Course()
    for step in ordered:
        following = _follow(course, step, strictly=True)
        if following is None:
            return False
        course = following
    return True


class _Place(NamedTuple):
    """A place in the order: the course before it, and the places in the ranked list of the steps left on its day."""

    course: _Course
    left: tuple[int, ...]


def _search(ranked: list[DatedMilestone], *, strictly: bool) -> tuple[list[DatedMilestone], bool]:
    """The first possible order, and True; or else the one that is possible for longest, and False.

    Depth first, the milestones of a day tried in their ranking. What was tried in vain once (the same steps left after
    the same course) is not tried again, and a day is given up when one of its steps can no longer come.
    """
    days = [tuple(group) for _, group in groupby(range(len(ranked)), key=lambda i: ranked[i].on)]
    day_of = {i: number for number, day in enumerate(days) for i in day}
    longest: list[int] = []
    path: list[int] = []
    tried: set[_Place] = set()
    stack = [_choices(ranked, _Place(_Course(), days[0]), strictly)]
    while stack and len(tried) < SEARCHED:
        chosen = next(stack[-1], None)
        if chosen is None:
            stack.pop()
            if path:
                path.pop()
            continue
        step, course, left = chosen
        path.append(step)
        if len(path) > len(longest):
            longest = list(path)
        if len(path) == len(ranked):
            return [ranked[i] for i in path], True
        place = _Place(course, left or days[day_of[step] + 1])
        if place in tried:
            path.pop()
            continue
        tried.add(place)
        stack.append(_choices(ranked, place, strictly))
    rest = set(longest)
    order = [*longest, *(i for i in range(len(ranked)) if i not in rest)]
    return [ranked[i] for i in order], False


def _choices(
    ranked: Sequence[DatedMilestone], place: _Place, strictly: bool
) -> Iterator[tuple[int, _Course, tuple[int, ...]]]:
    """The steps that can come next, in their ranking, each with the course after it and what is left of its day. Steps
    of one milestone are interchangeable, so that only the first is tried."""
    left = [ranked[i] for i in place.left]
    if _is_hopeless(place.course, [step.name for step in left]):
        return
    kinds: set[tuple[str, bool]] = set()
    for i, step in zip(place.left, left, strict=True):
        if (step.name, step.new_episode) in kinds:
            continue
        kinds.add((step.name, step.new_episode))
        course = _follow(place.course, step, strictly=strictly)
        if course is not None:
            yield i, course, tuple(other for other in place.left if other != i)


def _is_hopeless(course: _Course, left: Sequence[str]) -> bool:
    """Whether the day cannot be finished: what is left of it has more endings than reopenings allow, or more of a step
    that only comes once in a holder's part than there are parts."""
    names = Counter(left)
    endings = sum(count for name, count in names.items() if name in ENDING)
    if endings + course.ended > names["reopened"] + 1:
        return True
    if course.ended and not names["reopened"] and any(not rules_of(n).after_ending for n in names):
        return True
    parts = sum(names[name] for name in _SEPARATORS)
    return any(
        (count if rules_of(name).opening else 1) > parts + (name not in course.barred)
        for name, count in names.items()
    )


def check_order(ordered: Sequence[DatedMilestone]) -> None:
    """Raises ImpossibleOrder when the sequence, as a whole, cannot have happened."""
    course = _Course()
    for number, step in enumerate(ordered):
        following = _follow(course, step, strictly=False)
        if following is None:
            raise ImpossibleOrder(step, _contradicted(step, ordered[:number]))
        course = following


def _contradicted(step: DatedMilestone, before: Sequence[DatedMilestone]) -> DatedMilestone | None:
    """The step after which this one was no longer possible."""
    course: _Course | None = _Course()
    possible, found = _follow(_Course(), step, strictly=False) is not None, None
    for other in before:
        course = _follow(course, other, strictly=False) if course is not None else None
        still = course is not None and _follow(course, step, strictly=False) is not None
        found = other if possible and not still else found
        possible = still
    return found


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
