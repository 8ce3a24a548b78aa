"""Every statutory wait of a concern: one clock of one time limit with one body, and how it ended. Pure.

Where a clock starts. A school's on the day on which it was first told, whenever that was looked at; an authority's on
the day on which the matter came to its attention, because a school passed it on or it was told itself, so that its
first counted day is the day after; for a young person, where the limit says so, on the day of the consent. A limit
in months is a period that starts with the day itself (ALN Act s.23(2)): its last day is the day before the
corresponding date.

How it ends: `stopped`; `passed_on` to the authority; `declined` where no plan is due; `moved_away` where the pupil
went to another school, which inherits the days, or to no school, whose days are the authority's.

Where no limit is in force, the days until a decision are those of the standard `none`. What a school was told and the
authority has to decide is `not_passed_on` until the authority is told.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks import FAR, end_ordinal, ordinal
from coordination.clocks import due_on as last_day_within
from coordination.directory.dated import is_in_force
from coordination.directory.organisation import StatutoryStandard
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.pupil.aln.events import Body
from coordination.pupil.aln.state import AlnMatter
from coordination.pupil.aln.steps import AlnStep
from coordination.pupil.profile.state import Registration

NO_STANDARD, NOT_PASSED_ON = "none", "not_passed_on"
"""Clocks without a limit: of a body without a limit in force, and of a school that has to tell the authority."""


class AlnHolding(msgspec.Struct, frozen=True):
    """An organisation has the duty from a day on."""

    organisation: UUID
    body: Body
    from_on: date


class StatutoryWait(msgspec.Struct, frozen=True, kw_only=True):
    """One clock with one holder. `start_on` is when it started, `begins_on` when this holder's part of it did;
    `due_on` is the last day within the limit (None: no limit, or the school's terms are not known that far). The
    ordinals differ by the elapsed days in the unit. `earlier` are the holders of the inherited days."""

    standard: str
    number: int
    holder: AlnHolding
    version: StatutoryStandard | None
    unit: str
    start_on: date
    begins_on: date
    due_on: date | None
    end_on: date | None
    ending: str | None
    age_years: int | None
    earlier: tuple[AlnHolding, ...]
    uncountable: str | None
    start_ordinal: int | None
    end_ordinal: int | None

    @property
    def inherited_days(self) -> int:
        """Calendar days before this holder's part."""
        return (self.begins_on - self.start_on).days

    @property
    def runs(self) -> bool:
        return self.end_on is None


class AlnRun(msgspec.Struct, frozen=True):
    """A clock of a body before it is cut by holders."""

    standard: str
    versions: tuple[StatutoryStandard, ...]
    first: AlnHolding
    end_on: date | None
    ending: str | None

    @property
    def start_on(self) -> date:
        return self.first.from_on


def statutory_waits(
    matter: AlnMatter, registrations: Sequence[Registration], directory: Directory
) -> tuple[StatutoryWait, ...]:
    """Every wait of a concern, those of one standard numbered by the day on which they begin."""
    raised = matter.step("concern_raised")
    age = raised.age_years if raised is not None else None
    found: list[StatutoryWait] = []
    numbers: dict[str, int] = {}
    for run in sorted(_runs(matter, directory), key=lambda r: (r.start_on, r.standard)):
        for wait in _waits(run, registrations, directory, age):
            number = numbers[run.standard] = numbers.get(run.standard, 0) + 1
            found.append(msgspec.structs.replace(wait, number=number))
    return tuple(found)


def _runs(matter: AlnMatter, directory: Directory) -> Iterator[AlnRun]:
    steps = matter.steps
    decided_by: set[Body] = set()
    codes: dict[str, list[StatutoryStandard]] = {}
    for version in directory.statutory_standards():
        codes.setdefault(version.code, []).append(version)
    for code, versions in codes.items():
        for run in _runs_of(steps, code, tuple(versions)):
            if versions[0].stop == "aln_decided" and _in_force(versions, run.start_on) is not None:
                decided_by.add(run.first.body)
            yield run
    yield from _without_limit(steps, decided_by)


def _runs_of(
    steps: Sequence[AlnStep], code: str, versions: tuple[StatutoryStandard, ...]
) -> Iterator[AlnRun]:
    """The clocks against one limit: the first start, and where it repeats, one from each stop that lets it."""
    limit = versions[0]
    at = _start(steps, limit)
    while at is not None:
        stop = _stop(steps, at, limit.stop)
        end_on, ending = _end(steps, at, stop, limit)
        yield AlnRun(code, versions, _holding(steps, at, limit.body), end_on, ending)
        again = limit.repeats and stop is not None and not steps[stop].ceases
        at = stop if again else None


def _start(steps: Sequence[AlnStep], limit: StatutoryStandard) -> int | None:
    """The index of the step with which the clock of the body starts."""
    raised = next((s for s in steps if s.name == "concern_raised"), None)
    consents = limit.from_consent and raised is not None and raised.young_person
    for at, step in enumerate(steps):
        if limit.start == "concern_raised":
            if not _comes_to_attention(step, limit.body):
                continue
            if not consents:
                return at
            consent = next((i for i, s in enumerate(steps) if s.name == "consent_given"), None)
            return None if consent is None else max(at, consent)
        if step.name == limit.start and limit.body == _of_body(step):
            return at
    return None


def _comes_to_attention(step: AlnStep, body: str) -> bool:
    """Whether with this step the body has to decide."""
    if step.name == "passed_to_authority":
        return body == "authority"
    return step.name == "concern_raised" and step.body == body == step.decides


def _of_body(step: AlnStep) -> Body:
    """Whose clock a step starts: what an authority is told or asked is its own."""
    return "authority" if step.name in ("passed_to_authority", "reconsideration_asked") else step.body


def _holding(steps: Sequence[AlnStep], at: int, body: str) -> AlnHolding:
    """Whose clock starts with a step: with a consent, that of the body that was told before."""
    step = steps[at]
    told = [s for s in steps if _comes_to_attention(s, body)] if step.name == "consent_given" else []
    organisation = told[0].organisation if told else step.organisation
    return AlnHolding(organisation, "authority" if body == "authority" else "school", step.on)


def _stop(steps: Sequence[AlnStep], at: int, name: str) -> int | None:
    """The first stop after the start. A plan that was given shows that it was decided."""
    names = {name, "plan_issued"} if name == "aln_decided" else {name}
    return next((i for i, s in enumerate(steps) if i > at and s.name in names), None)


def _end(
    steps: Sequence[AlnStep], at: int, stop: int | None, limit: StatutoryStandard
) -> tuple[date | None, str | None]:
    """On which day it ended, and how: as the first of the steps after the start that ends it says."""
    for index, step in enumerate(steps[at + 1 :], at + 1):
        if index == stop:
            return step.on, "stopped"
        if step.name == "passed_to_authority" and limit.body == "school":
            return step.on, "passed_on"
        if limit.stop == "plan_issued" and step.name == "aln_decided" and not step.plan_due:
            return step.on, "declined"
    return None, None


def _without_limit(steps: Sequence[AlnStep], decided_by: set[Body]) -> Iterator[AlnRun]:
    """The clocks that no limit measures."""
    for at, step in enumerate(steps):
        stop = _stop(steps, at, "aln_decided")
        later = [s for s in steps[at + 1 :] if s.name == "passed_to_authority"]
        if step.name == "concern_raised" and step.body == "school" and step.decides == "authority":
            ends = [s.on for s in later] + ([steps[stop].on] if stop is not None else [])
            end_on = min(ends, default=None)
            holding = AlnHolding(step.organisation, "school", step.on)
            yield AlnRun(NOT_PASSED_ON, (), holding, end_on, "stopped" if ends else None)
        for body in ("school", "authority"):
            if not _comes_to_attention(step, body) or body in decided_by:
                continue
            end_on = steps[stop].on if stop is not None else None
            ending = "stopped" if stop is not None else None
            if body == "school" and later and (end_on is None or later[0].on <= end_on):
                end_on, ending = later[0].on, "passed_on"
            yield AlnRun(NO_STANDARD, (), _holding(steps, at, body), end_on, ending)


def holdings_of(
    first: AlnHolding, registrations: Iterable[Registration], directory: Directory
) -> tuple[AlnHolding, ...]:
    """Who has a school's duty, one after the other: the school, the next one that has the pupil on its roll, and in
    between the authority of the school that the pupil left. An authority keeps its own."""
    found = [first]
    if first.body == "authority":
        return (first,)
    rolls = sorted(registrations, key=lambda r: (r.from_on, r.until or FAR))
    school, since = first.organisation, first.from_on
    while True:
        left = [r.until for r in rolls if r.school == school and r.from_on <= since <= (r.until or FAR)]
        if not left or None in left:
            return tuple(found)
        day = max(until for until in left if until is not None)
        following = next((r for r in rolls if r.school != school and (r.until or FAR) > day), None)
        begins = None if following is None else max(following.from_on, day)
        authority = directory.authority_of(school)
        if authority is not None and (begins is None or begins > day):
            found.append(AlnHolding(authority, "authority", day))
        if following is None or begins is None:
            return tuple(found)
        found.append(AlnHolding(following.school, "school", begins))
        school, since = following.school, begins


def _waits(
    run: AlnRun, registrations: Sequence[Registration], directory: Directory, age: int | None
) -> Iterator[StatutoryWait]:
    """The run cut by holders: each has a wait, and all but the last moved away."""
    end = run.end_on or FAR
    holders = holdings_of(run.first, registrations, directory)
    held = [h for i, h in enumerate(holders) if i == 0 or h.from_on < end]
    for i, holder in enumerate(held):
        following = held[i + 1] if i + 1 < len(held) else None
        end_on = run.end_on if following is None else following.from_on
        version = _in_force(run.versions, holder.from_on)
        if run.versions and version is None:
            continue
        unit = version.unit if version is not None else "calendar_days"
        terms = directory.school_days(holder.organisation) if unit == "school_days" else None
        first, last, due = _counted(run.start_on, end_on, version, terms)
        counted = first is not None and (end_on is None or last is not None)
        yield StatutoryWait(
            standard=run.standard,
            number=0,
            holder=holder,
            version=version,
            unit=unit,
            start_on=run.start_on,
            begins_on=holder.from_on,
            due_on=due,
            end_on=end_on,
            ending=run.ending if following is None else "moved_away",
            age_years=age,
            earlier=tuple(held[:i]),
            uncountable=None if counted else "terms_unknown",
            start_ordinal=first,
            end_ordinal=last,
        )


def _in_force(versions: Iterable[StatutoryStandard], on: date) -> StatutoryStandard | None:
    return next((v for v in versions if is_in_force(v, on)), None)


def _counted(
    start: date, end: date | None, version: StatutoryStandard | None, terms: SchoolDays | None
) -> tuple[int | None, int | None, date | None]:
    """The ordinals of the first and the last day, and the last day within the limit; None where it cannot be
    counted."""
    unit = version.unit if version is not None and version.unit != "months" else "calendar_days"
    try:
        first = ordinal(start, unit, terms)
    except Refusal:
        return None, None, None
    last = None
    if end is not None:
        try:
            last = end_ordinal(start, end, unit, terms)
        except Refusal:
            last = None
    return first, last, None if version is None else statutory_due_on(start, version, terms)


def statutory_due_on(start: date, version: StatutoryStandard, terms: SchoolDays | None = None) -> date | None:
    """The last day within a statutory limit that began to run on `start`; None where the terms are not known that
    far."""
    if version.unit == "months":
        return _last_day_of_months(start, version.limit)
    try:
        return last_day_within(start, version.limit, version.unit, None, terms)
    except Refusal:
        return None


def _last_day_of_months(start: date, months: int) -> date:
    """The last day of a period of months that starts with a day: the day before the corresponding one, or the last of a
    month that has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    if start.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, start.day) - timedelta(days=1)
