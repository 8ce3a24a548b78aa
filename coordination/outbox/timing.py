"""When a message goes to a recipient: at once, after the quiet hours, with the day's others, or not. Pure.

Hours are those in Wales. What is urgent, and what is about the recipient's own account, never waits. A mailbox always
gets at once what must be acted on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import msgspec

from coordination.calendars import LONDON
from coordination.outbox.kinds import ALWAYS, RuleKind
from coordination.scheduled_jobs import Daily, next_slot

DIGEST_AT = Daily(time(7, 30))
"""When the messages of a day go together."""


class QuietHours(msgspec.Struct, frozen=True):
    """From the beginning of one hour of the day to the beginning of another, over midnight where the second is
    smaller."""

    quiet_from: int
    quiet_until: int

    def __post_init__(self) -> None:
        if self.quiet_from == self.quiet_until or not {self.quiet_from, self.quiet_until} <= set(range(24)):
            raise ValueError("two different hours from 0 to 23")

    def holds(self, now: datetime) -> bool:
        """Whether it is quiet at an instant."""
        hour = now.astimezone(LONDON).hour
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def end(self, now: datetime) -> datetime:
        """The first instant from `now` on at which it is not quiet (UTC)."""
        if not self.holds(now):
            return now
        end = next_slot(Daily(time(self.quiet_until)), now)
        # the hour at which it ends may be the one that is left out in March, or come twice in October
        while self.holds(end):
            end += timedelta(hours=1)
        return end


class Wishes(msgspec.Struct, frozen=True):
    """What a recipient chose: of each kind (at once unless it is there), and when it is quiet (None: never)."""

    choices: Mapping[str, str] = {}
    quiet: QuietHours | None = None


class SendNow(msgspec.Struct, frozen=True):
    """It goes at once."""


class SendLater(msgspec.Struct, frozen=True):
    """It goes at an instant (UTC), by itself or with all others of the recipient's digest."""

    at: datetime
    digest: bool = False


class DoNotSend(msgspec.Struct, frozen=True):
    """The recipient does not want it."""


Timing = SendNow | SendLater | DoNotSend


def timing(
    rule: RuleKind,
    wishes: Wishes,
    now: datetime,
    *,
    urgent: bool = False,
    mailbox: bool = False,
    stands_in: bool = False,
) -> Timing:
    """When a message goes. `mailbox`: to a service's or an organisation's mailbox, where no hours are quiet;
    `stands_in`: to a person because the organisation has no mailbox: what must be acted on then comes once a day at
    least."""
    if urgent or rule.kind == ALWAYS or (mailbox and rule.acts):
        return SendNow()
    choice = wishes.choices.get(rule.kind, "at_once")
    if choice == "not" and stands_in and rule.acts:
        choice = "daily"
    quiet = None if mailbox else wishes.quiet
    match choice:
        case "not":
            return DoNotSend()
        case "daily":
            slot = next_slot(DIGEST_AT, now)
            return SendLater((quiet.end(slot) if quiet else slot).astimezone(UTC), digest=True)
        case _:
            if quiet is None or not quiet.holds(now):
                return SendNow()
            return SendLater(quiet.end(now))
