"""Which clocks of which standards ran in which holding, from which step to which: the days and parties come later.

A clock starts with one milestone and stops with another, as the dated version of a standard says that is in force on
the day on which its row begins. Each holding has rows of its own. Where a standard continues on a transfer, a clock
that still runs is taken over with its start; a clock that stopped is not inherited, nor one of an earlier episode.
After a stop, an ending and a reopening, a new start is a new clock. Some clocks are built in: see BUILT_IN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from receipt on, to the first contact, assessment, treatment, report or answer. `not_received`: from sending to the
service's first own step. `not_sent`: from the decision to sending, the school's."""

SEEN = frozenset({"first_contact", "assessed", "treatment_started", "report_issued", "s21_answer"})
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
        return max([self.start.on, self.holding.from_on, *(gap.until for gap in self.gaps)])

    @property
    def runs(self) -> bool:
        """Whether it has neither stopped nor ended."""
        return self.end_on is None


class _Rule(msgspec.Struct, frozen=True):
    """What starts and stops a clock, as places in the order of steps."""

    version: Standard | None
    starts: Callable[[int], bool]
    stops: Callable[[int], bool]


def runs_of(
    referral: Referral, directory: Directory, ordered: Sequence[DatedMilestone] | None = None
) -> tuple[ClockRun, ...]:
    """Every clock of a referral, by holding and then in the order of the service's standards; none of one that was
    recorded in error. `ordered`: its counting steps in order, where they are known already."""
    steps = in_order(referral.counting()) if ordered is None else ordered
    found: list[ClockRun] = []
    for episode in episodes(referral, steps):
        found.extend(_of_episode(referral, episode, steps, directory))
    return tuple(found)


def _of_episode(
    referral: Referral, episode: Episode, steps: Sequence[DatedMilestone], directory: Directory
) -> Iterator[ClockRun]:
    names = _names(episode, steps)
    yield from _not_sent(referral, episode, steps, names)
    if not episode.holdings:
        service = _addressee(referral, steps, episode)
        yield from _of_standards(referral, episode, None, service, steps, names, directory)
    for holding in episode.holdings:
        own = (holding.service, holding.agency)
        measured = list(_of_standards(referral, episode, holding, own, steps, names, directory))
        yield from measured
        yield from _not_received(holding, steps)
        yield from _without_standard(holding, steps, names, measured)


def _addressee(referral: Referral, steps: Sequence[DatedMilestone], episode: Episode) -> tuple[UUID, UUID]:
    """The service to which an episode that was not sent is addressed."""
    service, agency = referral.services[0], referral.agencies[0]
    for step in steps[: episode.first]:
        if step.to_service is not None and step.to_agency is not None:
            service, agency = step.to_service, step.to_agency
    return service, referral.agency_now(service, agency)


def _names(episode: Episode, steps: Sequence[DatedMilestone]) -> dict[int, frozenset[str]]:
    """What each step of an episode says to a standard: its name, and the receipt that it shows; a redirection is also
    the next service's `submitted`."""
    found = {place: frozenset({steps[place].name}) for place in range(episode.first, episode.past)}
    for holding in episode.holdings:
        for place in receipts(steps, holding):
            found[place] |= {"received"}
        if holding.inherits:
            found[holding.first] |= {"submitted"}
    return found


# The clocks of standards


def _of_standards(
    referral: Referral,
    episode: Episode,
    holding: Holding | None,
    own: tuple[UUID, UUID],
    steps: Sequence[DatedMilestone],
    names: dict[int, frozenset[str]],
    directory: Directory,
) -> Iterator[ClockRun]:
    by_code: dict[str, list[Standard]] = {}
    for version in directory.standards_of(own[0]):
        if version.legal_route in (None, referral.legal_route):
            by_code.setdefault(version.code, []).append(version)
    for code, versions in by_code.items():
        live = _taken_over(episode, holding, versions, steps, names) if holding else None
        rules = [_rule(version, names, holding, _in_force(version, steps)) for version in versions]
        begin = holding.first if holding is not None and holding.inherits else episode.first
        past = holding.past if holding is not None else episode.past
        yield from _walk(steps, begin, past, rules, code, holding, own, live)


def _in_force(version: Standard, steps: Sequence[DatedMilestone]) -> Callable[[int], bool]:
    return lambda place: is_in_force(version, steps[place].on)


def _rule(
    version: Standard,
    names: dict[int, frozenset[str]],
    holding: Holding | None,
    valid: Callable[[int], bool],
) -> _Rule:
    """A version's start and stop in a holding; it starts where it is `valid`. The redirection to the holder is its
    `submitted`, and its own redirection is that of the next service."""
    inherited = holding.first if holding is not None and holding.inherits else None
    passing = holding.past - 1 if holding is not None and holding.passed_on else None

    def says(name: str, place: int) -> bool:
        if place == inherited:
            return name == "submitted"
        return name in names[place] and (place, name) != (passing, "submitted")

    return _Rule(
        version,
        lambda place: says(version.start, place) and valid(place),
        lambda place: says(version.stop, place),
    )


