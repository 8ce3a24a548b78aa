"""Whose the days of a wait were: the periods by party, and by service where they are an agency's.

Rules of attribution, version 2. The days are those of the service that holds the referral, except:
- from the decision to refer to its sending: the school's;
- from a request for information to the referral's next step: those of the school or family that it was addressed to;
- while the child is on no school's roll: those that would be the school's are the authority's, which holds the file;
- from the question whether the family opts in to its answer, or to the day that it stayed unanswered: the family's;
- a missed appointment (was not brought, did not attend, could not attend) after a proved reasonable offer: from the
  next offer being sent to the appointment so offered, the family's. Without a proved reasonable offer its days stay
  the agency's. A reasonable offer names at least two dates, each with at least ten days' notice (NHSScotland
  guidance 2023; Wales's own circular was not readable, so these numbers are settings);
- days in an interval of unavailability: exempt, even where another rule gives them to a party;
- from an ending to a reopening that goes on: the family's when it was withdrawn, else the service's that ended it.
Adjusted days are the elapsed days without the family's and the exempt ones. A clock is never reset.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Literal, assert_never
from uuid import UUID

import msgspec

from coordination.calendars import local_date
from coordination.clocks.episodes import Holding
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.milestones import rules_of
from coordination.pupil.referral.phase import DatedMilestone
from coordination.pupil.referral.state import Interval

Party = Literal["agency", "school", "family", "authority", "exempt"]
PARTIES: tuple[Party, ...] = ("agency", "school", "family", "authority", "exempt")


class Attribution(msgspec.Struct, frozen=True):
    """The settings of the rules of attribution: what makes an offer reasonable."""

    offered_dates: int = 2
    notice_days: int = 10


class PartyPeriod(msgspec.Struct, frozen=True):
    """Calendar days from one day up to another (the last not counted) that belong to one party. `cause` is the version,
    in the pupil's stream, of the step that began the period (0: the interval of unavailability). `service`: which one,
    where the party is an agency and its holdings are known."""

    party: Party
    from_on: date
    until: date
    cause: int
    service: UUID | None = None

    @property
    def days(self) -> int:
        return (self.until - self.from_on).days


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
    holdings: Sequence[Holding] | None = None,
) -> list[PartyPeriod]:
    """The periods between two days by party. They follow each other without gap or overlap, so that their days add up
    to the elapsed calendar days. `off_roll`: when the child was on no school's roll. `holdings`: of which service the
    agency's days are (None: not asked); before the first of them they are the school's, which has not sent the
    referral."""
    return periods_between(turns_of(ordered, settings), start_on, end_on, unavailable, off_roll, holdings)


def periods_between(
    turns: Iterable[Turn],
    start_on: date,
    end_on: date,
    unavailable: Iterable[Interval],
    off_roll: Iterable[OffRoll],
    holdings: Sequence[Holding] | None,
) -> list[PartyPeriod]:
    """As `party_periods`, of a referral whose turns are known."""
    found: list[PartyPeriod] = []
    party: Party = "agency"
    since, cause = start_on, 0
    for on, holder, version in turns:
        if on >= end_on:
            break
        if on > since and holder != party:
            found.append(PartyPeriod(party, since, on, cause))
            since = on
        if on <= since or holder != party:
            party, cause = holder, version
    if since < end_on:
        found.append(PartyPeriod(party, since, end_on, cause))
    if holdings is not None:
        found = [part for stretch in found for part in _by_service(stretch, holdings)]
    found = _without_school(found, off_roll)
    for interval in unavailable:
        found = list(_exempted(found, interval))
    return found


def _by_service(stretch: PartyPeriod, holdings: Sequence[Holding]) -> Iterator[PartyPeriod]:
    """The parts of an agency's period by the service that had the referral."""
    if stretch.party != "agency":
        yield stretch
        return
    since, cause = stretch.from_on, stretch.cause
    sent = holdings[0].from_on if holdings else stretch.until
    if since < sent:
        before = min(stretch.until, sent)
        yield PartyPeriod("school", since, before, cause)
        since = before
    for holding, after in zip_longest(holdings, holdings[1:]):
        past = stretch.until if after is None else min(stretch.until, after.from_on)
        if since < past:
            yield PartyPeriod("agency", since, past, cause, holding.service)
            since = past
        if after is not None and since == after.from_on:
            cause = after.cause


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


Turn = tuple[date, Party, int]
"""From a day on the next step was with a party, because of the step of this version."""


def turns_of(
    ordered: Sequence[DatedMilestone],
    settings: Attribution = Attribution(),  # noqa: B008 - frozen
) -> list[Turn]:
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
    return [(on, whose, version) for on, _, whose, version in sorted(turns, key=lambda t: (t[0], t[1]))]


def _exempted(found: Iterable[PartyPeriod], interval: Interval) -> Iterator[PartyPeriod]:
    first, past = interval.from_on, min(interval.until, date.max - timedelta(days=1)) + timedelta(days=1)
    for stretch in found:
        begin, end = max(stretch.from_on, first), min(stretch.until, past)
        if begin >= end or stretch.party == "exempt":
            yield stretch
            continue
        if stretch.from_on < begin:
            yield PartyPeriod(stretch.party, stretch.from_on, begin, stretch.cause, stretch.service)
        yield PartyPeriod("exempt", begin, end, 0)
        if end < stretch.until:
            yield PartyPeriod(stretch.party, end, stretch.until, stretch.cause, stretch.service)


def days_by_party(found: Iterable[PartyPeriod]) -> dict[Party, int]:
    """Calendar days by party; all parties are keys."""
    days: dict[Party, int] = dict.fromkeys(PARTIES, 0)
    for stretch in found:
        days[stretch.party] += stretch.days
    return days
