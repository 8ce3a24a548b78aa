"""The days of one referral: each clock in words and colour, and the strip that shows whose days they were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from coordination import clocks
from coordination.directory.state import Directory, Standard
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.phase import DatedMilestone, in_order, phase
from coordination.pupil.referral.state import Referral
from webui.parts.charts import ChartMark, ChartParty, ChartPeriod, DayStrip, strip
from webui.words.codes import milestone_name
from webui.words.formats import day, days, in_unit, number, short_day
from webui.words.naming import service_name

Tone = Literal["good", "soon", "late", "plain"]
SOON = timedelta(days=6)
# Marks closer to each other than this share of the strip are shown under one number.
_APART = 0.03


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a referral on a day, or (without a standard) the days since it was begun.

    `tag` is its status in one or two words, `said` a sentence with the unadjusted days and the limit;
    `adjusted` leaves out the family's and the exempt days, and is empty when there are none. `services` says how many
    days were with which service, where there were several.
    """

    tone: Tone
    tag: str
    said: str
    adjusted: str
    strip: DayStrip
    described: str
    services: str = ""
    standard: Standard | None = None
    due_on: date | None = None


def clock_views(
    held: Referral, directory: Directory, today: date, off_roll: tuple[OffRoll, ...]
) -> list[ClockView]:
    """The clocks of the service's standards that have started, in their order, then those without a last day that run;
    without any, the days since the referral was begun; none for a referral recorded in error. `off_roll`: when the
    pupil was on no roll."""
    ordered = in_order(held.counting())
    stands = phase(ordered)
    if stands.in_error:
        return []
    found = []
    for standard, clock in clocks_of(held, directory, off_roll):
        found.append(_of_standard(ordered, standard, clock, today))
    found += [
        _without_last_day(ordered, wait, today)
        for wait in clocks.waits_of(held, directory, off_roll)
        if wait.runs and wait.due_on is None
    ]
    return found or [
        _since_the_beginning(held, ordered, stands.since if stands.ended else None, today, off_roll)
    ]


def clocks_of(
    held: Referral, directory: Directory, off_roll: tuple[OffRoll, ...]
) -> list[tuple[Standard, clocks.Wait]]:
    """The clocks of the standards of the service that has the referral, in their order, as far as they can be
    counted."""
    order = {standard.code: place for place, standard in enumerate(directory.standards_of(held.service))}
    found = [
        (wait.version, wait)
        for wait in clocks.waits_of(held, directory, off_roll)
        if wait.version is not None
        and wait.due_on is not None
        and wait.uncountable is None
        and (wait.service, wait.ending == "passed_on") == (held.service, False)
    ]
    return sorted(found, key=lambda one: order[one[0].code])


def _of_standard(
    ordered: list[DatedMilestone],
    standard: Standard,
    clock: clocks.Wait,
    today: date,
) -> ClockView:
    end = clock.stop_on or clock.ended_on or max(today, clock.start_on)
    elapsed = (end - clock.start_on).days
    tone, tag = _tag(clock, end)
    whose = _up_to(end, clock.periods)
    begins = milestone_name(standard.start)
    marks = _marks(ordered, whose, clock.start_on, begins)
    if clock.stop_on is not None or clock.ended_on is not None:
        last = standard.stop if clock.stop_on is not None else phase(ordered).name
        marks.append(ChartMark(elapsed, _on(milestone_name(last), end)))
    drawn = _drawn(whose, [*_merged(marks, max(elapsed, 1)), _limit(standard, clock)])
    return ClockView(
        tone=tone,
        tag=tag,
        said=_said(standard, clock, elapsed, late=clocks.overdue(_due(clock), end)),
        adjusted=_adjusted(whose, elapsed),
        services=_services(whose),
        strip=drawn,
        described=_described(drawn),
        standard=standard,
        due_on=clock.due_on,
    )


