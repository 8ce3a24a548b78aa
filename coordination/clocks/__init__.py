"""Elapsed days, who held a referral, and whose the days were: pure functions over a referral's steps.

A clock starts with one milestone and stops with another, as a dated standard says. Elapsed days are always shown
unadjusted. The rules are version METRIC_VERSION; a report says which version it used.
"""

from coordination.clocks.episodes import ENDINGS, Episode, Holding, WaitEnding, episodes
from coordination.clocks.limits import (
    ROUTES_TO_A_WORKING_DAY,
    band_limits,
    band_of,
    days_left,
    due_on,
    elapsed,
    end_ordinal,
    ordinal,
    overdue,
)
from coordination.clocks.parties import (
    PARTIES,
    Attribution,
    Party,
    PartyPeriod,
    days_by_party,
    is_reasonable_offer,
    party_periods,
    periods_before_sending,
)
from coordination.clocks.runs import BUILT_IN, BuiltIn, ClockRun, WaitGap, runs_of, standing_runs
from coordination.clocks.waits import FAR, METRIC_VERSION, HolderKind, Wait, counting_of, waits_of

__all__ = [
    "BUILT_IN",
    "ENDINGS",
    "FAR",
    "METRIC_VERSION",
    "PARTIES",
    "ROUTES_TO_A_WORKING_DAY",
    "Attribution",
    "BuiltIn",
    "WaitEnding",
    "Episode",
    "WaitGap",
    "HolderKind",
    "Holding",
    "Party",
    "PartyPeriod",
    "ClockRun",
    "Wait",
    "band_limits",
    "band_of",
    "counting_of",
    "days_by_party",
    "days_left",
    "due_on",
    "elapsed",
    "end_ordinal",
    "episodes",
    "is_reasonable_offer",
    "ordinal",
    "overdue",
    "party_periods",
    "periods_before_sending",
    "runs_of",
    "standing_runs",
    "waits_of",
]