def _taken_over(
    episode: Episode,
    holding: Holding,
    versions: Sequence[Standard],
    steps: Sequence[DatedMilestone],
    names: dict[int, frozenset[str]],
) -> ClockRun | None:
    """The clock that runs when the referral is passed on, if the receiver's standard takes it over."""
    if not holding.inherits:
        return None
    version = next((v for v in versions if is_in_force(v, holding.from_on)), None)
    if version is None or version.on_transfer != "continues":
        return None
    earlier = [h for h in episode.holdings if h.number < holding.number]
    own = (holding.service, holding.agency)
    live: ClockRun | None = None
    for former in earlier:
        begin = former.first if former.inherits else episode.first
        rule = _rule(version, names, former, lambda _: True)
        runs = list(_walk(steps, begin, former.past, [rule], version.code, None, own, live))
        live = runs[-1] if runs and runs[-1].runs else None
    if live is None:
        return None
    return msgspec.structs.replace(
        live, holding=holding, begins_on=holding.from_on, inherited=True, inherited_from=earlier[-1].service
    )


def _walk(
    steps: Sequence[DatedMilestone],
    begin: int,
    past: int,
    rules: Sequence[_Rule],
    code: str,
    holding: Holding | None,
    own: tuple[UUID, UUID],
    live: ClockRun | None,
) -> Iterator[ClockRun]:
    """The clocks of one standard in one holding, in order; `live` is the one taken over at its beginning."""
    run = live
    rule = next((r for r in rules if live is not None and r.version == live.version), None)
    ended: DatedMilestone | None = None
    may_start = live is None
    for place in range(begin, past):
        step, effect = steps[place], rules_of(steps[place].name).effect
        if effect == "reopens":
            if run is not None and ended is not None:
                run = _with_gap(run, ended, step.on)
            may_start = may_start or (run is None and ended is not None)
            ended = None
        if run is not None and rule is not None and rule.stops(place) and place > run.first:
            run = run if ended is None else _with_gap(run, ended, step.on)
            yield msgspec.structs.replace(run, stop=step, last=place, end_on=step.on, ending="stopped")
            run = rule = None
        elif run is None and may_start and ended is None:
            rule = next((r for r in rules if r.starts(place)), None)
            if rule is not None:
                run = ClockRun(
                    standard=code,
                    version=rule.version,
                    holding=holding,
                    service=own[0],
                    agency=own[1],
                    start=step,
                    first=place,
                    begins_on=step.on,
                )
                may_start = False
        if effect == "ends":
            ended = step
    if run is None:
        return
    if ended is not None:
        run = msgspec.structs.replace(run, end_on=ended.on, ending=ending_of(ended))
    elif holding is not None and holding.passed_on and past == holding.past:
        run = msgspec.structs.replace(run, end_on=steps[past - 1].on, ending="passed_on")
    yield run


def _with_gap(run: ClockRun, ended: DatedMilestone, until: date) -> ClockRun:
    if until <= ended.on:
        return run
    return msgspec.structs.replace(run, gaps=(*run.gaps, WaitGap(ended.on, until, ending_of(ended))))


# The built-in clocks


def _not_sent(
    referral: Referral,
    episode: Episode,
    steps: Sequence[DatedMilestone],
    names: dict[int, frozenset[str]],
) -> Iterator[ClockRun]:
    sent = episode.holdings[0].first if episode.holdings else None
    if sent == episode.first:
        return
    own = (
        (episode.holdings[0].service, episode.holdings[0].agency)
        if episode.holdings
        else _addressee(referral, steps, episode)
    )
    rule = _Rule(
        None, lambda place: not names[place].isdisjoint({"decided", "reopened"}), lambda place: place == sent
    )
    past = episode.past if sent is None else sent + 1
    yield from _walk(steps, episode.first, past, [rule], "not_sent", None, own, None)


def _not_received(holding: Holding, steps: Sequence[DatedMilestone]) -> Iterator[ClockRun]:
    begun = steps[holding.first]
    shown = first_own_step(steps, holding)
    if shown == holding.first or not (holding.inherits or begun.name in ("submitted", "reopened")):
        return
    rule = _Rule(None, lambda place: place == holding.first, lambda place: place == shown)
    own = (holding.service, holding.agency)
    yield from _walk(steps, holding.first, holding.past, [rule], "not_received", holding, own, None)


def _without_standard(
    holding: Holding,
    steps: Sequence[DatedMilestone],
    names: dict[int, frozenset[str]],
    measured: Sequence[ClockRun],
) -> Iterator[ClockRun]:
    received = receipts(steps, holding)

    def covered(place: int) -> bool:
        """A clock of a standard runs at the receipt that does not stop with it."""
        return any(
            run.first <= place
            and (run.last is None or run.last >= place)
            and run.version is not None
            and natural_rank(run.version.stop) > _RECEIVED
            for run in measured
        )

    rule = _Rule(
        None,
        lambda place: place in received and not covered(place),
        lambda place: not names[place].isdisjoint(SEEN),
    )
    own = (holding.service, holding.agency)
    begin = holding.first + 1 if holding.inherits else holding.first
    yield from _walk(steps, begin, holding.past, [rule], "none", holding, own, None)