WITHOUT_LAST_DAY = {
    "none": (_l("No standard set"), _l("%(days)s since it was received, on %(day)s. No standard is set.")),
    "not_received": (
        _l("Not received yet"),
        _l("%(days)s since it was sent, on %(day)s. Nothing says that it was received."),
    ),
    "not_sent": (
        _l("Not sent yet"),
        _l("%(days)s since the decision to refer, on %(day)s. Nothing says that it was sent."),
    ),
}
TERMS_UNKNOWN = (
    _l("Term dates missing"),
    _l("%(days)s since %(day)s. The last day within the limit is not known: term dates are missing."),
)


def _without_last_day(ordered: list[DatedMilestone], wait: clocks.Wait, today: date) -> ClockView:
    """A clock that is built in and has no limit, or one whose last day the school's terms do not tell."""
    start, end = wait.start_on, max(today, wait.start_on)
    elapsed = (end - start).days
    tag, said = WITHOUT_LAST_DAY.get(wait.standard, TERMS_UNKNOWN)
    whose = _up_to(end, wait.periods)
    begins = milestone_name({"none": "received", "not_received": "submitted"}.get(wait.standard, "decided"))
    if wait.version is not None:
        begins = milestone_name(wait.version.start)
    drawn = _drawn(whose, _merged(_marks(ordered, whose, start, begins), max(elapsed, 1)))
    return ClockView(
        tone="plain",
        tag=str(tag),
        said=str(said) % {"days": days(elapsed), "day": day(start)},
        adjusted=_adjusted(whose, elapsed),
        services=_services(whose),
        strip=drawn,
        described=_described(drawn),
        standard=wait.version,
    )


def _since_the_beginning(
    held: Referral,
    ordered: list[DatedMilestone],
    ended_on: date | None,
    today: date,
    off_roll: tuple[OffRoll, ...],
) -> ClockView:
    start = min([held.opened_on, *(s.on for s in ordered)])
    end = max(ended_on or today, start)
    if any(s.name != "decided" for s in ordered):
        whose = clocks.party_periods(ordered, start, end, held.unavailable, off_roll=off_roll)
    else:
        whose = clocks.periods_before_sending(start, end, off_roll)
    elapsed = (end - start).days
    drawn = _drawn(whose, _merged(_marks(ordered, whose, start, _("Started")), max(elapsed, 1)))
    return ClockView(
        tone="plain",
        tag=_("Ended") if ended_on else _("Clock not running"),
        said=_(
            "%(days)s since the school started the referral, on %(day)s.", days=days(elapsed), day=day(start)
        ),
        adjusted=_adjusted(whose, elapsed),
        strip=drawn,
        described=_described(drawn),
    )


def _due(clock: clocks.Wait) -> date:
    """The last day within the limit, which every clock that is shown has."""
    if clock.due_on is None:
        raise ValueError(clock.standard)
    return clock.due_on


def _tag(clock: clocks.Wait, end: date) -> tuple[Tone, str]:
    left, late = clocks.days_left(_due(clock), end), ""
    if clocks.overdue(_due(clock), end):
        late = ngettext("%(count)s day over", "%(count)s days over", -left, count=number(-left))
    if clock.stop_on is not None:
        return ("late", late) if late else ("good", _("Within the limit"))
    if clock.ended_on is not None:
        return "plain", _("Ended")
    if late:
        return "late", late
    if left <= SOON.days:
        return "soon", _("Due today") if left == 0 else _("Due this week")
    return "good", _("Within the limit")


def _said(standard: Standard, clock: clocks.Wait, elapsed: int, *, late: bool) -> str:
    facts: dict[str, Any] = {
        "days": days(elapsed),
        "allowed": limit_words(standard),
        "due": day(_due(clock)),
        "start": milestone_name(standard.start),
        "stop": milestone_name(standard.stop),
    }
    if clock.stop_on is not None:
        return _(
            "%(days)s from “%(start)s” to “%(stop)s”, unadjusted. The standard allows %(allowed)s.", **facts
        )
    if clock.ended_on is not None:
        return _(
            "%(days)s from “%(start)s” until the referral ended, unadjusted. The standard allows %(allowed)s to "
            "“%(stop)s”.",
            **facts,
        )
    if late:
        return _(
            "%(days)s so far, unadjusted, since “%(start)s”. The standard allows %(allowed)s to "
            "“%(stop)s”: until %(due)s, which has passed.",
            **facts,
        )
    return _(
        "%(days)s so far, unadjusted, since “%(start)s”. The standard allows %(allowed)s to “%(stop)s”: until "
        "%(due)s.",
        **facts,
    )


