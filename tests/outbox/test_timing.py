"""When a message goes: choices, quiet hours over midnight and over both changes of the clock, digests, urgency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.outbox.kinds import CHOICES, KINDS, RULE_KINDS, RuleKind
from coordination.outbox.timing import DoNotSend, QuietHours, SendLater, SendNow, Wishes, timing
from webui.words.messages import RULES

NIGHT = QuietHours(19, 7)
NEWS, TO_DO = RuleKind("referral_news"), RuleKind("referrals", acts=True)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        ("2026-01-12 18:59:59", False),
        ("2026-01-12 19:00:00", True),
        ("2026-01-13 06:59:59", True),
        ("2026-01-13 07:00:00", False),
        ("2026-07-13 18:00:00", True),  # seven o'clock in summer
        ("2026-07-13 06:00:00", False),
    ],
)
def test_quiet_hours_are_those_of_the_clock_in_wales(now: str, quiet: bool) -> None:
    assert NIGHT.holds(utc(now)) is quiet


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-01-12 23:00", "2026-01-13 07:00"),
        ("2026-01-13 03:00", "2026-01-13 07:00"),
        ("2026-03-28 23:00", "2026-03-29 06:00"),  # the night that is an hour shorter
        ("2026-10-24 22:00", "2026-10-25 07:00"),  # and the one that is longer
        ("2026-01-13 12:00", "2026-01-13 12:00"),  # not quiet
    ],
)
def test_quiet_hours_end_once(now: str, end: str) -> None:
    assert NIGHT.end(utc(now)) == utc(end)


def test_quiet_hours_that_end_in_the_lost_hour_or_the_double_one_end() -> None:
    quiet = QuietHours(23, 1)
    for now in ("2026-03-29 00:30", "2026-10-24 23:30"):
        end = quiet.end(utc(now))
        assert not quiet.holds(end)
        assert end - utc(now) <= timedelta(hours=2)


@settings(max_examples=200)
@given(
    st.integers(0, 23),
    st.integers(1, 23),
    st.integers(0, 2 * 366 * 24 * 4),
)
def test_the_end_is_the_first_instant_that_is_not_quiet(begin: int, long: int, quarter: int) -> None:
    quiet = QuietHours(begin, (begin + long) % 24)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    end = quiet.end(now)
    assert not quiet.holds(end)
    at = now
    while at < end:
        assert quiet.holds(at)
        at += timedelta(minutes=15)


def test_two_hours_that_are_none_are_refused() -> None:
    for pair in ((7, 7), (-1, 5), (24, 5)):
        with pytest.raises(ValueError, match="hours"):
            QuietHours(*pair)


def test_a_person_chooses_at_once_daily_or_not() -> None:
    now = utc("2026-01-12 10:00")
    said = {choice: timing(NEWS, Wishes({"referral_news": choice}), now) for choice in CHOICES}
    assert said == {
        "at_once": SendNow(),
        "daily": SendLater(utc("2026-01-13 07:30"), digest=True),
        "not": DoNotSend(),
    }
    assert timing(TO_DO, Wishes({"referral_news": "not"}), now) == SendNow(), "of that kind only"


def test_a_digest_comes_in_the_morning_of_wales_and_not_in_quiet_hours() -> None:
    wishes = Wishes({"referral_news": "daily"}, QuietHours(22, 9))
    assert timing(NEWS, wishes, utc("2026-07-13 05:00")) == SendLater(utc("2026-07-13 08:00"), digest=True)
    assert timing(NEWS, Wishes({"referral_news": "daily"}), utc("2026-07-13 06:30")) == SendLater(
        utc("2026-07-14 06:30"), digest=True
    )


@pytest.mark.parametrize("choice", CHOICES)
def test_immediate_risk_is_in_no_digest_and_waits_for_no_quiet_hours(choice: str) -> None:
    wishes = Wishes(dict.fromkeys(KINDS, choice), NIGHT)
    assert timing(TO_DO, wishes, utc("2026-01-12 23:00"), urgent=True) == SendNow()
    assert timing(RULE_KINDS["immediate_risk"], wishes, utc("2026-01-12 23:00"), urgent=True) == SendNow()


@pytest.mark.parametrize("choice", CHOICES)
def test_a_mailbox_gets_at_once_what_must_be_acted_on(choice: str) -> None:
    wishes = Wishes(dict.fromkeys(KINDS, choice), NIGHT)
    assert timing(TO_DO, wishes, utc("2026-01-12 23:00"), mailbox=True) == SendNow()
    assert (
        timing(NEWS, Wishes({"referral_news": "not"}), utc("2026-01-12 23:00"), mailbox=True) == DoNotSend()
    )


def test_who_stands_in_for_a_mailbox_hears_of_what_must_be_done_once_a_day_at_least() -> None:
    wishes = Wishes(dict.fromkeys(KINDS, "not"))
    now = utc("2026-01-12 10:00")
    assert timing(TO_DO, wishes, now, stands_in=True) == SendLater(utc("2026-01-13 07:30"), digest=True)
    assert timing(NEWS, wishes, now, stands_in=True) == DoNotSend()
    assert timing(TO_DO, wishes, now) == DoNotSend()


def test_every_rule_has_its_kind() -> None:
    assert RULES.keys() - RULE_KINDS.keys() == set()
    assert {one.kind for one in RULE_KINDS.values()} <= {*KINDS, "account"}
