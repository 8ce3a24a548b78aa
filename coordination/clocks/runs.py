"""Which clocks of which standards ran in which holding, from which step to which: the days and parties come later.

A clock starts with one milestone and stops with another, as the dated version of a standard says that is in force on
the day on which its row begins. Each holding has rows of its own. Where a standard continues on a transfer, a clock
that still runs is taken over with its start; a clock that stopped is not inherited, nor one of an earlier episode.
After a stop, an ending and a reopening, a new start is a new clock. Some clocks are built in: see BUILT_IN.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.clocks.episodes import (
    Episode,
    Holding,
    ending_of,
    episodes,
    first_own_step,
    receipts,
)
from coordination.directory.dated import is_in_force
from coordination.directory.state import Directory, Standard
from coordination.pupil.referral.milestones import natural_rank, rules_of
from coordination.pupil.referral.phase import DatedMilestone, in_order
from coordination.pupil.referral.state import Referral

BuiltIn = Literal["none", "not_received", "not_sent"]
BUILT_IN: tuple[BuiltIn, ...] = ("none", "not_received", "not_sent")
"""Clocks without a limit that every referral has. `none`: received by a service of which no version of a standard runs
from receipt on, to the first contact, assessment, treatment, report, answer or day in a place. `not_received`: from
sending to the service's first own step. `not_sent`: from the decision to sending, the school's."""

SEEN = frozenset({"first_contact", "assessed", "treatment_started", "report_issued", "s21_answer", "placed"})
_RECEIVED = natural_rank("received")


class WaitGap(msgspec.Struct, frozen=True):
    """Days from an ending to a reopening that goes on, or to a stop after the ending: nobody waits then."""

    from_on: date
    until: date
    ending: str


class ClockRun(msgspec.Struct, frozen=True, kw_only=True):
    """One clock: `standard` is its code, `version` None for one that is built in; `holding` None where the referral
    was not sent. `inherited`: it had begun with an earlier holder. It stopped (`stop`), ended otherwise (`end_on`,
    `ending`), or runs. `first` and `last` are the places of its start and of its stop in the order of steps."""

    standard: str
    version: Standard | None
    holding: Holding | None
    service: UUID
    agency: UUID
    start: DatedMilestone
    first: int
    begins_on: date
    inherited: bool = False
    inherited_from: UUID | None = None
    stop: DatedMilestone | None = None
    last: int | None = None
    end_on: date | None = None
    ending: str | None = None
    gaps: tuple[WaitGap, ...] = ()

    @property
    def held_from(self) -> date | None:
        """The first of the days of the wait from which on the holder has had it without a gap."""
        if self.holding is None:
            return None
        since = max(self.start.on, self.holding.from_on)
        return max(since, self.gaps[-1].until) if self.gaps else since

    @property
    def runs(self) -> bool:
        """Whether it has neither stopped nor ended."""
        return self.end_on is None


class _Rule(msgspec.Struct, frozen=True):
    """What starts and stops a clock, as places in the order of steps."""

    version: Standard | None
    starts: frozenset[int]
    stops: frozenset[int]


class _Story(msgspec.Struct, frozen=True):
    """An episode as the clocks read it. `says`: the places of each name, with the receipts that steps show and, as the
    next service's `submitted`, the redirections; `turning`: the places of endings and reopenings."""

    steps: Sequence[DatedMilestone]
    episode: Episode
    says: dict[str, set[int]]
    turning: frozenset[int]
    received: dict[int, frozenset[int]]


class _Part(msgspec.Struct, frozen=True):
    """The steps that one holder's clocks read, from a place up to another, and to whom they belong."""

    begin: int
    past: int
    holding: Holding | None
    service: UUID
    agency: UUID


def runs_of(
    referral: Referral,
    directory: Directory,
    ordered: Sequence[DatedMilestone] | None = None,
    found: Sequence[Episode] | None = None,
) -> tuple[ClockRun, ...]:
    """Every clock of a referral, by holding and then in the order of the service's standards; none of one that was
    recorded in error. `ordered`: its counting steps in order, and `found` its episodes, where they are known already.
    """
    steps = in_order(referral.counting()) if ordered is None else ordered
    held = episodes(referral, steps) if found is None else found
    return tuple(run for episode in held for run in _of_episode(referral, episode, steps, directory))