def limit_words(standard: Standard) -> str:
    """The limit of a standard in its own unit: 28 days, 14 weeks, 35 school days."""
    return in_unit(standard.limit, standard.unit)


def _adjusted(whose: list[clocks.PartyPeriod], elapsed: int) -> str:
    by = clocks.days_by_party(whose)
    apart = by["family"] + by["exempt"]
    if not apart:
        return ""
    return _(
        "Adjusted: %(days)s, without the %(apart)s that were family or paused days.",
        days=days(elapsed - apart),
        apart=days(apart),
    )


def _up_to(end: date, periods: Iterable[clocks.PartyPeriod]) -> list[clocks.PartyPeriod]:
    """The periods of a wait up to a day."""
    begun = (period for period in periods if period.from_on < end)
    return [msgspec.structs.replace(period, until=min(period.until, end)) for period in begun]


def _services(whose: list[clocks.PartyPeriod]) -> str:
    """The days with each service that had the referral, in order; empty where there was one only."""
    found: dict[UUID, int] = {}
    for period in whose:
        if period.service is not None:
            found[period.service] = found.get(period.service, 0) + period.days
    if len(found) < 2:
        return ""
    each = [
        _("%(service)s: %(days)s", service=service_name(service), days=days(number))
        for service, number in found.items()
    ]
    return _("Days with each service: %(each)s.", each="; ".join(each))


def _marks(
    ordered: list[DatedMilestone], whose: list[clocks.PartyPeriod], start: date, begins: str
) -> list[ChartMark]:
    """The first day, and each day on which the next step passed to another party, with the milestone that caused
    it."""
    by_version = {step.version: step for step in ordered}
    marks = [ChartMark(0, _on(begins, start))]
    for stretch in whose[1:]:
        step = by_version.get(stretch.cause)
        if stretch.party == "authority":
            words = _("On no school’s roll")
        elif step is None:
            words = _("The family asked to wait")
        elif stretch.party == "agency" and step.name == "appointment_offered":
            words = _("Date of the appointment offered")
        else:
            words = milestone_name(step.name)
        marks.append(ChartMark((stretch.from_on - start).days, _on(words, stretch.from_on)))
    return marks


def _merged(marks: list[ChartMark], reach: int) -> list[ChartMark]:
    """Merge marks that would overlap into one with all their words."""
    found: list[ChartMark] = []
    for mark in sorted(marks, key=lambda m: m.day):
        if found and mark.day - found[-1].day <= reach * _APART:
            found[-1] = ChartMark(found[-1].day, f"{found[-1].words}; {mark.words}")
        else:
            found.append(mark)
    return found


def _limit(standard: Standard, clock: clocks.Wait) -> ChartMark:
    words = _("The limit of the standard: %(allowed)s", allowed=limit_words(standard))
    return ChartMark((_due(clock) - clock.start_on).days, _on(words, _due(clock)), limit=True)


def _on(words: str, on: date) -> str:
    return _("%(what)s, %(day)s", what=words, day=short_day(on))


def _drawn(whose: list[clocks.PartyPeriod], marks: list[ChartMark]) -> DayStrip:
    return strip([ChartPeriod(ChartParty(s.party), s.days) for s in whose], marks)


def _described(drawn: DayStrip) -> str:
    """A text description of the strip, for users who cannot see it."""
    parts = [f"{total['words']}: {days(total['days'])}" for total in drawn.totals]
    return "; ".join(parts) + "." if parts else _("No days have passed yet.")
