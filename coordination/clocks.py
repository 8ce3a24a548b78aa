"""Elapsed days and the party responsible for each of them: pure functions over a referral's steps.

A clock starts with one milestone and stops with another, as a dated standard says. Elapsed days are always shown
unadjusted; each belongs to one party: the agency, the school, the family, the authority, or exempt (the family asked
for no appointment). The rules of attribution are version METRIC_VERSION; a report says which version it used.

Rules of attribution, version 1. The days are the agency's, except:
- from the decision to refer to its submission: the school's;
- from a request for information to the referral's next step: those of the school or family that it was addressed to;
- while the child is on no school's roll: those that would be the school's are the authority's, which holds the file;
- from the question whether the family opts in to its answer, or to the day that it stayed unanswered: the family's;
- a missed appointment (was not brought, did not attend, could not attend) after a proved reasonable offer: from the
  next offer being sent to the appointment so offered, the family's. Without a proved reasonable offer its days stay
  the agency's. A reasonable offer names at least two dates, each with at least ten days' notice (NHSScotland
  guidance 2023; Wales's own circular was not readable, so these numbers are settings);
- days in an interval of unavailability: exempt, even where another rule gives them to a party;
- from an ending to a reopening: the family's when it was withdrawn, else the agency's.
Adjusted days are the elapsed days without the family's and the exempt ones. A clock is never reset.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, assert_never

import msgspec

from coordination.calendars import SchoolDays, WorkingDays, local_date, wales
from coordination.directory.state import Standard
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.milestones import rules_of
from coordination.pupil.referral.phase import DatedMilestone
from coordination.pupil.referral.state import Interval

METRIC_VERSION = "1"

Party = Literal["agency", "school", "family", "authority", "exempt"]
PARTIES: tuple[Party, ...] = ("agency", "school", "family", "authority", "exempt")


class Attribution(msgspec.Struct, frozen=True):
    """The settings of the rules of attribution: what makes an offer reasonable."""

    offered_dates: int = 2
    notice_days: int = 10


class PartyPeriod(msgspec.Struct, frozen=True):
    """Calendar days from one day up to another (the last not counted) that belong to one party. `cause` is the version,
    in the pupil's stream, of the step that began the period (0: the interval of unavailability)."""

    party: Party
    from_on: date
    until: date
    cause: int

    @property
    def days(self) -> int:
        return (self.until - self.from_on).days


class Clock(msgspec.Struct, frozen=True):
    """One clock of one referral: started, and stopped, ended otherwise (`ended_on`: withdrawn, declined, ...), or
    running. `steps` are the counting steps in order, `due_on` the last day within the standard."""

    start_on: date
    due_on: date
    stop_on: date | None
    ended_on: date | None
    started_by: int
    stopped_by: int | None


def clock(
    ordered: Sequence[DatedMilestone], standard: Standard, school_days: SchoolDays | None = None
) -> Clock | None:
    """The clock of a standard over the steps of a referral in order, or None when it never started or the whole
    referral was recorded in error. The first starting milestone counts, the first stopping one after it."""
    if any(rules_of(step.name).effect == "voids" for step in ordered):
        return None
    start = stop = ended = None
    for step in ordered:
        if start is None:
            start = step if step.name == standard.start else None
            continue
        if step.name == standard.stop:
            stop = step
            break
        match rules_of(step.name).effect:
            case "ends":
                ended = step
            case "reopens":
                ended = None
            case "continues" | "passes_on" | "voids":
                pass
            case never:
                assert_never(never)
    if start is None:
        return None
    return Clock(
        start_on=start.on,
        due_on=due_on(start.on, standard.limit, standard.unit, standard.legal_route, school_days),
        stop_on=stop.on if stop else None,
        ended_on=ended.on if ended and not stop else None,
        started_by=start.version,
        stopped_by=stop.version if stop else None,
    )


def days_left(due_on: date, on: date) -> int:
    """Calendar days from a day to the last permitted day: 0 on that day, negative once it has passed."""
    return (due_on - on).days


def overdue(due_on: date | None, on: date) -> bool:
    """Whether the last permitted day has passed on a day; False where there is no last day. The same definition for SQL
    is `projections.overdue`."""
    return due_on is not None and days_left(due_on, on) < 0


@lru_cache(maxsize=16384)
def due_on(
    start: date, limit: int, unit: str, legal_route: str | None = None, school_days: SchoolDays | None = None
) -> date:
    """The last day within a limit that began to run on `start` (day 0).

    Units: calendar_days, weeks, working_days, school_days. Under section 20 and section 65 of the ALN Act a limit
    that ends on no working day ends on the next one (SI 2021/401 reg 2(4)). School days need the authority's terms;
    Refusal("school_terms_unknown") comes from the calendar where they are not known.
    """
    calendar: WorkingDays = wales()
    match unit:
        case "calendar_days" | "weeks":
            due = start + timedelta(days=limit * (7 if unit == "weeks" else 1))
            return calendar.next_working_day(due) if legal_route in ("s20_nhs", "s65_request") else due
        case "working_days":
            return calendar.add(start, limit)
        case "school_days":
            if school_days is None:
                raise ValueError("school days need the school's terms")
            return school_days.add(start, limit)
        case _:
            raise ValueError(unit)


