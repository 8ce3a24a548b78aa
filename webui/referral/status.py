"""The status of a referral, in words and as a small strip, for every list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from coordination.clocks import days_left, overdue
from projections.case_file.queries import ReferralSummary
from projections.waiting_times.clocks import ClockRow
from webui.parts.charts import PARTY_WORDS, ChartMark, ChartParty, ChartPeriod, DayStrip, strip
from webui.words.codes import milestone_name
from webui.words.formats import day, days
from webui.words.naming import organisation_name, service_name

PRIORITIES = {"urgent": _l("Urgent"), "priority": _l("Priority")}


class ReferralStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A referral as a page lists it. `tone` is late, soon, on or ended; `clock` says in words what `wait` draws;"""

    referral: ReferralSummary
    service: str
    step: str
    clock: str
    move: str
    doubts: tuple[str, ...]
    tone: str
    wait: DayStrip | None
    wait_words: str


def referral_status(referral: ReferralSummary, waits: Sequence[ClockRow], today: date) -> ReferralStatus:
    """The status of a referral on a day, with those of its clocks that the user may see."""
    wait = clock_of(referral, waits)
    return ReferralStatus(
        referral=referral,
        service=service_name(referral.service),
        step=step_words(referral),
        clock=clock_words(referral, wait, today),
        move=move_words(referral),
        doubts=tuple(_doubts(referral)),
        tone={"overdue": "late", "due_this_week": "soon", "ended": "ended"}.get(referral.due, "on"),
        wait=_strip(wait) if wait is not None else None,
        wait_words=_strip_words(wait) if wait is not None else "",
    )


def referral_statuses(
    referrals: Sequence[ReferralSummary], waits: Mapping[UUID, Sequence[ClockRow]], today: date
) -> list[ReferralStatus]:
    """Several statuses, in the order given."""
    return [referral_status(one, waits.get(one.referral, ()), today) for one in referrals]


def clock_of(referral: ReferralSummary, waits: Sequence[ClockRow]) -> ClockRow | None:
    """The clock to show: the running one, else the last that started."""
    running = [wait for wait in waits if wait.standard == referral.standard]
    return running[-1] if running else (waits[-1] if waits else None)


def step_words(referral: ReferralSummary) -> str:
    """Its last milestone with the date: "Acknowledged on 6 February 2025"."""
    if referral.phase == "opened" or referral.since is None:
        return _("Started on %(day)s, not sent yet", day=day(referral.opened_on))
    words = milestone_name(referral.phase)
    return _("%(step)s on %(day)s", step=words, day=day(referral.since))


def clock_words(referral: ReferralSummary, wait: ClockRow | None, today: date) -> str:
    """The length of the wait and its limit, in words. Days are unadjusted."""
    if referral.in_error:
        return _("Recorded in error; not counted.")
    if referral.ended or referral.waited is None:
        return _ended_words(wait)
    if referral.due_on is None:
        if words := open_clock_words(referral, today):
            return words
        if wait is not None and wait.stop_on is not None:
            return _ended_words(wait)
        return _("%(days)s so far; no time limit applies.", days=days(referral.waited))
    left = days_left(referral.due_on, today)
    facts = {"days": days(referral.waited), "day": day(referral.due_on), "count": days(abs(left))}
    if overdue(referral.due_on, today):
        return _("%(days)s so far. The limit was %(day)s: %(count)s over.", **facts)
    if left == 0:
        return _("%(days)s so far. The limit is today.", **facts)
    return _("%(days)s so far. The limit is %(day)s: %(count)s left.", **facts)


def open_clock_words(referral: ReferralSummary, today: date) -> str:
    """How long a referral has waited without a limit, and why it has none; empty if no such clock runs."""
    waited = days((today - referral.open_from).days) if referral.open_from else ""
    match referral.open_clock:
        case "not_sent":
            return _("%(days)s since the decision to refer, not sent yet", days=waited)
        case "not_received":
            return _("%(days)s since it was sent, not received yet", days=waited)
        case "none":
            return _("%(days)s since it was received, no standard set", days=waited)
    if referral.terms_unknown and referral.waited is not None:
        return _("%(days)s so far, term dates missing: last day not known", days=days(referral.waited))
    return ""


def _ended_words(wait: ClockRow | None) -> str:
    if wait is None:
        return ""
    if wait.stop_on is None:
        return _("Waited %(days)s before the referral ended.", days=days(wait.days))
    if overdue(wait.due_on, wait.stop_on):
        over = -days_left(wait.due_on, wait.stop_on)
        return _("Waited %(days)s: %(over)s over the limit.", days=days(wait.days), over=days(over))
    return _("Waited %(days)s: within the limit.", days=days(wait.days))


def move_words(referral: ReferralSummary) -> str:
    """Who has the next step."""
    if referral.whose_move is None:
        return ""
    who = {
        "agency": service_name(referral.service),
        "school": _("the school"),
        "family": _("the family"),
        "authority": organisation_name(referral.held_by) or _("the local authority"),
        "exempt": _("paused (the family asked to wait)"),
    }[referral.whose_move]
    if referral.move_since is None:
        return _("Next step with: %(who)s", who=who)
    return _("Next step with: %(who)s, since %(day)s", who=who, day=day(referral.move_since))


def _doubts(referral: ReferralSummary) -> Sequence[str]:
    found = []
    if referral.unconfirmed:
        found.append(_("Reported by the school, not confirmed yet: %(count)s", count=referral.unconfirmed))
    if referral.contested:
        found.append(
            _("Reported by the school, contested by the service: %(count)s", count=referral.contested)
        )
    return found


def _strip(wait: ClockRow) -> DayStrip | None:
    """The days by whose they were, with the limit of the standard marked."""
    if not wait.days:
        return None
    stretches = [ChartPeriod(ChartParty(part.party), part.days) for part in wait.whose]
    return strip(stretches, [ChartMark(wait.limit, _("Limit"), limit=True)])


def _strip_words(wait: ClockRow) -> str:
    """A text description of the strip, for users who cannot see it: "Agency: 40 days, Family: 6 days; limit 28
    days"."""
    totals: dict[ChartParty, int] = {}
    for part in wait.whose:
        totals[ChartParty(part.party)] = totals.get(ChartParty(part.party), 0) + part.days
    whose = ", ".join(f"{PARTY_WORDS[party]}: {days(count)}" for party, count in totals.items())
    return _("%(whose)s; limit: %(limit)s", whose=whose, limit=days(wait.limit))