def standing_runs(
    referral: Referral, directory: Directory, ordered: Sequence[DatedMilestone]
) -> tuple[ClockRun, ...]:
    """The clocks that run, as `runs_of` has them: those of the last episode, while it is open."""
    held = episodes(referral, ordered)
    if not held or held[-1].until is not None:
        return ()
    return tuple(run for run in _of_episode(referral, held[-1], ordered, directory) if run.runs)


def _of_episode(
    referral: Referral, episode: Episode, steps: Sequence[DatedMilestone], directory: Directory
) -> Iterator[ClockRun]:
    story = _story(episode, steps)
    yield from _not_sent(story, _part(referral, story, None))
    if not episode.holdings:
        yield from _of_standards(referral, story, _part(referral, story, None), directory)
    for holding in episode.holdings:
        part = _part(referral, story, holding)
        measured = list(_of_standards(referral, story, part, directory))
        yield from measured
        yield from _not_received(story, part, holding)
        yield from _without_standard(story, part, holding, measured)


def _story(episode: Episode, steps: Sequence[DatedMilestone]) -> _Story:
    says: dict[str, set[int]] = {}
    turning = set()
    for place in range(episode.first, episode.past):
        says.setdefault(steps[place].name, set()).add(place)
        if rules_of(steps[place].name).effect in ("ends", "reopens"):
            turning.add(place)
    received = {holding.number: receipts(steps, holding) for holding in episode.holdings}
    for holding in episode.holdings:
        says.setdefault("received", set()).update(received[holding.number])
        if holding.inherits:
            says.setdefault("submitted", set()).add(holding.first)
    return _Story(steps, episode, says, frozenset(turning), received)


def _part(referral: Referral, story: _Story, holding: Holding | None) -> _Part:
    """The steps of a holding, with those before the sending; without one, those of an episode as far as it was not
    sent, whose service is the addressee."""
    episode = story.episode
    if holding is not None:
        begin = holding.first if holding.inherits else episode.first
        return _Part(begin, holding.past, holding, holding.service, holding.agency)
    if episode.holdings:
        first = episode.holdings[0]
        return _Part(episode.first, first.first + 1, None, first.service, first.agency)
    service, agency = referral.services[0], referral.agencies[0]
    for step in story.steps[: episode.first]:
        if step.to_service is not None and step.to_agency is not None:
            service, agency = step.to_service, step.to_agency
    return _Part(episode.first, episode.past, None, service, referral.agency_now(service, agency))


# The clocks of standards


def _of_standards(referral: Referral, story: _Story, part: _Part, directory: Directory) -> Iterator[ClockRun]:
    by_code: dict[str, list[Standard]] = {}
    for version in directory.standards_of(part.service):
        if version.legal_route in (None, referral.legal_route):
            by_code.setdefault(version.code, []).append(version)
    for code, versions in by_code.items():
        if not any(version.start in story.says for version in versions):
            continue
        live = _taken_over(story, part, versions)
        rules = []
        for version in versions:
            rule = _rule(version, story, part)
            valid = frozenset(p for p in rule.starts if is_in_force(version, story.steps[p].on))
            rules.append(_Rule(version, valid, rule.stops))
        yield from _walk(story, part, rules, code, live)


def _rule(version: Standard, story: _Story, part: _Part) -> _Rule:
    """A version's start and stop in a holding. The redirection to the holder is its `submitted`, and its own
    redirection is that of the next service."""
    holding = part.holding
    inherited = holding.first if holding is not None and holding.inherits else -1
    passing = holding.past - 1 if holding is not None and holding.passed_on else -1

    def places(name: str) -> frozenset[int]:
        sending = name == "submitted"
        return frozenset(
            place
            for place in story.says.get(name, ())
            if part.begin <= place < part.past
            and (place != inherited or sending)
            and (place != passing or not sending or passing == inherited)
        )

    return _Rule(version, places(version.start), places(version.stop))


def _taken_over(story: _Story, part: _Part, versions: Sequence[Standard]) -> ClockRun | None:
    """The clock that runs when the referral is passed on, if the receiver's standard takes it over."""
    holding = part.holding
    if holding is None or not holding.inherits:
        return None
    version = next((v for v in versions if is_in_force(v, holding.from_on)), None)
    if version is None or version.on_transfer != "continues":
        return None
    live: ClockRun | None = None
    earlier = [h for h in story.episode.holdings if h.number < holding.number]
    for former in earlier:
        begin = former.first if former.inherits else story.episode.first
        before = _Part(begin, former.past, former, part.service, part.agency)
        runs = list(_walk(story, before, [_rule(version, story, before)], version.code, live, passes=False))
        live = runs[-1] if runs and runs[-1].runs else None
    if live is None:
        return None
    return msgspec.structs.replace(
        live, holding=holding, begins_on=holding.from_on, inherited=True, inherited_from=earlier[-1].service
    )