def ordinal(day: date, unit: str, school_days: SchoolDays | None = None) -> int:
    """A number for a day: the difference between two days' numbers is the days elapsed from the first (day 0) up to and
    including the second: calendar days for calendar_days and weeks, otherwise working or school days."""
    if unit == "working_days":
        return wales().ordinal(day)
    if unit == "school_days":
        if school_days is None:
            raise ValueError("school days need the school's terms")
        return school_days.ordinal(day)
    return day.toordinal()


def band_limits(bands: Sequence[int], unit: str) -> tuple[int, ...]:
    """Upper limits of the bands in days: weeks become calendar days."""
    return tuple(b * 7 for b in bands) if unit == "weeks" else tuple(bands)


def is_reasonable_offer(offer: DatedMilestone, settings: Attribution) -> bool:
    """Whether an offer named enough dates with enough notice (calendar days from its sending)."""
    noticed = [w for w in offer.for_when if (local_date(w) - offer.on).days >= settings.notice_days]
    return len(noticed) >= settings.offered_dates


def party_periods(
    ordered: Sequence[DatedMilestone],
    start_on: date,
    end_on: date,
    unavailable: Iterable[Interval] = (),
    settings: Attribution = Attribution(),  # noqa: B008 - frozen
    off_roll: Iterable[OffRoll] = (),
) -> list[PartyPeriod]:
    """The periods between two days by party. They follow each other without gap or overlap, so that their days add up
    to the elapsed calendar days. `off_roll`: when the child was on no school's roll."""
    found: list[PartyPeriod] = []
    party: Party = "agency"
    since, cause = start_on, 0
    for on, holder, version in _turns(ordered, settings):
        if on >= end_on:
            break
        if on > since and holder != party:
            found.append(PartyPeriod(party, since, on, cause))
            since = on
        if on <= since or holder != party:
            party, cause = holder, version
    if since < end_on:
        found.append(PartyPeriod(party, since, end_on, cause))
    found = _without_school(found, off_roll)
    for interval in unavailable:
        found = list(_exempted(found, interval))
    return found


def periods_before_sending(
    start_on: date, end_on: date, off_roll: Iterable[OffRoll] = ()
) -> list[PartyPeriod]:
    """The periods between two days, as `party_periods`, of a referral that was decided and not sent."""
    return _without_school(
        [PartyPeriod("school", start_on, end_on, 0)] if start_on < end_on else [], off_roll
    )


def _without_school(found: list[PartyPeriod], off_roll: Iterable[OffRoll]) -> list[PartyPeriod]:
    for gap in off_roll:
        found = list(_of_the_authority(found, gap))
    return found


def _of_the_authority(found: Iterable[PartyPeriod], gap: OffRoll) -> Iterator[PartyPeriod]:
    """The school's days in the gap between two rolls are the authority's."""
    for stretch in found:
        begin = max(stretch.from_on, gap.from_on)
        end = stretch.until if gap.until is None else min(stretch.until, gap.until)
        if begin >= end or stretch.party != "school":
            yield stretch
            continue
        if stretch.from_on < begin:
            yield PartyPeriod("school", stretch.from_on, begin, stretch.cause)
        yield PartyPeriod("authority", begin, end, stretch.cause)
        if end < stretch.until:
            yield PartyPeriod("school", end, stretch.until, stretch.cause)


def _turns(ordered: Sequence[DatedMilestone], settings: Attribution) -> Iterator[tuple[date, Party, int]]:
    """From which day the next step was with which party, in order of days."""
    turns: list[tuple[date, int, Party, int]] = []
    offer: DatedMilestone | None = None
    offered_again = False  # whether the next offer follows a missed appointment that was reasonably offered
    for rank, step in enumerate(ordered):
        rules = rules_of(step.name)
        if rules.appointment == "missed":
            offered_again = offer is not None and is_reasonable_offer(offer, settings)
        match rules.next_step_with:
            case "agency" | "school" | "family" as party:
                turns.append((step.on, rank, party, step.version))
            case "as_asked":
                asked: Party = "family" if step.asked_of == "family" else "school"
                turns.append((step.on, rank, asked, step.version))
            case "new_offer":
                offer = step
                back = step.on
                if offered_again and step.for_when:
                    turns.append((step.on, rank, "family", step.version))
                    back = max(local_date(step.for_when[0]), step.on)
                    offered_again = False
                turns.append((back, rank, "agency", step.version))
            case "unchanged":
                pass
            case never:
                assert_never(never)
    for on, _, whose, version in sorted(turns, key=lambda t: (t[0], t[1])):
        yield on, whose, version


def _exempted(found: Iterable[PartyPeriod], interval: Interval) -> Iterator[PartyPeriod]:
    first, past = interval.from_on, min(interval.until, date.max - timedelta(days=1)) + timedelta(days=1)
    for stretch in found:
        begin, end = max(stretch.from_on, first), min(stretch.until, past)
        if begin >= end or stretch.party == "exempt":
            yield stretch
            continue
        if stretch.from_on < begin:
            yield PartyPeriod(stretch.party, stretch.from_on, begin, stretch.cause)
        yield PartyPeriod("exempt", begin, end, 0)
        if end < stretch.until:
            yield PartyPeriod(stretch.party, end, stretch.until, stretch.cause)


def days_by_party(found: Iterable[PartyPeriod]) -> dict[Party, int]:
    """Calendar days by party; all parties are keys."""
    days: dict[Party, int] = dict.fromkeys(PARTIES, 0)
    for stretch in found:
        days[stretch.party] += stretch.days
    return days