def _walk(
    story: _Story,
    part: _Part,
    rules: Sequence[_Rule],
    code: str,
    live: ClockRun | None = None,
    *,
    passes: bool = True,
) -> Iterator[ClockRun]:
    """The clocks of one standard in one holding, in order; `live` is the one taken over at its beginning. `passes`:
    whether they end where the holder passes the referral on."""
    run = live
    rule = next((r for r in rules if live is not None and r.version == live.version), None)
    ended: DatedMilestone | None = None
    may_start = live is None
    told = story.turning.union(*(r.starts for r in rules), *(r.stops for r in rules))
    for place in sorted(place for place in told if part.begin <= place < part.past):
        step = story.steps[place]
        effect = rules_of(step.name).effect if place in story.turning else "continues"
        if effect == "reopens":
            if run is not None and ended is not None:
                run = _with_gap(run, ended, step.on)
            may_start = may_start or (run is None and ended is not None)
            ended = None
        if run is not None and rule is not None and place in rule.stops and place > run.first:
            run = run if ended is None else _with_gap(run, ended, step.on)
            yield msgspec.structs.replace(run, stop=step, last=place, end_on=step.on, ending="stopped")
            run = rule = None
        elif run is None and may_start and ended is None:
            rule = next((r for r in rules if place in r.starts), None)
            if rule is not None:
                run = _begun(part, rule, code, step, place)
                may_start = False
        if effect == "ends":
            ended = step
    if run is None:
        return
    if ended is not None:
        run = msgspec.structs.replace(run, end_on=ended.on, ending=ending_of(ended))
    elif passes and part.holding is not None and part.holding.passed_on:
        run = msgspec.structs.replace(run, end_on=story.steps[part.past - 1].on, ending="passed_on")
    yield run


def _begun(part: _Part, rule: _Rule, code: str, step: DatedMilestone, place: int) -> ClockRun:
    return ClockRun(
        standard=code,
        version=rule.version,
        holding=part.holding,
        service=part.service,
        agency=part.agency,
        start=step,
        first=place,
        begins_on=step.on,
    )


def _with_gap(run: ClockRun, ended: DatedMilestone, until: date) -> ClockRun:
    if until <= ended.on:
        return run
    return msgspec.structs.replace(run, gaps=(*run.gaps, WaitGap(ended.on, until, ending_of(ended))))


# The built-in clocks


def _not_sent(story: _Story, part: _Part) -> Iterator[ClockRun]:
    """From the decision, or a reopening, of what was not sent before."""
    first = story.episode.holdings[0].first if story.episode.holdings else None
    if first == story.episode.first:
        return
    starts = frozenset(story.says.get("decided", set()) | story.says.get("reopened", set()))
    yield from _walk(
        story, part, [_Rule(None, starts, frozenset({first} if first is not None else ()))], "not_sent"
    )


def _not_received(story: _Story, part: _Part, holding: Holding) -> Iterator[ClockRun]:
    shown = first_own_step(story.steps, holding)
    sent = holding.inherits or story.steps[holding.first].name in ("submitted", "reopened")
    if shown == holding.first or not sent:
        return
    stops = frozenset({shown} if shown is not None else ())
    yield from _walk(story, part, [_Rule(None, frozenset({holding.first}), stops)], "not_received")


def _without_standard(
    story: _Story, part: _Part, holding: Holding, measured: Sequence[ClockRun]
) -> Iterator[ClockRun]:
    def covered(place: int) -> bool:
        """A clock of a standard runs at the receipt that does not stop with it."""
        return any(
            run.first <= place
            and (run.last is None or run.last >= place)
            and run.version is not None
            and natural_rank(run.version.stop) > _RECEIVED
            for run in measured
        )

    starts = frozenset(place for place in story.received[holding.number] if not covered(place))
    if not starts:
        return
    stops = frozenset().union(*(story.says.get(name, ()) for name in SEEN))
    yield from _walk(story, part, [_Rule(None, starts, stops)], "none")
